/** Goes through analysis IR as the plain data it is. */
import type { AnalysisNode } from "../../language/results/ir.js";

const isNode = (part: object): part is AnalysisNode =>
  "kind" in part && "id" in part && "axes" in part && typeof part.id === "number";

/** The nodes that a node is made of directly. */
export function childrenOf(node: AnalysisNode): readonly AnalysisNode[] {
  const found: AnalysisNode[] = [];
  const visit = (part: unknown): void => {
    if (typeof part !== "object" || part === null) return;
    if (isNode(part)) found.push(part);
    else Object.values(part).forEach(visit);
  };
  Object.values(node).forEach(visit);
  return found;
}

/** All nodes that the roots are made of, each once. */
export function nodesIn(roots: readonly AnalysisNode[]): readonly AnalysisNode[] {
  const found = new Map<number, AnalysisNode>();
  const seen = new Set<object>();
  const visit = (part: unknown): void => {
    if (typeof part !== "object" || part === null || seen.has(part)) return;
    seen.add(part);
    if (isNode(part)) {
      if (found.has(part.id)) return;
      found.set(part.id, part);
    }
    Object.values(part).forEach(visit);
  };
  roots.forEach(visit);
  return [...found.values()];
}

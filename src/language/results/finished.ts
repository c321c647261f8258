/** `finished`: whether the runs behind an expression neither failed nor diverged, point by point. */
import type { Context } from "./context.js";
import type { AnalysisNode } from "./ir.js";
import { bool, childrenOf } from "./nodes.js";

/** True where all runs that the nodes read at a point ended well; null when they read none. */
export function finishedOf(context: Context, parts: readonly AnalysisNode[]): AnalysisNode | null {
  const done = new Map<number, AnalysisNode | null>();
  const { nodes } = context;

  const visit = (node: AnalysisNode): AnalysisNode | null => {
    const before = done.get(node.id);
    if (before !== undefined) return before;
    const made = make(node);
    done.set(node.id, made);
    return made;
  };

  const join = (list: readonly AnalysisNode[]): AnalysisNode | null => {
    const found = list.flatMap((node) => visit(node) ?? []);
    const [first, ...rest] = found.filter((node, k) => found.indexOf(node) === k);
    return first === undefined ? null : rest.reduce((both, next) => nodes.apply("and", [both, next], bool, next.span), first);
  };

  const make = (node: AnalysisNode): AnalysisNode | null => {
    if (node.kind === "column") {
      const phase = context.phases.find((own) => own.name === node.phase);
      return phase === undefined ? null : (context.builtIn(phase, "finished", node.span)?.node ?? null);
    }
    if (node.kind === "select") {
      const inner = visit(node.body);
      const has = inner?.axes.some((axis) => axis.label === node.axis) === true;
      return inner === null || !has ? inner : nodes.select(inner, node.axis, node.selection, node.of, node.span);
    }
    if (node.kind === "reduce" || node.kind === "statistic") {
      const inner = join(childrenOf(node));
      const over = node.over.filter((label) => inner?.axes.some((axis) => axis.label === label) === true);
      return inner === null || over.length === 0 ? inner : nodes.reduce("all", over, { body: inner, where: null }, bool, node.span);
    }
    return join(childrenOf(node));
  };
  return join(parts);
}

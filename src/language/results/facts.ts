/** What is known of the runs behind an expression, point by point: whether they finished, how many steps they took. */
import type { Context } from "./context.js";
import type { AnalysisNode, Selection } from "./ir.js";
import { allNodes, bool, childrenOf } from "./nodes.js";

/** True where all runs that the nodes read at a point neither failed nor diverged; null when they read none. */
export function finishedOf(context: Context, parts: readonly AnalysisNode[]): AnalysisNode | null {
  return factOf(context, parts, "finished");
}

/** How many updates the run behind each point made; null where several runs stand behind a point. */
export function stepsOf(context: Context, parts: readonly AnalysisNode[]): AnalysisNode | null {
  const phases = new Set(allNodes(parts).flatMap((node) => (node.kind === "column" ? [node.phase] : [])));
  const node = phases.size === 1 ? factOf(context, parts, "steps") : null;
  return node !== null && node.type.kind === "number" ? node : null;
}

function factOf(context: Context, parts: readonly AnalysisNode[], fact: "finished" | "steps"): AnalysisNode | null {
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
    if (first === undefined) return null;
    // Several columns of one phase have one number of steps; where they are selected differently there is none.
    if (fact === "steps") return rest.every((other) => isSame(first, other)) ? first : nodes.unknown(first.span);
    return rest.reduce((both, next) => nodes.apply("and", [both, next], bool, next.span), first);
  };

  const make = (node: AnalysisNode): AnalysisNode | null => {
    if (node.kind === "column") {
      const phase = context.phases.find((own) => own.name === node.phase);
      return phase === undefined ? null : (context.builtIn(phase, fact, node.span)?.node ?? null);
    }
    if (node.kind === "select") {
      const inner = visit(node.body);
      const has = inner?.axes.some((axis) => axis.label === node.axis) === true;
      return inner === null || !has ? inner : nodes.select(inner, node.axis, node.selection, node.of, node.span);
    }
    if (node.kind === "reduce" || node.kind === "statistic") {
      const inner = join(childrenOf(node));
      const over = node.over.filter((label) => inner?.axes.some((axis) => axis.label === label) === true);
      if (inner === null || over.length === 0) return inner;
      return fact === "steps"
        ? nodes.unknown(node.span)
        : nodes.reduce("all", over, { body: inner, where: null }, bool, node.span);
    }
    return join(childrenOf(node));
  };
  return join(parts);
}

/** Whether two nodes, each made of a column and selections, are the same at every point. */
function isSame(first: AnalysisNode, second: AnalysisNode): boolean {
  if (first.kind === "column" && second.kind === "column")
    return first.phase === second.phase && first.result === second.result;
  if (first.kind !== "select" || second.kind !== "select" || first.axis !== second.axis) return false;
  return (
    JSON.stringify(withoutPlaces(first.selection)) === JSON.stringify(withoutPlaces(second.selection)) &&
    isSame(first.body, second.body)
  );
}

/** A selection without what tells its place in the text. */
function withoutPlaces(selection: Selection): unknown {
  return JSON.parse(
    JSON.stringify(selection, (key, value: unknown) => (key === "id" || key === "span" ? undefined : value)),
  );
}

/** `[step: last]` is each run's own last record, not the last step of the grid: it is asked of the records themselves. */
import type { Span } from "../../base/span.js";
import type { Context } from "./context.js";
import { stepsOf } from "./facts.js";
import type { AnalysisNode, Selection } from "./ir.js";

type End = Extract<Selection, { kind: "end" }>;

/** The entry at an end of an axis. */
export function takeEnd(
  context: Context,
  node: AnalysisNode,
  label: string,
  selection: End,
  of: string,
  span: Span,
): AnalysisNode {
  if (label !== "step" || selection.end === "first") return context.nodes.select(node, label, selection, of, span);
  return new LastRecord(context, [node], selection.offset, of, span).of(node);
}

class LastRecord {
  private readonly done = new Map<number, AnalysisNode>();

  constructor(
    private readonly context: Context,
    /** Whose runs `step` itself speaks of. */
    private readonly subjects: readonly AnalysisNode[],
    private readonly offset: number,
    private readonly name: string,
    private readonly span: Span,
  ) {}

  of(node: AnalysisNode): AnalysisNode {
    if (!node.axes.some((axis) => axis.label === "step")) return node;
    const before = this.done.get(node.id);
    if (before !== undefined) return before;
    const made = this.push(node) ?? this.plain(node);
    this.done.set(node.id, made);
    return made;
  }

  /** Moves the selection to what the node is made of; null where that would mean something else. */
  private push(node: AnalysisNode): AnalysisNode | null {
    const { nodes } = this.context;
    const many = (list: readonly AnalysisNode[]): readonly AnalysisNode[] => list.map((part) => this.of(part));
    const maybe = (part: AnalysisNode | null): AnalysisNode | null => (part === null ? null : this.of(part));
    switch (node.kind) {
      case "column":
        return nodes.column(
          { ...node, fromLast: this.offset },
          node.axes.filter((axis) => axis.label !== "step"),
          node.type,
          node.span,
        );
      case "axis":
        return node.position || this.offset !== 0 ? null : stepsOf(this.context, this.subjects);
      case "apply":
        return nodes.apply(node.operation, many(node.operands), node.type, node.span);
      case "choose":
        return nodes.choose(this.of(node.subject), many(node.arms), node.type, node.span);
      case "in":
        return nodes.isIn(this.of(node.operand), node.values, node.span);
      case "missing":
        return nodes.missing(this.of(node.operand), node.span);
      case "reduce":
        return nodes.reduce(
          node.reducer,
          node.over,
          { ...node, body: this.of(node.body), where: maybe(node.where) },
          node.type,
          node.span,
        );
      case "statistic":
        return nodes.statistic(
          node.statistic,
          node.over,
          { operands: many(node.operands), where: maybe(node.where), level: maybe(node.level) },
          node.type,
          node.span,
        );
      case "select": {
        const { selection } = node;
        const touches = node.axis === "step" || (selection.kind === "rename" && selection.to.label === "step");
        if (touches || ("value" in selection && selection.value.axes.some((axis) => axis.label === "step")))
          return null;
        return nodes.select(this.of(node.body), node.axis, selection, node.of, node.span);
      }
      default:
        return null;
    }
  }

  private plain(node: AnalysisNode): AnalysisNode {
    return this.context.nodes.select(
      node,
      "step",
      { kind: "end", end: "last", offset: this.offset },
      this.name,
      this.span,
    );
  }
}

/**
 * Expressions at each run's last record: what charts draw after the grid. `subject` is the one whose runs are meant.
 * Null where they have several runs at a point.
 */
export function atLastRecord(
  context: Context,
  list: readonly AnalysisNode[],
  subject: AnalysisNode,
): readonly AnalysisNode[] | null {
  if (stepsOf(context, [subject]) === null) return null;
  const last = new LastRecord(context, [subject], 0, "", subject.span);
  return list.map((node) => last.of(node));
}

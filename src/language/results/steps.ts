/** `[step: last]` is each run's own last record, not the last step of the grid: it is asked of the records themselves. */
import type { Span } from "../../base/span.js";
import type { Context } from "./context.js";
import { stepAxis } from "./context.js";
import type { AnalysisNode, Selection } from "./ir.js";
import { allNodes } from "./nodes.js";

type End = Extract<Selection, { kind: "end" }>;

/** The entry at an end of an axis. */
export function takeEnd(context: Context, node: AnalysisNode, label: string, selection: End, of: string, span: Span): AnalysisNode {
  if (label !== "step" || selection.end === "first") return context.nodes.select(node, label, selection, of, span);
  return new LastRecord(context, selection.offset, of, span).of(node);
}

class LastRecord {
  private readonly done = new Map<number, AnalysisNode>();

  constructor(
    private readonly context: Context,
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
        return nodes.column({ ...node, fromLast: this.offset }, node.axes.filter((axis) => axis.label !== "step"), node.type, node.span);
      case "axis":
        return this.lastStep(node);
      case "apply":
        return nodes.apply(node.operation, many(node.operands), node.type, node.span);
      case "choose":
        return nodes.choose(this.of(node.subject), many(node.arms), node.type, node.span);
      case "in":
        return nodes.isIn(this.of(node.operand), node.values, node.span);
      case "missing":
        return nodes.missing(this.of(node.operand), node.span);
      case "reduce":
        return nodes.reduce(node.reducer, node.over, { ...node, body: this.of(node.body), where: maybe(node.where) }, node.type, node.span);
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
        if (touches || ("value" in selection && selection.value.axes.some((axis) => axis.label === "step"))) return null;
        return nodes.select(this.of(node.body), node.axis, selection, node.of, node.span);
      }
      default:
        return null;
    }
  }

  /** `step` itself: how many updates the run made, where it is clear of which phase. */
  private lastStep(node: Extract<AnalysisNode, { kind: "axis" }>): AnalysisNode | null {
    if (node.coordinates.kind !== "columns" || this.offset !== 0) return null;
    const names = new Set(node.coordinates.columns.map((column) => column.phase));
    const phase = this.context.phases.find((own) => names.has(own.name));
    return names.size === 1 && phase !== undefined ? (this.context.builtIn(phase, "steps", node.span)?.node ?? null) : null;
  }

  private plain(node: AnalysisNode): AnalysisNode {
    return this.context.nodes.select(node, "step", { kind: "end", end: "last", offset: this.offset }, this.name, this.span);
  }
}

/** A whole expression at each run's last record: what charts draw after the grid. Null where it has no `step`, or several phases. */
export function atLastRecord(context: Context, node: AnalysisNode): AnalysisNode | null {
  const has = node.axes.some((axis) => axis.label === stepAxis.label && axis.axis === null);
  if (!has) return null;
  const phases = new Set(allNodes([node]).flatMap((part) => (part.kind === "column" ? [part.phase] : [])));
  return phases.size <= 1 ? new LastRecord(context, 0, "", node.span).of(node) : null;
}


/** `let`s that are known before a run, as nodes: numbers where they depend on no sweep, else tensors over the sweeps. */
import type { Span } from "../../base/span.js";
import type { Axis, AxisId, ConstantId, Expr, IndexId, ListExpr, Operation, ReduceExpr, ScalarType } from "../typed.js";
import type { Context } from "./context.js";
import type { AnalysisNode, AnalysisOperation, AnalysisType } from "./ir.js";
import { Lists } from "./lists.js";
import { bool, int, real } from "./nodes.js";

export type Indices = ReadonlyMap<IndexId, AnalysisNode>;

export class Constants {
  private readonly done = new Map<ConstantId, AnalysisNode>();

  private readonly lists: Lists;

  constructor(private readonly context: Context) {
    this.lists = new Lists(context, (expr, indices) => this.expr(expr, indices));
  }

  /** The constant as a number or tensor; null when it is a list. */
  scalar(id: ConstantId, span: Span): AnalysisNode | null {
    const before = this.done.get(id);
    if (before !== undefined) return before;
    const constant = this.context.experiment.constants.get(id);
    if (constant === undefined) return this.context.nodes.unknown(span);
    if (!("type" in constant.value)) return null;
    const { value } = constant;
    const node = this.context.complete(() => this.expr(value, new Map()));
    this.done.set(id, node);
    return node;
  }

  /** A list that depends on no sweep; null otherwise. */
  list(id: ConstantId): readonly number[] | null {
    const value = this.context.experiment.constants.get(id)?.value;
    return value === undefined || "type" in value ? null : this.context.known.list(value);
  }

  size(id: AxisId, span: Span): AnalysisNode {
    const { context } = this;
    const axis = context.experiment.axes.get(id);
    if (axis === undefined) return context.nodes.unknown(span);
    return this.sizeOf(axis, span, new Map());
  }

  private sizeOf(axis: Axis, span: Span, indices: Indices): AnalysisNode {
    const { nodes } = this.context;
    const { kind } = axis;
    if (kind.kind === "plain") return this.expr(kind.size, indices);
    if (kind.kind === "labels") return nodes.constant(kind.labels.length, int, span);
    if (kind.kind === "range") return this.lengthOf(this.expr(kind.from, indices), this.expr(kind.to, indices), span);
    if (kind.kind === "sweep") {
      const over = this.context.axisNode(this.context.axis(axis.id), true, span);
      return nodes.reduce("valid", [axis.name], { body: over, where: null }, int, span);
    }
    if (kind.kind === "join" || kind.kind === "product") {
      const made = kind.kind === "join" ? kind.parts : kind.factors;
      const sizes = made.map((id) => {
        const part = this.context.experiment.axes.get(id);
        return part === undefined ? nodes.unknown(span) : this.sizeOf(part, span, indices);
      });
      const operation = kind.kind === "join" ? "add" : "mul";
      return sizes.reduce((total, size) => nodes.apply(operation, [total, size], int, span));
    }
    const values = kind.kind === "part" ? kind.positions : kind.values;
    return this.lists.length(values, indices, span);
  }

  private lengthOf(from: AnalysisNode, to: AnalysisNode, span: Span): AnalysisNode {
    const { nodes } = this.context;
    const one = nodes.constant(1, int, span);
    const length = nodes.apply("add", [nodes.apply("sub", [to, from], int, span), one], int, span);
    return nodes.apply("max", [length, nodes.constant(0, int, span)], int, span);
  }

  private expr(expr: Expr, indices: Indices): AnalysisNode {
    const { nodes, known } = this.context;
    const type = typeOf(expr.type);
    const value = indices.size === 0 ? known.constant(expr) : null;
    if (value !== null) return nodes.constant(value, type, expr.span);
    const of = (part: Expr): AnalysisNode => this.expr(part, indices);
    switch (expr.kind) {
      case "number":
        return nodes.constant(expr.value, type, expr.span);
      case "boolean":
        return nodes.constant(expr.value ? 1 : 0, bool, expr.span);
      case "label":
        return nodes.constant(expr.position, type, expr.span);
      case "constant":
        return this.scalar(expr.constant, expr.span) ?? nodes.unknown(expr.span);
      case "sweep":
        return this.context.axisNode(this.context.axis(expr.axis), false, expr.span);
      case "size":
        return this.size(expr.axis, expr.span);
      case "index":
        return indices.get(expr.index.id) ?? nodes.unknown(expr.span);
      case "apply":
        return nodes.apply(
          operationOf(expr.operation),
          [...expr.operands.map(of), ...exponentOf(expr.exponent, nodes, expr.span)],
          type,
          expr.span,
        );
      case "if":
        return nodes.choose(of(expr.condition), [of(expr.otherwise), of(expr.then)], type, expr.span);
      case "case":
        return nodes.choose(of(expr.subject), expr.arms.map(of), type, expr.span);
      case "reduce":
        return this.reduce(expr, indices);
      case "element":
        return this.element(expr.list, of(expr.position), indices, expr.span);
      default:
        return nodes.unknown(expr.span);
    }
  }

  private element(list: ListExpr, position: AnalysisNode, indices: Indices, span: Span): AnalysisNode {
    const { nodes, known } = this.context;
    const values = known.list(list);
    if (values !== null)
      return nodes.choose(
        position,
        values.map((value) => nodes.constant(value, real, span)),
        real,
        span,
      );
    return this.lists.entry(list, position, indices, span);
  }

  /** An entry of a list, whose numbers may differ from point to point; undecided outside of it. */
  entry(list: ListExpr, position: AnalysisNode, span: Span): AnalysisNode {
    return this.context.complete(() => this.element(list, position, new Map(), span));
  }

  /** Over axes and ranges whose ends may depend on sweeps: from the smallest to the largest end, entries outside left out. */
  private reduce(expr: ReduceExpr, indices: Indices): AnalysisNode {
    const { context } = this;
    const { nodes } = context;
    const all = new Map(indices);
    let where: AnalysisNode | null = null;
    const labels: string[] = [];
    for (const index of expr.over) {
      const axis = context.experiment.axes.get(index.axis);
      if (axis === undefined) return nodes.unknown(expr.span);
      const isRange = axis.kind.kind === "range";
      const from = axis.kind.kind === "range" ? this.expr(axis.kind.from, indices) : nodes.constant(0, int, index.span);
      const to =
        axis.kind.kind === "range"
          ? this.expr(axis.kind.to, indices)
          : nodes.apply(
              "sub",
              [this.sizeOf(axis, index.span, indices), nodes.constant(1, int, index.span)],
              int,
              index.span,
            );
      const label = `${index.name}#${String(index.id)}`;
      const range = makeRange(context, label, from, to, index.span);
      const known = isRange || axis.kind.kind === "plain" ? null : context.known.of(axis.id);
      if (known === null && !context.isPrefix(axis.id))
        return context.notYet(expr.span, "a constant over a part whose positions depend on a sweep");
      const value =
        known === null
          ? range.values
          : nodes.choose(
              range.values,
              known.map((entry) => nodes.constant(entry, real, index.span)),
              real,
              index.span,
            );
      all.set(index.id, value);
      labels.push(label);
      where = where === null ? range.inside : nodes.apply("and", [where, range.inside], bool, expr.span);
    }
    if (expr.where !== null) {
      const own = this.expr(expr.where, all);
      where = where === null ? own : nodes.apply("and", [where, own], bool, expr.span);
    }
    return nodes.reduce(expr.reducer, labels, { body: this.expr(expr.body, all), where }, typeOf(expr.type), expr.span);
  }
}

/** The integers of a range as a tensor over an axis of their own, and which of them lie inside it at each point. */
export function makeRange(
  context: Context,
  label: string,
  from: AnalysisNode,
  to: AnalysisNode,
  span: Span,
): { readonly values: AnalysisNode; readonly inside: AnalysisNode } {
  const { nodes } = context;
  const values = nodes.axisOf(
    { label, axis: null, kind: "index", labels: null, integer: true },
    false,
    { kind: "span", from, to },
    span,
  );
  const inside = nodes.apply(
    "and",
    [nodes.apply("le", [from, values], bool, span), nodes.apply("le", [values, to], bool, span)],
    bool,
    span,
  );
  return { values, inside };
}

function typeOf(type: ScalarType): AnalysisType {
  if (type.kind === "bool") return bool;
  if (type.kind === "label") return type;
  return type.kind === "real" ? real : int;
}

function operationOf(operation: Operation): AnalysisOperation {
  if (operation === "power_int") return "pow";
  return operation === "position" ? "real" : operation;
}

function exponentOf(exponent: number | undefined, nodes: Context["nodes"], span: Span): readonly AnalysisNode[] {
  return exponent === undefined ? [] : [nodes.constant(exponent, int, span)];
}

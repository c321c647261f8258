/** Makes nodes of the analysis IR: numbers them, works out their axes, folds constants. */
import type { Span } from "../../base/span.js";
import type {
  AnalysisAxis,
  AnalysisNode,
  AnalysisOperation,
  AnalysisReducer,
  AnalysisScan,
  AnalysisStatistic,
  AnalysisType,
  AxisNode,
  ColumnRef,
  Selection,
} from "./ir.js";

export const real: AnalysisType = { kind: "number", integer: false };
export const int: AnalysisType = { kind: "number", integer: true };
export const bool: AnalysisType = { kind: "bool" };
export const unknownType: AnalysisType = { kind: "unknown" };

/** The type of an axis' coordinates. */
export function coordinateType(axis: AnalysisAxis): AnalysisType {
  return axis.labels === null ? { kind: "number", integer: axis.integer } : { kind: "label", labels: axis.labels };
}

/** Told when two operands have axes of one name that are not the same axis. */
export type Conflict = (first: AnalysisAxis, second: AnalysisAxis, span: Span) => void;

export class Nodes {
  private last = 0;
  /** Axis nodes whose expression is not complete yet; where their coordinates stand is filled in when it is. */
  readonly open: { readonly axis: AnalysisAxis; readonly columns: ColumnRef[] }[] = [];

  constructor(private readonly conflict: Conflict) {}

  private next(): number {
    this.last += 1;
    return this.last;
  }

  /** The axes of several nodes together, in order of appearance. */
  merge(nodes: readonly AnalysisNode[], span: Span): readonly AnalysisAxis[] {
    const axes: AnalysisAxis[] = [];
    for (const axis of nodes.flatMap((node) => node.axes)) {
      const other = axes.find((own) => own.label === axis.label);
      if (other === undefined) axes.push(axis);
      else if (!isSameAxis(other, axis)) this.conflict(other, axis, span);
    }
    return axes;
  }

  constant(value: number, type: AnalysisType, span: Span): AnalysisNode {
    return { kind: "constant", id: this.next(), value, type, axes: [], span };
  }

  unknown(span: Span): AnalysisNode {
    return { kind: "unknown", id: this.next(), type: unknownType, axes: [], span };
  }

  axis(axis: AnalysisAxis, position: boolean, span: Span): AxisNode {
    const columns: ColumnRef[] = [];
    this.open.push({ axis, columns });
    return this.axisOf(axis, position, { kind: "columns", columns }, span);
  }

  /** An axis whose coordinates need no column. */
  axisOf(axis: AnalysisAxis, position: boolean, coordinates: AxisNode["coordinates"], span: Span): AxisNode {
    const type = position ? int : coordinateType(axis);
    return { kind: "axis", id: this.next(), axis, position, coordinates, type, axes: [axis], span };
  }

  column(
    read: {
      readonly phase: string;
      readonly result: string;
      readonly coordinates: readonly number[] | null;
      readonly fromLast: number | null;
    },
    axes: readonly AnalysisAxis[],
    type: AnalysisType,
    span: Span,
  ): AnalysisNode {
    const { phase, result, coordinates, fromLast } = read;
    return { kind: "column", id: this.next(), phase, result, coordinates, fromLast, axes, type, span };
  }

  literal(
    axes: readonly AnalysisAxis[],
    content: Pick<Extract<AnalysisNode, { kind: "literal" }>, "values" | "sizes" | "coordinates" | "columns">,
    type: AnalysisType,
    span: Span,
  ): AnalysisNode {
    const { values, sizes, coordinates, columns } = content;
    return { kind: "literal", id: this.next(), values, sizes, coordinates, columns, axes, type, span };
  }

  apply(operation: AnalysisOperation, operands: readonly AnalysisNode[], type: AnalysisType, span: Span): AnalysisNode {
    if (operands.some((operand) => operand.type.kind === "unknown")) return this.unknown(span);
    const folded = fold(operation, operands);
    if (folded !== null) return this.constant(folded, type, span);
    return { kind: "apply", id: this.next(), operation, operands, type, axes: this.merge(operands, span), span };
  }

  choose(subject: AnalysisNode, arms: readonly AnalysisNode[], type: AnalysisType, span: Span): AnalysisNode {
    const all = [subject, ...arms];
    if (all.some((part) => part.type.kind === "unknown")) return this.unknown(span);
    return { kind: "choose", id: this.next(), subject, arms, type, axes: this.merge(all, span), span };
  }

  isIn(operand: AnalysisNode, values: readonly number[], span: Span): AnalysisNode {
    return { kind: "in", id: this.next(), operand, values, type: bool, axes: operand.axes, span };
  }

  missing(operand: AnalysisNode, span: Span): AnalysisNode {
    if (operand.type.kind === "unknown") return operand;
    return { kind: "missing", id: this.next(), operand, type: bool, axes: operand.axes, span };
  }

  select(body: AnalysisNode, label: string, selection: Selection, of: string, span: Span): AnalysisNode {
    const rest = body.axes.filter((axis) => axis.label !== label);
    let axes: readonly AnalysisAxis[] = rest;
    if (selection.kind === "list") axes = body.axes;
    else if (selection.kind === "rename") {
      const { to } = selection;
      if (!rest.some((axis) => axis.label === to.label))
        axes = body.axes.map((axis) => (axis.label === label ? to : axis));
    } else if ("value" in selection) {
      if (selection.value.type.kind === "unknown") return this.unknown(span);
      axes = [...rest, ...selection.value.axes.filter((axis) => !rest.some((own) => own.label === axis.label))];
    }
    return { kind: "select", id: this.next(), body, axis: label, selection, of, type: body.type, axes, span };
  }

  reduce(
    reducer: AnalysisReducer,
    over: readonly string[],
    parts: {
      readonly body: AnalysisNode;
      readonly where: AnalysisNode | null;
      readonly parameter?: number | null;
      readonly skipMissing?: boolean;
    },
    type: AnalysisType,
    span: Span,
  ): AnalysisNode {
    const { body, where, parameter = null, skipMissing = false } = parts;
    const all = where === null ? [body] : [body, where];
    if (all.some((part) => part.type.kind === "unknown")) return this.unknown(span);
    const axes = this.merge(all, span).filter((axis) => !over.includes(axis.label));
    return { kind: "reduce", id: this.next(), reducer, over, where, body, parameter, skipMissing, type, axes, span };
  }

  statistic(
    statistic: AnalysisStatistic,
    over: readonly string[],
    parts: {
      readonly operands: readonly AnalysisNode[];
      readonly where: AnalysisNode | null;
      readonly level?: AnalysisNode | null;
    },
    type: AnalysisType,
    span: Span,
  ): AnalysisNode {
    const { operands, where, level = null } = parts;
    const all = [...operands, ...(where === null ? [] : [where]), ...(level === null ? [] : [level])];
    if (all.some((part) => part.type.kind === "unknown")) return this.unknown(span);
    const axes = this.merge(all, span).filter((axis) => !over.includes(axis.label));
    return { kind: "statistic", id: this.next(), statistic, over, where, operands, level, type, axes, span };
  }

  scan(
    scan: AnalysisScan,
    over: readonly string[],
    body: AnalysisNode,
    where: AnalysisNode | null,
    type: AnalysisType,
    span: Span,
  ): AnalysisNode {
    const all = where === null ? [body] : [body, where];
    if (all.some((part) => part.type.kind === "unknown")) return this.unknown(span);
    return { kind: "scan", id: this.next(), scan, over, where, body, type, axes: this.merge(all, span), span };
  }

  expand(body: AnalysisNode, along: readonly AnalysisNode[], span: Span): AnalysisNode {
    if (along.length === 0 || body.type.kind === "unknown") return body;
    return {
      kind: "expand",
      id: this.next(),
      body,
      along,
      type: body.type,
      axes: this.merge([body, ...along], span),
      span,
    };
  }
}

export function isSameAxis(first: AnalysisAxis, second: AnalysisAxis): boolean {
  return first.axis === second.axis || first.axis === 0 || second.axis === 0;
}

/** The same node at another place: what has a name is quoted where the name stands. */
export function at(node: AnalysisNode, span: Span): AnalysisNode {
  return { ...node, span };
}

const folds: Partial<Record<AnalysisOperation, (a: number, b: number) => number>> = {
  neg: (a) => -a,
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  pow: (a, b) => a ** b,
};

function fold(operation: AnalysisOperation, operands: readonly AnalysisNode[]): number | null {
  const [a, b = a] = operands;
  const compute = folds[operation];
  return compute !== undefined && a?.kind === "constant" && b?.kind === "constant" ? compute(a.value, b.value) : null;
}

/** The nodes that a node is made of directly. */
export function childrenOf(node: AnalysisNode): readonly AnalysisNode[] {
  const maybe = (part: AnalysisNode | null): readonly AnalysisNode[] => (part === null ? [] : [part]);
  switch (node.kind) {
    case "apply":
      return node.operands;
    case "choose":
      return [node.subject, ...node.arms];
    case "in":
    case "missing":
      return [node.operand];
    case "select":
      return "value" in node.selection ? [node.body, node.selection.value] : [node.body];
    case "reduce":
    case "scan":
      return [node.body, ...maybe(node.where)];
    case "statistic":
      return [...node.operands, ...maybe(node.where), ...maybe(node.level)];
    case "expand":
      return [node.body, ...node.along];
    case "axis":
      return node.coordinates.kind === "span" ? [node.coordinates.from, node.coordinates.to] : [];
    default:
      return [];
  }
}

/** A node and all that it is made of, each once. */
export function allNodes(roots: readonly AnalysisNode[]): readonly AnalysisNode[] {
  const seen = new Map<number, AnalysisNode>();
  const visit = (node: AnalysisNode): void => {
    if (seen.has(node.id)) return;
    seen.set(node.id, node);
    childrenOf(node).forEach(visit);
  };
  roots.forEach(visit);
  return [...seen.values()];
}

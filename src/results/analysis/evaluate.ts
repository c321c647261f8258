/** Evaluates analysis IR: each node once, in doubles, over the columns of one source of results. */
import type { Diagnostic } from "../../base/diagnostic.js";
import type { AnalysisNode, SelectNode } from "../../language/results/ir.js";
import type { Column, ResultAxis, ResultSource } from "../types.js";
import { arrange, commonAxes } from "./align.js";
import { readAxis, readColumn, readLiteral } from "./columns.js";
import { applyOperation, choose, isIn, whereMissing } from "./elementwise.js";
import { statisticOf } from "./lanes.js";
import { reduceTensor } from "./reduce.js";
import { scanTensor } from "./scan.js";
import { selectFrom } from "./select.js";
import type { EvaluatedSelection } from "./select.js";
import { MISSING, scalarTensor, toColumn } from "./tensor.js";
import type { Tensor } from "./tensor.js";
import { describeCoordinate, nearestCoordinates } from "./words.js";

/** One evaluation of a report: remembers what has been evaluated, and what was found wrong. */
export class Analysis {
  private readonly done: Map<number, Tensor>;
  /** What can only be seen with the results at hand: coordinates that an axis does not have. */
  readonly problems: Diagnostic[] = [];

  /** `given`: values of nodes, by their ids, that are taken as they are: what would follow if they were so. */
  constructor(
    readonly source: ResultSource,
    given: ReadonlyMap<number, Tensor> = new Map(),
  ) {
    this.done = new Map(given);
  }

  evaluate(node: AnalysisNode): Tensor {
    const before = this.done.get(node.id);
    if (before !== undefined) return before;
    const tensor = this.compute(node);
    this.done.set(node.id, tensor);
    return tensor;
  }

  /** The value as a column, with its type. */
  column(node: AnalysisNode): Column {
    const { type } = node;
    const name =
      type.kind === "bool"
        ? "bool"
        : type.kind === "label"
          ? "label"
          : type.kind === "number" && type.integer
            ? "int"
            : "real";
    return toColumn(this.evaluate(node), name, type.kind === "label" ? type.labels : null);
  }

  private compute(node: AnalysisNode): Tensor {
    const of = (operand: AnalysisNode): Tensor => this.evaluate(operand);
    const maybe = (operand: AnalysisNode | null): Tensor | null => (operand === null ? null : this.evaluate(operand));
    switch (node.kind) {
      case "constant":
        return scalarTensor(node.value);
      case "axis": {
        const { coordinates } = node;
        return readAxis(
          node,
          this.source,
          coordinates.kind === "span" ? [of(coordinates.from), of(coordinates.to)] : null,
        );
      }
      case "column":
        return readColumn(node, this.source);
      case "literal":
        return readLiteral(node, this.source);
      case "apply":
        return applyOperation(node.operation, node.operands.map(of));
      case "choose":
        return choose(of(node.subject), node.arms.map(of));
      case "in":
        return isIn(of(node.operand), node.values);
      case "missing":
        return whereMissing(of(node.operand));
      case "select":
        return this.select(node, of(node.body));
      case "reduce":
        return reduceTensor(node.reducer, of(node.body), maybe(node.where), {
          over: node.over,
          parameter: node.parameter,
          ofBools: node.body.type.kind === "bool",
          skipMissing: node.skipMissing,
        });
      case "statistic":
        return statisticOf(node.statistic, {
          operands: node.operands.map(of),
          where: maybe(node.where),
          level: maybe(node.level),
          over: node.over,
        });
      case "scan":
        return scanTensor(node.scan, of(node.body), maybe(node.where), node.over);
      case "expand": {
        const body = of(node.body);
        return arrange(body, commonAxes([body, ...node.along.map(of)]));
      }
      case "unknown":
        return scalarTensor(NaN, MISSING);
    }
  }

  /** What the node selects, of a tensor with the axes of its body. */
  select(node: SelectNode, body: Tensor): Tensor {
    const { selection } = node;
    const evaluated: EvaluatedSelection =
      "value" in selection ? { kind: selection.kind, value: this.evaluate(selection.value) } : selection;
    return selectFrom(body, node.axis, evaluated, (axis, value) => this.noCoordinate(node, axis, value));
  }

  private noCoordinate(node: SelectNode, axis: ResultAxis, value: number): void {
    const nearest = nearestCoordinates(axis, value);
    this.problems.push({
      code: "AM6020",
      severity: "error",
      message: `\`${node.of}\` has no point at \`${node.axis}: ${describeCoordinate(axis, value)}\``,
      span: node.span,
      here: axis.labels === null ? `the nearest are ${nearest.join(", ")}` : `it has ${nearest.join(", ")}`,
      ...(axis.labels === null
        ? { help: `write \`${node.axis}: near ${describeCoordinate(axis, value)}\` for the nearest one` }
        : {}),
    });
  }
}

/** The value of a node over the results of a source. */
export function evaluate(node: AnalysisNode, source: ResultSource): Column {
  return new Analysis(source).column(node);
}

/**
 * How finely a value over results is known at best: each stored real number to one unit in its last place, carried
 * through what is computed of it (to first order, all errors in the worst direction). Computing may well have lost more.
 */
import type { AnalysisNode, ApplyNode, ReduceNode } from "../../language/results/index.js";
import type { Analysis } from "../analysis/evaluate.js";
import { applyOperation, choose } from "../analysis/elementwise.js";
import { reduceTensor } from "../analysis/reduce.js";
import { VALID, scalarTensor } from "../analysis/tensor.js";
import type { Tensor } from "../analysis/tensor.js";
import { arrange, commonAxes } from "../analysis/align.js";

export type Precision = "f32" | "f64";

const DIGITS: Readonly<Record<Precision, { readonly mantissa: number; readonly least: number }>> = {
  f32: { mantissa: 23, least: -126 },
  f64: { mantissa: 52, least: -1022 },
};

/** The distance from |x| to the next larger number of the precision. */
export function lastPlace(x: number, precision: Precision): number {
  const { mantissa, least } = DIGITS[precision];
  if (!Number.isFinite(x)) return 0;
  const size = Math.abs(x);
  let exponent = size === 0 ? least : Math.floor(Math.log2(size));
  // The logarithm may be rounded up to the next whole number.
  if (2 ** exponent > size) exponent -= 1;
  return 2 ** (Math.max(exponent, least) - mantissa);
}

export class Resolution {
  private readonly done = new Map<number, Tensor>();

  constructor(
    private readonly analysis: Analysis,
    readonly precision: Precision,
  ) {}

  /** Over the axes of the value; zeros where it is exact, or nothing is known. */
  of(node: AnalysisNode): Tensor {
    const before = this.done.get(node.id);
    if (before !== undefined) return before;
    const made = this.compute(node);
    this.done.set(node.id, made);
    return made;
  }

  private exact(node: AnalysisNode): Tensor {
    const { axes, values, states } = this.analysis.evaluate(node);
    return { axes, values: new Float64Array(values.length), states };
  }

  private compute(node: AnalysisNode): Tensor {
    if (node.type.kind !== "number" || node.type.integer) return this.exact(node);
    switch (node.kind) {
      case "column":
        return this.ofColumn(node);
      case "apply":
        return this.ofOperation(node);
      case "select":
        return this.analysis.select(node, this.of(node.body));
      case "choose":
        return choose(
          this.analysis.evaluate(node.subject),
          node.arms.map((arm) => this.of(arm)),
        );
      case "reduce":
        return this.ofReduction(node);
      case "expand": {
        const body = this.of(node.body);
        return arrange(body, commonAxes([body, ...node.along.map((part) => this.analysis.evaluate(part))]));
      }
      default:
        return this.exact(node);
    }
  }

  /** Whole numbers are counts and sums of spins: they are exact. */
  private ofColumn(node: AnalysisNode): Tensor {
    const { axes, values, states } = this.analysis.evaluate(node);
    const whole = values.every(
      (value, i) => states[i] !== VALID || (Number.isInteger(value) && Math.abs(value) < 2 ** 24),
    );
    return {
      axes,
      values: whole ? new Float64Array(values.length) : values.map((x) => lastPlace(x, this.precision)),
      states,
    };
  }

  private ofOperation(node: ApplyNode): Tensor {
    const [first, second] = node.operands;
    if (first === undefined) return this.exact(node);
    const value = (part: AnalysisNode): Tensor => this.analysis.evaluate(part);
    const size = (part: AnalysisNode): Tensor => applyOperation("abs", [value(part)]);
    const of = (part: AnalysisNode): Tensor => this.of(part);
    const times = (a: Tensor, b: Tensor): Tensor => applyOperation("mul", [a, b]);
    const over = (a: Tensor, b: Tensor): Tensor => applyOperation("div", [a, b]);
    if (second === undefined)
      switch (node.operation) {
        case "neg":
        case "abs":
        case "real":
          return of(first);
        case "log":
          return over(of(first), size(first));
        case "log2":
        case "log10": {
          const base = node.operation === "log2" ? Math.LN2 : Math.LN10;
          return over(of(first), times(size(first), scalarTensor(base)));
        }
        case "exp":
          return times(of(first), size(node));
        case "sqrt":
          return over(of(first), times(size(node), scalarTensor(2)));
        default:
          return this.exact(node);
      }
    switch (node.operation) {
      case "add":
      case "sub":
        return applyOperation("add", [of(first), of(second)]);
      case "max":
      case "min":
        return applyOperation("max", [of(first), of(second)]);
      case "mul":
        return applyOperation("add", [times(size(first), of(second)), times(of(first), size(second))]);
      case "div":
        return applyOperation("add", [
          over(of(first), size(second)),
          times(over(of(second), size(second)), size(node)),
        ]);
      case "pow":
        // x^n with an exact n.
        return times(times(over(size(node), size(first)), size(second)), of(first));
      default:
        return this.exact(node);
    }
  }

  private ofReduction(node: ReduceNode): Tensor {
    const { reducer, where, over, skipMissing } = node;
    const isExact = this.of(node.body).values.every((value) => value === 0);
    const value = this.analysis.evaluate(node);
    if (isExact) return this.exact(node);
    // One of the values, as finely as it is stored.
    if (["min", "max", "median", "quantile"].includes(reducer))
      return { ...value, values: value.values.map((x) => lastPlace(x, this.precision)) };
    if (reducer !== "sum" && reducer !== "mean") return this.exact(node);
    const mask = where === null ? null : this.analysis.evaluate(where);
    return reduceTensor(reducer, this.of(node.body), mask, { over, parameter: null, ofBools: false, skipMissing });
  }
}

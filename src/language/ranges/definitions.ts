/** Ranges of what a run computes. States, parameters, data and what other phases left behind may be anything. */
import { sizesOf, valuesOf } from "../bounds.js";
import { isConstant } from "../mentions.js";
import type { Definition, DefinitionId, Draw, Experiment, Expr, Index, Subscript } from "../typed.js";
import { ofOperation, ofReduction, power } from "./operations.js";
import { anything, atLeastNothing, hull, isNotNegative, ofValues, range, share, signed, type Range } from "./range.js";
import { alike } from "./alike.js";

/** An index is told by its number. */
const places: ReadonlySet<string> = new Set(["span"]);

/** Definitions may rest on each other for thousands of levels; of the deepest nothing is said. */
const DEEPEST = 300;

/** Expressions are shared: each is looked at once. */
export class DefinitionRanges {
  private readonly definitions = new Map<DefinitionId, Range>();
  private readonly exprs = new Map<Expr, Range>();
  private depth = 0;

  constructor(
    private readonly experiment: Experiment,
    /** The coordinates of an axis, where they are known. */
    private readonly coordinates: (axis: number) => readonly number[] | null,
  ) {}

  definition(id: DefinitionId): Range {
    const known = this.definitions.get(id);
    if (known !== undefined) return known;
    // A value that rests on itself, by what a loop did before.
    this.definitions.set(id, anything);
    const definition = this.experiment.definitions.get(id);
    const found = definition === undefined ? anything : this.ofBody(definition);
    this.definitions.set(id, found);
    return found;
  }

  private ofBody({ body, type }: Definition): Range {
    if (type.kind === "bool") return share;
    switch (body.kind) {
      case "equation":
        return this.expr(body.value);
      case "literal":
        return hull(body.entries.map((entry) => this.expr(entry)));
      case "draw":
        return this.draw(body.draw);
      case "stacked":
        return hull(body.parts.map((part) => this.definition(part)));
      default:
        return anything;
    }
  }

  private draw({ distribution }: Draw): Range {
    switch (distribution.kind) {
      case "uniform":
        return hull([this.expr(distribution.low), this.expr(distribution.high)]);
      case "rademacher":
        return signed;
      case "bernoulli":
        return share;
      case "gamma":
      case "poisson":
        return atLeastNothing;
      case "among":
        return hull([this.expr(distribution.from), this.expr(distribution.to)]);
      case "choice":
        return this.axis(distribution.axis);
      case "permutation":
        return this.axis(distribution.along.axis);
      case "categorical":
        return this.axis(distribution.over.axis);
      case "normal":
      case "on_sphere":
        return anything;
    }
  }

  private axis(id: number): Range {
    return ofValues(this.coordinates(id));
  }

  expr(expr: Expr): Range {
    const known = this.exprs.get(expr);
    if (known !== undefined) return known;
    if (this.depth > DEEPEST) return anything;
    this.depth += 1;
    const found = this.find(expr);
    this.depth -= 1;
    this.exprs.set(expr, found);
    return found;
  }

  private find(expr: Expr): Range {
    // Sums of constants may be long, and are asked for at every point.
    if (expr.kind !== "unknown" && expr.kind !== "reduce" && isConstant(expr)) {
      const values = valuesOf(this.experiment, expr);
      if (values !== null) return ofValues(values);
    }
    if (expr.type.kind === "bool") return share;
    const all = (exprs: readonly Expr[]): readonly Range[] => exprs.map((part) => this.expr(part));
    switch (expr.kind) {
      case "number":
        return range(expr.value, expr.value);
      case "index":
        return this.axis(expr.index.axis);
      case "step":
      case "size":
        return atLeastNothing;
      case "read": {
        const read = this.definition(expr.definition);
        return expr.subscripts.some(isPadded) ? hull([read, range(0, 0)]) : read;
      }
      case "apply":
        return this.apply(expr);
      case "if":
        return hull(all([expr.then, expr.otherwise]));
      case "case":
        return hull(all(expr.arms));
      case "reduce": {
        const count = this.count(expr.over);
        if (expr.reducer === "argmax" || expr.reducer === "argmin") return this.axis(expr.over[0]?.axis ?? 0);
        return ofReduction(expr.reducer, this.expr(expr.body), count, expr.where === null && (count ?? 0) > 0);
      }
      case "normalise":
        if (expr.normaliser === "order") return this.axis(expr.over[0]?.axis ?? 0);
        return ofReduction(expr.normaliser, this.expr(expr.body), null, false);
      case "cross_entropy":
        return expr.target.kind === "position" || isNotNegative(this.expr(expr.target.value))
          ? atLeastNothing
          : anything;
      case "matrix":
        return expr.operation === "svd" && expr.part === "values" ? atLeastNothing : anything;
      case "assemble":
        return hull(
          all([...expr.pieces.map(({ value }) => value), ...(expr.elsewhere === undefined ? [] : [expr.elsewhere])]),
        );
      case "stop":
        return this.expr(expr.operand);
      default:
        return anything;
    }
  }

  private apply({ operation, operands, exponent }: Extract<Expr, { readonly kind: "apply" }>): Range {
    const [first, second] = operands;
    // Along a part a position is another number than the coordinate.
    if (operation === "position") return atLeastNothing;
    if (operation === "power_int")
      return first === undefined || exponent === undefined ? anything : power(this.expr(first), exponent);
    const ranges = operands.map((part) => this.expr(part));
    return ofOperation(operation, ranges, first !== undefined && second !== undefined && alike(first, second, places));
  }

  /** The most entries that a reduction is over. */
  private count(over: readonly Index[]): number | null {
    const sizes = over.map(({ axis }) => sizesOf(this.experiment, axis));
    return sizes.reduce<number | null>((product, list) => {
      const least = list === null || list.length === 0 || Math.min(...list) === 0 ? null : Math.max(...list);
      return product === null || least === null ? null : product * least;
    }, 1);
  }
}

function isPadded(subscript: Subscript): boolean {
  if (subscript.kind === "product") return subscript.factors.some(isPadded);
  return subscript.kind === "position" && subscript.bounds === "pad";
}

/** Reductions and normalisers: terms that `where` leaves out contribute exactly 0 to value and gradient. */
import {
  argExtremum,
  count,
  fraction,
  mean,
  norm,
  normalize,
  reduce,
  sphere,
  standardDeviation,
  variance,
} from "../ir/compose/reductions.js";
import { flattened, order, quantile, rank, sort, top } from "../ir/compose/order.js";
import { logSoftmax, logSumExp, softmax } from "../ir/compose/softmax.js";
import type { DimId, ValueId } from "../ir/types.js";
import { mentions } from "../language/mentions.js";
import type { Expr, Index, NormaliseExpr, ReduceExpr } from "../language/typed.js";
import { dimAlong } from "./axes.js";
import { dtypeOf, type Context, type Environment } from "./context.js";
import { exactInt, intSum, isExactInFloats, watch } from "./ints.js";
import { guarded, lowerExpr, lowerNumber, lowerReal, spread, toDType } from "./expressions.js";

function boundDims(context: Context, expr: ReduceExpr | NormaliseExpr): readonly DimId[] {
  return expr.over.map((index) => dimAlong(context, index));
}

export function lowerReduce(context: Context, environment: Environment, expr: ReduceExpr): ValueId {
  const { builder: b } = context;
  const over = boundDims(context, expr);
  if (expr.where === null && expr.reducer === "sum" && expr.type.kind === "real")
    return lowerProductSum(context, environment, expr.body, expr.over);

  const mask = expr.where === null ? null : spread(context, lowerExpr(context, environment, expr.where), over);
  const inside = <T>(lower: () => T): T => (mask === null ? lower() : guarded(context, mask, lower));
  const typed = (): ValueId =>
    toDType(
      context,
      inside(() => lowerNumber(context, environment, expr.body)),
      dtypeOf(context, expr.type),
    );
  const real = (): ValueId => inside(() => lowerReal(context, environment, expr.body));
  const bool = (): ValueId => inside(() => lowerExpr(context, environment, expr.body));
  switch (expr.reducer) {
    case "sum":
      return intSum(context, typed(), over, expr.span, (body) => reduce(b, "reduce_sum", body, over, mask));
    case "prod": {
      const body = typed();
      return exactInt(context, reduce(b, "reduce_prod", body, over, mask), expr.span, () =>
        reduce(b, "reduce_prod", b.cast(body, "f64"), over, mask),
      );
    }
    case "min":
      return reduce(b, "reduce_min", typed(), over, mask);
    case "max":
      return reduce(b, "reduce_max", typed(), over, mask);
    case "all":
      return reduce(b, "reduce_all", bool(), over, mask);
    case "any":
      return reduce(b, "reduce_any", bool(), over, mask);
    case "count":
      return count(b, bool(), over, mask);
    case "fraction":
      return fraction(b, bool(), context.experiment.precision, over, mask);
    case "mean":
      return mean(b, spread(context, real(), over), over, mask);
    case "logsumexp":
      return logSumExp(b, spread(context, real(), over), over, mask);
    case "norm":
      return norm(b, spread(context, real(), over), over, mask);
    case "var":
      return variance(b, spread(context, real(), over), over, mask);
    case "std":
      return standardDeviation(b, spread(context, real(), over), over, mask);
    case "median":
    case "quantile": {
      const { value, dim } = flattened(b, spread(context, real(), over), over);
      const joined = mask === null ? null : flattened(b, mask, over);
      const where = joined === null ? null : b.relabel(joined.value, [joined.dim], [dim]);
      return quantile(b, value, quantileShare(context, environment, expr), dim, where);
    }
    case "argmax":
    case "argmin": {
      const body = inside(() => lowerNumber(context, environment, expr.body));
      return argExtremum(b, expr.reducer === "argmax" ? "arg_max" : "arg_min", body, onlyOf(over, expr.reducer), mask);
    }
  }
}

/** The only bound dim of what works along one. */
function onlyOf(over: readonly DimId[], name: string): DimId {
  const [dim] = over;
  if (dim === undefined || over.length !== 1)
    throw new Error(`\`${name}\` over ${over.length} indices reached lowering`);
  return dim;
}

/** `sum(i, j) a b c / d`: one contraction of its factors, so that their order can be chosen by cost; what it does not run over divides it. */
function lowerProductSum(context: Context, environment: Environment, body: Expr, over: readonly Index[]): ValueId {
  const { builder } = context;
  const dims = over.map((index) => dimAlong(context, index));
  // A sum of nothing is 0, whatever would divide it.
  const isEmpty = dims.some((dim) => builder.size(dim) === 0);
  const { factors, divisors } = isEmpty ? { factors: [body], divisors: [] } : factorsOf(body, over);
  const values = factors.flatMap((factor) => lowerFactors(context, environment, factor));
  const covered = new Set(values.flatMap((factor) => builder.dimsOf(factor)));
  const constantAlong = dims.filter((dim) => !covered.has(dim));
  const times = builder.entriesOf(constantAlong, context.experiment.precision);
  if (constantAlong.some((dim) => builder.size(dim) !== 1)) values.push(times);
  const sum = builder.contract(
    values,
    dims.filter((dim) => covered.has(dim)),
  );
  return divisors.reduce((value, divisor) => builder.div(value, lowerReal(context, environment, divisor)), sum);
}

interface Factors {
  readonly factors: readonly Expr[];
  readonly divisors: readonly Expr[];
}

function factorsOf(expr: Expr, over: readonly Index[]): Factors {
  if (expr.kind !== "apply" || expr.type.kind !== "real") return { factors: [expr], divisors: [] };
  const [first, second] = expr.operands;
  if (expr.operation === "mul") {
    const parts = expr.operands.map((operand) => factorsOf(operand, over));
    return {
      factors: parts.flatMap(({ factors }) => factors),
      divisors: parts.flatMap(({ divisors }) => divisors),
    };
  }
  const isDivided = expr.operation === "div" && first !== undefined && second !== undefined;
  if (!isDivided || over.some((index) => mentions(second, index))) return { factors: [expr], divisors: [] };
  const inner = factorsOf(first, over);
  return { factors: inner.factors, divisors: [...inner.divisors, second] };
}

/** A product of ints that floats hold is one of floats: it is rounded once either way. */
function lowerFactors(context: Context, environment: Environment, factor: Expr): readonly ValueId[] {
  const whole = (expr: Expr): readonly Expr[] =>
    expr.kind === "apply" && expr.operation === "mul" && expr.type.kind === "int"
      ? expr.operands.flatMap(whole)
      : [expr];
  const [inner = factor] = factor.kind === "apply" && factor.operation === "real" ? factor.operands : [];
  const parts = whole(inner);
  if (parts.length > 1 && parts.every(({ type }) => type.kind === "int")) {
    const values = parts.map((part) => lowerNumber(context, environment, part));
    if (values.every((value) => isExactInFloats(context, value)))
      return values.map((value) => toDType(context, value, context.experiment.precision));
  }
  return [lowerReal(context, environment, factor)];
}

/** The share of a quantile, a double; where it is no constant the run watches that it is a share. */
function quantileShare(context: Context, environment: Environment, expr: ReduceExpr): ValueId {
  const { builder: b } = context;
  if (expr.argument === undefined) return b.constant(0.5, "f64");
  const q = toDType(context, lowerReal(context, environment, expr.argument), "f64");
  if (b.node(q).op === "constant") return q;
  const inside = b.and(b.ge(q, b.constant(0, "f64")), b.le(q, b.constant(1, "f64")));
  watch(context, inside, "the share of `quantile` is outside of 0 … 1", expr.argument.span);
  return b.select(inside, q, b.constant(0, "f64"));
}

const realNormalisers: ReadonlySet<NormaliseExpr["normaliser"]> = new Set<NormaliseExpr["normaliser"]>([
  "softmax",
  "log_softmax",
  "normalize",
  "sphere",
]);

export function lowerNormalise(context: Context, environment: Environment, expr: NormaliseExpr): ValueId {
  const { builder: b } = context;
  const over = boundDims(context, expr);
  const mask = expr.where === null ? null : spread(context, lowerExpr(context, environment, expr.where), over);
  const lowerBody = (): ValueId =>
    realNormalisers.has(expr.normaliser)
      ? lowerReal(context, environment, expr.body)
      : lowerNumber(context, environment, expr.body);
  const body = spread(context, mask === null ? lowerBody() : guarded(context, mask, lowerBody), over);
  switch (expr.normaliser) {
    case "softmax":
      return softmax(b, body, over, mask);
    case "log_softmax":
      return logSoftmax(b, body, over, mask);
    case "normalize":
      return normalize(b, body, over, mask);
    case "sphere":
      return sphere(b, body, over, mask);
    case "sort":
      return sort(b, body, onlyOf(over, expr.normaliser), mask);
    case "rank":
      return rank(b, body, onlyOf(over, expr.normaliser), mask);
    case "order":
      return order(b, body, onlyOf(over, expr.normaliser), mask);
    case "top": {
      const { argument } = expr;
      if (argument === undefined) throw new Error("`top` without a number reached lowering");
      return top(b, body, lowerNumber(context, environment, argument), onlyOf(over, expr.normaliser), mask);
    }
    case "cumsum":
    case "cumprod": {
      const along = onlyOf(over, expr.normaliser);
      const neutral = b.constant(expr.normaliser === "cumsum" ? 0 : 1, b.dtypeOf(body));
      const kept = mask === null ? body : b.select(mask, body, neutral);
      return expr.normaliser === "cumsum" ? b.cumulativeSum(kept, along) : b.cumulativeProd(kept, along);
    }
  }
}

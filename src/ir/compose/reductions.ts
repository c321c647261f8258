/**
 * Reductions with a condition. What `where` leaves out contributes exactly 0 to value and derivative, even if it is infinite or NaN.
 * `where` broadcasts by label and may have dims that the operand lacks; null leaves nothing out.
 */
import type { Builder } from "../builder.js";
import { union } from "../dims.js";
import { ops } from "../ops/index.js";
import type { DimId, ValueId } from "../types.js";
import { safeSqrt } from "./elementwise.js";

type Where = ValueId | null;
type Reducer = "reduce_sum" | "reduce_prod" | "reduce_max" | "reduce_min" | "reduce_any" | "reduce_all";

/** A reduction of what is not left out; over nothing sum 0, prod 1, max -inf, min inf, any false, all true. */
export function reduce(b: Builder, op: Reducer, x: ValueId, over: readonly DimId[], where: Where = null): ValueId {
  const neutral = ops[op].neutral(b.dtypeOf(x)) ?? 0;
  return b.apply(op, [reaching(b, keep(b, x, where, neutral), over)], { over });
}

/** The value where the condition holds and a number elsewhere. */
function keep(b: Builder, x: ValueId, where: Where, otherwise: number): ValueId {
  return where === null ? x : b.select(where, x, b.number(otherwise, x));
}

/** With all dims of `over`; it is constant along those that it lacked. */
function reaching(b: Builder, x: ValueId, over: readonly DimId[]): ValueId {
  return b.broadcast(x, union(b.dimsOf(x), over));
}

/** How many entries are true, an int. */
export function count(b: Builder, condition: ValueId, over: readonly DimId[], where: Where = null): ValueId {
  const counted = where === null ? condition : b.and(condition, where);
  return b.reduceSum(reaching(b, b.cast(counted, "i32"), over), over);
}

/** How many entries are not left out, as a real of the dtype. */
function included(b: Builder, dtype: "f32" | "f64", over: readonly DimId[], where: Where): ValueId {
  if (where === null) return b.entriesOf(over, dtype);
  return b.cast(b.reduceSum(reaching(b, b.cast(where, "i32"), over), over), dtype);
}

/** The share of entries that are true; of nothing NaN. */
export function fraction(
  b: Builder,
  condition: ValueId,
  dtype: "f32" | "f64",
  over: readonly DimId[],
  where: Where = null,
): ValueId {
  return b.div(b.cast(count(b, condition, over, where), dtype), included(b, dtype, over, where));
}

/** The mean of reals; of nothing NaN, with derivative 0. */
export function mean(b: Builder, x: ValueId, over: readonly DimId[], where: Where = null): ValueId {
  return b.div(reduce(b, "reduce_sum", x, over, where), included(b, realOf(b, x), over, where));
}

/** The mean square distance from the mean: divides by n. */
export function variance(b: Builder, x: ValueId, over: readonly DimId[], where: Where = null): ValueId {
  return mean(b, b.powerInt(b.sub(x, mean(b, x, over, where)), 2), over, where);
}

/** The root of the variance, with derivative 0 where all entries are equal. */
export function standardDeviation(b: Builder, x: ValueId, over: readonly DimId[], where: Where = null): ValueId {
  return safeSqrt(b, variance(b, x, over, where));
}

/** The 2-norm, with derivative 0 at 0. */
export function norm(b: Builder, x: ValueId, over: readonly DimId[], where: Where = null): ValueId {
  return safeSqrt(b, reduce(b, "reduce_sum", b.powerInt(x, 2), over, where));
}

/** Over its 2-norm, which is 0 (with derivative 0) where the norm is; left-out entries are 0. */
export function sphere(b: Builder, x: ValueId, over: readonly DimId[], where: Where = null): ValueId {
  const length = norm(b, x, over, where);
  const zero = b.number(0, x);
  return keep(b, b.select(b.eq(length, zero), zero, b.div(x, length)), where, 0);
}

/** Over its sum; left-out entries are 0. */
export function normalize(b: Builder, x: ValueId, over: readonly DimId[], where: Where = null): ValueId {
  return keep(b, b.div(x, reduce(b, "reduce_sum", x, over, where)), where, 0);
}

/** The position of the first largest (smallest) entry that is not left out; 0 where all are. */
export function argExtremum(
  b: Builder,
  op: "arg_max" | "arg_min",
  x: ValueId,
  over: DimId,
  where: Where = null,
): ValueId {
  if (where === null) return b.apply(op, [reaching(b, x, [over])], { over });
  const worst = ops[op === "arg_max" ? "max" : "min"].neutral(b.dtypeOf(x)) ?? 0;
  const kept = reaching(b, keep(b, x, where, worst), [over]);
  // Where nothing is better than what stands for the left-out entries, the first entry that is there.
  const best = b.apply(op === "arg_max" ? "reduce_max" : "reduce_min", [kept], { over: [over] });
  const first = b.argMax(reaching(b, b.cast(where, "i32"), [over]), over);
  return b.select(b.eq(best, b.number(worst, x)), first, b.apply(op, [kept], { over }));
}

function realOf(b: Builder, x: ValueId): "f32" | "f64" {
  return b.dtypeOf(x) === "f64" ? "f64" : "f32";
}

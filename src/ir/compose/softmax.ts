/**
 * Exponential weights, shifted by the maximum. The shift is stopped: it changes no value, so it has no part in derivatives.
 * What `where` leaves out contributes exactly 0 to value and derivative, even if it is infinite or NaN.
 */
import type { Builder } from "../builder.js";
import type { DimId, ValueId } from "../types.js";
import { union } from "../dims.js";

type Where = ValueId | null;

interface Weights {
  /** e^(x - shift), 0 where left out. */
  readonly terms: ValueId;
  /** Their sum, and 1 where all terms are 0: then everything is left out or -inf, and what is divided by it stays 0. */
  readonly sum: ValueId;
  readonly none: ValueId;
  readonly shift: ValueId;
}

function weights(b: Builder, x: ValueId, over: readonly DimId[], where: Where): Weights {
  const kept = where === null ? x : b.select(where, x, b.number(-Infinity, x));
  const all = b.broadcast(kept, union(b.dimsOf(kept), over));
  const most = b.stop(b.reduceMax(all, over));
  // Infinite maxima shift by nothing: -inf gives terms 0, and inf and NaN show in the sum.
  const shift = b.select(b.isFinite(most), most, b.number(0, x));
  const terms = b.exp(b.sub(all, shift));
  const sum = b.reduceSum(terms, over);
  const none = b.eq(sum, b.number(0, x));
  // Added, not selected: so derivatives need no further condition.
  return { terms, sum: b.add(sum, b.cast(none, b.dtypeOf(x))), none, shift };
}

/** log of the sum of e^x; of nothing, and where all are -inf, -inf (with derivative 0). */
export function logSumExp(b: Builder, x: ValueId, over: readonly DimId[], where: Where = null): ValueId {
  const { sum, none, shift } = weights(b, x, over, where);
  return b.add(b.log(sum), b.select(none, b.number(-Infinity, x), shift));
}

/** e^x over its sum; 0 where left out, and where all are -inf. */
export function softmax(b: Builder, x: ValueId, over: readonly DimId[], where: Where = null): ValueId {
  const { terms, sum } = weights(b, x, over, where);
  return b.div(terms, sum);
}

/** log of the softmax; -inf where that is 0. */
export function logSoftmax(b: Builder, x: ValueId, over: readonly DimId[], where: Where = null): ValueId {
  const { sum, shift } = weights(b, x, over, where);
  const value = b.sub(b.sub(x, shift), b.log(sum));
  return where === null ? value : b.select(where, value, b.number(-Infinity, x));
}

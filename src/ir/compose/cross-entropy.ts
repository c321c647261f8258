/** Cross-entropy of logits, accurate in relative terms however large the margin is, forward and backward. */
import type { Builder } from "../builder.js";
import { union, without } from "../dims.js";
import type { DimId, ValueId } from "../types.js";
import { reduce } from "./reductions.js";
import { logSumExp } from "./softmax.js";

type Where = ValueId | null;

/**
 * -log softmax at class y. With x = logsumexp over z != y of s_z, minus s_y, it is softplus(x), and its derivative is -sigmoid(x) at y
 * and sigmoid(x) softmax_{z != y} elsewhere. (logsumexp over all minus s_y would lose everything in 32 bits at a margin of 20.)
 * `target` is an i32 position without the class dim. With one class it is 0.
 */
export function crossEntropyAt(
  b: Builder,
  logits: ValueId,
  classes: DimId,
  target: ValueId,
  where: Where = null,
): ValueId {
  const isTarget = b.eq(b.iota(classes), target);
  const others = where === null ? b.not(isTarget) : b.and(b.not(isTarget), where);
  if (b.size(classes) === 1) {
    const dims = without(union(b.dimsOf(logits), b.dimsOf(others)), [classes]);
    return b.constant(0, b.dtypeOf(logits), dims);
  }
  const own = reduce(b, "reduce_sum", logits, [classes], isTarget);
  return b.softplus(b.sub(logSumExp(b, logits, [classes], others), own));
}

/**
 * The sum over y of t_y times -log softmax at y, for a target t that has the class dim (soft labels). With a the class of the largest logit,
 * d = s - s_a and r = the sum over z != a of e^(d_z), it is (sum of t) log1p(r) - sum of t_y d_y: no large numbers cancel.
 * Classes with t = 0 contribute 0 to the second sum, also where s is -inf.
 */
export function crossEntropySoft(
  b: Builder,
  logits: ValueId,
  classes: DimId,
  target: ValueId,
  where: Where = null,
): ValueId {
  const zero = b.number(0, logits);
  const s = where === null ? logits : b.select(where, logits, b.number(-Infinity, logits));
  const t = where === null ? target : b.select(where, target, zero);
  const isPivot = b.eq(b.iota(classes), b.argMax(s, classes));
  // At a itself d is 0 and constant: its derivative is not left to cancel.
  const d = b.select(isPivot, zero, b.sub(s, reduce(b, "reduce_sum", s, [classes], isPivot)));
  const rest = reduce(b, "reduce_sum", b.exp(d), [classes], b.not(isPivot));
  const weighted = reduce(b, "reduce_sum", b.mul(t, d), [classes], b.ne(t, zero));
  return b.sub(b.mul(reduce(b, "reduce_sum", t, [classes]), b.log1p(rest)), weighted);
}

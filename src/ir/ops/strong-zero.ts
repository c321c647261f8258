/** Strong zeros in sums of products: 0 times what is not finite would be NaN and spoil the sum, so both factors are made safe first. */
import type { Builder } from "../builder.js";
import type { ValueId } from "../types.js";

/** A cotangent with its zeros written out. */
export function written(b: Builder, t: ValueId, mask: ValueId | null): ValueId {
  return mask === null ? t : b.select(mask, t, b.number(0, t));
}

/**
 * A factor of a masked cotangent, with 0 in place of what is not finite. Where the factor is left out that is right; where it counts, the
 * derivative would not be a number anyway. It does not depend on the mask, so of what does not change in a loop it is computed once.
 */
export function guarded(b: Builder, x: ValueId): ValueId {
  return b.isKnownFinite(x) ? x : b.select(b.isFinite(x), x, b.number(0, x));
}

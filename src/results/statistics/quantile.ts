/**
 * Quantiles by linear interpolation between order statistics (type 7 of Hyndman and Fan, 1996: the default of R and NumPy):
 * with h = (n - 1) q, the value between the entries number floor(h) and floor(h) + 1 in ascending order.
 */
import type { Reduction } from "./kinds.js";

export const quantile: Reduction = {
  minimum: 1,
  evaluate: (values, from, to, q) => {
    const sorted = values.slice(from, to).sort();
    const h = (sorted.length - 1) * q;
    const low = sorted[Math.floor(h)] ?? NaN;
    const high = sorted[Math.ceil(h)] ?? NaN;
    // Equal ends, also infinite ones, need no interpolation.
    return low === high ? low : low + (h - Math.floor(h)) * (high - low);
  },
};

export const median: Reduction = {
  minimum: 1,
  evaluate: (values, from, to) => quantile.evaluate(values, from, to, 0.5),
};

/**
 * The sign test of pairs, two-sided: the probability, under a fair coin, of a split at least as uneven as that of the signs
 * of x - y. Pairs with x = y are left out; when all are equal the p-value is 1.
 */
import type { Statistic } from "./kinds.js";
import { logGamma } from "./special.js";

export const signTest: Statistic = {
  operands: 2,
  minimum: 1,
  otherwise: "too few",
  evaluate: ({ count, first, second }) => {
    let above = 0;
    let below = 0;
    for (let k = 0; k < count; k++) {
      if ((first[k] ?? 0) > (second[k] ?? 0)) above++;
      else if ((first[k] ?? 0) < (second[k] ?? 0)) below++;
    }
    const n = above + below;
    let tail = 0;
    for (let k = 0; k <= Math.min(above, below); k++) {
      tail += Math.exp(logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1) - n * Math.LN2);
    }
    return Math.min(1, 2 * tail);
  },
};

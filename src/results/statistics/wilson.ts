/**
 * The ends of Wilson's score interval for a proportion (E. B. Wilson, 1927; method 3 of Newcombe, 1998), for bools:
 * (2np + z^2 -+ z sqrt(z^2 + 4npq)) / (2 (n + z^2)). At least one value.
 */
import type { Reduction } from "./kinds.js";
import { count } from "./plain.js";
import { normalQuantile } from "./special.js";

function end(direction: -1 | 1): Reduction {
  return {
    minimum: 1,
    evaluate: (values, from, to, level) => {
      const n = to - from;
      const hits = count.evaluate(values, from, to, level);
      const z = normalQuantile((1 + level) / 2);
      const root = z * Math.sqrt(z * z + (4 * hits * (n - hits)) / n);
      const bound = (2 * hits + z * z + direction * root) / (2 * (n + z * z));
      return Math.min(1, Math.max(0, bound));
    },
  };
}

export const wilsonLow = end(-1);
export const wilsonHigh = end(1);

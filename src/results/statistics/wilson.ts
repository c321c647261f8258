/**
 * Wilson's score interval for a proportion (E. B. Wilson, 1927; method 3 of Newcombe, 1998):
 * (2np + z^2 -+ z sqrt(z^2 + 4npq)) / (2 (n + z^2)).
 */
import type { Reduction } from "./kinds.js";
import { count } from "./plain.js";
import { normalQuantile } from "./special.js";

/** Both ends for `hits` (not necessarily whole) of n > 0, two-sided. */
export function wilsonInterval(hits: number, n: number, level: number): readonly [low: number, high: number] {
  const z = normalQuantile((1 + level) / 2);
  const root = z * Math.sqrt(z * z + (4 * hits * (n - hits)) / n);
  const end = (direction: -1 | 1): number =>
    Math.min(1, Math.max(0, (2 * hits + z * z + direction * root) / (2 * (n + z * z))));
  return [end(-1), end(1)];
}

/** An end of the interval, for bools. At least one value. */
function end(which: 0 | 1): Reduction {
  return {
    minimum: 1,
    evaluate: (values, from, to, level) =>
      wilsonInterval(count.evaluate(values, from, to, level), to - from, level)[which],
  };
}

export const wilsonLow = end(0);
export const wilsonHigh = end(1);

/** Variance and standard deviation, divided by n (of one value 0); two passes, so that a large mean costs no digits. */
import type { Reduction } from "./kinds.js";
import { mean } from "./plain.js";

/** The sum of squared deviations from the mean. */
export function squaredDeviations(values: Float64Array, from: number, to: number): number {
  const centre = mean.evaluate(values, from, to, 0);
  let total = 0;
  for (let k = from; k < to; k++) total += ((values[k] ?? 0) - centre) ** 2;
  return total;
}

export const variance: Reduction = {
  minimum: 1,
  evaluate: (values, from, to) => squaredDeviations(values, from, to) / (to - from),
};

export const deviation: Reduction = {
  minimum: 1,
  evaluate: (values, from, to, parameter) => Math.sqrt(variance.evaluate(values, from, to, parameter)),
};

/**
 * The ends of a two-sided confidence interval of the mean: mean -+ t s / sqrt(n), with s^2 divided by n - 1 and
 * Student's t of n - 1 degrees of freedom. At least two values.
 */
import type { Reduction } from "./kinds.js";
import { mean } from "./plain.js";
import { studentQuantile } from "./students-t.js";
import { squaredDeviations } from "./variance.js";

function halfWidth(values: Float64Array, from: number, to: number, level: number): number {
  const n = to - from;
  const s = Math.sqrt(squaredDeviations(values, from, to) / (n - 1));
  return s === 0 ? 0 : (studentQuantile((1 + level) / 2, n - 1) * s) / Math.sqrt(n);
}

export const confidenceLow: Reduction = {
  minimum: 2,
  evaluate: (values, from, to, level) => mean.evaluate(values, from, to, level) - halfWidth(values, from, to, level),
};

export const confidenceHigh: Reduction = {
  minimum: 2,
  evaluate: (values, from, to, level) => mean.evaluate(values, from, to, level) + halfWidth(values, from, to, level),
};

/** Student's t distribution. */
import { incompleteBeta } from "./special.js";

/** The probability that a t variable with `freedom` degrees of freedom is at most t. */
export function studentDistribution(t: number, freedom: number): number {
  const tail = incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2;
  return t > 0 ? 1 - tail : tail;
}

const known = new Map<string, number>();

/** The t > 0 that leaves (1 - p) above it, p > 1/2: bisection of the tail, which is exact enough and never fails. */
export function studentQuantile(p: number, freedom: number): number {
  const key = `${String(p)} ${String(freedom)}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const tail = (t: number): number => incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2;
  let low = 0;
  let high = 1;
  while (tail(high) > 1 - p && high < 1e300) high *= 2;
  for (let k = 0; k < 200 && high - low > 1e-15 * high; k++) {
    const middle = (low + high) / 2;
    if (tail(middle) > 1 - p) low = middle;
    else high = middle;
  }
  const t = (low + high) / 2;
  known.set(key, t);
  return t;
}

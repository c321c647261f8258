/** The Poisson distribution: a search in the cumulative sum of its chances. */
import { share } from "./numbers.js";
import type { Words } from "./threefry.js";

/** Beyond it the sum is too long; a normal number is as good there. */
export const largestPoissonMean = 1e9;

/** From the two words of an entry to a count. NaN unless 0 <= mean <= 10^9. */
export function poissonWith(mean: number): (words: Words) => number {
  if (!(mean >= 0) || mean > largestPoissonMean) return () => NaN;
  const { first, reached } = cumulative(mean);
  const total = reached.at(-1) ?? 1;
  return (words) => first + above(reached, share(words) * total);
}

/** The chances relative to that of the mode, summed up; those left out are below 10^-20 together. */
function cumulative(mean: number): { readonly first: number; readonly reached: Float64Array } {
  const mode = Math.floor(mean);
  const far = Math.ceil(10 * Math.sqrt(mean)) + 30;
  const first = Math.max(0, mode - far);
  const reached = new Float64Array(mode + far - first + 1);
  reached[mode - first] = 1;
  for (let k = mode; k > first; k--) reached[k - 1 - first] = ((reached[k - first] ?? 0) * k) / mean;
  for (let k = mode + 1; k <= mode + far; k++) reached[k - first] = ((reached[k - 1 - first] ?? 0) * mean) / k;
  for (let k = 1; k < reached.length; k++) reached[k] = (reached[k] ?? 0) + (reached[k - 1] ?? 0);
  return { first, reached };
}

/** The first place whose value is above a number. */
function above(reached: Float64Array, wanted: number): number {
  let [low, high] = [0, reached.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((reached[middle] ?? 0) > wanted) high = middle;
    else low = middle + 1;
  }
  return low;
}

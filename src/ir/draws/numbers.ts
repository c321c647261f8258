/** From two random words to a number. */
import { erfInverse } from "./elementary.js";
import type { Words } from "./threefry.js";

/** 53 bits as a multiple of 2^-53. */
export function share([high, low]: Words): number {
  return ((high >>> 5) * 2 ** 26 + (low >>> 6)) * 2 ** -53;
}

/** In [0, 1), also after rounding to f32: the last 2^-25 below 1 is given to the largest float there. */
export function uniform(words: Words): number {
  const u = share(words);
  return u < 1 - 2 ** -25 ? u : 1 - 2 ** -24;
}

/** The inverse of the normal distribution at a midpoint of 2^52 equal parts: symmetric, never infinite (at most 8.2). */
export function normal([high, low]: Words): number {
  const k = (high >>> 6) * 2 ** 26 + (low >>> 6);
  return Math.SQRT2 * erfInverse((2 * k + 1) * 2 ** -52 - 1);
}

/** How many values would decide where a share or a mean stands, were they like those that are there. */
import { wilsonInterval } from "./wilson.js";
import { studentQuantile } from "./students-t.js";

/** More are not searched for. */
export const MOST_DECIDING = 1_000_000;

/** The least n whose Wilson interval around `share` leaves out `asked`; null: none up to a million. */
export function decidingForShare(share: number, asked: number, level: number): number | null {
  return least((n) => {
    const [low, high] = wilsonInterval(share * n, n, level);
    return low > asked || high < asked;
  });
}

/** The least n whose t interval, with the standard deviation (n - 1), is narrower than `distance` to each side. */
export function decidingForMean(distance: number, deviation: number, level: number): number | null {
  return least((n) => n > 1 && (studentQuantile((1 + level) / 2, n - 1) * deviation) / Math.sqrt(n) < distance);
}

/** By doubling and halving: `isEnough` stays true once it is. */
function least(isEnough: (n: number) => boolean): number | null {
  let high = 1;
  while (!isEnough(high)) {
    high *= 2;
    if (high > MOST_DECIDING) return null;
  }
  let low = high / 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

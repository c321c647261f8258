/**
 * The first coordinate at which the entries, joined by straight lines in ascending order of the coordinates, reach the level
 * from either side; missing where they never do. An entry that equals the level counts. At least one value.
 */
import type { Statistic } from "./kinds.js";

export const crossing: Statistic = {
  operands: 1,
  minimum: 1,
  otherwise: "never",
  evaluate: ({ count, first, coordinates, level }) => {
    for (let k = 0; k < count; k++) {
      const here = (first[k] ?? NaN) - level;
      if (here === 0) return coordinates[k] ?? NaN;
      const before = k === 0 ? NaN : (first[k - 1] ?? NaN) - level;
      if (before * here < 0) {
        const from = coordinates[k - 1] ?? NaN;
        const to = coordinates[k] ?? NaN;
        const share = before / (before - here);
        return Number.isFinite(share) ? from + share * (to - from) : Math.abs(before) === Infinity ? to : from;
      }
    }
    return NaN;
  },
};

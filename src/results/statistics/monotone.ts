/** Whether the entries rise (or fall) strictly along the ascending coordinates. One value, or none, does: there is no pair that does not. */
import type { Lane, Statistic } from "./kinds.js";

function monotone(direction: -1 | 1): Statistic {
  return {
    operands: 1,
    minimum: 0,
    otherwise: "too few",
    evaluate: ({ count, first }: Lane) => {
      for (let k = 1; k < count; k++) if (!(direction * ((first[k] ?? 0) - (first[k - 1] ?? 0)) > 0)) return 0;
      return 1;
    },
  };
}

export const increasing = monotone(1);
export const decreasing = monotone(-1);

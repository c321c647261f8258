/** Pearson's correlation of pairs. Two pairs or more, none of x, y constant. */
import type { Statistic } from "./kinds.js";
import { moments } from "./line.js";

export const corr: Statistic = {
  operands: 2,
  minimum: 2,
  otherwise: "too few",
  evaluate: (lane) => {
    const { xx, xy, yy } = moments(lane);
    return xx === 0 || yy === 0 ? NaN : Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
  },
};

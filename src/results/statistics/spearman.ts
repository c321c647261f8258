/** Spearman's rank correlation: Pearson's correlation of the ranks, ties get the mean of their ranks. Two pairs or more, none of x, y constant. */
import { corr } from "./correlation.js";
import type { Statistic } from "./kinds.js";
import { midRanks } from "./ranks.js";

export const spearman: Statistic = {
  operands: 2,
  minimum: 2,
  otherwise: "too few",
  evaluate: (lane) => {
    const first = midRanks(lane.first.subarray(0, lane.count)).ranks;
    const second = midRanks(lane.second.subarray(0, lane.count)).ranks;
    return corr.evaluate({ ...lane, first, second });
  },
};

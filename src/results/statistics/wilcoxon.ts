/**
 * Wilcoxon's signed-rank test of pairs, two-sided (as R's `wilcox.test(paired = TRUE)`): differences of 0 are left out; exact for fewer
 * than 50 differences without ties, else the normal approximation with tie and continuity correction. All differences 0: p = 1.
 */
import type { Statistic } from "./kinds.js";
import { midRanks } from "./ranks.js";
import { normalDistribution } from "./special.js";

export const wilcoxon: Statistic = {
  operands: 2,
  minimum: 1,
  otherwise: "too few",
  evaluate: ({ count, first, second }) => {
    const differences = first
      .slice(0, count)
      .map((x, k) => x - (second[k] ?? 0))
      .filter((d) => d !== 0);
    const n = differences.length;
    if (n === 0) return 1;
    const { ranks, ties } = midRanks(differences.map(Math.abs));
    let v = 0;
    differences.forEach((d, k) => {
      if (d > 0) v += ranks[k] ?? 0;
    });
    const mean = (n * (n + 1)) / 4;
    if (n < 50 && ties === 0) return Math.min(1, 2 * lowerTail(n, Math.min(v, 2 * mean - v)));
    const sd = Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24 - ties / 48);
    const z = Math.max(0, Math.abs(v - mean) - 0.5) / sd;
    return Math.min(1, 2 * normalDistribution(-z));
  },
};

/** P(V <= v): how many of the 2^n sets of ranks have a sum of at most v. */
function lowerTail(n: number, v: number): number {
  const most = (n * (n + 1)) / 2;
  const chance = new Float64Array(most + 1);
  chance[0] = 1;
  for (let rank = 1; rank <= n; rank++) {
    for (let sum = most; sum >= 0; sum--)
      chance[sum] = ((chance[sum] ?? 0) + (sum >= rank ? (chance[sum - rank] ?? 0) : 0)) / 2;
  }
  return chance.subarray(0, v + 1).reduce((total, p) => total + p, 0);
}

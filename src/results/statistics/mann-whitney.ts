/**
 * The test of Mann and Whitney of two samples, two-sided (as R's `wilcox.test`): exact for fewer than 50 values in each without ties,
 * else the normal approximation with tie and continuity correction. All values equal: p = 1.
 */
import type { Statistic } from "./kinds.js";
import { midRanks } from "./ranks.js";
import { normalDistribution } from "./special.js";

export const mannWhitney: Statistic = {
  operands: 2,
  minimum: 1,
  otherwise: "too few",
  evaluate: ({ count: n, first, second }) => {
    const both = new Float64Array(2 * n);
    both.set(first.subarray(0, n));
    both.set(second.subarray(0, n), n);
    const { ranks, ties } = midRanks(both);
    const u = ranks.subarray(0, n).reduce((total, rank) => total + rank, 0) - (n * (n + 1)) / 2;
    const mean = (n * n) / 2;
    if (n < 50 && ties === 0) return Math.min(1, 2 * lowerTail(n, Math.min(u, n * n - u)));
    const size = 2 * n;
    const variance = ((n * n) / 12) * (size + 1 - ties / (size * (size - 1)));
    if (variance <= 0) return 1;
    const z = Math.max(0, Math.abs(u - mean) - 0.5) / Math.sqrt(variance);
    return Math.min(1, 2 * normalDistribution(-z));
  },
};

/** P(U <= u) for two samples of n: U of n and m values counts the partitions of u into at most n parts of at most m. */
function lowerTail(n: number, u: number): number {
  // chance[i][s]: the probability that i values of the first sample among i + j drawn so far have U = s.
  let rows: readonly Float64Array[] = Array.from({ length: n + 1 }, () => Float64Array.of(1));
  for (let j = 1; j <= n; j++) {
    const next: Float64Array[] = [Float64Array.of(1)];
    for (let i = 1; i <= n; i++) {
      const row = new Float64Array(i * j + 1);
      // The largest value is of the first sample (it exceeds all j others) or of the second.
      const ofFirst = next[i - 1] ?? row;
      const ofSecond = rows[i] ?? row;
      for (let s = 0; s < ofFirst.length; s++) row[s + j] = ((ofFirst[s] ?? 0) * i) / (i + j);
      for (let s = 0; s < ofSecond.length; s++) row[s] = (row[s] ?? 0) + ((ofSecond[s] ?? 0) * j) / (i + j);
      next.push(row);
    }
    rows = next;
  }
  return (rows[n] ?? Float64Array.of(1)).subarray(0, u + 1).reduce((total, p) => total + p, 0);
}

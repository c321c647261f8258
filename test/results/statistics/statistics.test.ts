/** Each statistic against published values; sources stand beside them. */
import { describe, expect, it } from "vitest";
import { confidenceHigh, confidenceLow } from "../../../src/results/statistics/confidence.js";
import type { Lane, Reduction, Statistic } from "../../../src/results/statistics/kinds.js";
import { digamma, erf, erfc, inverseErf, logGamma, normalQuantile } from "../../../src/results/statistics/special.js";
import { studentDistribution, studentQuantile } from "../../../src/results/statistics/students-t.js";
import { reductionOf, statistics } from "../../../src/results/statistics/table.js";
import { wilsonHigh, wilsonLow } from "../../../src/results/statistics/wilson.js";

function reduce(reduction: Reduction, values: readonly number[], parameter = 0): number {
  return reduction.evaluate(Float64Array.from(values), 0, values.length, parameter);
}
function lane(
  first: readonly number[],
  second: readonly number[] = first,
  coordinates: readonly number[] = first.map((_, k) => k),
  level = 0,
): Lane {
  return {
    count: first.length,
    first: Float64Array.from(first),
    second: Float64Array.from(second),
    coordinates: Float64Array.from(coordinates),
    level,
  };
}
function of(statistic: Statistic, ...args: Parameters<typeof lane>): number {
  return statistic.evaluate(lane(...args));
}
const close = (value: number, wanted: number, relative = 1e-12): void => {
  expect(Math.abs(value - wanted)).toBeLessThanOrEqual(relative * Math.max(Math.abs(wanted), 1e-300));
};

// NIST StRD, Norris.
const norris: readonly (readonly [number, number])[] = [
  [0.1, 0.2],
  [338.8, 337.4],
  [118.1, 118.2],
  [888.0, 884.6],
  [9.2, 10.1],
  [228.1, 226.5],
  [668.5, 666.3],
  [998.5, 996.3],
  [449.1, 448.6],
  [778.9, 777.0],
  [559.2, 558.2],
  [0.3, 0.4],
  [0.1, 0.6],
  [778.1, 775.5],
  [668.8, 666.9],
  [339.3, 338.0],
  [448.9, 447.5],
  [10.8, 11.6],
  [557.7, 556.0],
  [228.3, 228.1],
  [998.0, 995.8],
  [888.8, 887.6],
  [119.6, 120.2],
  [0.3, 0.3],
  [0.6, 0.3],
  [557.6, 556.8],
  [339.3, 339.1],
  [888.0, 887.2],
  [998.5, 999.0],
  [778.9, 779.0],
  [10.2, 11.1],
  [117.6, 118.3],
  [228.9, 229.2],
  [668.4, 669.1],
  [449.2, 448.9],
  [0.2, 0.5],
];
const x = norris.map(([, value]) => value);
const y = norris.map(([value]) => value);

describe("lines (NIST StRD, Norris)", () => {
  it("slope, intercept, r2", () => {
    close(of(statistics.slope, x, y), 1.00211681802045, 1e-13);
    close(of(statistics.intercept, x, y), -0.262323073774029, 1e-11);
    close(of(statistics.r2, x, y), 0.999993745883712, 1e-14);
  });
  it("need different x", () => {
    expect(of(statistics.slope, [1, 1], [1, 2])).toBeNaN();
    expect(of(statistics.r2, [1, 2, 3], [1, 1, 1])).toBeNaN();
    expect([statistics.slope.minimum, statistics.r2.minimum]).toEqual([2, 3]);
  });
});

describe("rank correlation", () => {
  it("spearman: hours of television and IQ, -29/165 (Wikipedia)", () => {
    const iq = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110];
    const hours = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17];
    close(of(statistics.spearman, iq, hours), -29 / 165);
  });
  it("ties share their ranks: 1, 2, 2, 3 against 1, 2, 3, 4", () => {
    close(of(statistics.spearman, [1, 2, 2, 3], [1, 2, 3, 4]), 4.5 / Math.sqrt(4.5 * 5));
  });
  it("corr: Anscombe's first set, 0.81642051634484", () => {
    const a = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5];
    const b = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68];
    close(of(statistics.corr, a, b), 0.81642051634484, 1e-13);
  });
});

describe("quantiles (type 7 of R)", () => {
  it.each([
    [0, 1],
    [0.25, 3.25],
    [0.5, 5.5],
    [0.9, 9.1],
    [1, 10],
  ])("of 1 to 10 at %d", (q, wanted) => {
    close(reduce(reductionOf("quantile", false), [10, 3, 1, 2, 5, 4, 9, 7, 8, 6], q), wanted);
  });
  it("median, also of infinities", () => {
    expect(reduce(reductionOf("median", false), [3, 1, 2])).toBe(2);
    expect(reduce(reductionOf("median", false), [Infinity, Infinity, 1])).toBe(Infinity);
  });
});

describe("intervals", () => {
  // One, two and four degrees of freedom have closed forms.
  it.each([
    [1, 0.975, Math.tan(0.475 * Math.PI)],
    [2, 0.975, 0.95 * Math.sqrt(2 / 0.0975)],
    [4, 0.975, 2.7764451051977987],
    [30, 0.95, 1.697260886593957],
  ])("Student's t with %d degrees of freedom at %d", (freedom, p, wanted) => {
    close(studentQuantile(p, freedom), wanted, 1e-12);
    close(studentDistribution(wanted, freedom), p, 1e-13);
  });
  it("Student's t in tables", () => {
    expect(
      [studentQuantile(0.975, 9), studentQuantile(0.995, 10), studentQuantile(0.975, 120)].map((t) => t.toFixed(3)),
    ).toEqual(["2.262", "3.169", "1.980"]);
  });
  it("of the mean: R's sleep data, group 1, 95 %: -0.5297804 to 2.0297804", () => {
    const sleep = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
    close(reduce(confidenceLow, sleep, 0.95), -0.5297804, 1e-6);
    close(reduce(confidenceHigh, sleep, 0.95), 2.0297804, 1e-6);
    expect(confidenceLow.minimum).toBe(2);
  });
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])("Wilson's score (Newcombe 1998): %d of %d", (hits, n, low, high) => {
    const values = Array.from({ length: n }, (_, k) => Number(k < hits));
    expect(reduce(wilsonLow, values, 0.95)).toBeCloseTo(low, 4);
    expect(reduce(wilsonHigh, values, 0.95)).toBeCloseTo(high, 4);
  });
});

describe("tests", () => {
  it("wilcoxon: R's depression data, V = 40, p = 0.0390625", () => {
    const before = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
    const after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
    close(of(statistics.wilcoxon, before, after), 0.0390625);
  });
  it("wilcoxon with ties takes the normal approximation; equal pairs say nothing", () => {
    expect(of(statistics.wilcoxon, [1, 2, 3, 4, 5, 6], [0, 1, 2, 3, 4, 5])).toBeCloseTo(0.0197, 3);
    expect(of(statistics.wilcoxon, [1, 2], [1, 2])).toBe(1);
  });
  it("mann_whitney: two separate samples of 5, p = 2/252; of 4, interleaved, U = 6: p = 0.6857 (tables)", () => {
    close(of(statistics.mann_whitney, [1, 2, 3, 4, 5], [6, 7, 8, 9, 10]), 2 / 252);
    expect(of(statistics.mann_whitney, [1, 3, 5, 7], [2, 4, 6, 8])).toBeCloseTo(0.6857, 4);
    expect(of(statistics.mann_whitney, [1, 1], [1, 1])).toBe(1);
  });
  it("sign_test: 8 of 10, p = 0.109375 (Conover's deer)", () => {
    close(
      of(statistics.sign_test, [1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 5], [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 5]),
      0.109375,
      1e-12,
    );
  });
});

describe("along an axis", () => {
  it("increasing and decreasing are strict", () => {
    expect([
      of(statistics.increasing, [1, 2, 3]),
      of(statistics.increasing, [1, 2, 2]),
      of(statistics.decreasing, [3, 1]),
      of(statistics.increasing, [1]),
    ]).toEqual([1, 0, 1, 1]);
  });
  it("interior_max is no end, not even a shared one", () => {
    expect(of(statistics.interior_max, [1, 3, 2], undefined, [10, 20, 30])).toBe(20);
    expect(of(statistics.interior_max, [3, 1, 2])).toBeNaN();
    expect(of(statistics.interior_max, [1, 3, 3])).toBeNaN();
  });
  it("crossing is linear, the first one, from either side", () => {
    expect(of(statistics.crossing, [0, 1, 0, 2], undefined, [0, 10, 20, 30], 0.25)).toBe(2.5);
    expect(of(statistics.crossing, [5, 1], undefined, [0, 4], 2)).toBe(3);
    expect(of(statistics.crossing, [1, 1], undefined, [7, 8], 1)).toBe(7);
    expect(of(statistics.crossing, [1, 2], undefined, [0, 1], 3)).toBeNaN();
  });
});

describe("plain reductions", () => {
  const cases: readonly (readonly [Parameters<typeof reductionOf>[0], readonly number[], number])[] = [
    ["sum", [], 0],
    ["prod", [], 1],
    ["max", [], -Infinity],
    ["min", [], Infinity],
    ["count", [], 0],
    ["logsumexp", [], -Infinity],
    ["norm", [], 0],
    ["sum", [1, 2, 3], 6],
    ["mean", [1, 2, 6], 3],
    ["var", [1, 2, 6], 14 / 3],
    ["std", [2, 2], 0],
    ["fraction", [1, 0, 0, 1], 0.5],
    ["norm", [3, 4], 5],
    ["logsumexp", [1000, 1000], 1000 + Math.LN2],
    ["argmax", [1, 3, 3], 1],
    ["argmin", [2, 1, 1], 1],
  ];
  it.each(cases)("%s of %j is %d", (name, values, wanted) => {
    expect(reduce(reductionOf(name, false), values)).toBeCloseTo(wanted, 12);
  });
  it("norm neither overflows nor vanishes", () => {
    close(reduce(reductionOf("norm", false), [3e200, 4e200]), 5e200);
    close(reduce(reductionOf("norm", false), [3e-200, 4e-200]), 5e-200);
  });
  it("are missing over nothing where there is no neutral value", () => {
    expect(
      (["mean", "fraction", "median", "quantile", "std", "var", "argmax", "argmin"] as const).map(
        (name) => reductionOf(name, false).minimum,
      ),
    ).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
  });
});

describe("special functions (Abramowitz and Stegun; mpmath)", () => {
  it("erf, erfc and the inverse", () => {
    close(erf(0.5), 0.5204998778130465);
    close(erf(2), 0.9953222650189527);
    close(erfc(0.5), 0.4795001221869535);
    close(erfc(2), 0.004677734981047266, 1e-13);
    close(erfc(5), 1.5374597944280349e-12, 1e-13);
    for (const value of [-0.9, -0.1, 1e-8, 0.3, 0.7, 0.999999]) close(erf(inverseErf(value)), value, 1e-12);
  });
  it("gamma, digamma, the normal quantile", () => {
    close(logGamma(10), Math.log(362880), 1e-14);
    close(logGamma(0.5), Math.log(Math.PI) / 2, 1e-14);
    close(digamma(1), -0.5772156649015329, 1e-12);
    close(digamma(0.25), -4.227453533376265, 1e-12);
    close(normalQuantile(0.975), 1.959963984540054, 1e-14);
    close(normalQuantile(1e-10), -6.361340902404056, 1e-12);
  });
});

import { describe, expect, test } from "vitest";
import type { Spec } from "../../language/results/fixture.js";
import { decidingForMean } from "../../../src/results/statistics/deciding.js";
import { codesOf, judged } from "./fixture.js";

const seeds = (n: number, value: (seed: number, eta: number) => number): Spec => ({
  sweeps: [
    { name: "seed", values: Array.from({ length: n }, (_, k) => k) },
    { name: "eta", values: [1, 2] },
    { name: "rung", values: Array.from({ length: n }, (_, k) => k) },
  ],
  phases: {
    fit: { sweeps: ["seed", "eta"], results: { x: { value: ({ seed = 0, eta = 0 }) => value(seed, eta) } } },
    grid: { sweeps: ["rung"], results: { x: { value: ({ rung = 0 }) => value(rung, 1) } } },
  },
});
/** Alternating around a middle: mean `middle`, spread 1. */
const around = (n: number, middle: number): Spec => seeds(n, (seed, eta) => middle + (seed % 2 === 0 ? 1 : -1) * eta);

describe("shares of seeds", () => {
  const claim = "expect fit.x > 0 for 90% of seed";
  test.each([
    ["34 of 34", seeds(34, () => 1), claim, ["holds", "AM6505"]],
    ["35 of 35", seeds(35, () => 1), claim, ["holds"]],
    ["15 of 20: the interval ends at 89 %", seeds(20, (seed) => (seed < 15 ? 1 : -1)), claim, ["fails"]],
    ["16 of 20: it ends at 92 %", seeds(20, (seed) => (seed < 16 ? 1 : -1)), claim, ["fails", "AM6505"]],
    [
      "one value of eta is sure to fail",
      seeds(20, (seed, eta) => (seed < (eta === 1 ? 17 : 2) ? 1 : -1)),
      claim,
      ["fails"],
    ],
    ["all seeds", seeds(20, () => 1), "expect fit.x > 0", ["holds"]],
    ["an axis that is no sample", seeds(20, () => 1), "expect grid.x > 0 for 90% of rung", ["holds"]],
    ["as a fraction", seeds(34, () => 1), "expect fraction(seed) (fit.x > 0) >= 0.9", ["holds", "AM6505"]],
    [
      "as a fraction behind its bound",
      seeds(34, () => 1),
      "expect 0.9 <= fraction(seed) (fit.x > 0)",
      ["holds", "AM6505"],
    ],
    ["as a fraction, enough", seeds(35, () => 1), "expect fraction(seed) (fit.x > 0) >= 0.9", ["holds"]],
  ])("%s", (_, spec, text, expected) => {
    expect(codesOf(spec, text)).toEqual(expected);
  });

  test("says the interval and what would decide", () => {
    const [warning] = judged(
      seeds(20, () => 1),
      claim,
    ).warnings;
    expect(warning?.message).toBe(
      "too few seeds: it holds for 100 % of 20 seeds at eta = 1; Wilson's 95 % interval (83.9 % to 100 %) covers 90 %",
    );
    expect(warning?.help).toBe("if more are like these, about 15 more would decide");
    expect(warning?.numbers).toMatchObject({ seeds: 20, value: 1, threshold: 0.9, needed: 35 });
    const [never] = judged(
      seeds(20, (seed) => (seed < 18 ? 1 : -1)),
      claim,
    ).warnings;
    expect(never?.help).toContain("no affordable number of seeds would decide");
  });
});

describe("means over seeds", () => {
  // Of 20 values around m with deviation 1.026 half of the interval is 0.4802 (t = 2.0930).
  const claim = "expect mean(seed) fit.x[eta: 1] > 0";
  test.each([
    ["just covered", around(20, 0.48), claim, ["holds", "AM6505"]],
    ["just not", around(20, 0.481), claim, ["holds"]],
    ["from below, covered", around(20, -0.48), claim, ["fails", "AM6505"]],
    ["from below, not", around(20, -0.481), claim, ["fails"]],
    ["scaled and shifted", around(20, 0.48), "expect 3 * (mean(seed) fit.x[eta: 1]) + 1 > 1", ["holds", "AM6505"]],
    ["a band", around(20, 0.1), "expect approx(mean(seed) fit.x[eta: 1], 0, abs: 0.58)", ["holds", "AM6505"]],
    ["a band with room", around(20, 0.1), "expect approx(mean(seed) fit.x[eta: 1], 0, abs: 0.581)", ["holds"]],
    ["a band by abs", around(20, 0.1), "expect abs((mean(seed) fit.x[eta: 1]) - 0) < 0.58", ["holds", "AM6505"]],
    [
      "against what is no threshold",
      around(20, 0.1),
      "expect mean(seed) fit.x[eta: 1] < 5 * std(seed) fit.x[eta: 1]",
      ["holds"],
    ],
    ["no spread", seeds(20, () => 0.001), claim, ["holds"]],
    ["what is not linear", around(20, 0.1), "expect exp(mean(seed) fit.x[eta: 1]) > 1", ["holds"]],
  ])("%s", (_, spec, text, expected) => {
    expect(codesOf(spec, text)).toEqual(expected);
  });

  test("seeds are paired: what all seeds agree on is sure", () => {
    const paired = seeds(20, (seed, eta) => seed ** 2 + eta * (1 + (seed % 2) / 10));
    expect(codesOf(paired, "expect mean(seed) fit.x[eta: 1] < mean(seed) fit.x[eta: 2]")).toEqual(["holds"]);
    const loose = seeds(20, (seed, eta) => ((seed * 7 + eta * 5) % 11) + eta / 10);
    expect(codesOf(loose, "expect mean(seed) fit.x[eta: 1] < mean(seed) fit.x[eta: 2] + 0.2")).toContain("AM6505");
  });

  test("one seed says nothing of the spread", () => {
    const [warning] = judged(
      seeds(1, () => 1),
      claim,
    ).warnings;
    expect(warning?.message).toContain("one seed says nothing of the spread");
    expect(warning?.help).toBe("sweep several seeds");
  });

  test("says how many would decide", () => {
    const [warning] = judged(around(20, 0.24), claim).warnings;
    expect(warning?.message).toMatch(/over 20 seeds is 0.24; Student's 95 % interval \(-0.2402 to 0.7202\) covers 0$/u);
    expect(warning?.numbers.needed).toBe(decidingForMean(0.24, Math.sqrt(20 / 19), 0.95));
  });

  // At eta = 1 the mean is 0.1 of a spread of 1 (open), at eta = 2 it is 5 (sure).
  const openAtOne = seeds(20, (seed, eta) => (eta === 1 ? 0.1 : 5) + (seed % 2 === 0 ? 1 : -1));
  test.each([
    ["where all is asked for", "expect mean(seed) fit.x > 0", ["holds", "AM6505"]],
    ["where the open one is left out", "expect mean(seed) fit.x > 0 where eta > 1", ["holds"]],
    ["where it is left", "expect mean(seed) fit.x > 0 where eta < 2", ["holds", "AM6505"]],
    [
      "another `eta` than that of the `where`",
      "expect all(eta) (mean(seed) fit.x > 0) where eta > 1",
      ["holds", "AM6505"],
    ],
    ["means that say what is asked for", "expect fit.x[seed: 0] > 2 where mean(seed) fit.x > 0.2", ["holds", "AM6505"]],
    ["means that are sure to say it", "expect fit.x[seed: 0] > 2 where mean(seed) fit.x > 2", ["holds"]],
  ])("%s", (_, text, expected) => {
    expect(codesOf(openAtOne, text)).toEqual(expected);
  });

  test("names the worst of the points that are asked for", () => {
    // The mean at eta = 1 is nearer to its threshold; only that at eta = 2 is asked for.
    const spec = seeds(20, (seed, eta) => 0.1 * eta + (seed % 2 === 0 ? 1 : -1));
    const [all] = judged(spec, "expect mean(seed) fit.x > 0").warnings;
    expect(all?.message).toContain("at eta = 1");
    const [second] = judged(spec, "expect mean(seed) fit.x > 0 where eta > 1").warnings;
    expect(second?.message).toContain("at eta = 2");
  });
});

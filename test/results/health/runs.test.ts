import { describe, expect, test } from "vitest";
import type { Spec } from "../../language/results/fixture.js";
import { codesOf, judged } from "./fixture.js";

describe("the step budget", () => {
  const spec: Spec = {
    sweeps: [{ name: "eta", values: [1, 2, 3, 4] }],
    phases: {
      fit: {
        sweeps: ["eta"],
        results: {
          steps: { type: "int", value: ({ eta = 0 }) => (eta === 4 ? 999 : 10 * eta) },
          stopped: { type: "bool", value: ({ eta }) => Number(eta !== 4) },
        },
      },
    },
  };
  const stopping = new Map([["fit", "stop when"]]);
  test.each([
    ["a sum", "expect sum(eta) fit.steps < 2000", ["holds", "AM6506"]],
    ["a mean of those that stopped", "expect mean(eta where fit.stopped) fit.steps == 20", ["holds"]],
    ["a number in its place", "expect sum(eta) (if fit.stopped then fit.steps else 999) == 1059", ["holds"]],
    ["a median, which does not mind", "expect median(eta) fit.steps == 25", ["holds"]],
    ["a bound below the budget", "expect fit.steps < 500", ["fails"]],
    ["a bound above it", "expect fit.steps < 5000", ["holds", "AM6506"]],
    ["a bound from below", "expect fit.steps >= 10", ["holds"]],
    ["another run", "expect fit.steps[eta: 1] < 5000", ["holds"]],
  ])("%s", (_, claim, expected) => {
    expect(codesOf(spec, claim, { stopping })).toEqual(expected);
  });

  test("says how many; without `stop when` there is nothing to meet", () => {
    const [warning] = judged(spec, "expect sum(eta) fit.steps < 2000", { stopping }).warnings;
    expect(warning?.message).toBe(
      "1 of 4 runs of `fit` took all their steps (999) without meeting `stop when`: `fit.steps` is only a lower bound, and with more the verdict may be `fails`",
    );
    expect(warning?.help).toContain("`if fit.stopped then fit.steps else 999`");
    expect(codesOf(spec, "expect sum(eta) fit.steps < 2000")).toEqual(["holds"]);
  });
});

describe("numbers that are not finite", () => {
  const spec: Spec = {
    sweeps: [{ name: "eta", values: [1, 2, 30] }],
    phases: {
      fit: {
        sweeps: ["eta"],
        state: ({ eta }) => (eta === 30 ? "diverged" : "done"),
        results: { x: { value: ({ eta = 0 }) => (eta === 30 ? "missing" : eta) } },
      },
      odd: { sweeps: ["eta"], results: { x: { value: ({ eta = 0 }) => (eta === 2 ? Infinity : eta) } } },
    },
  };

  test.each([
    ["runs that are lacking", "expect fit.x > 0", ["undecided", "AM6501"]],
    ["runs that are left out", "expect mean(eta where finished) fit.x == 1.5", ["holds", "AM6501"]],
    ["runs that are not asked for", "expect fit.x[eta: 1] == 1", ["holds"]],
    ["a claim about divergence", "expect fit.diverged == (eta > 10)", ["holds"]],
    [
      "runs that the where excludes, beside others that are lacking",
      "expect log(1.5 - fit.x) < 0 where eta < 10",
      ["undecided"],
    ],
    ["records", "expect odd.x > 0", ["undecided", "AM6502"]],
    ["records that are not asked for", "expect odd.x[eta: 1] > 0", ["holds"]],
  ])("%s", (_, claim, expected) => {
    expect(codesOf(spec, claim)).toEqual(expected);
  });

  test("says which and how many", () => {
    const [lacking] = judged(spec, "expect fit.x > 0").warnings;
    expect(lacking?.message).toBe("1 of 3 runs of `fit` became non-finite: at step 7");
    const [left] = judged(spec, "expect mean(eta where finished) fit.x == 1.5").warnings;
    expect(left?.message).toContain("became non-finite and are left out");
    expect(judged(spec, "expect odd.x > 0").warnings[0]?.numbers).toEqual({ "odd.x": 1 });
  });
});

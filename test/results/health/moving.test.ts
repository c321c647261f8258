import { describe, expect, test } from "vitest";
import type { Spec } from "../../language/results/fixture.js";
import { codesOf, curve, judged } from "./fixture.js";

const spec = (value: (step: number) => number, n = 101): Spec => ({
  phases: { fit: { results: { loss: curve(n, value) } } },
});
// Linear curves reach, in twice the time, twice as far.
const falling = spec((step) => 1 - step / 200);

describe("a curve that still moves at its end", () => {
  test.each([
    ["crosses soon", falling, "expect fit.loss[step: last] > 0.45", ["holds", "AM6504"]],
    ["crosses before the run is twice as long", falling, "expect fit.loss[step: last] > 0.01", ["holds", "AM6504"]],
    ["crosses later", falling, "expect fit.loss[step: last] > -0.02", ["holds"]],
    ["moves away from the threshold", falling, "expect fit.loss[step: last] < 0.6", ["holds"]],
    ["is on its way to hold", falling, "expect fit.loss[step: last] < 0.45", ["fails", "AM6504"]],
    ["is far from it", falling, "expect fit.loss[step: last] < -0.02", ["fails"]],
    [
      "slows down before the threshold",
      spec((step) => Math.exp(-step / 20)),
      "expect fit.loss[step: last] > 0.00004",
      ["holds"],
    ],
    [
      "slows down behind it",
      spec((step) => Math.exp(-step / 20)),
      "expect fit.loss[step: last] > 0.00005",
      ["holds", "AM6504"],
    ],
    ["goes up and down", spec((step) => 0.5 + 0.01 * Math.cos(step)), "expect fit.loss[step: last] > 0.495", ["holds"]],
    ["is asked at a step that is named", falling, "expect fit.loss[step: 100] > 0.45", ["holds"]],
    ["lies in a band", falling, "expect approx(fit.loss[step: last], 0.5, abs: 0.01)", ["holds"]],
    ["lies in a band, written out", falling, "expect abs(fit.loss[step: last] - 0.5) < 0.01", ["holds"]],
    ["is on its way into a band", falling, "expect approx(fit.loss[step: last], 0.4, abs: 0.05)", ["fails", "AM6504"]],
    [
      "is compared with one before the end",
      falling,
      "expect fit.loss[step: last] > fit.loss[step: last - 1] - 0.00501",
      ["holds"],
    ],
    ["has few records", spec((step) => 1 - step / 20, 9), "expect fit.loss[step: last] > 0.55", ["holds"]],
    ["has just enough", spec((step) => 1 - step / 20, 10), "expect fit.loss[step: last] > 0.5", ["holds", "AM6504"]],
  ])("%s", (_, given, claim, expected) => {
    expect(codesOf(given, claim)).toEqual(expected);
  });

  test("says how it went, and for how much longer it would hold", () => {
    const [warning] = judged(falling, "expect fit.loss[step: last] > 0.45").warnings;
    expect(warning?.message).toBe(
      "the curve still moves at its end: in its last 10 steps the distance to the threshold went from 0.1 to 0.05, and about 10 more would cross it",
    );
    expect(warning?.numbers).toMatchObject({ places: 1, steps: 10 });
    expect(warning?.numbers.more).toBeCloseTo(10, 3);
  });

  test("two curves are followed together", () => {
    const two: Spec = {
      sweeps: [{ name: "eta", values: [1, 10] }],
      phases: {
        fit: {
          sweeps: ["eta"],
          results: { loss: curve(101, (step, { eta }) => (eta === 1 ? 1 - step / 200 : 0.4 - step / 1000)) },
        },
      },
    };
    expect(codesOf(two, "expect decreasing(eta, fit.loss[step: last])")).toEqual(["holds", "AM6504"]);
    expect(codesOf(two, "expect fit.loss[step: last] > 0.29")).toEqual(["holds", "AM6504"]);
  });

  test("runs that stopped by themselves are over, and uneven records have no pace", () => {
    const run = curve(101, (step) => 1 - step / 200);
    const stopped = (value: number): Spec => ({
      phases: { fit: { results: { loss: run, stopped: { type: "bool", value: () => value } } } },
    });
    const claim = "expect fit.loss[step: last] > 0.45";
    expect(codesOf(stopped(1), claim)).toEqual(["holds"]);
    expect(codesOf(stopped(0), claim)).toEqual(["holds", "AM6504"]);
    const apart = (value: (token: number) => number): Spec => ({
      axes: [{ name: "token", size: 2 }],
      phases: {
        fit: {
          results: {
            loss: run,
            stopped: { type: "bool", axes: [["token", "token"]], value: ({ token = 0 }) => value(token) },
          },
        },
      },
    });
    expect(
      codesOf(
        apart((token) => token),
        claim,
      ),
    ).toEqual(["holds"]);
    expect(
      codesOf(
        apart(() => 0),
        claim,
      ),
    ).toEqual(["holds", "AM6504"]);
    const steps = Array.from({ length: 40 }, (_, k) => Math.round(1.2 ** k));
    const uneven: Spec = {
      phases: { fit: { results: { loss: { steps, value: ({ step = 0 }) => 1 - step / 2000 } } } },
    };
    expect(codesOf(uneven, "expect fit.loss[step: last] > -0.23")).toEqual(["holds"]);
  });
});

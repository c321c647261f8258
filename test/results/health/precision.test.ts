import { describe, expect, test } from "vitest";
import type { Spec } from "../../language/results/fixture.js";
import { lastPlace } from "../../../src/results/health/resolution.js";
import { ULP, codesOf, curve, judged } from "./fixture.js";

// Between 1/2 and 1 numbers of 32 bits are 2^-24 apart.
const pair = (units: number): Spec => ({
  sweeps: [{ name: "eta", values: [1, 2] }],
  phases: {
    fit: { sweeps: ["eta"], results: { loss: curve(3, (_, { eta }) => (eta === 1 ? 0.7 : 0.7 + units * ULP)) } },
  },
});

test("the last place of a number", () => {
  expect(lastPlace(0.7, "f32")).toBe(2 ** -24);
  expect(lastPlace(1, "f32")).toBe(2 ** -23);
  expect(lastPlace(-0.999999, "f32")).toBe(2 ** -24);
  expect(lastPlace(1, "f64")).toBe(Number.EPSILON);
  expect(lastPlace(0, "f32")).toBe(2 ** -149);
  expect(lastPlace(2 ** 29, "f64")).toBe(2 ** -23);
});

describe("a comparison is at the floor of the precision", () => {
  const lower = "expect fit.loss[eta: 1, step: 2] < fit.loss[eta: 2, step: 2]";
  test.each([
    ["two units apart", pair(2), lower, ["holds", "AM6503"]],
    ["three units apart", pair(3), lower, ["holds"]],
    ["two units the other way", pair(-2), lower, ["fails", "AM6503"]],
    ["three units the other way", pair(-3), lower, ["fails"]],
    [
      "a difference written out",
      pair(2),
      "expect fit.loss[eta: 2, step: 2] - fit.loss[eta: 1, step: 2] > 0",
      ["holds", "AM6503"],
    ],
    [
      "the same, scaled",
      pair(2),
      "expect 1000 * (fit.loss[eta: 2, step: 2] - fit.loss[eta: 1, step: 2]) > 0",
      ["holds", "AM6503"],
    ],
    ["a tolerance", pair(2), "expect fit.loss[eta: 1, step: 2] < fit.loss[eta: 2, step: 2] + 1e-6", ["holds"]],
    [
      "a tolerance below the rounding",
      pair(0),
      "expect approx(fit.loss[eta: 1, step: 2], 0.7, abs: 1e-8)",
      ["fails", "AM6503"],
    ],
    ["equality missed by a unit", pair(1), "expect fit.loss[eta: 1] == fit.loss[eta: 2]", ["fails", "AM6503"]],
    ["equality", pair(0), "expect fit.loss[eta: 1] == fit.loss[eta: 2]", ["holds"]],
    ["an order of neighbours", pair(1), "expect increasing(eta, fit.loss[step: 2])", ["holds", "AM6503"]],
    ["an order of neighbours with room", pair(5), "expect increasing(eta, fit.loss[step: 2])", ["holds"]],
    ["what decides nothing", pair(1), `${lower} or eta > 0`, ["holds"]],
  ])("%s", (_, spec, claim, expected) => {
    expect(codesOf(spec, claim)).toEqual(expected);
  });

  test("numbers of 64 bits are finer", () => {
    expect(codesOf(pair(2), lower, { precision: "f64" })).toEqual(["holds"]);
  });

  test("says by how much, and what to do", () => {
    const [warning] = judged(pair(2), lower).warnings;
    expect(warning?.message).toBe(
      "at the floor of 32-bit numbers: the distance (1.2e-7) is no more than rounding (1.2e-7)",
    );
    expect(warning?.help).toBe("say `precision f64` in the experiment, or compare with a tolerance well above 1.2e-7");
    expect(warning?.numbers).toEqual({ count: 1, total: 1, distance: 2 * ULP, rounding: 2 * ULP });
  });

  test("whole numbers are exact", () => {
    const spec = (shift: number): Spec => ({
      sweeps: [{ name: "eta", values: [1, 2] }],
      phases: { fit: { sweeps: ["eta"], results: { energy: curve(3, (_, { eta = 0 }) => 2 ** 22 + eta + shift) } } },
    });
    const claim = "expect fit.energy[eta: 1] < fit.energy[eta: 2]";
    expect(codesOf(spec(0), claim)).toEqual(["holds"]);
    expect(codesOf(spec(0.5), claim)).toEqual(["holds", "AM6503"]);
  });
});

describe("equal sides", () => {
  const falls = "expect all(step where step > 0) fit.loss < fit.loss[step: step - 1]";
  const spec = (value: (step: number) => number): Spec => ({
    phases: { fit: { results: { loss: curve(40, value) } } },
  });

  test("that were reached by small steps are the floor", () => {
    // 0.5 + 2^-n: the steps go below a unit and the values stay.
    expect(
      codesOf(
        spec((step) => 0.5 + 2 ** -step),
        falls,
      ),
    ).toEqual(["fails", "AM6503"]);
  });

  test("that were jumped to are not", () => {
    expect(
      codesOf(
        spec((step) => (step < 20 ? 0.9 - step / 100 : 0.5)),
        falls,
      ),
    ).toEqual(["fails"]);
  });

  test("are what `<=` allows: a state at rest", () => {
    const rests = falls.replace("<", "<=");
    expect(
      codesOf(
        spec((step) => (step < 20 ? 0.9 - step / 100 : 0.5)),
        rests,
      ),
    ).toEqual(["holds"]);
    expect(
      codesOf(
        spec((step) => 0.7 + (step === 30 ? ULP : 0)),
        rests,
      ),
    ).toEqual(["fails", "AM6503"]);
  });

  test("but a unit is no room for it", () => {
    const falling = spec((step) => 0.5 + 2 ** -step);
    expect(codesOf(falling, falls.replace("<", "<="))).toEqual(["holds", "AM6503"]);
    expect(codesOf(falling, `${falls.replace("<", "<=")} + 1e-6`)).toEqual(["holds"]);
  });

  test("to a constant are exact: all questions right", () => {
    expect(
      codesOf(
        spec((step) => Math.min(1, 0.5 + step / 30)),
        "expect fit.loss[step: last] < 1",
      ),
    ).toEqual(["fails"]);
  });
});

describe("a line through values that no longer change", () => {
  // log(loss) falls by 0.3 a step down to 0.5, where steps become smaller than a unit.
  const stuck = (tail: number): Spec => {
    const moving = 50;
    return {
      phases: { fit: { results: { loss: curve(moving + tail, (step) => 0.5 + 2 ** -Math.min(step, moving)) } } },
    };
  };
  const rate = (low: number): string => `expect slope(step, log(fit.loss) over step) < ${String(low)}`;

  test("counts where the verdict is another one without them", () => {
    const found = judged(stuck(150), rate(-0.006));
    expect([found.verdict, ...found.warnings.map(({ code }) => code)]).toEqual(["fails", "AM6503"]);
    expect(found.warnings[0]?.message).toMatch(
      /^`slope` of values at the floor of 32-bit numbers: from step 2\d on 17\d of 200 no longer change; without them it holds$/u,
    );
    expect(found.warnings[0]?.help).toMatch(/leave them out: `over step where step < 2\d`/u);
  });

  test("does not where it is the same", () => {
    expect(codesOf(stuck(150), rate(0))).toEqual(["holds"]);
  });

  test("nor where the tail is left out, or came by a jump", () => {
    const moving = rate(-0.006).replace("over step", "over step where step < 20");
    expect(codesOf(stuck(150), moving)).toEqual(["holds"]);
    const jumps: Spec = {
      phases: { fit: { results: { loss: curve(200, (step) => (step < 20 ? 0.9 - step / 100 : 0.5)) } } },
    };
    expect(codesOf(jumps, rate(-0.006))).toEqual(["fails"]);
  });
});

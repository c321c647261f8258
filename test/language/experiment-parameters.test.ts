/** `experiment grid(rate, steps = 4) { … }` and `experiment slow = grid(0.1)`. */
import { describe, expect, test } from "vitest";
import { agreesWithOracle, runText } from "../support/spec-runs.js";
import { checkText } from "./support.js";

const grid = `experiment grid(rate, steps = 4) {
  evolve fall { state s = 1
    s <- (1 - rate) * s
    for steps steps
    record { s } }
}
`;
const codesOf = (text: string): readonly string[] => checkText(text).diagnostics.map(({ code }) => code);

describe("a template of experiments", () => {
  test.each([
    ["experiment e = grid(0.25)", 4, 0.75],
    ["experiment e = grid(steps: 3, rate: 0.5)", 3, 0.5],
    ["let half = 0.5\nexperiment e = grid(half / 2, 6)", 6, 0.75],
    ["experiment e = grid(0.5) { let steps = 2 }", 2, 0.5],
  ])("%s", async (instance, steps, factor) => {
    const text = grid + instance;
    expect(checkText(text).experiments.map(({ experiment }) => experiment.name)).toEqual(["e"]);
    await runText(text, "portable", (results) => {
      const { values = [] } = results.column("fall", "s") ?? {};
      const expected = Array.from({ length: steps + 1 }, (_, step) => factor ** step);
      expect(Array.from(values)).toEqual(expected.map((value) => expect.closeTo(value, 6) as unknown));
    });
    await agreesWithOracle(text, "portable", 1e-6);
  });

  test.each([
    ["experiment e = grid()", "AM3010"],
    ["experiment e = grid", "AM3010"],
    ["experiment e = grid(1, 2, 3)", "AM3010"],
    ["experiment e = grid(0.1, rate: 0.2)", "AM3010"],
    ["experiment e = grid(0.1, rates: 0.2)", "AM3010"],
    ["experiment e = grit(0.1)", "AM2001"],
    ["let steps = 2\nexperiment e = grid(steps / 10)", "AM9001"],
    ["experiment e = grid(0.1, s = 2)", "AM9001"],
    ["experiment e = grid(0.1)\nexperiment f = e(0.2)", "AM3010"],
    ["claim c { expect grid.fall.s[step: last] < 1 }\nexperiment e = grid(0.1)", ""],
  ])("%s: %s", (more, code) => {
    expect([...new Set(codesOf(grid + more))]).toEqual(code === "" ? [] : [code]);
  });

  test("a parameter that nothing uses is told", () => {
    expect(codesOf(grid.replace("steps = 4", "steps = 4, other = 1") + "experiment e = grid(0.1)")).toEqual(["AM2038"]);
  });
});

/** Components that a phase draws anew: every draw in them, those of inner components too, against the oracle on both engines. */
import { describe, expect, it } from "vitest";
import { enginesHere } from "../engine/graph/native.js";
import { at } from "../../src/ir/fault.js";
import { planText } from "../support/oracle-runs.js";
import { agreesWithOracle, runText } from "../support/spec-runs.js";

const spec = (draws: string, more = ""): string => `use std.optimizers
data noise(n: axis, sd = 1) {
  u[n] ~ normal(0, sd)
  v[n] ~ rademacher()
}
data task(n: axis, k: axis) {
  data inner = noise(n, sd: 2)
  w[k] ~ choice(n)
  x[n] = inner.u[n] * 3 + inner.v[n]
  y[k] = x[w[k]]
}
data still(n: axis) { u[n] = 1 + 0 * n }
experiment e {
  sweep seed in 0..1
  axis n = 4
  axis k = 3
  data fixed = noise(n)
  param p[n] = 0
  ${more}
  train fit {
    ${draws}
    minimize mean(n) (p[n] - d.x[n])^2 + mean(k) d.y[k] * p[0] over p
    using gd(lr: 0.1)
    for 6 steps
    record { x[n] = d.x[n], y[k] = d.y[k], w[k] = d.w[k], u[n] = r.u[n], f[n] = fixed.u[n] }
  }
}`;
const both = spec("draw d = task(n, k)\n    draw r = noise(n) every 2 steps");

describe.each(Object.keys(enginesHere()) as ("graph" | "portable")[])("components drawn anew on %s", (engine) => {
  it("agree with the oracle", async () => {
    await agreesWithOracle(both, engine, 2e-5);
  });

  it("change as often as is said, with what is computed of them", async () => {
    await runText(both, engine, (results) => {
      const rows = (name: string, size: number): readonly string[] => {
        const values = [...(results.cells("fit", name)?.values ?? [])];
        return Array.from({ length: values.length / size }, (_, k) => values.slice(k * size, (k + 1) * size).join());
      };
      const [x, u, fixed] = [rows("x", 4), rows("u", 4), rows("f", 4)];
      expect(x).toHaveLength(14);
      expect(new Set(x).size).toBe(14);
      expect(new Set(u).size).toBe(8);
      for (const seed of [0, 7]) {
        expect(at(u, seed)).toBe(at(u, seed + 1));
        expect(at(u, seed + 1)).not.toBe(at(u, seed + 2));
      }
      expect(new Set(fixed).size).toBe(2);
      const [values, chosen, picked] = ["x", "w", "y"].map((name) => [...(results.cells("fit", name)?.values ?? [])]);
      picked?.forEach((value, k) => {
        const row = Math.floor(k / 3);
        expect(value).toBe(values?.[4 * row + (chosen?.[k] ?? NaN)]);
      });
    });
  });
});

describe("a component drawn anew", () => {
  it.each([
    ["without draws", "draw d = task(n, k)\n draw r = still(n)", "AM3019"],
    ["that is unknown", "draw d = tasks(n, k)\n draw r = noise(n)", "AM2001"],
    ["without its arguments", "draw d = task(n)\n draw r = noise(n)", "AM3010"],
  ])("is refused %s", (_, draws, code) => {
    expect(() => planText(spec(draws))).toThrow(code);
  });
});

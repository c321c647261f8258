/** Bernoulli draws before the loop, whose chances are constants, tensors, or follow a state. */
import { describe, expect, test } from "vitest";
import { at } from "../../src/ir/fault.js";
import { agreesWithOracle, runText } from "../support/spec-runs.js";

const chances = (precision: string): string => `
experiment e {
  ${precision}
  sweep seed in 0..1
  sweep a in [0.4, 0.8]
  axis item = 40
  axis kind = 3
  weight[item] ~ uniform(0, 1)
  state s = 0
  x[item] ~ bernoulli(weight[item])
  y[kind, item] ~ bernoulli(a * weight[item] * kind)
  z[item] ~ bernoulli(sigmoid(s) * a)
  measure before { x1[item] = x[item]; y1[kind, item] = y[kind, item]; z1[item] = z[item] }
  evolve inside {
    s <- s + mean(item) real(z[item])
    for 3 steps
    record { s; z[item] }
  }
}`;
describe.each(["portable", "graph"] as const)("%s", (engine) => {
  test("agrees with the oracle in single precision", () => agreesWithOracle(chances(""), engine, 1e-6));
  test("agrees with the oracle in double precision", () => agreesWithOracle(chances("precision f64"), engine, 1e-12));
});

const n = 4000;
/** Of the same name twice: the coins are the same, whether the chance is a constant or an entry of a tensor. */
const shares = (chance: string): string => `
experiment e {
  axis item = ${n}
  p[item] = 0.25
  x[item] ~ bernoulli(${chance})
  none[item] ~ bernoulli(0 * p[item])
  each[item] ~ bernoulli(4 * p[item])
  measure m { x1[item] = x[item]; least = count(item) none[item]; most = count(item) each[item] }
}`;

test.each(["portable", "graph"] as const)("coins on %s are those of a constant chance", async (engine) => {
  const found: number[][] = [];
  for (const chance of ["0.25", "p[item]"])
    await runText(shares(chance), engine, (results) => {
      found.push([...(results.cells("m", "x1")?.values ?? [])]);
      expect([...(results.cells("m", "least")?.values ?? [])]).toEqual([0]);
      expect([...(results.cells("m", "most")?.values ?? [])]).toEqual([n]);
    });
  expect(found[1]).toEqual(found[0]);
  const share = at(found, 0).reduce((sum, one) => sum + one, 0) / n;
  expect(Math.abs(share - 0.25)).toBeLessThan(3.3 * Math.sqrt((0.25 * 0.75) / n));
});

/** Ints that are made of reals: rounded first and then counted as ints, never the other way round. */
import { expect, test } from "vitest";
import { at } from "../../src/ir/fault.js";
import { enginesHere } from "../engine/graph/native.js";
import { oracleRuns, planText } from "../support/oracle-runs.js";
import { agreesWithOracle } from "../support/spec-runs.js";

const text = `experiment e {
  axis n = 7
  sweep seed in 0..1
  u[n] ~ normal(0, 2)
  x[n] = 0.4 * (n - 3)
  k[n] ~ rademacher()
  measure m {
    below[n] = floor(x[n])
    above[n] = ceil(x[n])
    near[n] = round(x[n])
    side[n] = sign(x[n])
    kept[n] = sign(x[n], zero: 5)
    drawn[n] = sign(u[n], zero: k[n]) + floor(u[n]) + ceil(u[n]) + round(u[n])
    counted = sum(n) floor(u[n])
  }
}`;

test("floor, ceil, round and sign of a real", () => {
  const { outputs } = at(oracleRuns(planText(text)).get("m") ?? [], 0).result;
  const x = Array.from({ length: 7 }, (_, n) => Math.fround(0.4) * (n - 3));
  const plain = (value: number): number => value + 0;
  expect(outputs.slice(0, 5).map((values) => [...values].map(plain))).toEqual([
    x.map((value) => Math.floor(value)),
    x.map((value) => plain(Math.ceil(value))),
    x.map((value) => plain(Math.round(value))),
    x.map((value) => Math.sign(value)),
    x.map((value) => (value === 0 ? 5 : Math.sign(value))),
  ]);
});

test.each(Object.keys(enginesHere()))("they are the same on %s", async (engine) => {
  await agreesWithOracle(text, engine as "graph" | "portable", 0);
});

test("a real that no int holds ends its point", () => {
  const plan = planText(
    "experiment e { axis n = 2\n u[n] ~ normal(0, 1)\n measure m { big[n] = floor(u[n] * 1e20) } }",
  );
  expect(at(oracleRuns(plan).get("m") ?? [], 0).result.failed).toBe(0);
});

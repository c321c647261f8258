/** Ints are exact or it is said: bounds that are known before the run, checks in the run where they are not. */
import { expect, test } from "vitest";
import { at } from "../../src/ir/fault.js";
import { oracleRuns, planText } from "../support/oracle-runs.js";

const measure = (body: string): string => `experiment e { axis item = 100\n ${body} }`;

test.each([
  ["a product", "measure m { b[item] = (item + 100_000) * 100_000 }"],
  ["a constant", "measure m { a = 2^31 }"],
  ["a sum", "measure m { a = sum(item) (item * 1_000_000) }"],
  ["a power", "measure m { a[item] = (item + 1)^5 * 1 }"],
  ["a value of a sweep", "sweep n in [1, 3_000_000_000]\n measure m { a = n + 1 }"],
])("%s beyond 32 bits is an error with its place", (_, body) => {
  expect(() => planText(measure(body))).toThrow(/beyond 32 bits/);
});

test("what fits is computed exactly, reals are not bounded", () => {
  const plan = planText(measure("measure m { a = sum(item) (item * 200_000); b = real(100_000) * 100_000 }"));
  const point = at(oracleRuns(plan).get("m") ?? [], 0);
  expect(point.result.outputs.map((output) => output[0])).toEqual([990_000_000, 1e10]);
});

test("a carried int that grows beyond 32 bits ends its point as failed, at the step", () => {
  const plan = planText(`
use std.optimizers
experiment e {
  param w = 1
  train fit {
    state n = 1
    minimize w^2 over w
    using gd(lr: 0.1)
    n <- 2 * n
    for 40 steps
    record { n }
  }
}`);
  const { result } = at(oracleRuns(plan).get("fit") ?? [], 0);
  expect([result.failed, result.failedAt]).toEqual([0, 30]);
});

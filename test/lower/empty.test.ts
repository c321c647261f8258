/** Sums of nothing are 0, also where what divides them is 0 as well. */
import { expect, test } from "vitest";
import { at } from "../../src/ir/fault.js";
import { enginesHere } from "../engine/graph/native.js";
import { oracleRuns, planText } from "../support/oracle-runs.js";
import { agreesWithOracle } from "../support/spec-runs.js";

const text = `experiment e {
  sweep n in [0, 3]
  axis i = n
  x[i] = i + 1
  measure m { shared = sum(i) x[i] / size(i); scaled = sum(i) x[i] / n; squares = sum(i) x[i]^2 }
}`;

test("a sum over an empty axis", () => {
  const runs = oracleRuns(planText(text)).get("m") ?? [];
  expect(runs.map(({ result }) => result.outputs.map((value) => at(value, 0)))).toEqual([
    [0, 0, 0],
    [2, 2, 14],
  ]);
});

test.each(Object.keys(enginesHere()))("is the same on %s", async (engine) => {
  await agreesWithOracle(text, engine as "graph" | "portable", 0);
});

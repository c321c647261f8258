/** Components that a label of a sweep chooses: at each label the same as the arm written there alone, on the oracle and both engines. */
import { describe, expect, it } from "vitest";
import { enginesHere } from "../engine/graph/native.js";
import { at } from "../../src/ir/fault.js";
import { oracleRuns, planText } from "../support/oracle-runs.js";
import { agreesWithOracle } from "../support/spec-runs.js";

const arms = { first: "narrow(i)", second: "narrow(i, scale: 3)", third: "wide(i)" };
const written = Object.entries(arms)
  .map(([label, arm]) => `${label}: ${arm}`)
  .join(", ");

const spec = (memory: string, data = "case arm { third: others, else: ones(i) }"): string => `use std.optimizers
memory inner(i: axis) {
  param c[i] = 0.1
  z = sum(i) c[i]^2
}
memory narrow(i: axis, scale = 1) {
  memory part = inner(i)
  param W[i] ~ normal(0, 1)
  state seen = 0
  fn energy(x[i]) = scale * sum(i) W[i] * x[i] + part.z
  fn twice(x[i])[i] = 2 * W[i] * x[i]
  fn both(x[i])([i], []) = { a[i] = W[i] + x[i]; return a[i], sum(i) a[i] }
}
memory wide(i: axis) {
  memory part = inner(i)
  let scale = 7
  param W[i] ~ normal(0, 1)
  param b = 0.5
  state seen = 0
  fn energy(x[i]) = b + sum(i) W[i]^2 * x[i] - part.z
  fn twice(x[i])[i] = 3 * W[i] * x[i]
  fn both(x[i])([i], []) = { return b * x[i], 7 }
}
data ones(i: axis) { x[i] = 1 + 0 * i }
experiment e {
  sweep arm in {first, second, third}
  sweep seed in 0..1
  axis i = 4
  data others { x[i] ~ normal(0, 1) }
  memory M = ${memory}
  data D = ${data}
  train fit {
    minimize (M.energy(D.x) - 1)^2 over M
    using adam(lr: 0.1)
    M.seen <- M.seen + 0.5
    M.W[i] <- M.W[i] * 0.9 where i > 1
    for 5 steps
    record { e = M.energy(D.x), w[i] = M.W[i], c[i] = M.part.c[i] }
  }
  measure m {
    t[i] = M.twice(D.x)[i]
    (p[i], q) = M.both(D.x)
    seen = M.seen
    nested = M.energy(M.twice(D.x))
    first_of[i] = M.W[i] * D.x[i]
    inside = M.part.z
  }
}`;

/** By phase: what is recorded or measured, at the points of one label. */
function valuesAt(text: string, label: number): readonly (readonly number[])[] {
  const runs = oracleRuns(planText(text));
  return ["fit", "m"].flatMap((phase) => {
    const points = runs.get(phase) ?? [];
    // Two seeds at each label.
    return points
      .slice(2 * label, 2 * label + 2)
      .flatMap(({ result }) => [
        ...result.outputs.map((value) => [...value]),
        ...result.groups.flatMap(({ entries }) => entries.flatMap((slots) => slots.map((value) => [...value]))),
      ]);
  });
}

describe("a component that is chosen", () => {
  it.each(Object.keys(arms))("is at `%s` what the arm is alone, draws included", (label) => {
    const number = Object.keys(arms).indexOf(label);
    const chosen = valuesAt(spec(`case arm { ${written} }`), number);
    const alone = valuesAt(spec(arms[label as keyof typeof arms]), number);
    expect(chosen.length).toBeGreaterThan(10);
    expect(chosen).toEqual(alone);
  });

  it("computes nothing of the arms that are not", () => {
    const flops = (memory: string): readonly number[] =>
      at(planText(spec(memory)).phases, 0).programs.map(({ cost }) => cost.flopsPerStep);
    const chosen = flops(`case arm { ${written} }`);
    const alone = Object.values(arms).map((arm) => flops(arm));
    expect(chosen).toEqual(alone.map((programs, k) => programs.at(k) ?? programs.at(-1)));
  });

  it.each(Object.keys(enginesHere()))("agrees with the oracle on %s", async (engine) => {
    await agreesWithOracle(spec(`case arm { ${written} }`), engine as "graph" | "portable", 2e-5);
  });

  it.each([
    ["by a number", "sweep k in [1, 2]\nmemory M = case k { a: B(i), b: B(i) }\nmeasure m { y = M.b }", "AM3007"],
    [
      "by a label of an axis",
      "axis l in {a, b}\nmemory M = case l { a: B(i), b: B(i) }\nmeasure m { y = M.b }",
      "AM2106",
    ],
    ["with a label too few", "sweep k in {a, b}\nmemory M = case k { a: B(i) }\nmeasure m { y = M.b }", "AM3008"],
    [
      "for a member that not all have",
      "sweep k in {a, b}\nmemory M = case k { a: B(i), b: C(i) }\nmeasure m { y = M.z }",
      "AM2003",
    ],
    [
      "for a member of other axes",
      "sweep k in {a, b}\nmemory M = case k { a: B(i), b: C(i) }\nmeasure m { y[i] = M.W[i] }",
      "AM2003",
    ],
  ])("is refused %s", (_, body, code) => {
    const text = `memory B(i: axis) { param W[i] = 1; param b = 1; z = 1 }
memory C(i: axis) { param W[i, i'] = 1; param b = 2 }
experiment e {
axis i = 2
${body}
}`;
    expect(() => planText(text)).toThrow(code);
  });
});

/** Plans: points of sweeps, programs by shape, blocks, and keys by meaning. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { at } from "../../src/ir/fault.js";
import type { PhasePlan, Plan } from "../../src/plan/types.js";
import { planText } from "../support/oracle-runs.js";
import { checkedText } from "../language/support.js";
import { planExperiment } from "../../src/plan/index.js";

const wrap = (sweeps: string, rest = ""): string => `
use std.optimizers
experiment e {
  ${sweeps}
  param w = 1
  loss = ${rest === "" ? "w^2" : rest}
  train fit { minimize loss over w
    using gd(lr: 0.1)
    for 3 steps
    record { loss } }
}`;

function phaseOf(plan: Plan, name = "fit"): PhasePlan {
  const found = plan.phases.find((phase) => phase.name === name);
  if (found === undefined) throw new Error(`no phase ${name}`);
  return found;
}

function coordinates(plan: Plan, name = "fit"): readonly (readonly number[])[] {
  const phase = phaseOf(plan, name);
  const columns = phase.axes.map((axis) => plan.sweeps.find((sweep) => sweep.name === axis)?.coordinates ?? []);
  return phase.points.map((point) => point.position.map((place, k) => at(at(columns, k), place)));
}

describe("points", () => {
  test("the last sweep moves fastest; a phase varies only with what it uses", () => {
    const plan = planText(wrap("sweep a in [1, 2]\n sweep unused in 0..9\n sweep b in [5, 6]", "(a + b) * w^2"));
    expect(phaseOf(plan).axes).toEqual(["a", "b"]);
    expect(coordinates(plan)).toEqual([
      [1, 5],
      [1, 6],
      [2, 5],
      [2, 6],
    ]);
  });
  test("zipped variables move together, each an axis of its own", () => {
    const plan = planText(wrap("sweep (a, b) in [(3, 2), (30, 2), (30, 4)]", "(a + b) * w^2"));
    expect(coordinates(plan)).toEqual([
      [3, 2],
      [30, 2],
      [30, 4],
    ]);
    expect(plan.sweeps.map((sweep) => sweep.coordinates)).toEqual([
      [3, 30],
      [2, 4],
    ]);
  });
  test("a filter may name other sweeps", () => {
    const plan = planText(wrap("sweep a in 1..3\n sweep b in 1..3 where b <= a", "(a + b) * w^2"));
    expect(coordinates(plan)).toEqual([
      [1, 1],
      [2, 1],
      [2, 2],
      [3, 1],
      [3, 2],
      [3, 3],
    ]);
  });
  test("a grid may depend on a sweep that is declared later", () => {
    const plan = planText(wrap("sweep b in 1..a\n sweep a in [1, 2]", "(a + b) * w^2"));
    expect(coordinates(plan)).toEqual([
      [1, 1],
      [1, 2],
      [2, 2],
    ]);
  });
});

describe("programs", () => {
  test("values make no program of their own, shapes and chosen cases do", () => {
    expect(phaseOf(planText(wrap("sweep a in 0..99", "a * w^2"))).programs).toHaveLength(1);
    const shapes = wrap("sweep n in [2, 3, 4]\n axis item = n\n x[item] ~ normal(0, 1)", "(sum(item) x[item] * w)^2");
    expect(phaseOf(planText(shapes)).programs).toHaveLength(3);
    const cases = wrap("sweep form in {square, fourth}", "case form { square: w^2, fourth: w^4 }");
    expect(phaseOf(planText(cases)).programs).toHaveLength(2);
  });
  test.each([
    ["linear/loss-spike", 1],
    ["linear/learning-rates", 1],
    ["linear/margins", 3],
    ["quickstart", 1],
  ])("%s trains with %i", (name, most) => {
    const plan = planText(readFileSync(`specs/${name}.amem`, "utf8"));
    expect(phaseOf(plan).programs).toHaveLength(most);
  });
  test("a sweep of very many programs is asked about", () => {
    const plan = (last: string) => (): unknown => {
      const { experiment } = checkedText(
        wrap(`sweep n in 1..${last}\n axis item = n\n x[item] = 1`, "(sum(item) x[item] * w)^2"),
      );
      return planExperiment(experiment, { engine: "portable", profile: null, settings: {}, yes: false });
    };
    expect(plan("1_000_000")).toThrow(/more than 100,000 points/);
    expect(plan("5000")).toThrow(/5,000 programs/);
  });
});

describe("blocks", () => {
  test("are of one size that more values do not change; points keep block, place and key", () => {
    const few = phaseOf(planText(wrap("sweep a in 1..5", "a * w^2")));
    const more = phaseOf(planText(wrap("sweep a in 1..9", "a * w^2")));
    expect(at(few.programs, 0).runs).toBe(at(more.programs, 0).runs);
    expect(at(few.programs, 0).runs % 16).toBe(0);
    expect(more.points.slice(0, 5)).toEqual(few.points);
  });
  test("a run without a sweep has a block of its own", () => {
    expect(at(phaseOf(planText(wrap(""))).programs, 0).runs).toBe(1);
  });
});

describe("keys", () => {
  const key = (text: string): string => at(phaseOf(planText(text)).points, 0).key;
  const base = wrap("axis item = 3\n x[item] ~ normal(0, 1)", "(sum(item) x[item] * w)^2");
  test.each([
    ["a comment", base.replace("param w = 1", "param w = 1   // starts at one")],
    ["a renamed index", base.replace("sum(item) x[item]", "sum(k: item) x[k]")],
    ["exchanged factors", base.replace("x[item] * w", "w * x[item]")],
    [
      "another order of declarations",
      base.replace("param w = 1\n", "").replace("train fit", "param w = 1\n  train fit"),
    ],
  ])("%s changes nothing", (_, text) => {
    expect(key(text)).toBe(key(base));
  });
  test.each([
    ["another value", base.replace("param w = 1", "param w = 2")],
    ["another step size", base.replace("lr: 0.1", "lr: 0.2")],
    ["another size", base.replace("axis item = 3", "axis item = 4")],
    ["a renamed draw", base.replaceAll("x[item]", "other[item]")],
    ["more steps", base.replace("for 3 steps", "for 4 steps")],
  ])("%s is another run", (_, text) => {
    expect(key(text)).not.toBe(key(base));
  });
});

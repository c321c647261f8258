/** `from start`: parameters begin as they are declared again; against loops written by hand and the oracle. */
import { describe, expect, it } from "vitest";
import { enginesHere } from "../engine/graph/native.js";
import { at } from "../../src/ir/fault.js";
import type { Plan } from "../../src/plan/types.js";
import { planText } from "../support/oracle-runs.js";
import { agreesWithOracle, runText } from "../support/spec-runs.js";

const engines = Object.keys(enginesHere()) as ("graph" | "portable")[];

/** Two parameters and a state that both phases change; `b` trains one of the parameters. */
const again = (from: string, steps = 3, seen = "count"): string => `optimizer momentum(lr) for w[..] {
  state m[..] = 0
  m[..] <- 0.5 * m[..] + grad[..]
  w[..] <- w[..] - lr * m[..]
}
experiment e {
  precision f64
  axis k = 4
  sweep rate in [0.1, 0.2]
  param w = 0.5
  param v = 2
  state ema = w
  state count = 0
  train a {
    minimize (w - v)^2 over (w, v)
    using momentum(lr: rate)
    for ${steps} steps
    ema <- 0.5 * (ema + w)
    count <- count + 1
  }
  train b${from} {
    minimize (w - v)^2 over w
    using momentum(lr: 0.1)
    for 2 steps
    ema <- 0.5 * (ema + w)
    record { loss = (w - v)^2, seen = ${seen} }
  }
  measure after {
    parts[k] = if k == 0 then w else if k == 1 then v else if k == 2 then ema else count
  }
}`;

function train(rate: number, steps: number, both: boolean, from: { w: number; v: number; ema: number }) {
  let { w, v, ema } = from;
  let [mw, mv] = [0, 0];
  const losses = [(w - v) ** 2];
  for (let step = 0; step < steps; step++) {
    const gradient = 2 * (w - v);
    mw = 0.5 * mw + gradient;
    mv = 0.5 * mv - gradient;
    w -= rate * mw;
    if (both) v -= rate * mv;
    ema = 0.5 * (ema + w);
    losses.push((w - v) ** 2);
  }
  return { w, v, ema, losses };
}

const initial = { w: 0.5, v: 2, ema: 0.5 };

const axesOf = (plan: Plan, name: string) => plan.phases.find((phase) => phase.name === name)?.axes;
const keysOf = (plan: Plan, name: string) =>
  plan.phases.find((phase) => phase.name === name)?.points.map(({ key }) => key);

describe.each(engines)("a phase from the start on %s", (engine) => {
  it("begins at the initial parameters, and leaves them behind", async () => {
    const hand = train(0.1, 2, false, initial);
    await runText(again(" from start"), engine, (results) => {
      const loss = results.cells("b", "loss")?.values ?? new Float64Array();
      for (const k of [0, 1])
        for (let step = 0; step <= 2; step++) expect(loss[k * 3 + step]).toBeCloseTo(at(hand.losses, step), 12);
      expect([...(results.cells("b", "seen")?.values ?? [])]).toEqual([3, 3, 3, 3, 3, 3]);
      const after = results.cells("after", "parts")?.values ?? new Float64Array();
      [hand.w, 2, hand.ema, 3].forEach((value, k) => expect(after[k]).toBeCloseTo(value, 12));
    });
  });

  it("goes on without `from start`", async () => {
    await runText(again(""), engine, (results) => {
      [0.1, 0.2].forEach((rate, k) => {
        const hand = train(0.1, 2, false, train(rate, 3, true, initial));
        const loss = results.cells("b", "loss")?.values ?? new Float64Array();
        for (let step = 0; step <= 2; step++) expect(loss[k * 3 + step]).toBeCloseTo(at(hand.losses, step), 12);
      });
    });
  });

  it("agrees with the oracle", async () => {
    await agreesWithOracle(again(" from start"), engine, 1e-12);
  });

  it("begins again in every turn of a sequence, optimizers too, as a sweep does", async () => {
    const turns = (around: string, from: string, end: string): string => `use std.optimizers
experiment e {
  precision f64
  param w ~ normal(0, 1)
  ${around} in [1, 2, 5]${end === "" ? "" : " {"}
    train fit${from} {
      minimize (w - goal)^2 over w
      using adam(lr: 0.3)
      for 4 steps
      record { w }
    }
  ${end}
}`;
    const values: number[][] = [];
    for (const text of [turns("sequence goal", " from start", "}"), turns("sweep goal", "", "")])
      await runText(text, engine, (results) => {
        values.push([...(results.cells("fit", "w")?.values ?? [])]);
      });
    expect(at(values, 0).length).toBe(15);
    at(values, 1).forEach((value, k) => expect(at(values, 0)[k]).toBeCloseTo(value, 12));
    expect(at(values, 0)[5]).toBe(at(values, 0)[0]);
    expect(at(values, 0)[6]).not.toBe(at(values, 0)[1]);
  });
});

describe("plans of phases from the start", () => {
  it("do not vary with what earlier phases vary with, and keep their keys when these change", () => {
    const [three, five] = [planText(again(" from start", 3, "1")), planText(again(" from start", 5, "1"))];
    expect(axesOf(three, "b")).toEqual([]);
    expect(keysOf(three, "b")).toEqual(keysOf(five, "b"));
    expect(keysOf(three, "a")).not.toEqual(keysOf(five, "a"));
    const [on, further] = [planText(again("", 3, "1")), planText(again("", 5, "1"))];
    expect(axesOf(on, "b")).toEqual(["rate"]);
    expect(keysOf(on, "b")).not.toEqual(keysOf(further, "b"));
    expect(axesOf(planText(again(" from start")), "b")).toEqual(["rate"]);
  });
});

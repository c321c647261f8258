/** `record stepwise`: what bodies make in the steps 0 … T-1; against loops written by hand and the oracle. */
import { describe, expect, it } from "vitest";
import type { StoredResults } from "../../src/results/source.js";
import { enginesHere } from "../engine/graph/native.js";
import { agreesWithOracle, runText } from "../support/spec-runs.js";

const engines = Object.keys(enginesHere()) as ("graph" | "portable")[];

/** A stream with an entry for each step and none behind; the error of step t is made before the update of step t. */
const stream = (end = "", steps = 5): string => `experiment e {
  precision f64
  sweep rate in [0.5, 0.25]
  axis t = 5
  axis k = 2
  x[t] = (t + 1)^2
  evolve learn {
    state s[k] = k
    draw u ~ normal(0, 1)
    err[k] = x[step] - s[k]
    s[k] <- s[k] + rate * err[k]
    late = s[0]
    for ${steps} steps
    ${end}
    record stepwise { err[k], late, before = s[1], twice = 2 * err[0], noise = u, at_start = step, big = err[1] > 5 }
    record { s, drawn = u }
  }
}`;

function byHand(rate: number, steps: number) {
  let s = [0, 1];
  return Array.from({ length: steps }, (_, t) => {
    const before = s;
    const err = s.map((value) => (t + 1) ** 2 - value);
    s = s.map((value, k) => value + rate * (err[k] ?? NaN));
    return { err, before: before[1], late: s[0] };
  });
}

describe.each(engines)("stepwise records on %s", (engine) => {
  it("are those of bodies, on steps of their own", async () => {
    await runText(stream(), engine, (results) => {
      const of = (name: string) => results.cells("learn", name);
      expect(of("err")?.grid.axes.map(({ name, coordinates }) => [name, coordinates])).toEqual([
        ["rate", [0.5, 0.25]],
        ["step", [0, 1, 2, 3, 4]],
        ["k", [0, 1]],
      ]);
      expect(of("s")?.grid.axes[1]?.coordinates).toEqual([0, 1, 2, 3, 4, 5]);
      [0.5, 0.25].forEach((rate, point) => {
        byHand(rate, 5).forEach(({ err, before, late }, t) => {
          const at = point * 5 + t;
          err.forEach((value, k) => expect(of("err")?.values[at * 2 + k]).toBeCloseTo(value, 12));
          expect(of("late")?.values[at]).toBeCloseTo(late ?? NaN, 12);
          expect(of("before")?.values[at]).toBeCloseTo(before ?? NaN, 12);
          expect(of("twice")?.values[at]).toBeCloseTo(2 * (err[0] ?? NaN), 12);
          expect(of("big")?.values[at]).toBe(Number((err[1] ?? NaN) > 5));
          expect(of("at_start")?.values[at]).toBe(t);
          expect(of("noise")?.values[at]).toBe(of("drawn")?.values[point * 6 + t]);
        });
        expect(of("late")?.last?.values[point]).toBeCloseTo(byHand(rate, 5)[4]?.late ?? NaN, 12);
      });
    });
  });

  it("agree with the oracle", async () => {
    await agreesWithOracle(stream(), engine, 1e-12);
  });

  it.each([
    ["until s[0] > 4", true],
    ["stop when s[0] > 4", false],
  ])("after `%s` go on as other records do", async (end, holds) => {
    await runText(stream(end), engine, (results) => {
      const late = results.cells("learn", "late");
      const steps = results.column("learn", "steps")?.values ?? [];
      [0.5, 0.25].forEach((rate, point) => {
        const hand = byHand(rate, 5).map((one) => one.late ?? NaN);
        const taken = hand.findIndex((value) => value > 4) + 1;
        expect(steps[point]).toBe(taken);
        expect(taken).toBeLessThan(5);
        for (let t = 0; t < 5; t++) {
          const value = late?.values[point * 5 + t];
          if (t < taken) expect(value).toBeCloseTo(hand[t] ?? NaN, 12);
          else if (holds) expect(value).toBeCloseTo(hand[taken - 1] ?? NaN, 12);
          else expect(value).toBeNaN();
        }
        expect(late?.last?.values[point]).toBeCloseTo(hand[taken - 1] ?? NaN, 12);
      });
    });
  });

  it("are missing where no step is taken", async () => {
    for (const text of [stream("", 0), stream("until s[0] == 0")])
      await runText(text, engine, (results) => {
        const late = results.cells("learn", "late");
        expect([...(late?.values ?? [])].every(Number.isNaN)).toBe(true);
        expect(late?.last?.values[0]).toBeNaN();
      });
  });

  it("have the step in which a run diverges, and none after it", async () => {
    const text = (rates: string): string => `experiment e {
  sweep rate in [${rates}]
  evolve grow {
    state s = 1
    up = 1e10 * rate * s
    share = s / 2
    s <- up
    late = s > 1
    for 8 steps
    record stepwise { up, share, late, before = s }
    record { s }
  }
}`;
    // Alone all runs of the block end there; beside another the loop goes on.
    const check = (results: StoredResults): void => {
      const values = (name: string, count: number) => [...(results.cells("grow", name)?.values ?? [])].slice(0, count);
      // 1e40 is beyond 32 bits: the fourth step, 3, makes it.
      expect(results.column("grow", "diverged")?.values[0]).toBe(1);
      const near = (name: string, expected: readonly number[], count = 8) => {
        const found = values(name, count);
        expect(found.slice(expected.length)).toEqual(found.slice(expected.length).map(() => NaN));
        expected.forEach((value, k) => {
          if (Number.isFinite(value)) expect((found[k] ?? NaN) / value).toBeCloseTo(1, 5);
          else expect(found[k]).toBe(value);
        });
      };
      near("up", [1e10, 1e20, 1e30, Infinity]);
      near("share", [0.5, 5e9, 5e19, 5e29]);
      near("before", [1, 1e10, 1e20, 1e30]);
      near("late", [1, 1, 1, 1]);
      near("s", [1, 1e10, 1e20, 1e30], 9);
      // It has no last record.
      expect(results.cells("grow", "share")?.last?.values[0]).toBeNaN();
    };
    for (const rates of ["1", "1, 2", "1, 0.5e-10"])
      await runText(text(rates), engine, check, undefined, false, ["AM6501"]);
  });

  it("hold the gradient's loss of each step in a training, and the objective", async () => {
    const text = `use std.optimizers
experiment e {
  sweep seed in 0..2
  axis t = 6
  axis i = 3
  y[t, i] ~ normal(0, 1)
  param w[i] = 0
  train fit {
    here[i] = y[step, i]
    gap = sum(i) (w[i] - here[i])^2
    minimize gap over w
    using adam(lr: 0.1)
    after = sum(i) (w[i] - here[i])^2
    for 6 steps
    record stepwise { gap, after }
    record last { w }
  }
  claim reads { expect fit.objective == fit.gap }
}`;
    await agreesWithOracle(text, engine, 2e-5);
    await runText(text, engine, (results) => {
      const values = (name: string) => [...(results.cells("fit", name)?.values ?? [])];
      expect(values("objective").length).toBe(3 * 6);
      expect(values("objective")).toEqual(values("gap"));
      expect(values("after")).not.toEqual(values("gap"));
    });
  });
});

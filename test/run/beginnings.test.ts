/** What is declared outside of phases begins with the run, from parameters as they were before any training. */
import { describe, expect, test } from "vitest";
import { enginesHere } from "../engine/graph/native.js";
import { planText } from "../support/oracle-runs.js";
import { agreesWithOracle, runText } from "../support/spec-runs.js";

const text = `use std.optimizers
experiment e {
  precision f64
  sweep eta in [0.1, 0.25]
  axis i = 2
  param w[i] = i + 1
  param twin[i] = 2 * w[i]
  state first[i] = w[i]
  state second[i] = first[i] + 10
  state moved[i] = w[i]
  apart = sum(i) (w[i] - first[i])^2
  train fit {
    minimize sum(i) (w[i] - 5)^2 over w
    using gd(lr: eta)
    state here[i] = w[i]
    for 2 steps
    record { w, first, apart, slope[i] = grad(apart, w)[i], here }
  }
  train more {
    minimize sum(i) (w[i] - 5)^2 over w
    using gd(lr: eta)
    state here[i] = w[i]
    moved[i] <- moved[i] + 1
    for 1 steps
    record { moved, apart, here }
  }
  measure after { f[i] = first[i]; s[i] = second[i]; t[i] = twin[i]; d = apart }
}
`;

/** The weight after so many updates. */
const weight = (start: number, eta: number, updates: number): number => 5 + (start - 5) * (1 - 2 * eta) ** updates;
const starts = [1, 2];
const distance = (eta: number, updates: number): number =>
  starts.reduce((sum, start) => sum + (weight(start, eta, updates) - start) ** 2, 0);

describe.each(Object.keys(enginesHere()))("on %s", (engine) => {
  test("beginnings stay what they are", async () => {
    await runText(text, engine as "graph" | "portable", (results) => {
      const close = (phase: string, name: string, wanted: readonly number[]): void => {
        const found = [...(results.column(phase, name)?.values ?? [])];
        expect([name, found.length]).toEqual([name, wanted.length]);
        wanted.forEach((value, k) => {
          expect(found[k], `${name}, ${k}`).toBeCloseTo(value, 12);
        });
      };
      const etas = [0.1, 0.25];
      const steps = [0, 1, 2];
      const through = (f: (eta: number, updates: number) => readonly number[]): readonly number[] =>
        etas.flatMap((eta) => steps.flatMap((updates) => f(eta, updates)));
      close(
        "fit",
        "first",
        through(() => starts),
      );
      close(
        "fit",
        "here",
        through(() => starts),
      );
      close(
        "fit",
        "apart",
        through((eta, updates) => [distance(eta, updates)]),
      );
      close(
        "fit",
        "slope",
        through((eta, updates) => starts.map((start) => 2 * (weight(start, eta, updates) - start))),
      );
      // What the phase itself declares begins with it.
      close(
        "more",
        "here",
        etas.flatMap((eta) => [0, 1].flatMap(() => starts.map((start) => weight(start, eta, 2)))),
      );
      close(
        "more",
        "moved",
        etas.flatMap(() => [...starts, ...starts.map((start) => start + 1)]),
      );
      close("after", "f", [...starts, ...starts]);
      close("after", "s", [11, 12, 11, 12]);
      close("after", "t", [2, 4, 2, 4]);
      close(
        "after",
        "d",
        etas.map((eta) => distance(eta, 3)),
      );
    });
    await agreesWithOracle(text, engine as "graph" | "portable", 1e-12);
  }, 120_000);
});

test("what depends on beginnings alone does not vary with the training", () => {
  const only = text.replace("; d = apart }", " }");
  const phase = planText(only).phases.find(({ name }) => name === "after");
  expect([phase?.axes, phase?.points.length]).toEqual([[], 1]);
});

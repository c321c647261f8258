import { expect, test } from "vitest";
import type { Span } from "../../../src/base/span.js";
import type { Phase } from "../../../src/language/typed.js";
import { firstSteps } from "../../../src/results/health/first-step.js";
import type { Column, PointReport, ResultSource } from "../../../src/results/types.js";
import { checkedText } from "../../language/support.js";

const spec = `use std.optimizers
experiment e {
  sweep eta in [1, 2, 3, 4, 5]
  param w = 1
  train fit {
    minimize w^2 over w
    using gd(lr:
      eta)
    for 3 steps
  }
}
`;
const text = ({ start, end }: Span): string => spec.slice(start, end).replace(/\s+/gu, " ");

/** Runs of `fit` by the step at which they diverged; null: done. */
function source(steps: readonly (number | null)[]): ResultSource {
  const points = steps.map((step, k): PointReport => {
    const at = { position: [k] };
    return step === null
      ? { ...at, state: "done", detail: null }
      : { ...at, state: "diverged", detail: `at step ${String(step)}`, step };
  });
  const finished: Column = {
    axes: [{ name: "eta", kind: "sweep", coordinates: [1, 2, 3, 4, 5], labels: null, integer: true }],
    type: "bool",
    labels: null,
    values: Float64Array.from(steps, (step) => Number(step === null)),
    states: new Uint8Array(steps.length),
    last: null,
  };
  return {
    column: (phase, name) => (phase === "fit" && name === "finished" ? finished : undefined),
    phases: new Map([["fit", points]]),
  };
}

const { experiment } = checkedText(spec);
const told = (steps: readonly (number | null)[], phases: readonly Phase[] = experiment.phases) =>
  firstSteps(phases, source(steps), text);

test("names the runs of the first step with the optimizer and its settings, three of them", () => {
  const [warning, ...others] = told([null, 1, 1, 1, 1]);
  expect(others).toEqual([]);
  expect(warning?.message).toBe(
    "4 of 5 runs of `fit` became non-finite in their first step by `gd(lr: eta)`: eta = 2; eta = 3; eta = 4; and 1 more",
  );
  expect(warning?.span === null || warning === undefined ? "" : text(warning.span)).toBe("gd(lr: eta)");
});

test("only those of the first step; later ones are another matter", () => {
  expect(told([null, 2, 3, 2, null])).toEqual([]);
  expect(told([null, null, null, null, null])).toEqual([]);
  expect(told([2, 2, 2, 2, 1])[0]?.message).toContain("1 of 5 runs of `fit` became non-finite in their first step");
});

test("once for a phase that stands in a sequence several times", () => {
  expect(told([1, null, null, null, null], [...experiment.phases, ...experiment.phases])).toHaveLength(1);
});

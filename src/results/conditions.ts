/** Conditions of adaptive sweeps at the points that were run. */
import type { CheckedAdaptive } from "../language/results/index.js";
import type { Assignment } from "../plan/expand.js";
import { Analysis } from "./analysis/evaluate.js";
import { stridesOf, VALID, type Tensor } from "./analysis/tensor.js";
import type { ResultSource } from "./types.js";

/** By condition; null where it has no value. */
export function conditionsOf(
  results: ResultSource,
): (adaptive: CheckedAdaptive, point: Assignment, value: number) => readonly (boolean | null)[] {
  const analysis = new Analysis(results);
  return (adaptive, point, value) =>
    adaptive.conditions.map((node) => truthAt(analysis.evaluate(node), adaptive, point, value));
}

function truthAt(tensor: Tensor, { label, free }: CheckedAdaptive, point: Assignment, value: number): boolean | null {
  const wanted = new Map([[label, value], ...free.map((one) => [one.label, point.get(one.axis) ?? NaN] as const)]);
  const strides = stridesOf(tensor.axes);
  let place = 0;
  for (const [k, axis] of tensor.axes.entries()) {
    const at = axis.coordinates.indexOf(wanted.get(axis.name) ?? NaN);
    if (at < 0) return null;
    place += at * (strides[k] ?? 0);
  }
  return tensor.states[place] === VALID ? tensor.values[place] !== 0 : null;
}

/** Conditions of adaptive sweeps at the points that were run. */
import type { CheckedAdaptive } from "../language/results/index.js";
import type { Assignment } from "../plan/expand.js";
import type { TruthOf } from "../plan/rounds.js";
import type { Row } from "../plan/truth.js";
import { Analysis } from "./analysis/evaluate.js";
import { stridesOf, VALID, type Tensor } from "./analysis/tensor.js";
import type { ResultSource } from "./types.js";

/** By condition; null where it has no value. */
export function conditionsOf(results: ResultSource): TruthOf {
  const analysis = new Analysis(results);
  return (adaptive, point, row) =>
    adaptive.conditions.map((node) => truthAt(analysis.evaluate(node), adaptive, point, row));
}

function truthAt(tensor: Tensor, { sweeps, free }: CheckedAdaptive, point: Assignment, row: Row): boolean | null {
  const wanted = new Map([
    ...sweeps.map(({ label }, k) => [label, row[k] ?? NaN] as const),
    ...free.map(({ axis, label }) => [label, point.get(axis) ?? NaN] as const),
  ]);
  const strides = stridesOf(tensor.axes);
  let place = 0;
  for (const [k, axis] of tensor.axes.entries()) {
    const at = axis.coordinates.indexOf(wanted.get(axis.name) ?? NaN);
    if (at < 0) return null;
    place += at * (strides[k] ?? 0);
  }
  return tensor.states[place] === VALID ? tensor.values[place] !== 0 : null;
}

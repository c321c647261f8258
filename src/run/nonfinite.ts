/** Records that are not finite although their run is fine: stored as they are, missing for claims, told once a phase. */
import type { Diagnostic } from "../base/diagnostic.js";
import type { Span } from "../base/span.js";
import type { PhasePlan } from "../plan/types.js";
import type { ColumnData, StoredPoint } from "../results/store/block-file.js";
import { placeKey } from "../results/store/block-file.js";

/** By the result's name, in how many runs. */
export type NonFinite = Map<string, number>;

export function countNonFinite(
  found: NonFinite,
  phase: PhasePlan,
  points: readonly StoredPoint[],
  columns: readonly ColumnData[],
): void {
  for (const { place, slots, dims, data } of columns) {
    if (!(data instanceof Float32Array || data instanceof Float64Array) || place.kind === "carried") continue;
    const size = dims.reduce((product, dim) => product * dim, slots ?? 1);
    const runs = points.filter(
      (point, at) => point.state === "done" && hasNonFinite(data, at * size, (at + 1) * size),
    ).length;
    if (runs === 0) continue;
    const name = phase.results.find(({ from, hidden }) => !hidden && placeKey(from) === placeKey(place))?.name;
    if (name !== undefined) found.set(name, (found.get(name) ?? 0) + runs);
  }
}

function hasNonFinite(data: Float32Array | Float64Array, from: number, to: number): boolean {
  for (let k = from; k < to; k++) if (!Number.isFinite(data[k])) return true;
  return false;
}

export function nonFiniteWarning(phase: PhasePlan, found: NonFinite, span: Span | null): Diagnostic {
  const names = [...found].map(([name, runs]) => `\`${phase.name}.${name}\` in ${runs} of ${phase.points.length} runs`);
  return {
    code: "AM6502",
    severity: "warning",
    message: `records are infinite or no number: ${names.join(", ")}`,
    span,
    help: "they are stored as they are, and missing for claims; look where it is divided by 0 or a logarithm is taken of 0",
  };
}

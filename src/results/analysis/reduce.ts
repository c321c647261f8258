/**
 * Reductions over lanes. Absent entries are skipped; a lane of nothing but absent ones is absent itself. A missing entry,
 * or a missing `where`, makes the lane's value missing, unless it does not matter (`all`, `any`) or is left out on purpose.
 */
import type { AnalysisReducer } from "../../language/results/ir.js";
import { reductionOf } from "../statistics/table.js";
import { toLanes } from "./align.js";
import { ABSENT, TOO_FEW, VALID, isMissing, makeTensor } from "./tensor.js";
import type { Tensor } from "./tensor.js";

export interface ReduceOptions {
  readonly over: readonly string[];
  readonly parameter: number | null;
  readonly ofBools: boolean;
  readonly skipMissing: boolean;
}

export function reduceTensor(
  reducer: AnalysisReducer,
  body: Tensor,
  where: Tensor | null,
  options: ReduceOptions,
): Tensor {
  if (reducer === "all" || reducer === "any") return reduceLogical(reducer === "all", body, where, options.over);
  const lanes = toLanes(where === null ? [body] : [body, where], options.over);
  const [entries, mask] = lanes.tensors;
  const result = makeTensor(lanes.outer);
  const { length } = lanes;
  if (entries === undefined) return result;
  const reduction = reductionOf(reducer, options.ofBools);
  const positions = reducer === "argmax" || reducer === "argmin" ? (lanes.inner[0]?.coordinates ?? [0]) : null;
  if (mask === undefined && positions === null && length >= reduction.minimum && allValid(entries.states)) {
    for (let lane = 0; lane < result.values.length; lane++) {
      const value = reduction.evaluate(entries.values, lane * length, (lane + 1) * length, options.parameter ?? 0);
      result.values[lane] = value;
      if (Number.isNaN(value)) result.states[lane] = TOO_FEW;
    }
    return result;
  }
  const kept = new Float64Array(length);
  const places = new Uint32Array(positions === null ? 0 : length);
  for (let lane = 0; lane < result.values.length; lane++) {
    const from = lane * length;
    let present = length === 0 ? 1 : 0;
    let missing = 0;
    let n = 0;
    for (let k = 0; k < length; k++) {
      const state = entries.states[from + k] ?? VALID;
      if (state === ABSENT) continue;
      if (mask !== undefined) {
        const maskState = mask.states[from + k] ?? VALID;
        if (maskState === ABSENT) continue;
        present++;
        if (maskState !== VALID) {
          missing ||= maskState;
          continue;
        }
        if (mask.values[from + k] === 0) continue;
      } else present++;
      if (state !== VALID) {
        missing ||= state;
        continue;
      }
      kept[n] = entries.values[from + k] ?? NaN;
      if (positions !== null) places[n] = k;
      n++;
    }
    if (present === 0) result.states[lane] = ABSENT;
    else if (missing !== 0 && !options.skipMissing) result.states[lane] = missing;
    else if (n < reduction.minimum) result.states[lane] = missing !== 0 ? missing : TOO_FEW;
    else {
      const value = reduction.evaluate(kept, 0, n, options.parameter ?? 0);
      result.values[lane] = positions === null ? value : (positions[places[value] ?? 0] ?? NaN);
      if (Number.isNaN(value)) result.states[lane] = TOO_FEW;
    }
  }
  return result;
}

function allValid(states: Uint8Array): boolean {
  for (const state of states) if (state !== VALID) return false;
  return true;
}

/** `all`: false as soon as one entry is; else missing as soon as one is. `any` the other way round. */
function reduceLogical(all: boolean, body: Tensor, where: Tensor | null, over: readonly string[]): Tensor {
  const lanes = toLanes(where === null ? [body] : [body, where], over);
  const [entries, mask] = lanes.tensors;
  const result = makeTensor(lanes.outer);
  const { length } = lanes;
  for (let lane = 0; lane < result.values.length; lane++) {
    let present = length === 0;
    let missing = 0;
    let decided = false;
    for (let k = lane * length; k < (lane + 1) * length; k++) {
      const state = entries?.states[k] ?? VALID;
      const maskState = mask?.states[k] ?? VALID;
      if (state === ABSENT || maskState === ABSENT) continue;
      present = true;
      if (maskState === VALID && mask?.values[k] === 0) continue;
      const neutral = state === VALID && (entries?.values[k] !== 0) === all;
      if (neutral) continue;
      if (isMissing(state) || isMissing(maskState)) missing ||= isMissing(state) ? state : maskState;
      else decided = true;
    }
    result.values[lane] = decided === all ? 0 : 1;
    result.states[lane] = !present ? ABSENT : decided ? VALID : missing;
  }
  return result;
}

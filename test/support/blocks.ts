/** Carries test values to the boundary of an engine and back: runs become the last dimension of plain arrays. */
import type { Numbers } from "../../src/engine/types.js";
import { dimSizes, entryCount } from "../../src/ir/dims.js";
import { at } from "../../src/ir/fault.js";
import type { Tolerance } from "../../src/ir/ops/definition.js";
import { dependentsThroughLoops } from "../../src/ir/regions.js";
import type { DType, Node, Program, ValueId } from "../../src/ir/types.js";

/** An array of the dtype's own kind. */
export function numbersOf(dtype: DType, values: readonly number[] | Float64Array): Numbers {
  switch (dtype) {
    case "f32":
      return Float32Array.from(values);
    case "f64":
      return Float64Array.from(values);
    case "i32":
      return Int32Array.from(values);
    case "bool":
      return Uint8Array.from(values);
  }
}

/** Arrays of several runs with the run as the last dimension. */
export function interleave(dtype: DType, runs: readonly Float64Array[]): Numbers {
  const size = at(runs, 0).length;
  return numbersOf(
    dtype,
    Array.from({ length: size * runs.length }, (_, k) => at(at(runs, k % runs.length), Math.floor(k / runs.length))),
  );
}

/** The array of one run out of an array with the run as its last dimension. */
export function runOf(numbers: Numbers, runs: number, run: number): Float64Array {
  return Float64Array.from({ length: numbers.length / runs }, (_, k) => at(numbers, k * runs + run));
}

/** A block's inputs, from the inputs of each run: `inputs[run][input]`. */
export function blockInputs(
  program: Program,
  inputs: readonly (readonly Float64Array[])[],
  varyingInputs: ReadonlySet<number>,
): Numbers[] {
  return program.inputs.map(({ type }, k) =>
    varyingInputs.has(k)
      ? interleave(
          type.dtype,
          inputs.map((run) => at(run, k)),
        )
      : numbersOf(type.dtype, at(at(inputs, 0), k)),
  );
}

/**
 * The values that differ between runs when the given inputs do. Where runs may end at different steps (`stop`, a check or a watched value
 * varies), all carried values and `step` differ too, for they are frozen at different times.
 */
export function varyingValues(program: Program, varyingInputs: ReadonlySet<number>): Set<ValueId> {
  const varying = new Set<ValueId>();
  const carried = program.loop?.carried ?? [];
  const carriedVaries = carried.map(() => false);
  let endsVary = false;
  for (let before = -1; before < varying.size;) {
    before = varying.size;
    const itself = (node: Node): boolean =>
      (node.op === "input" && varyingInputs.has(node.attributes.index)) ||
      (node.op === "carried" && (endsVary || at(carriedVaries, node.attributes.index))) ||
      (node.op === "step" && endsVary);
    for (const id of dependentsThroughLoops(program.nodes, itself)) varying.add(id);
    carried.forEach(({ init, next, watched }, k) => {
      carriedVaries[k] = varying.has(init) || varying.has(next);
      if (watched && carriedVaries[k]) endsVary = true;
    });
    const ends = [program.loop?.stop ?? null, ...program.checks.map(({ condition }) => condition)];
    if (program.loop !== null && ends.some((end) => end !== null && varying.has(end))) endsVary = true;
    // Freezing at different steps may have been found after the last value was.
    if (endsVary && carriedVaries.includes(false)) {
      for (const node of program.nodes) if (node.op === "carried" || node.op === "step") varying.add(node.id);
    }
  }
  return varying;
}

/** NaN is close to NaN and an infinity to itself. */
export function isClose(actual: number, expected: number, { relative, absolute }: Tolerance): boolean {
  if (Number.isNaN(expected)) return Number.isNaN(actual);
  if (!Number.isFinite(expected)) return actual === expected;
  return Math.abs(actual - expected) <= relative * Math.abs(expected) + absolute;
}

/** Where two arrays differ by more than the tolerance, in words; null where they do not. */
export function difference(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: Tolerance,
): string | null {
  if (actual.length !== expected.length) return `${actual.length} entries instead of ${expected.length}`;
  for (let k = 0; k < expected.length; k++) {
    if (!isClose(at(actual, k), at(expected, k), tolerance)) {
      return `entry ${k} is ${at(actual, k)} instead of ${at(expected, k)} (relative ${tolerance.relative}, absolute ${tolerance.absolute})`;
    }
  }
  return null;
}

/** Number of entries of a value for one run. */
export function entriesOf(program: Program, value: ValueId): number {
  return entryCount(at(program.nodes, value).type.dims, dimSizes(program.dims));
}

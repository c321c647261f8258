/** Blocks run to their end by calls of an executable, and compared with the oracle run by run. */
import { expect } from "vitest";
import type { BlockState, CallResult, Executable, Numbers } from "../../../src/engine/types.js";
import { blockInputs, difference, runOf } from "../../support/blocks.js";
import type { TestProgram } from "../../support/programs.js";

export interface Outcome {
  readonly state: BlockState;
  /** By group, entry and slot. */
  readonly records: readonly (readonly (readonly Numbers[])[])[];
  readonly last: CallResult["last"];
}

/** All calls of a block, the records put together. */
export function runBlock(test: TestProgram, executable: Executable, stepsPerCall: number): Outcome {
  const inputs = { arrays: blockInputs(test.program, test.inputs, test.varyingInputs) };
  const records = (test.program.loop?.groups ?? []).map((group) => group.entries.map((): Numbers[] => []));
  let state: BlockState | null = null;
  for (let calls = 0; calls < 200; calls++) {
    const limit: number = (state?.step ?? 0) + stepsPerCall;
    const result: CallResult = executable.call(inputs, test.schedule, state, limit);
    state = result.state;
    result.recorded.groups.forEach((group, g) => {
      group.entries.forEach((array, e) => {
        const row = group.count === 0 ? 0 : array.length / group.count;
        const slots = records[g]?.[e] ?? [];
        expect(slots).toHaveLength(group.from);
        for (let slot = 0; slot < group.count; slot++) slots.push(array.slice(slot * row, (slot + 1) * row));
      });
    });
    if (result.finished) return { state, records, last: result.last };
  }
  throw new Error("the block does not end");
}

export function blockFaults(test: TestProgram, outcome: Outcome): string[] {
  const { runs, tolerance } = test;
  const found: string[] = [];
  const compare = (what: string, actual: Numbers | undefined, expected: Float64Array | undefined, run: number) => {
    if (actual === undefined || expected === undefined) {
      found.push(`run ${run}: ${what} is missing`);
      return;
    }
    // A value that does not vary has no run dimension.
    const own = actual.length === expected.length ? Float64Array.from(actual) : runOf(actual, runs, run);
    const fault = difference(own, expected, tolerance);
    if (fault !== null) found.push(`run ${run}: ${what}: ${fault}`);
  };
  test.expected.forEach((expected, run) => {
    const { state } = outcome;
    const actual = [state.steps[run], state.diverged[run], state.failed[run], state.failedAt[run], state.alive[run]];
    const ended = expected.stopped || expected.diverged >= 0 || expected.failed >= 0;
    const wanted = [expected.steps, expected.diverged, expected.failed, expected.failedAt, ended ? 0 : 1];
    if (actual.join() !== wanted.join()) found.push(`run ${run}: ends ${actual.join()} instead of ${wanted.join()}`);
    expected.groups.forEach((group, g) => {
      group.entries.forEach((slots, e) => {
        for (let slot = 0; slot < group.taken; slot++)
          compare(`record ${g}.${e} in slot ${slot}`, outcome.records[g]?.[e]?.[slot], slots[slot], run);
        compare(`last record ${g}.${e}`, outcome.last?.[g]?.[e], expected.last[g]?.[e], run);
      });
    });
    test.program.loop?.carried.forEach((carried, k) => {
      compare(carried.name, state.carried[k], expected.carried[k], run);
    });
  });
  return found;
}

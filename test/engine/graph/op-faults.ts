/** A batch of op cases run once on an executable, and what differs from the oracle. */
import type { Executable } from "../../../src/engine/types.js";
import { blockInputs, difference, runOf } from "../../support/blocks.js";
import type { OpBatch } from "../../support/op-cases.js";

export function opFaults(batch: OpBatch, executable: Executable): string[] {
  const arrays = blockInputs(batch.program, batch.inputs, batch.varyingInputs);
  const { outputs } = executable.call({ arrays }, { steps: 0, groups: [] }, null, 0);
  executable.dispose();
  return batch.cases.flatMap((each) => {
    const actual = outputs?.[each.output];
    if (actual === undefined) return [`${each.name}: no output`];
    return each.expected.flatMap((expected, index) => {
      const fault = difference(runOf(actual, batch.runs, index), expected, each.tolerance);
      return fault === null ? [] : [`${each.name}, run ${index} of ${batch.runs}: ${fault}`];
    });
  });
}

/** Every op, compiled by XLA, against the oracle: one run and several, values that vary and values that do not. */
import { expect, it } from "vitest";
import type { CallResult } from "../../../src/engine/types.js";
import { blockInputs, difference, runOf } from "../../support/blocks.js";
import { opCases } from "../../support/op-cases.js";
import type { OpBatch } from "../../support/op-cases.js";
import { describeNative, graphEngine } from "./native.js";

function run(batch: OpBatch): CallResult {
  const { program, varying, runs } = batch;
  const executable = graphEngine().prepare({ program, varying, runs, slotsPerCall: 1 });
  try {
    const arrays = blockInputs(program, batch.inputs, batch.varyingInputs);
    return executable.call({ arrays }, { steps: 0, groups: [] }, null, 0);
  } finally {
    executable.dispose();
  }
}

function faults(batch: OpBatch): string[] {
  const { outputs } = run(batch);
  return batch.cases.flatMap((each) => {
    const actual = outputs?.[each.output];
    if (actual === undefined) return [`${each.name}: no output`];
    return each.expected.flatMap((expected, index) => {
      const fault = difference(runOf(actual, batch.runs, index), expected, each.tolerance);
      return fault === null ? [] : [`${each.name}, run ${index} of ${batch.runs}: ${fault}`];
    });
  });
}

describeNative("graph engine: ops", () => {
  it.each([1, 3, 16])(
    "agree with the oracle in blocks of %i",
    (runs) => {
      expect(opCases(17 + runs, { runs, samples: 1 }).flatMap(faults)).toEqual([]);
    },
    240_000,
  );
});

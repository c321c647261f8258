/** Every op on random and edge values, in blocks of several sizes, against the oracle. */
import { describe, expect, it } from "vitest";
import { createPortableEngine } from "../../../src/engine/portable/index.js";
import { at } from "../../../src/ir/fault.js";
import { blockInputs, difference, runOf } from "../../support/blocks.js";
import { opCases } from "../../support/op-cases.js";
import type { OpBatch } from "../../support/op-cases.js";

const engine = createPortableEngine();

/** What is wrong with a batch, in words. */
function faults(batch: OpBatch): string[] {
  const { program, runs, varying } = batch;
  const executable = engine.prepare({ program, runs, varying, slotsPerCall: 1 });
  const arrays = blockInputs(program, batch.inputs, batch.varyingInputs);
  const before = arrays.map((array) => array.slice());
  const { outputs } = executable.call({ arrays }, { steps: 0, groups: [] }, null, 0);
  expect(arrays).toEqual(before);
  return batch.cases.flatMap((each) => {
    const output = at(outputs ?? [], each.output);
    return each.expected.flatMap((expected, run) => {
      const found = difference(runOf(output, runs, run), expected, each.tolerance);
      return found === null ? [] : [`${each.name}, run ${run}: ${found}`];
    });
  });
}

describe("ops on the portable engine", () => {
  for (const runs of [1, 3, 16]) {
    it(`agrees with the oracle in blocks of ${runs}`, () => {
      const batches = [1, 2].flatMap((seed) => opCases(100 * runs + seed, { runs, samples: 4 }));
      expect(batches.length).toBeGreaterThan(3);
      expect(batches.flatMap(faults)).toEqual([]);
    });
  }
});

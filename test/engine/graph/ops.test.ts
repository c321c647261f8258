/** Every op, compiled by XLA, against the oracle: one run and several, values that vary and values that do not. */
import { expect, it } from "vitest";
import { opCases } from "../../support/op-cases.js";
import { describeNative, graphEngine } from "./native.js";
import { opFaults } from "./op-faults.js";

describeNative("graph engine: ops", () => {
  it.each([1, 3, 16])(
    "agree with the oracle in blocks of %i",
    (runs) => {
      const faults = opCases(17 + runs, { runs, samples: 1 }).flatMap((batch) => {
        const { program, varying } = batch;
        return opFaults(batch, graphEngine().prepare({ program, varying, runs, slotsPerCall: 1 }));
      });
      expect(faults).toEqual([]);
    },
    240_000,
  );
});

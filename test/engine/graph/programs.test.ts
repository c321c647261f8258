/** Random programs, run by run against the oracle; and chunks of calls against one call, byte by byte. */
import { expect, it } from "vitest";
import type { Executable } from "../../../src/engine/types.js";
import { randomProgram } from "../../support/programs.js";
import type { TestProgram } from "../../support/programs.js";
import { blockFaults, runBlock } from "./blocks.js";
import { describeNative, graphEngine } from "./native.js";

function prepare(test: TestProgram, slotsPerCall: number): Executable {
  const { program, varying, runs } = test;
  return graphEngine().prepare({ program, varying, runs, slotsPerCall });
}

describeNative("graph engine: programs", () => {
  it.each([
    [1, 1, false],
    [2, 1, false],
    [3, 3, true],
    [4, 3, false],
    [5, 16, false],
    [6, 16, false],
    [7, 64, false],
    [8, 64, true],
  ])(
    "random program %i agrees with the oracle in a block of %i (loops inside of a step: %s)",
    (seed, runs, loops) => {
      for (const stop of [false, true]) {
        const test = randomProgram(seed, { runs, stop, loops, dtype: seed % 4 === 0 ? "f64" : "f32" });
        const executable = prepare(test, 10);
        try {
          expect(executable.compiled).toBe(true);
          expect(blockFaults(test, runBlock(test, executable, 100))).toEqual([]);
        } finally {
          executable.dispose();
        }
      }
    },
    240_000,
  );

  it.each([1, 3, 16])(
    "many short calls give the bytes of one in a block of %i",
    (runs) => {
      const test = randomProgram(40 + runs, { runs, stop: true, loops: runs === 3 });
      const [whole, small] = [prepare(test, 10), prepare(test, 2)];
      try {
        const one = runBlock(test, whole, 100);
        expect(runBlock(test, whole, 1)).toEqual(one);
        expect(runBlock(test, whole, 3)).toEqual(one);
        expect(runBlock(test, small, 100)).toEqual(one);
        expect(runBlock(test, small, 4)).toEqual(one);
      } finally {
        whole.dispose();
        small.dispose();
      }
    },
    240_000,
  );
});

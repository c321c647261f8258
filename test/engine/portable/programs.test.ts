/** Random training runs in blocks of several sizes: the oracle's values, and the same bytes however the calls are cut. */
import { describe, expect, it } from "vitest";
import { createPortableEngine } from "../../../src/engine/portable/index.js";
import type { Executable } from "../../../src/engine/types.js";
import { at } from "../../../src/ir/fault.js";
import { blockInputs, difference, runOf } from "../../support/blocks.js";
import { randomProgram } from "../../support/programs.js";
import type { TestProgram } from "../../support/programs.js";
import { callInPieces } from "./pieces.js";

const engine = createPortableEngine();

function prepare({ program, runs, varying }: TestProgram, slotsPerCall: number): Executable {
  return engine.prepare({ program, runs, varying, slotsPerCall });
}

/** Where one call differs from the oracle, in words. */
function faults(test: TestProgram): string[] {
  const { program, runs, schedule, tolerance } = test;
  const arrays = blockInputs(program, test.inputs, test.varyingInputs);
  const { state, recorded, last, finished } = prepare(test, 100).call({ arrays }, schedule, null, schedule.steps);
  expect(finished).toBe(true);
  return test.expected.flatMap((expected, run) => {
    const found: (string | null)[] = [];
    const compare = (where: string, actual: ArrayLike<number>, wanted: ArrayLike<number>): void => {
      const text = difference(actual, wanted, tolerance);
      found.push(text === null ? null : `run ${run}, ${where}: ${text}`);
    };
    const facts = [state.alive, state.steps, state.diverged, state.failed, state.failedAt].map((list) => list[run]);
    const alive = expected.stopped || expected.diverged >= 0 || expected.failed >= 0 ? 0 : 1;
    expect(facts).toEqual([alive, expected.steps, expected.diverged, expected.failed, expected.failedAt]);
    expected.groups.forEach((group, g) => {
      const { from, count, entries } = at(recorded.groups, g);
      expect(from).toBe(0);
      expect(count).toBeGreaterThanOrEqual(group.taken);
      group.entries.forEach((slots, e) => {
        const array = at(entries, e);
        for (let slot = 0; slot < count; slot++) {
          const size = array.length / count;
          const row = runOf(array.subarray(slot * size, (slot + 1) * size), runs, run);
          compare(`group ${g} entry ${e} slot ${slot}`, row, at(slots, slot));
        }
        compare(`group ${g} entry ${e} last`, runOf(at(at(last ?? [], g), e), runs, run), at(at(expected.last, g), e));
      });
    });
    expected.carried.forEach((value, k) => {
      const array = at(state.carried, k);
      const shared = array.length === value.length;
      compare(`carried ${k}`, runOf(array, shared ? 1 : runs, shared ? 0 : run), value);
    });
    return found.filter((text) => text !== null);
  });
}

describe("random programs on the portable engine", () => {
  for (const runs of [1, 3, 16]) {
    for (const dtype of ["f32", "f64"] as const) {
      it(`agrees with the oracle in blocks of ${runs} in ${dtype}`, () => {
        for (let seed = 0; seed < 8; seed++) {
          for (const loops of [false, true]) {
            const test = randomProgram(1000 * runs + seed, { runs, dtype, loops });
            expect(faults(test), `seed ${1000 * runs + seed}${loops ? " with loops" : ""}`).toEqual([]);
          }
        }
      });
    }
  }

  it("gives the same bytes in one call, in pieces, and with few slots", () => {
    for (let seed = 0; seed < 10; seed++) {
      const test = randomProgram(7000 + seed, { runs: 5, stop: seed % 2 === 0, loops: seed % 3 === 0 });
      const arrays = blockInputs(test.program, test.inputs, test.varyingInputs);
      const whole = callInPieces(prepare(test, 100), arrays, test.schedule, 1e9);
      for (const [slots, piece] of [
        [100, 1],
        [100, 3],
        [1, 1e9],
        [2, 2],
      ] as const)
        expect(callInPieces(prepare(test, slots), arrays, test.schedule, piece)).toEqual(whole);
      // An executable has no memory of earlier calls.
      const again = prepare(test, 100);
      callInPieces(again, arrays, test.schedule, 2);
      expect(callInPieces(again, arrays, test.schedule, 1e9)).toEqual(whole);
    }
  });
});

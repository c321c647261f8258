import { expect, test } from "vitest";
import { fromCheckpoint, toCheckpoint } from "../../src/run/checkpoint.js";
import { BlockRecorder } from "../../src/run/recorder.js";
import { twoPhases } from "./fixture.js";

test("a checkpoint is for the runs that were real when it was made", () => {
  const [phase] = twoPhases({ etas: 3, runs: 3, steps: 4 }).phases;
  const [program] = phase?.programs ?? [];
  if (phase === undefined || program === undefined) throw new Error("no phase");
  const state = {
    step: 2,
    carried: [Float32Array.of(1, 2, 1)],
    alive: Uint8Array.of(1, 1, 1),
    steps: Int32Array.of(2, 2, 2),
    diverged: Int32Array.of(-1, -1, -1),
    failed: Int32Array.of(-1, -1, -1),
    failedAt: Int32Array.of(-1, -1, -1),
  };
  // The run at place 2 repeats another one: what its point reads was not there.
  const spent = { calls: 1, seconds: 0.5 };
  const made = toCheckpoint("block", "portable 1", state, new BlockRecorder(phase, program), spent, [0, 1]);
  const read = (wanted: readonly number[]): unknown => fromCheckpoint(made, new BlockRecorder(phase, program), wanted);
  expect(read([0, 1])).toEqual({ state, spent, places: [0, 1] });
  expect(read([1])).toMatchObject({ state: { step: 2 } });
  expect(read([0, 1, 2])).toBeNull();
});

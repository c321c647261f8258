/** How many updates a call makes. */
import { expect, it } from "vitest";
import { Pace } from "../../../src/engine/worker/pace.js";
import { workPerStep } from "../../../src/engine/work.js";
import { linearMemory } from "../graph/linear-memory.js";

const block = (runs: number) => ({ ...linearMemory({ tokens: 5, classes: 5, width: 3 }), runs, slotsPerCall: 1 });

it("follows the clock, upwards with care", () => {
  const pace = new Pace(block(1000), 1);
  const first = pace.next();
  expect(first).toBe(Math.floor(3e8 / workPerStep(block(1000))));
  pace.took(30, first, true);
  expect(pace.next()).toBe(first);
  pace.took(0.5, first, false);
  expect(pace.next()).toBe(2 * first);
  pace.took(0.001, 2 * first, false);
  expect(pace.next()).toBe(16 * first);
  pace.took(16, 16 * first, false);
  expect(pace.next()).toBe(first);
});

it("makes at least one update a call", () => {
  const pace = new Pace(block(10_000_000), 1);
  expect(pace.next()).toBe(1);
  pace.took(100, 1, false);
  expect(pace.next()).toBe(1);
});

/** Seconds of calls that take some by themselves. */
function calls(start: number, perUpdate: number, count: number): readonly number[] {
  const pace = new Pace(block(10_000_000), 1);
  return Array.from({ length: count }, () => {
    const updates = pace.next();
    pace.took(start + perUpdate * updates, updates, false);
    return updates;
  });
}

it("lets more updates share what a call takes by itself", () => {
  // 3 s before the first update, 0.1 s each: 15 s a call, of which 3 are lost.
  expect(calls(3, 0.1, 8).slice(-3)).toEqual([120, 120, 120]);
  expect(Math.max(...calls(100, 0.1, 12))).toBeLessThanOrEqual(200);
});

it("stays with short calls where an update takes long", () => {
  expect(calls(0, 5, 9)).toEqual([1, 1, 2, 1, 1, 2, 1, 1, 2]);
});

it("counts the sums of products of the runs that differ", () => {
  expect(workPerStep(block(1000))).toBeGreaterThan(100 * workPerStep(block(1)));
});

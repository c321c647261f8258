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

it("counts the sums of products of the runs that differ", () => {
  expect(workPerStep(block(1000))).toBeGreaterThan(100 * workPerStep(block(1)));
});

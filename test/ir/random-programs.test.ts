/** Random programs: that they run in the oracle, stay finite, and that what is said not to vary does not. */
import { describe, expect, it } from "vitest";
import { at } from "../../src/ir/fault.js";
import { randomProgram } from "../support/programs.js";

describe("random programs", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])("%i runs in the oracle and stays finite", (seed) => {
    const test = randomProgram(seed);
    expect(test.expected).toHaveLength(3);
    for (const result of test.expected) {
      expect(result.diverged).toBe(-1);
      for (const group of result.groups) {
        for (const entry of group.entries) for (const slot of entry) expect(slot.every(Number.isFinite)).toBe(true);
      }
    }
    console.log(
      test.program.nodes.length,
      test.varying.size,
      test.expected.map((x) => [x.steps, at(at(at(x.last, 0), 0), 0)]),
    );
  });
});

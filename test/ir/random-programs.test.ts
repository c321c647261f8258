/** Random programs: that they run in the oracle and stay finite, and that what is said to be the same in all runs is. */
import { describe, expect, it } from "vitest";
import { at } from "../../src/ir/fault.js";
import { evaluateProgram } from "../../src/ir/oracle.js";
import { randomProgram } from "../support/programs.js";

describe.each(Array.from({ length: 10 }, (_, seed) => seed))("random program %i", (seed) => {
  const test = randomProgram(seed);

  it("stays finite", () => {
    expect(test.expected).toHaveLength(3);
    for (const result of test.expected) {
      expect([result.diverged, result.failed]).toEqual([-1, -1]);
      for (const group of result.groups) {
        for (const entry of group.entries) for (const slot of entry) expect(slot.every(Number.isFinite)).toBe(true);
      }
    }
  });

  it("has the same values in all runs where nothing varies", () => {
    const { nodes, loop } = test.program;
    // Recorded all at once at the first step.
    const entries = nodes.map(({ id }) => ({ name: `v${id}`, value: id }));
    const program = { ...test.program, loop: loop === null ? null : { ...loop, stop: null, groups: [{ entries }] } };
    const [first, ...others] = test.inputs.map(
      (inputs) => evaluateProgram(program, inputs, { steps: 0, groups: [[0]] }).last,
    );
    for (const other of others) {
      nodes.forEach(({ id }) => {
        if (!test.varying.has(id)) expect(at(at(other, 0), id)).toEqual(at(at(first ?? [], 0), id));
      });
    }
  });
});

describe("random programs", () => {
  it("differ in their ends: some runs stop, each at its own step", () => {
    const steps = Array.from({ length: 8 }, (_, seed) =>
      randomProgram(seed, { stop: true }).expected.map((run) => run.steps),
    );
    expect(steps.some((list) => new Set(list).size > 1)).toBe(true);
  });
});

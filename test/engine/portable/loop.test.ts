/** How runs end: stops, divergence, checks. */
import { describe, expect, it } from "vitest";
import { callInPieces } from "./pieces.js";
import { engine, entry, f32, list, Sheet, state } from "./sheet.js";

describe("ends of runs", () => {
  it("freezes a run that stops, at the step of its condition", () => {
    const s = new Sheet(3);
    const x = s.carried();
    const limit = s.input(f32(0, 2, 100), "f32");
    const stop = s.b.ge(x, limit);
    const loop = {
      carried: [state("x", s.b.constant(0, "f32"), s.b.add(x, s.b.constant(1, "f32")))],
      stop,
      groups: [
        {
          entries: [
            { name: "x", value: x },
            { name: "t", value: s.b.step() },
          ],
        },
      ],
    };
    const result = s.run(loop, 4, [[0, 1, 3, 4]]);
    expect(list(result.state.steps)).toEqual([0, 2, 4]);
    expect(list(result.state.alive)).toEqual([0, 0, 1]);
    expect(list(result.state.carried[0])).toEqual([0, 2, 4]);
    // After its end a run shows its last values.
    expect(entry(result)).toEqual([0, 0, 0, 0, 1, 1, 0, 2, 3, 0, 2, 4]);
    expect(entry(result, 0, 1)).toEqual([0, 0, 0, 0, 1, 1, 0, 2, 3, 0, 2, 4]);
    expect(result.last?.[0]?.map(list)).toEqual([
      [0, 2, 4],
      [0, 2, 4],
    ]);
    expect(result.finished).toBe(true);
  });

  it("ends a call early when no run goes on, and says so again when asked", () => {
    const s = new Sheet(2);
    const x = s.carried();
    const loop = {
      carried: [state("x", s.input(f32(1, 2), "f32"), s.b.add(x, s.b.constant(1, "f32")))],
      stop: s.b.ge(x, s.b.constant(4, "f32")),
      groups: [{ entries: [{ name: "x", value: x }] }],
    };
    const executable = s.prepare(loop);
    const schedule = { steps: 1000, groups: [[0, 3, 500]] };
    const result = executable.call({ arrays: s.arrays }, schedule, null, 1000);
    expect([result.finished, result.state.step, result.recorded.groups[0]?.count]).toEqual([true, 3, 2]);
    const again = executable.call({ arrays: s.arrays }, schedule, result.state, 1000);
    expect([again.finished, again.state, again.last]).toEqual([true, result.state, result.last]);
  });

  it("marks a run that becomes non-finite, and only that one", () => {
    const s = new Sheet(3);
    const x = s.carried();
    const loop = {
      carried: [state("x", s.input(f32(1, 1e13, 2), "f32"), s.b.mul(x, s.b.abs(x)), true)],
      stop: null,
      groups: [],
    };
    const result = s.run(loop, 6);
    // 1e13 -> 1e26 -> inf; 2 squared six times is 2^64.
    expect(list(result.state.diverged)).toEqual([-1, 2, -1]);
    expect(list(result.state.steps)).toEqual([6, 2, 6]);
    expect(list(result.state.alive)).toEqual([1, 0, 1]);
    expect(list(result.state.carried[0])).toEqual([1, Infinity, 2 ** 64]);
  });

  it("does not mind a value that starts non-finite, nor one that is not watched", () => {
    const s = new Sheet(2);
    const [least, free] = [s.carried(), s.carried()];
    const loop = {
      carried: [
        state("least", s.b.constant(Infinity, "f32"), s.b.min(least, s.input(f32(3, 4), "f32")), true),
        state("free", s.b.constant(1, "f32"), s.b.div(free, s.b.constant(0, "f32")), false),
      ],
      stop: null,
      groups: [],
    };
    for (const piece of [1, 100]) {
      const { state: end } = callInPieces(s.prepare(loop), s.arrays, { steps: 3, groups: [] }, piece);
      expect(list(end.diverged)).toEqual([-1, -1]);
      expect(end.carried.map(list)).toEqual([
        [3, 4],
        [Infinity, Infinity],
      ]);
    }
  });

  it("lets all runs diverge with a watched value that they share", () => {
    const s = new Sheet(2);
    const [x, y] = [s.carried(), s.carried()];
    const loop = {
      carried: [
        state("x", s.b.constant(1e20, "f32"), s.b.mul(x, x), true),
        state("y", s.input(f32(1, 2), "f32"), s.b.add(y, y), false),
      ],
      stop: null,
      groups: [],
    };
    const program = s.b.finish({ name: "shared", loop, outputs: [] });
    const varying = new Set(program.nodes.filter((node) => node.op === "input" || node.id === y).map(({ id }) => id));
    const executable = engine.prepare({ program, runs: 2, varying, slotsPerCall: 1 });
    const { state: end } = executable.call({ arrays: s.arrays }, { steps: 5, groups: [] }, null, 5);
    expect([list(end.diverged), end.step, list(end.carried[0])]).toEqual([[1, 1], 1, [Infinity]]);
  });

  it("fails a run whose check does not hold before an update, and not at the last step", () => {
    const s = new Sheet(3);
    const x = s.carried();
    const limit = s.input(Int32Array.of(2, 4, 3), "i32");
    s.b.check(s.b.lt(x, s.b.constant(1e9, "f32")), "large", null);
    s.b.check(s.b.lt(s.b.step(), limit), "late", null);
    const loop = {
      carried: [state("x", s.b.constant(0, "f32"), s.b.add(x, s.b.constant(1, "f32")))],
      stop: null,
      groups: [],
    };
    const { state: end } = s.run(loop, 3);
    expect(list(end.failed)).toEqual([1, -1, -1]);
    expect(list(end.failedAt)).toEqual([2, -1, -1]);
    expect(list(end.steps)).toEqual([2, 3, 3]);
    expect(list(end.carried[0])).toEqual([2, 3, 3]);
  });

  it("judges at the start a check that needs no state", () => {
    const s = new Sheet(2);
    const x = s.carried();
    s.b.check(s.b.gt(s.input(f32(-1, 1), "f32"), s.b.constant(0, "f32")), "negative", null);
    const loop = { carried: [state("x", s.b.constant(0, "f32"), s.b.exp(x))], stop: null, groups: [] };
    const { state: end } = s.run(loop, 0);
    expect([list(end.failed), list(end.failedAt), list(end.alive)]).toEqual([
      [0, -1],
      [0, -1],
      [0, 1],
    ]);
  });
});

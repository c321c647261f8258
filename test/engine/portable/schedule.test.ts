/** What is carried from step to step, and what a call takes of a schedule. */
import { describe, expect, it } from "vitest";
import { at } from "../../../src/ir/fault.js";
import { engine, entry, f32, list, Sheet, state } from "./sheet.js";

describe("carried values", () => {
  it("changes all of them at once, also when they only change places", () => {
    const s = new Sheet(2);
    const [x, y, z] = [s.carried(), s.carried(), s.carried()];
    const loop = {
      carried: [
        state("x", s.input(f32(1, 2), "f32"), y),
        state("y", s.input(f32(3, 4), "f32"), x),
        state("z", s.b.constant(7, "f32"), z),
      ],
      stop: null,
      groups: [],
    };
    const { state: end } = s.run(loop, 3);
    expect(end.carried.map(list)).toEqual([
      [3, 4],
      [1, 2],
      // What all runs share is kept once.
      [7],
    ]);
  });

  it("takes a transposed, a sliced and a constant next value", () => {
    const s = new Sheet(2);
    const [i, j] = [s.b.dim("i", 2), s.b.dim("j", 2)];
    const type = { dtype: "f32", dims: [i, j] } as const;
    const x = s.b.carried(type);
    const y = s.b.carried({ dtype: "f32", dims: [] });
    const turned = s.b.relabel(x, [i, j], [j, i]);
    const start = s.input(f32(1, 10, 2, 20, 3, 30, 4, 40), "f32", [i, j]);
    const loop = {
      carried: [
        state("x", start, s.b.ordered(turned, [i, j]), false, [i, j]),
        state("y", s.b.constant(0, "f32"), s.b.constant(5, "f32")),
      ],
      stop: null,
      groups: [
        {
          entries: [
            { name: "x", value: x },
            { name: "y", value: y },
          ],
        },
      ],
    };
    const result = s.run(loop, 1, [[0, 1]]);
    expect(list(result.state.carried[0])).toEqual([1, 10, 3, 30, 2, 20, 4, 40]);
    expect(list(result.state.carried[1])).toEqual([5]);
    expect(entry(result, 0, 1)).toEqual([0, 0, 5, 5]);
    expect(entry(result)).toEqual([1, 10, 2, 20, 3, 30, 4, 40, 1, 10, 3, 30, 2, 20, 4, 40]);
  });

  it("is content with empty dims and with no carried value", () => {
    const s = new Sheet(3);
    const none = s.b.dim("none", 0);
    const x = s.b.carried({ dtype: "f32", dims: [none] });
    const entries = [
      { name: "x", value: x },
      { name: "sum", value: s.b.reduceSum(x, [none]) },
    ];
    const loop = {
      carried: [state("x", s.b.zeros({ dtype: "f32", dims: [none] }), s.b.exp(x), true, [none])],
      stop: null,
      groups: [{ entries }],
    };
    const result = s.run(loop, 2, [[1]]);
    expect([entry(result), entry(result, 0, 1)]).toEqual([[], [0, 0, 0]]);
    const bare = new Sheet(2);
    const records = bare.run(
      { carried: [], stop: null, groups: [{ entries: [{ name: "t", value: bare.b.step() }] }] },
      2,
      [[0, 2]],
    );
    expect(entry(records)).toEqual([0, 0, 2, 2]);
  });
});

describe("schedules", () => {
  const counting = () => {
    const s = new Sheet(2);
    const x = s.carried();
    const loop = {
      carried: [state("x", s.input(f32(1, 2), "f32"), s.b.mul(x, s.b.constant(1.5, "f32")))],
      stop: null,
      groups: [{ entries: [{ name: "x", value: x }] }, { entries: [{ name: "t", value: s.b.step() }] }],
    };
    return { s, loop };
  };

  it("goes on from a finished state when there are more steps", () => {
    const { s, loop } = counting();
    const groups = [[0, 4, 9], [5]];
    const first = s.run(loop, 5, groups);
    expect([first.finished, first.recorded.groups.map((group) => group.count)]).toEqual([true, [2, 1]]);
    const rest = s.run(loop, 9, groups, first.state);
    const whole = s.run(loop, 9, groups);
    expect([rest.state, rest.last]).toEqual([whole.state, whole.last]);
    expect(rest.recorded.groups[0]).toMatchObject({ from: 2, count: 1 });
    // The slot at the old last step is filled once more, with the same values.
    expect(rest.recorded.groups[1]).toEqual(first.recorded.groups[1]);
  });

  it("fills no more slots than a call has room for", () => {
    const { s, loop } = counting();
    const result = s.prepare(loop, 2).call({ arrays: s.arrays }, { steps: 9, groups: [[0, 1, 2, 3], []] }, null, 9);
    expect([result.finished, result.state.step, result.recorded.groups[0]?.count]).toEqual([false, 2, 2]);
  });

  it("refuses inputs and states that do not fit", () => {
    const { s, loop } = counting();
    const schedule = { steps: 1, groups: [[], []] };
    expect(() => s.prepare(loop).call({ arrays: [f32(1)] }, schedule, null, 1)).toThrow("x0 wants 2 numbers");
    expect(() => s.prepare(loop).call({ arrays: [] }, schedule, null, 1)).toThrow("x0 is missing");
    const { state: kept } = s.run(loop, 1, [[], []]);
    const bad = { ...kept, carried: [Float64Array.of(1, 2)] };
    expect(() => s.prepare(loop).call({ arrays: s.arrays }, schedule, bad, 1)).toThrow("does not fit");
  });

  it("gives outputs and failed checks of a program without a loop", () => {
    const s = new Sheet(2);
    const x = s.input(f32(4, -4), "f32");
    s.b.check(s.b.ge(x, s.b.constant(0, "f32")), "negative", null);
    const outputs = [
      { name: "root", value: s.b.sqrt(x) },
      { name: "two", value: s.b.constant(2, "f32") },
    ];
    const program = s.b.finish({ name: "once", loop: null, outputs });
    const executable = engine.prepare({ program, runs: 2, varying: s.varyingOf(program), slotsPerCall: 1 });
    const result = executable.call({ arrays: s.arrays }, { steps: 0, groups: [] }, null, 0);
    expect(result.outputs?.map(list)).toEqual([
      [2, NaN],
      [2, 2],
    ]);
    expect([list(result.state.failed), result.finished, result.last]).toEqual([[-1, 0], true, []]);
    expect(at(list(result.state.failedAt), 1)).toBe(0);
  });
});

/** Stops, divergence, checks, slots and other matters of the loop, by small programs made by hand. */
import { describe, expect, it } from "vitest";
import { createPortableEngine } from "../../../src/engine/portable/index.js";
import type { BlockState, CallResult, Numbers } from "../../../src/engine/types.js";
import { Builder } from "../../../src/ir/builder.js";
import { at } from "../../../src/ir/fault.js";
import type { DimId, DType, Program, StepLoop, ValueId } from "../../../src/ir/types.js";
import { varyingValues } from "../../support/blocks.js";
import { callInPieces } from "./pieces.js";

const engine = createPortableEngine();

/** A sheet to write a program on: inputs with their arrays, all varying over runs unless told. */
class Sheet {
  readonly b = new Builder();
  readonly arrays: Numbers[] = [];
  private readonly varying = new Set<number>();

  constructor(readonly runs: number) {}

  /** One number for each run. */
  input(values: Numbers, dtype: DType, dims: readonly DimId[] = [], varies = true): ValueId {
    const index = this.arrays.push(values) - 1;
    if (varies) this.varying.add(index);
    const source = { kind: "scalar", index } as const;
    return this.b.input({ name: `x${index}`, type: { dtype, dims }, source });
  }

  carried(): ValueId {
    return this.b.carried({ dtype: "f32", dims: [] });
  }

  prepare(loop: StepLoop, slotsPerCall = 100) {
    const program = this.b.finish({ name: "test", loop, outputs: [] });
    return engine.prepare({ program, runs: this.runs, varying: this.varyingOf(program), slotsPerCall });
  }

  varyingOf(program: Program): ReadonlySet<ValueId> {
    return varyingValues(program, this.varying);
  }

  /** All in one call. */
  run(loop: StepLoop, steps: number, groups: readonly (readonly number[])[] = [], state: BlockState | null = null) {
    return this.prepare(loop).call({ arrays: this.arrays }, { steps, groups }, state, steps);
  }
}

const state = (name: string, init: ValueId, next: ValueId, watched = false, dims: readonly DimId[] = []) =>
  ({ name, role: "state", type: { dtype: "f32", dims }, init, next, watched }) as const;
const f32 = (...values: number[]): Float32Array => Float32Array.from(values);
const list = (values: ArrayLike<number> | undefined): number[] => Array.from(values ?? []);
const entry = (result: CallResult, group = 0, k = 0): number[] => list(result.recorded.groups[group]?.entries[k]);

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

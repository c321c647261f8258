/** What a loop means: the order of stop, records and updates, and how runs end. */
import { describe, expect, it } from "vitest";
import { Builder } from "../../src/ir/builder.js";
import { evaluateProgram } from "../../src/ir/oracle.js";
import type { Program, ValueId } from "../../src/ir/types.js";
import { verifyProgram } from "../../src/ir/verify.js";

interface Options {
  readonly init?: number;
  readonly watched?: boolean;
  readonly next?: (b: Builder, x: ValueId) => ValueId;
  readonly stop?: (b: Builder, x: ValueId) => ValueId;
  readonly check?: (b: Builder, x: ValueId) => ValueId;
}

/** A state that doubles at each step, with the state and the step recorded. */
function doubling(options: Options = {}): Program {
  const b = new Builder();
  const type = { dtype: "f64", dims: [] } as const;
  const x = b.carried(type);
  const next = options.next?.(b, x) ?? b.mul(x, b.constant(2, "f64"));
  if (options.check !== undefined) b.check(options.check(b, x), "too large", null);
  const program = b.finish({
    name: "doubling",
    loop: {
      carried: [
        {
          name: "x",
          role: "state",
          type,
          init: b.constant(options.init ?? 1, "f64"),
          next,
          watched: options.watched ?? true,
        },
      ],
      stop: options.stop?.(b, x) ?? null,
      groups: [
        {
          entries: [
            { name: "x", value: x },
            { name: "t", value: b.step() },
          ],
        },
      ],
    },
    outputs: [],
  });
  verifyProgram(program);
  return program;
}

const every = (steps: number) => ({ steps, groups: [Array.from({ length: steps + 1 }, (_, t) => t)] });

describe("a loop", () => {
  it("makes T updates and records states 0 … T", () => {
    const found = evaluateProgram(doubling(), [], every(3));
    expect(found.groups[0]?.entries[0]?.map((slot) => slot[0])).toEqual([1, 2, 4, 8]);
    expect(found.groups[0]?.entries[1]?.map((slot) => slot[0])).toEqual([0, 1, 2, 3]);
    expect(found).toMatchObject({ steps: 3, stopped: false, diverged: -1, failed: -1 });
    expect(found.last[0]?.[0]?.[0]).toBe(8);
  });

  it("records only the steps that are asked for", () => {
    const found = evaluateProgram(doubling(), [], { steps: 5, groups: [[0, 5]] });
    expect(found.groups[0]?.entries[0]?.map((slot) => slot[0])).toEqual([1, 32]);
  });

  it("ends where `stop` is true, before the update, and holds its values", () => {
    const stop = (b: Builder, x: ValueId): ValueId => b.ge(x, b.constant(4, "f64"));
    const found = evaluateProgram(doubling({ stop }), [], every(5));
    expect(found).toMatchObject({ steps: 2, stopped: true });
    expect(found.groups[0]?.taken).toBe(3);
    expect(found.groups[0]?.entries[0]?.map((slot) => slot[0])).toEqual([1, 2, 4, 4, 4, 4]);
    expect(found.groups[0]?.entries[1]?.map((slot) => slot[0])).toEqual([0, 1, 2, 2, 2, 2]);
    expect(found.last[0]?.[1]?.[0]).toBe(2);
  });

  it("diverges at the first step with a non-finite watched value", () => {
    const next = (b: Builder, x: ValueId): ValueId => b.div(b.constant(1, "f64"), b.sub(x, b.constant(1, "f64")));
    const found = evaluateProgram(doubling({ init: 2, next }), [], every(5));
    // 2, 1, then 1 / 0.
    expect(found).toMatchObject({ steps: 2, stopped: false, diverged: 2 });
    expect(found.groups[0]?.taken).toBe(2);
  });

  it("does not diverge by what is not watched or started non-finite", () => {
    const next = (b: Builder, x: ValueId): ValueId => b.div(x, b.constant(0, "f64"));
    expect(evaluateProgram(doubling({ next, watched: false }), [], every(3))).toMatchObject({ steps: 3, diverged: -1 });
    expect(evaluateProgram(doubling({ init: Infinity }), [], every(3))).toMatchObject({ steps: 3, diverged: -1 });
  });

  it("fails where a check does not hold", () => {
    const check = (b: Builder, x: ValueId): ValueId => b.lt(x, b.constant(4, "f64"));
    expect(evaluateProgram(doubling({ check }), [], every(5))).toMatchObject({ steps: 2, failed: 0, failedAt: 2 });
  });

  it("checks what an update needs only where there is one, and what cannot change before all else", () => {
    const check = (b: Builder, x: ValueId): ValueId => b.lt(x, b.constant(4, "f64"));
    expect(evaluateProgram(doubling({ check }), [], every(2))).toMatchObject({ steps: 2, failed: -1, failedAt: -1 });
    const stop = (b: Builder, x: ValueId): ValueId => b.ge(x, b.constant(1, "f64"));
    const never = (b: Builder): ValueId => b.constant(0, "bool");
    expect(evaluateProgram(doubling({ stop, check }), [], every(2))).toMatchObject({ stopped: true, failed: -1 });
    const found = evaluateProgram(doubling({ stop, check: never }), [], every(2));
    expect(found).toMatchObject({ stopped: false, failed: 0, failedAt: 0 });
    expect(found.groups[0]?.taken).toBe(0);
  });

  it("computes all next values from the old ones", () => {
    const b = new Builder();
    const type = { dtype: "f64", dims: [] } as const;
    const [x, y] = [b.carried(type), b.carried(type)];
    const carried = [
      { name: "x", role: "state", type, init: b.constant(1, "f64"), next: y, watched: true },
      { name: "y", role: "state", type, init: b.constant(2, "f64"), next: b.add(x, y), watched: true },
    ] as const;
    const program = b.finish({ name: "two", loop: { carried, stop: null, groups: [] }, outputs: [] });
    expect(evaluateProgram(program, [], { steps: 3, groups: [] }).carried.map((value) => value[0])).toEqual([5, 8]);
  });
});

describe("rounding", () => {
  it("happens at constants, inputs and casts only", () => {
    const b = new Builder();
    const x = b.input({ name: "x", type: { dtype: "f32", dims: [] }, source: { kind: "scalar", index: 0 } });
    const values = [x, b.mul(x, x), b.cast(b.cast(x, "f64"), "f32"), b.constant(0.1, "f32")];
    const program = b.finish({ name: "r", loop: null, outputs: values.map((value, k) => ({ name: `y${k}`, value })) });
    const f = Math.fround(0.1);
    expect(evaluateProgram(program, [Float64Array.of(0.1)]).outputs.map((y) => y[0])).toEqual([f, f * f, f, f]);
  });
});

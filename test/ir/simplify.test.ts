/** Simplification keeps what a program computes, and makes contractions of sums of products. */
import { describe, expect, it } from "vitest";
import type { Builder } from "../../src/ir/builder.js";
import { gradient } from "../../src/ir/derive.js";
import { at } from "../../src/ir/fault.js";
import { evaluateProgram } from "../../src/ir/oracle.js";
import { simplifyProgram } from "../../src/ir/simplify.js";
import type { DimId, Program, ValueId } from "../../src/ir/types.js";
import { verifyProgram } from "../../src/ir/verify.js";
import { difference } from "../support/blocks.js";
import { opCases } from "../support/op-cases.js";
import { randomProgram } from "../support/programs.js";
import { Builder as NewBuilder } from "../../src/ir/builder.js";

const close = { relative: 1e-11, absolute: 1e-11 };

describe("the same values", () => {
  it("come out of every op case", () => {
    for (const batch of opCases(11, { samples: 3 })) {
      const simple = simplifyProgram(batch.program);
      verifyProgram(simple);
      const inputs = inputsFor(batch.program, simple, at(batch.inputs, 0));
      const before = evaluateProgram(batch.program, at(batch.inputs, 0)).outputs;
      const after = evaluateProgram(simple, inputs).outputs;
      batch.cases.forEach((each, k) => {
        expect(difference(at(after, k), at(before, k), close), each.name).toBeNull();
      });
    }
  });

  it.each(Array.from({ length: 25 }, (_, k) => k + 100))("come out of random program %i", (seed) => {
    const test = randomProgram(seed, { runs: 2, dtype: "f64" });
    const simple = simplifyProgram(test.program);
    verifyProgram(simple);
    expect(simple.nodes.length).toBeLessThan(test.program.nodes.length);
    test.inputs.forEach((inputs, run) => {
      const found = evaluateProgram(simple, inputsFor(test.program, simple, inputs), test.schedule);
      const expected = at(test.expected, run);
      expect(found).toMatchObject({ steps: expected.steps, stopped: expected.stopped, diverged: expected.diverged });
      const flat = (result: typeof found) => [...result.groups.flatMap((g) => g.entries.flat()), ...result.carried];
      flat(expected).forEach((array, k) => {
        expect(difference(at(flat(found), k), array, close)).toBeNull();
      });
    });
    expect(simplifyProgram(simple)).toEqual(simple);
  });
});

/** Inputs that nothing needs are gone: the others are found by name. */
function inputsFor(before: Program, after: Program, inputs: readonly Float64Array[]): Float64Array[] {
  return after.inputs.map(({ name }) =>
    at(
      inputs,
      before.inputs.findIndex((input) => input.name === name),
    ),
  );
}

/** The ops of a simplified formula of three matrices a[i, j], c[j, k], e[k]. */
function opsOf(f: (b: Builder, values: readonly ValueId[], dims: readonly DimId[]) => ValueId): string[] {
  const b = new NewBuilder();
  const dims = [b.dim("i", 3), b.dim("j", 4), b.dim("k", 5)];
  const [i = -1, j = -1, k = -1] = dims;
  const values = [[i, j], [j, k], [k]].map((each, n) =>
    b.input({
      name: `x${n}`,
      type: { dtype: "f32", dims: each },
      source: { kind: "result", phase: "test", value: `x${n}` },
    }),
  );
  const program = b.finish({ name: "f", loop: null, outputs: [{ name: "y", value: f(b, values, dims) }] });
  const simple = simplifyProgram(program);
  verifyProgram(simple);
  return simple.nodes.map(({ op }) => op).filter((op) => op !== "input");
}

describe("reads", () => {
  it("that are alike are one in a step, whatever their labels are called", () => {
    const b = new NewBuilder();
    const [i, j] = [b.dim("i", 3), b.dim("j", 4)];
    const source = { kind: "result", phase: "test", value: "a" } as const;
    const a = b.input({ name: "a", type: { dtype: "f32", dims: [i, j] }, source });
    const read = (label: DimId): ValueId => b.gather(b.relabel(a, [i], [label]), b.step(), label);
    expect(read(b.dim("first", 3))).toBe(read(b.dim("second", 3)));
  });
});

describe("fusion", () => {
  it("makes contractions of sums of products, also of several factors", () => {
    expect(opsOf((b, [a = -1, c = -1], [, j = -1]) => b.reduceSum(b.mul(a, c), [j]))).toEqual(["contract"]);
    expect(
      opsOf((b, [a = -1, c = -1, e = -1], [, j = -1, k = -1]) => {
        return b.reduceSum(b.mul(b.reduceSum(b.mul(a, c), [j]), e), [k]);
      }),
    ).toEqual(["contract"]);
  });

  it("leaves a product alone that is used twice", () => {
    const found = opsOf((b, [a = -1, c = -1], [, j = -1]) => {
      const product = b.mul(a, c);
      return b.add(b.reduceSum(product, [j]), b.reduceMax(product, [j]));
    });
    expect(found).toContain("mul");
  });

  it("pulls factors out that the sum does not run over, and takes unconnected sums apart", () => {
    expect(opsOf((b, [a = -1, , e = -1], [, j = -1]) => b.contract([a, e], [j]))).toEqual(["reduce_sum", "mul"]);
    const apart = opsOf((b, [a = -1, , e = -1], [i = -1, , k = -1]) => b.contract([a, e], [i, k]));
    expect(apart.sort()).toEqual(["mul", "reduce_sum", "reduce_sum"]);
  });

  it("does not take the label of an inner sum for one outside", () => {
    const b = new NewBuilder();
    const [i, j] = [b.dim("i", 2), b.dim("j", 2)];
    const source = { kind: "result", phase: "test", value: "x" } as const;
    const x = b.input({ name: "x", type: { dtype: "f64", dims: [i, j] }, source });
    // (sum_j x_ij) x_ij summed over j again: the inner j is another one.
    const inner = b.contract([x, b.exp(x)], [j]);
    const value = b.contract([inner, x], [j]);
    const program = b.finish({ name: "f", loop: null, outputs: [{ name: "y", value }] });
    const simple = simplifyProgram(program);
    verifyProgram(simple);
    const data = [Float64Array.of(1, 2, 3, 4)];
    const [before, after] = [program, simple].map((p) => evaluateProgram(p, data).outputs[0] ?? []);
    after?.forEach((y, k) => expect(y).toBeCloseTo(at(before ?? [], k), 9));
  });

  it("keeps what is computed once out of what changes", () => {
    const b = new NewBuilder();
    const [i, j] = [b.dim("i", 2), b.dim("j", 2)];
    const type = { dtype: "f64", dims: [i] } as const;
    const x = b.input({
      name: "x",
      type: { dtype: "f64", dims: [i, j] },
      source: { kind: "result", phase: "test", value: "x" },
    });
    const w = b.carried(type);
    const next = b.broadcast(b.contract([b.contract([x, b.exp(x)], [j]), w], [i]), [i]);
    const program = b.finish({
      name: "f",
      loop: {
        carried: [{ name: "w", role: "state", type, init: b.constant(1, "f64", [i]), next, watched: true }],
        stop: null,
        groups: [],
      },
      outputs: [],
    });
    expect(simplifyProgram(program).nodes.filter(({ op }) => op === "contract")).toHaveLength(2);
  });

  it("makes the gradient of a linear model one contraction", () => {
    const found = opsOf((b, [a = -1, c = -1], [, j = -1]) => {
      const scores = b.contract([a, c], [j]);
      const loss = b.reduceSum(b.powerInt(scores, 2), b.dimsOf(scores));
      return at(gradient(b, loss, [c]), 0);
    });
    // Two labels of the inner sum are also labels of the result: renamed, at no cost.
    expect(found.sort()).toEqual(["constant", "contract", "mul", "relabel", "relabel"]);
  });
});

describe("what nothing needs", () => {
  it("goes, inputs included, but carried values stay", () => {
    const test = randomProgram(7, { runs: 1 });
    const { loop } = test.program;
    if (loop === null) throw new Error("no loop");
    const bare = simplifyProgram({ ...test.program, loop: { ...loop, groups: [], stop: null } });
    expect(bare.loop?.carried.map(({ name }) => name)).toEqual(loop.carried.map(({ name }) => name));
    expect(bare.dims.every(({ id }) => bare.nodes.some(({ type }) => type.dims.includes(id)))).toBe(true);
  });
});

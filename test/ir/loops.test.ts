/** Loops inside of a step: what they mean, what is left of them when they are simplified, and their derivatives. */
import { describe, expect, it } from "vitest";
import type { Builder } from "../../src/ir/builder.js";
import { makeLoop } from "../../src/ir/compose/loop.js";
import { at } from "../../src/ir/fault.js";
import { evaluateProgram } from "../../src/ir/oracle.js";
import { simplifyProgram } from "../../src/ir/simplify.js";
import type { ValueId } from "../../src/ir/types.js";
import { verifyProgram } from "../../src/ir/verify.js";
import { compareDerivatives, differentiable } from "../support/derivative-checks.js";
import { Sheet } from "../support/evaluate.js";
import { randomProgram } from "../support/programs.js";

describe("a loop inside of a step", () => {
  it("adds up as a written-out sum does", () => {
    const sheet = new Sheet();
    const { b } = sheet;
    const { dim, x } = sheet.row([2, 3, 5, 7]);
    const count = sheet.input([3], [], "i32");
    const { done, finals, ...loop } = makeLoop(
      b,
      count,
      4,
      [{ type: { dtype: "f64", dims: [] }, initial: b.constant(1, "f64") }],
      (position, [sum = -1]) => {
        const next = b.add(b.mul(sum, b.constant(10, "f64")), b.gather(x, position, dim));
        return { next: [next], stacked: [sum], until: null };
      },
    );
    const to = b.dim("iteration", 4);
    expect(sheet.evaluate(at(finals, 0), done, loop.stack(0, to))).toEqual([[1235], [3], [1, 12, 123, 0]]);
  });

  it.each([
    [100, 7, 128],
    [5, 5, 32],
    [0, 0, 1],
  ])("of at most %i doublings ends before one when it has reached 100", (most, iterations, value) => {
    const sheet = new Sheet();
    const { b } = sheet;
    const begin = sheet.input([1]);
    const { done, finals } = makeLoop(
      b,
      b.constant(most, "i32"),
      most,
      [{ type: { dtype: "f64", dims: [] }, initial: begin }],
      (_, [x = -1]) => ({ next: [b.add(x, x)], stacked: [], until: b.ge(x, b.constant(100, "f64")) }),
    );
    expect(sheet.evaluate(at(finals, 0), done)).toEqual([[value], [iterations]]);
  });

  it("keeps its values when it is simplified", () => {
    for (let seed = 0; seed < 30; seed++) {
      const { program, inputs, schedule } = randomProgram(seed, { loops: true, runs: 1, dtype: "f64" });
      const simple = simplifyProgram(program);
      verifyProgram(simple);
      expect(simple.nodes.length).toBeLessThanOrEqual(program.nodes.length);
      // Inputs that nothing needs are gone.
      const numbers = new Map(program.inputs.map(({ name }, k) => [name, at(at(inputs, 0), k)]));
      const given = (each: typeof program) => each.inputs.map(({ name }) => numbers.get(name) ?? new Float64Array());
      const [expected, found] = [program, simple].map((each) => evaluateProgram(each, given(each), schedule));
      const flat = (result: typeof expected) => [
        ...(result?.carried ?? []).flatMap((value) => [...value]),
        ...(result?.groups ?? []).flatMap(({ entries }) => entries.flat().flatMap((value) => [...value])),
      ];
      const [a, c] = [flat(expected), flat(found)];
      expect(c).toHaveLength(a.length);
      a.forEach((number, k) => expect(Math.abs(at(c, k) - number), `seed ${seed}`).toBeLessThan(1e-9));
    }
  });

  it("loses states and stacks that nobody reads, and is one loop where a derivative keeps its states", () => {
    const { program } = randomProgram(3, { loops: true });
    const loops = simplifyProgram(program).nodes.filter(({ op }) => op === "loop");
    const ids = loops.map((node) => (node.op === "loop" ? node.attributes.loop : -1));
    expect(new Set(ids).size).toBe(ids.length);
    expect(loops.length).toBeGreaterThan(0);
  });
});

/** x[i] and w go through iterations with an inner loop, an end of their own, and a stack that is summed. */
function iterated(b: Builder, [x = -1, w = -1, count = -1]: readonly ValueId[]): ValueId {
  const [i = -1] = b.dimsOf(x);
  const scalar = { dtype: "f64", dims: [] } as const;
  const outer = makeLoop(
    b,
    count,
    5,
    [
      { type: b.typeOf(x), initial: b.sin(x) },
      { type: scalar, initial: w },
      { type: { dtype: "i32", dims: [] }, initial: b.constant(0, "i32") },
    ],
    (position, [y = -1, v = -1, k = -1]) => {
      const place = b.cast(position, "f64");
      const inner = makeLoop(b, b.constant(2, "i32"), 2, [{ type: scalar, initial: v }], (turn, [u = -1]) => ({
        next: [b.tanh(b.add(b.mul(u, w), b.cast(b.add(turn, k), "f64")))],
        stacked: [b.mul(u, u)],
        until: null,
      }));
      const to = b.dim("turn", 2);
      const squares = b.reduceSum(inner.stack(0, to), [to]);
      const next = b.tanh(b.add(b.mul(y, b.mul(w, at(inner.finals, 0))), b.mul(x, b.add(place, squares))));
      return {
        next: [next, b.sin(b.add(v, b.reduceSum(b.mul(y, x), [i]))), b.add(k, b.constant(1, "i32"))],
        stacked: [b.mul(y, b.add(place, b.constant(1, "f64")))],
        until: b.ge(position, b.constant(4, "i32")),
      };
    },
  );
  const to = b.dim("iteration", 5);
  const kept = b.reduceSum(b.powerInt(outer.stack(0, to), 2), [to]);
  return b.add(b.mul(at(outer.finals, 0), at(outer.finals, 1)), kept);
}

describe("derivatives of loops inside of a step", () => {
  it.each([
    [1, 0],
    [1, 1],
    [1, 3],
    [1, 5],
    [2, 1],
    [2, 3],
  ] as const)("of order %i agree after %i iterations", (order, count) => {
    for (let seed = 1; seed <= 5; seed++) {
      const given = differentiable(
        seed,
        (s) => {
          const i = s.dim(3);
          return [s.tensor([i]), s.tensor([]), { type: { dtype: "i32", dims: [] }, data: Float64Array.of(count) }];
        },
        iterated,
      );
      const found = compareDerivatives(given, order);
      expect(Math.abs(found.forward - found.differences), `forward, seed ${seed}`).toBeLessThan(2e-6 * found.scale);
      expect(Math.abs(found.forward - found.reverse), `reverse, seed ${seed}`).toBeLessThan(1e-9 * found.scale);
    }
  });
});

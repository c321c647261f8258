/** Orders of contractions: the best is found, and every tree computes the same. */
import { describe, expect, it } from "vitest";
import { Builder } from "../../src/ir/builder.js";
import type { ContractionTree } from "../../src/ir/contraction.js";
import { contractionCost, orderContraction } from "../../src/ir/contraction.js";
import { at } from "../../src/ir/fault.js";
import { ops } from "../../src/ir/ops/index.js";
import { evaluateProgram } from "../../src/ir/oracle.js";
import { Sampler } from "../../src/ir/sampler.js";
import type { ValueId } from "../../src/ir/types.js";

function shape(tree: ContractionTree): string {
  return tree.kind === "operand" ? String(tree.index) : `(${shape(tree.left)} ${shape(tree.right)})`;
}

/** Computes a tree with contractions of one and of two operands. */
function compute(b: Builder, tree: ContractionTree, operands: readonly ValueId[]): ValueId {
  if (tree.kind === "operand") return b.reduceSum(at(operands, tree.index), tree.over);
  return b.contract([compute(b, tree.left, operands), compute(b, tree.right, operands)], tree.over);
}

describe("the order of a contraction", () => {
  it("multiplies a matrix by a vector first", () => {
    const b = new Builder();
    const [i, j, k] = [b.dim("i", 50), b.dim("j", 60), b.dim("k", 70)];
    const tree = orderContraction([{ dims: [i, j] }, { dims: [j, k] }, { dims: [k] }], [j, k], b);
    expect(shape(tree)).toBe("(0 (1 2))");
    expect(contractionCost(tree, [{ dims: [i, j] }, { dims: [j, k] }, { dims: [k] }], b)).toBe(60 * 70 + 50 * 60);
  });

  it("sums a dim that only one operand has before anything else", () => {
    const b = new Builder();
    const [i, j] = [b.dim("i", 5), b.dim("j", 6)];
    const tree = orderContraction([{ dims: [i, j] }, { dims: [i] }], [i, j], b);
    expect(tree.kind === "pair" && tree.left).toMatchObject({ over: [j], dims: [i] });
  });

  it("computes what changes seldom apart", () => {
    const b = new Builder();
    const [i, j, k] = [b.dim("i", 5), b.dim("j", 5), b.dim("k", 5)];
    const operands = [
      { dims: [i, j], weight: 1 },
      { dims: [j, k], weight: 1 },
      { dims: [k], weight: 1000 },
    ];
    expect(shape(orderContraction(operands, [j, k], b))).toBe("((0 1) 2)");
  });

  it("never changes the value, and the exhaustive order is no worse than the greedy one", () => {
    for (let seed = 1; seed <= 40; seed++) {
      const b = new Builder();
      const s = new Sampler(seed, b, "f64", 4);
      const dims = s.dims(2, 5);
      const samples = Array.from({ length: s.int(1, 10) }, () => s.tensor(s.subset(dims, 0.5)));
      const inputs = samples.map(({ type }, k) =>
        b.input({ name: `x${k}`, type, source: { kind: "result", phase: "test", value: `x${k}` } }),
      );
      const present = dims.filter((dim) => samples.some(({ type }) => type.dims.includes(dim)));
      const over = s.subset(present, 0.6);
      const whole = b.append("contract", inputs, { over }, null);
      const tree = orderContraction(
        samples.map(({ type }) => type),
        over,
        b,
      );
      const pieces = b.ordered(compute(b, tree, inputs), b.dimsOf(whole));
      const outputs = [whole, pieces].map((value, k) => ({ name: `y${k}`, value }));
      const program = b.finish({ name: "contraction", loop: null, outputs });
      const [x, y] = evaluateProgram(
        program,
        samples.map(({ data }) => data),
      ).outputs;
      expect(y?.length).toBe(x?.length);
      y?.forEach((value, k) => {
        expect(value).toBeCloseTo(x?.[k] ?? NaN, 9);
      });
    }
    expect(ops.contract.commutative).toBe(true);
  });
});

/** Counts of what is true at once: the same as products of ones and zeros as they are by comparing. */
import { describe, expect, test } from "vitest";
import { Builder } from "../../src/ir/builder.js";
import { countByProducts } from "../../src/ir/coincidences.js";
import { evaluateProgram } from "../../src/ir/oracle.js";
import type { DimId, Program, ValueId } from "../../src/ir/types.js";
import { verifyProgram } from "../../src/ir/verify.js";

interface Given {
  readonly b: Builder;
  readonly i: DimId;
  readonly j: DimId;
  readonly k: DimId;
  /** Whether entries of data are true. */
  readonly some: (name: string, dims: readonly DimId[]) => ValueId;
}

function programOf(make: (given: Given) => ValueId): { readonly program: Program; readonly inputs: Float64Array[] } {
  const b = new Builder();
  const [i, j, k] = [b.dim("i", 4), b.dim("j", 5), b.dim("k", 7)];
  const inputs: Float64Array[] = [];
  const some = (name: string, dims: readonly DimId[]): ValueId => {
    const count = dims.reduce((product, dim) => product * b.size(dim), 1);
    inputs.push(Float64Array.from({ length: count }, (_, n) => ((n * 13 + inputs.length * 5) % 3 === 0 ? 1 : 0)));
    const source = { kind: "data", dataset: 0, column: name } as const;
    return b.input({ name, type: { dtype: "bool", dims }, source });
  };
  const value = make({ b, i, j, k, some });
  return { program: b.finish({ name: "counts", loop: null, outputs: [{ name: "count", value }] }), inputs };
}

const products: Readonly<Record<string, (given: Given) => ValueId>> = {
  "a count": ({ b, i, j, k, some }) => b.reduceSum(b.cast(b.and(some("x", [i, k]), some("y", [j, k])), "i32"), [k]),
  "a sum of ones, in another order": ({ b, i, j, k, some }) => {
    const both = b.and(some("y", [k, j]), some("x", [i, k]));
    const one = b.constant(1, "f32");
    return b.reduceSum(b.select(both, one, b.number(0, one)), [k]);
  },
  "any, of three with one that belongs to both": ({ b, i, j, k, some }) =>
    b.reduceAny(b.and(b.and(some("x", [i, k]), some("z", [k])), some("y", [j, k])), [k]),
  "over dims of one factor alone": ({ b, i, j, k, some }) =>
    b.reduceSum(b.cast(b.and(some("x", [i, k]), some("y", [j])), "i32"), [k, j]),
};
const kept: typeof products = {
  "a factor that has all dims": ({ b, i, j, k, some }) => b.reduceAny(b.and(some("x", [i, j, k]), some("y", [k])), [k]),
  "a sum of twos": ({ b, i, j, k, some }) => {
    const two = b.constant(2, "f32");
    return b.reduceSum(b.select(b.and(some("x", [i, k]), some("y", [j, k])), two, b.number(0, two)), [k]);
  },
  "what is true of one or the other": ({ b, i, j, k, some }) =>
    b.reduceSum(b.cast(b.or(some("x", [i, k]), some("y", [j, k])), "i32"), [k]),
};

const multiplies = (program: Program): boolean => program.nodes.some(({ op }) => op === "contract");

describe.each([
  ["become products", products, true],
  ["stay as they are", kept, false],
] as const)("%s", (_, cases, asProduct) => {
  test.each(Object.entries(cases))("%s", (_name, make) => {
    const { program, inputs } = programOf(make);
    const rewritten = countByProducts(program, 1);
    verifyProgram(rewritten);
    expect(multiplies(rewritten)).toBe(asProduct);
    const before = evaluateProgram(program, inputs);
    const after = evaluateProgram(rewritten, inputs);
    expect(after.outputs).toEqual(before.outputs);
    expect(new Set(before.outputs[0]).size).toBeGreaterThan(1);
  });
});

test("few comparisons are made as they are", () => {
  const { program } = programOf(({ b, i, j, k, some }) =>
    b.reduceSum(b.cast(b.and(some("x", [i, k]), some("y", [j, k])), "i32"), [k]),
  );
  expect(multiplies(countByProducts(program))).toBe(false);
});

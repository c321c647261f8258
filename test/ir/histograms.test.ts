/** Counts of coincidences by place: the same counts as by comparing everything with everything. */
import { describe, expect, test } from "vitest";
import { Builder } from "../../src/ir/builder.js";
import { at } from "../../src/ir/fault.js";
import { countByPlaces } from "../../src/ir/histograms.js";
import { evaluateProgram } from "../../src/ir/oracle.js";
import type { DimId, Program, ValueId } from "../../src/ir/types.js";
import { verifyProgram } from "../../src/ir/verify.js";

interface Counting {
  readonly b: Builder;
  readonly entry: DimId;
  readonly line: DimId;
  /** Ints from -1 to `size`, so that some are outside. */
  readonly symbol: (name: string, size: number) => ValueId;
}

function programOf(condition: (given: Counting) => { readonly counted: ValueId; readonly over: readonly DimId[] }): {
  readonly program: Program;
  readonly inputs: readonly Float64Array[];
} {
  const b = new Builder();
  const [line, entry] = [b.dim("line", 3), b.dim("entry", 40)];
  const inputs: Float64Array[] = [];
  const symbol = (name: string, size: number): ValueId => {
    inputs.push(Float64Array.from({ length: 120 }, (_, k) => ((k * (inputs.length + 7) * 13) % (size + 2)) - 1));
    const source = { kind: "data", dataset: 0, column: name } as const;
    return b.input({ name, type: { dtype: "i32", dims: [line, entry] }, source });
  };
  const { counted, over } = condition({ b, entry, line, symbol });
  const value = b.reduceSum(b.cast(b.broadcast(counted, [...new Set([...b.dimsOf(counted), ...over])]), "i32"), over);
  return { program: b.finish({ name: "counts", loop: null, outputs: [{ name: "count", value }] }), inputs };
}

const cases: Readonly<Record<string, (given: Counting) => { counted: ValueId; over: readonly DimId[] }>> = {
  "one symbol": ({ b, line, entry, symbol }) => {
    const k = b.dim("k", 50);
    return { counted: b.eq(symbol("x", 50), b.iota(k)), over: [line, entry] };
  },
  "pairs, under a condition": ({ b, line, entry, symbol }) => {
    const [j, k] = [b.dim("j", 6), b.dim("k", 8)];
    const some = b.lt(b.iota(entry), b.constant(25, "i32"));
    const pair = b.and(b.eq(b.iota(j), symbol("x", 6)), b.eq(symbol("y", 8), b.iota(k)));
    return { counted: b.and(some, pair), over: [line, entry] };
  },
  "lines for themselves, in another order": ({ b, entry, symbol }) => {
    const [j, k] = [b.dim("j", 7), b.dim("k", 9)];
    return { counted: b.and(b.eq(symbol("y", 9), b.iota(k)), b.eq(symbol("x", 7), b.iota(j))), over: [entry] };
  },
};
const kept: typeof cases = {
  "a place that another condition looks at": ({ b, line, entry, symbol }) => {
    const k = b.dim("k", 50);
    const x = symbol("x", 50);
    return { counted: b.and(b.eq(x, b.iota(k)), b.lt(symbol("y", 50), b.iota(k))), over: [line, entry] };
  },
  "few places": ({ b, line, entry, symbol }) => {
    const k = b.dim("k", 20);
    return { counted: b.eq(symbol("x", 20), b.iota(k)), over: [line, entry] };
  },
  "a sum along the places themselves": ({ b, line, entry, symbol }) => {
    const k = b.dim("k", 50);
    return { counted: b.eq(symbol("x", 50), b.iota(k)), over: [line, entry, k] };
  },
};
const comparesAll = (program: Program): boolean => program.nodes.every(({ op }) => op !== "scatter_add");

describe("the same counts", () => {
  test.each(Object.entries({ ...cases, ...kept }))("%s", (name, condition) => {
    const { program, inputs } = programOf(condition);
    const rewritten = countByPlaces(program, 1);
    verifyProgram(rewritten);
    expect(comparesAll(rewritten)).toBe(name in kept);
    const wanted = at(evaluateProgram(program, inputs).outputs, 0);
    expect(wanted.some((count) => count > 0)).toBe(true);
    const found = evaluateProgram(
      rewritten,
      rewritten.inputs.map(({ name: own }) => inputNamed(program, inputs, own)),
    );
    expect(at(found.outputs, 0)).toEqual(wanted);
  });

  test("few comparisons stay comparisons", () => {
    expect(comparesAll(countByPlaces(programOf(at(Object.values(cases), 0)).program))).toBe(true);
  });
});

function inputNamed(program: Program, inputs: readonly Float64Array[], name: string): Float64Array {
  return at(
    inputs,
    program.inputs.findIndex((input) => input.name === name),
  );
}

/** The small print of language.md, section 12, as the oracle has it: values and derivatives at kinks, ties, zeros and over nothing. */
import { describe, expect, it } from "vitest";
import type { Builder } from "../../src/ir/builder.js";
import { norm, relu, sphere, standardDeviation } from "../../src/ir/index.js";
import { gradient, tangent } from "../../src/ir/derive.js";
import type { DimId, ValueId } from "../../src/ir/types.js";
import { Sheet } from "../support/evaluate.js";

/** f and its derivative along a row; `f` returns a scalar or is summed. */
function slopes(data: readonly number[], f: (b: Builder, x: ValueId, dim: DimId) => ValueId): number[] {
  const sheet = new Sheet();
  const { dim, x } = sheet.row(data);
  const y = f(sheet.b, x, dim);
  const [slope = -1] = gradient(sheet.b, sheet.b.reduceSum(y, sheet.b.dimsOf(y)), [x]);
  return sheet.evaluate(slope)[0] ?? [];
}

describe("kinks", () => {
  it("relu and abs have derivative 0 at 0", () => {
    expect(slopes([-1, 0, 2], (b, x) => relu(b, x))).toEqual([0, 0, 1]);
    expect(slopes([-1, 0, 2], (b, x) => b.abs(x))).toEqual([-1, 0, 1]);
  });

  it("sign, floor, ceil and round have derivative 0", () => {
    for (const op of ["sign", "floor", "ceil", "round", "stop"] as const) {
      expect(slopes([-1.5, 0, 2.5], (b, x) => b.apply(op, [x], {}))).toEqual([0, 0, 0]);
    }
  });

  it("max and min share equally at a tie", () => {
    expect(slopes([1, 2, 3], (b, x) => b.max(x, b.constant(2, "f64")))).toEqual([0, 0.5, 1]);
    expect(slopes([1, 2, 3], (b, x) => b.min(x, b.constant(2, "f64")))).toEqual([1, 0.5, 0]);
    expect(slopes([1, 3, 3, 2], (b, x, dim) => b.reduceMax(x, [dim]))).toEqual([0, 0.5, 0.5, 0]);
    expect(slopes([1, 1, 1, 2], (b, x, dim) => b.reduceMin(x, [dim]))).toEqual([1 / 3, 1 / 3, 1 / 3, 0]);
  });

  it("a norm, its direction and a standard deviation have derivative 0 where they are 0", () => {
    expect(slopes([0, 0], (b, x, dim) => norm(b, x, [dim]))).toEqual([0, 0]);
    expect(slopes([0, 0], (b, x, dim) => sphere(b, x, [dim]))).toEqual([0, 0]);
    expect(slopes([7, 7], (b, x, dim) => standardDeviation(b, x, [dim]))).toEqual([0, 0]);
  });

  it("x^n has derivative n x^(n-1), also at 0", () => {
    expect(slopes([0, 3], (b, x) => b.powerInt(x, 1))).toEqual([1, 1]);
    expect(slopes([0, 3], (b, x) => b.powerInt(x, 0))).toEqual([0, 0]);
    expect(slopes([0, 3], (b, x) => b.powerInt(x, 2))).toEqual([0, 6]);
    expect(slopes([0, 3], (b, x) => b.pow(x, b.constant(2, "f64")))).toEqual([0, 6]);
    expect(slopes([0, 3], (b, x) => b.pow(x, b.constant(0, "f64")))).toEqual([0, 0]);
  });

  it("a product has the product of the others as derivative, also with zeros", () => {
    const product = (b: Builder, x: ValueId, dim: DimId): ValueId => b.reduceProd(x, [dim]);
    expect(slopes([2, 0, 3], product)).toEqual([0, 6, 0]);
    expect(slopes([2, 0, 0], product)).toEqual([0, 0, 0]);
    expect(slopes([2, 3, 4], product)).toEqual([12, 8, 6]);
    expect(slopes([2, 0, 3], (b, x, dim) => b.cumulativeProd(x, dim))).toEqual([1, 2 + 6, 0]);
  });

  it("second derivatives of a product with a zero are exact", () => {
    const sheet = new Sheet();
    const { dim, x } = sheet.row([2, 0, 3]);
    const { b } = sheet;
    const [first = -1] = gradient(b, b.reduceProd(x, [dim]), [x]);
    const entry = b.data([1, 0, 0], { dtype: "f64", dims: [dim] });
    const [second = -1] = gradient(b, b.reduceSum(b.mul(first, entry), [dim]), [x]);
    expect(sheet.evaluate(second)).toEqual([[0, 3, 0]]);
  });
});

describe("values", () => {
  it("are those of the empty set over nothing", () => {
    const sheet = new Sheet();
    const { b } = sheet;
    const { dim, x } = sheet.row([]);
    const { dim: other, x: condition } = sheet.row([], "bool");
    const found = sheet.evaluate(
      b.reduceSum(x, [dim]),
      b.reduceProd(x, [dim]),
      b.reduceMax(x, [dim]),
      b.reduceMin(x, [dim]),
      b.reduceAny(condition, [other]),
      b.reduceAll(condition, [other]),
      b.argMax(x, dim),
    );
    expect(found.flat()).toEqual([0, 1, -Infinity, Infinity, 0, 1, 0]);
  });

  it("0^0 is 1, mod is floored, halves round to even", () => {
    const sheet = new Sheet();
    const { b } = sheet;
    const zero = sheet.input([0]);
    const seven = sheet.input([-7]);
    const { x } = sheet.row([0.5, 1.5, 2.5, -0.5, -1.5]);
    const found = sheet.evaluate(
      b.pow(zero, zero),
      b.powerInt(zero, 0),
      b.mod(seven, b.constant(3, "f64")),
      b.floorDiv(seven, b.constant(3, "f64")),
      b.round(x),
    );
    expect(found.map((row) => row.map((v) => v + 0))).toEqual([[1], [1], [2], [-3], [0, 2, 2, 0, -2]]);
  });

  it("argmax takes the first of several, also where all are -inf", () => {
    const sheet = new Sheet();
    const { b } = sheet;
    const ties = sheet.row([1, 3, 3]);
    const low = sheet.row([-Infinity, -Infinity]);
    expect(sheet.evaluate(b.argMax(ties.x, ties.dim), b.argMax(low.x, low.dim))).toEqual([[1], [0]]);
  });
});

describe("strong zeros", () => {
  const positive = (b: Builder, x: ValueId): ValueId => b.gt(x, b.constant(0, "f64"));
  const zero = (b: Builder): ValueId => b.constant(0, "f64");

  it("keep what an untaken branch would contribute out, even where it is infinite or NaN", () => {
    const data = [-1, 0, 2];
    expect(slopes(data, (b, x) => b.select(positive(b, x), b.log(x), zero(b)))).toEqual([0, 0, 0.5]);
    expect(slopes(data, (b, x) => b.select(positive(b, x), b.sqrt(b.mul(x, b.log(x))), zero(b)))[0]).toBe(0);
    const twice = (b: Builder, x: ValueId): ValueId => b.mul(b.log(x), b.log(x));
    expect(slopes(data, (b, x) => b.select(positive(b, x), twice(b, x), zero(b))).slice(0, 2)).toEqual([0, 0]);
  });

  it("survive sums, renamings, gathers, products and running sums", () => {
    const data = [-1, 0, 2];
    const through = (f: (b: Builder, x: ValueId, dim: DimId) => ValueId): number[] =>
      slopes(data, (b, x, dim) => f(b, b.log(x), dim)).slice(0, 2);
    const masked = (b: Builder, y: ValueId, dim: DimId): ValueId =>
      b.select(b.eq(b.iota(dim), b.constant(2, "i32")), y, zero(b));
    expect(through((b, y, dim) => masked(b, y, dim))).toEqual([0, 0]);
    expect(
      through((b, y, dim) => {
        const copy = b.renamed(y, dim);
        return masked(b, copy.value, copy.dim);
      }),
    ).toEqual([0, 0]);
    expect(
      through((b, y, dim) => {
        const index = b.dim("k", 2);
        return b.gather(y, b.data([2, 2], { dtype: "i32", dims: [index] }), dim);
      }),
    ).toEqual([0, 0]);
    expect(through((b, y, dim) => b.reduceMax(y, [dim])).length).toBe(2);
    expect(
      through((b, y, dim) => {
        const last = b.dim("last", 1);
        return b.slice(y, dim, last, 2);
      }),
    ).toEqual([0, 0]);
    expect(through((b, y, dim) => b.reduceProd(masked(b, y, dim), [dim]))).toEqual([0, 0]);
    expect(through((b, y, dim) => b.cumulativeSum(b.flip(masked(b, y, dim), dim), dim))).toEqual([0, 0]);
    expect(through((b, y, dim) => b.reduceSum(b.mul(masked(b, y, dim), masked(b, y, dim)), [dim]))).toEqual([0, 0]);
  });

  it("hold in sums of products whose other factor is not finite", () => {
    const sheet = new Sheet();
    const { b } = sheet;
    const rows = b.dim("row", 2);
    const { dim, x: w } = sheet.row([1, 2]);
    // The second row is broken data, and left out.
    const e = sheet.input([1, 2, NaN, Infinity], [rows, dim]);
    const score = b.contract([e, w], [dim]);
    const loss = b.reduceSum(b.select(b.eq(b.iota(rows), b.constant(0, "i32")), score, zero(b)), [rows]);
    const [slope = -1] = gradient(b, loss, [w]);
    expect(sheet.evaluate(loss, slope)).toEqual([[5], [1, 2]]);
  });

  it("are no zeros to second derivatives: products are only left out by conditions", () => {
    // d²/dy dx of y x² at y = 0 is 2 x, although the first derivative by x is 0 there.
    const sheet = new Sheet();
    const { b } = sheet;
    const x = sheet.input([3]);
    const y = sheet.input([0]);
    const z = b.select(positive(b, x), b.mul(y, b.powerInt(x, 2)), zero(b));
    const [byX = -1] = gradient(b, z, [x]);
    const [mixed = -1] = gradient(b, byX, [y]);
    expect(sheet.evaluate(mixed)).toEqual([[6]]);
  });
});

describe("gradient and tangent", () => {
  it("give zeros with the right dims where nothing depends", () => {
    const sheet = new Sheet();
    const { b } = sheet;
    const { x } = sheet.row([1, 2]);
    const y = sheet.input([3]);
    const [byX = -1] = gradient(b, b.mul(y, y), [x]);
    expect(b.dimsOf(byX)).toEqual(b.dimsOf(x));
    expect(sheet.evaluate(byX)).toEqual([[0, 0]]);
  });

  it("cut at the values they derive by", () => {
    const sheet = new Sheet();
    const { b } = sheet;
    const x = sheet.input([3]);
    const y = b.mul(x, x);
    expect(sheet.evaluate(...gradient(b, b.mul(y, x), [x, y]))).toEqual([[9], [3]]);
    expect(sheet.evaluate(...gradient(b, b.mul(y, x), [x]))).toEqual([[27]]);
  });

  it("keep further dims of seeds and tangents, which gives Jacobians", () => {
    const sheet = new Sheet();
    const { b } = sheet;
    const { dim, x } = sheet.row([1, 2, 3]);
    const out = b.dim("out", 3);
    const oneHot = b.cast(b.eq(b.iota(dim), b.iota(out)), "f64");
    const y = b.mul(b.cumulativeSum(x, dim), x);
    const [reverse = -1] = gradient(b, y, [x], oneHot);
    const copy = b.dim("in", 3);
    const moved = b.cast(b.eq(b.iota(dim), b.iota(copy)), "f64");
    const [forward = -1] = tangent(b, [y], [{ from: x, tangent: moved }]);
    // y_o = x_o (x_0 + … + x_o): row o, column i.
    const expected = [2, 0, 0, 2, 5, 0, 3, 3, 9];
    expect(sheet.evaluate(b.ordered(reverse, [out, dim]))[0]).toEqual(expected);
    expect(sheet.evaluate(b.ordered(forward, [dim, copy]))[0]).toEqual(expected);
  });

  it("refuse an output with dims and no seed", () => {
    const sheet = new Sheet();
    const { x } = sheet.row([1, 2]);
    expect(() => gradient(sheet.b, x, [x])).toThrow("is not a scalar");
  });
});

/** The builder: equal nodes are one value, and what it simplifies stays the same to the last bit. */
import { describe, expect, it } from "vitest";
import { Builder } from "../../src/ir/builder.js";
import { at } from "../../src/ir/fault.js";
import type { ValueId } from "../../src/ir/types.js";
import { Sheet } from "../support/evaluate.js";

/** The op that a formula of one f64 input becomes, or "input" where nothing is left of it. */
function opOf(f: (b: Builder, x: ValueId) => ValueId): string {
  const sheet = new Sheet();
  return sheet.b.node(f(sheet.b, sheet.input([1]))).op;
}

describe("values", () => {
  it("are one where op, operands, attributes and type are equal", () => {
    const sheet = new Sheet();
    const { b } = sheet;
    const { dim, x } = sheet.row([1, 2]);
    expect(b.exp(x)).toBe(b.exp(x));
    expect(b.reduceSum(x, [dim])).toBe(b.reduceSum(x, [dim]));
    expect(b.constant(0, "f64")).not.toBe(b.constant(-0, "f64"));
    expect(b.constant(0, "f64")).not.toBe(b.constant(0, "f32"));
    expect(b.constant(NaN, "f64")).toBe(b.constant(NaN, "f64"));
  });

  it("broadcast by label, the first operand's dims first", () => {
    const sheet = new Sheet();
    const { b } = sheet;
    const { dim: i, x } = sheet.row([1, 2]);
    const { dim: j, x: y } = sheet.row([3, 4, 5]);
    expect(b.dimsOf(b.add(x, y))).toEqual([i, j]);
    expect(b.dimsOf(b.contract([y, x], [i]))).toEqual([j]);
    expect(sheet.evaluate(b.sub(y, x))).toEqual([[2, 1, 3, 2, 4, 3]]);
  });

  it("keep the place they were first made at", () => {
    const b = new Builder();
    const span = { file: "a.amem", start: 3, end: 7 };
    const one = b.within(span, () => b.iota(b.dim("i", 2)));
    const two = b.within(null, () => b.cast(one, "f32"));
    expect([b.origins.get(one), b.origins.get(two)]).toEqual([span, undefined]);
  });
});

describe("folding", () => {
  it("computes scalars in doubles and does not round in between", () => {
    const b = new Builder();
    const sum = b.add(b.constant(0.1, "f32"), b.constant(0.2, "f32"));
    const node = b.node(sum);
    expect(node.op === "constant" && node.attributes.data).toEqual([0.1 + 0.2]);
  });

  it("drops what changes nothing", () => {
    const one = (b: Builder): ValueId => b.constant(1, "f64");
    expect(opOf((b, x) => b.mul(x, one(b)))).toBe("input");
    expect(opOf((b, x) => b.div(x, one(b)))).toBe("input");
    expect(opOf((b, x) => b.sub(x, b.constant(0, "f64")))).toBe("input");
    expect(opOf((b, x) => b.add(x, b.constant(-0, "f64")))).toBe("input");
    expect(opOf((b, x) => b.neg(b.neg(x)))).toBe("input");
    expect(opOf((b, x) => b.powerInt(x, 1))).toBe("input");
    expect(opOf((b, x) => b.select(b.constant(1, "bool"), x, b.exp(x)))).toBe("input");
    expect(opOf((b, x) => b.reduceSum(x, []))).toBe("input");
    expect(opOf((b, x) => b.contract([x, one(b)], []))).toBe("input");
  });

  it("keeps what would change -0, NaN or an infinity", () => {
    // -0 + 0 is 0.
    expect(opOf((b, x) => b.add(x, b.constant(0, "f64")))).toBe("add");
    expect(opOf((b, x) => b.mul(x, b.constant(0, "f64")))).toBe("mul");
    expect(opOf((b, x) => b.sub(x, x))).toBe("sub");
    expect(opOf((b, x) => b.div(x, x))).toBe("div");
  });

  it("knows complements, so that a condition or its contrary is always true", () => {
    expect(opOf((b, x) => b.or(b.eq(x, b.exp(x)), b.not(b.eq(x, b.exp(x)))))).toBe("constant");
    // With NaN neither x < y nor x >= y.
    expect(opOf((b, x) => b.or(b.lt(x, b.exp(x)), b.ge(x, b.exp(x))))).toBe("or");
  });

  it("computes what was broadcast before it is", () => {
    const sheet = new Sheet();
    const { b } = sheet;
    const { dim, x } = sheet.row([1, 2, 3]);
    const c = sheet.input([4]);
    const wide = b.broadcast(c, [dim]);
    expect(b.dimsOf(at(b.node(b.exp(wide)).operands, 0))).toEqual([]);
    expect(b.node(b.mul(x, wide)).operands).toEqual([x, c]);
    const values = [b.exp(wide), b.reduceSum(wide, [dim]), b.reduceMax(wide, [dim]), b.contract([x, wide], [dim])];
    expect(sheet.evaluate(...values)).toEqual([[Math.exp(4), Math.exp(4), Math.exp(4)], [12], [4], [24]]);
  });

  it("does not lose an empty dim", () => {
    const sheet = new Sheet();
    const { b } = sheet;
    const dim = b.dim("none", 0);
    const wide = b.broadcast(sheet.input([4]), [dim]);
    const values = [b.reduceSum(wide, [dim]), b.reduceMax(wide, [dim]), b.reduceProd(wide, [dim])];
    expect(sheet.evaluate(...values)).toEqual([[0], [-Infinity], [1]]);
  });

  it("joins renamings", () => {
    const sheet = new Sheet();
    const { b } = sheet;
    const { dim, x } = sheet.row([1, 2]);
    const copy = b.dim("j", 2);
    expect(b.relabel(b.relabel(x, [dim], [copy]), [copy], [dim])).toBe(x);
  });
});

describe("rules of the ops", () => {
  it("name the op that is at fault", () => {
    const sheet = new Sheet();
    const { b } = sheet;
    const { dim, x } = sheet.row([1, 2]);
    const other = b.dim("j", 3);
    expect(() => b.add(x, b.constant(1, "f32"))).toThrow("add: operands differ in type: f64 and f32");
    expect(() => b.reduceSum(x, [other])).toThrow("reduce_sum: reduces over a dim that its operand lacks");
    expect(() => b.relabel(x, [dim], [other])).toThrow("differ in size");
    expect(() => b.slice(x, dim, other, 0)).toThrow("slice: 0 + 3 is beyond 2");
    expect(() => b.not(x)).toThrow("not: takes bool, not f64");
    expect(() => b.ordered(x, [other])).toThrow("does not have exactly these dims");
    expect(() => b.diagonal(x, dim, dim)).toThrow("diagonal");
  });

  it("let an index run over the dim that it reads", () => {
    const sheet = new Sheet();
    const { b } = sheet;
    const { dim, x } = sheet.row([10, 20, 30]);
    const index = b.data([2, 0, 1], { dtype: "i32", dims: [dim] });
    const read = b.gather(x, index, dim);
    expect(b.dimsOf(read)).toEqual([dim]);
    expect(sheet.evaluate(read)).toEqual([[30, 10, 20]]);
  });
});

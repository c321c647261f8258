/** Ranges of operations: values drawn from the operands' ranges lie in the result's, in 32 bits too. */
import { expect, test } from "vitest";
import { ofOperation, ofReduction, power } from "../../src/language/ranges/operations.js";
import type { Range } from "../../src/language/ranges/range.js";
import { range } from "../../src/language/ranges/range.js";

const f = Math.fround;
const operations: Readonly<Record<string, (a: number, b: number, c: number) => number>> = {
  neg: (a) => -a,
  add: (a, b) => f(a + b),
  sub: (a, b) => f(a - b),
  mul: (a, b) => f(a * b),
  div: (a, b) => f(a / b),
  abs: Math.abs,
  pow: (a, b) => f(a ** b),
  max: Math.max,
  min: Math.min,
  clip: (a, b, c) => Math.min(Math.max(a, b), c),
  mod: (a, b) => f(a - b * Math.floor(a / b)),
  exp: (a) => f(Math.exp(a)),
  sqrt: (a) => f(Math.sqrt(a)),
  tanh: (a) => f(Math.tanh(a)),
  sigmoid: (a) => f(1 / (1 + Math.exp(-a))),
  relu: (a) => Math.max(0, a),
  floor: Math.floor,
  ceil: Math.ceil,
  round: Math.round,
  sign: Math.sign,
  cos: (a) => f(Math.cos(a)),
};
const reductions: Readonly<Record<string, (values: readonly number[]) => number>> = {
  sum: (values) => values.reduce((sum, value) => f(sum + value), 0),
  mean: (values) => f(values.reduce((sum, value) => f(sum + value), 0) / values.length),
  prod: (values) => values.reduce((product, value) => f(product * value), 1),
  min: (values) => Math.min(...values),
  max: (values) => Math.max(...values),
  var: (values) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  },
  cumsum: (values) => values.reduce((sum, value) => f(sum + value), 0),
  normalize: (values) => f((values[0] ?? 0) / values.reduce((sum, value) => f(sum + value), 0)),
};

let state = 7;
const random = (): number => {
  state = (state * 48271) % 2147483647;
  return state / 2147483647;
};
const ends = [-3, -1, -0.1, 0, 0.1, 0.3, 1, 2, 7];
const pick = (): number => ends[Math.floor(random() * ends.length)] ?? 0;
function someRange(): { readonly written: readonly [number, number]; readonly range: Range } {
  const [a, b] = [pick(), pick()];
  const [low, high] = [Math.min(a, b), Math.max(a, b)];
  return { written: [low, high], range: range(low, high) };
}
/** An end now and then: that is where bounds are wrong. */
const drawn = ([low, high]: readonly [number, number]): number =>
  f(random() < 0.3 ? low : random() < 0.4 ? high : low + random() * (high - low));
const lies = (value: number, { low, high }: Range): boolean => Number.isNaN(value) || (low <= value && value <= high);

test.each(Object.keys(operations))("%s", (name) => {
  for (let k = 0; k < 3000; k++) {
    const operands = [someRange(), someRange(), someRange()];
    const [a, b, c] = operands.map(({ written }) => drawn(written));
    const found = ofOperation(
      name,
      operands.map((operand) => operand.range),
      false,
    );
    const value = operations[name]?.(a ?? NaN, b ?? NaN, c ?? NaN) ?? NaN;
    expect([name, a, b, c, value, found, lies(value, found)]).toEqual([name, a, b, c, value, found, true]);
  }
});

test.each(Object.keys(reductions))("%s over entries", (name) => {
  for (let k = 0; k < 2000; k++) {
    const { written, range: of } = someRange();
    const values = Array.from({ length: 1 + Math.floor(random() * 6) }, () => drawn(written));
    const found = ofReduction(name, of, values.length, true);
    const value = reductions[name]?.(values) ?? NaN;
    expect([name, values, value, found, lies(value, found)]).toEqual([name, values, value, found, true]);
    expect(lies(value, ofReduction(name, of, null, false))).toBe(true);
  }
});

test("squares and powers", () => {
  for (let k = 0; k < 3000; k++) {
    const { written, range: of } = someRange();
    const a = drawn(written);
    const exponent = Math.floor(random() * 5);
    expect(lies(f(a * a), ofOperation("mul", [of, of], true))).toBe(true);
    expect(lies(f(a ** exponent), power(of, exponent))).toBe(true);
  }
  expect(ofOperation("mul", [range(-2, 1), range(-2, 1)], true)).toEqual({ low: 0, high: 4 });
  expect(ofOperation("mul", [range(-2, 1), range(-2, 1)], false)).toEqual({ low: -2, high: 4 });
  expect(power(range(-2, 1), 2)).toEqual({ low: 0, high: 4 });
});

test("what rounding may pass is no bound", () => {
  // 10 times 0.1 as a number of 32 bits is above 1.
  expect(ofOperation("mul", [range(0, 0.1), range(10, 10)], false).high).toBeGreaterThan(1);
  expect(ofOperation("sub", [range(0, 0.3), range(0, 0.3)], false).high).toBeGreaterThan(0.3);
  // A mean of three thirds.
  expect(ofReduction("mean", range(0, 3), 3, true).high).toBeGreaterThan(3);
  expect(ofReduction("mean", range(0, 1), 3, true)).toEqual({ low: 0, high: 1 });
});

import { describe, expect, test } from "vitest";
import { UserError } from "../../src/base/diagnostic.js";
import {
  axisCoordinates,
  axisSize,
  evaluateConstant,
  evaluateList,
  type ConstantPoint,
} from "../../src/language/constants.js";
import { erf, erfc } from "../../src/language/special.js";
import { checkedText } from "./support.js";

/** The value of a `let`, at given values of the sweeps. */
function constant(
  value: string,
  sweeps: Readonly<Record<string, number>> = {},
  before = "",
): number | readonly number[] {
  const { experiment } = checkedText(
    `experiment e {\nsweep n in [1, 2, 3, 40]\nsweep r in [0.5, 1.5]\nsweep how in {a, b}\n${before}\nlet x = ${value}\n}\n`,
  );
  const point = at(experiment, sweeps);
  const found = [...experiment.constants.values()].find(({ name }) => name === "x");
  if (found === undefined) throw new Error("no x");
  return "type" in found.value ? evaluateConstant(found.value, point) : evaluateList(found.value, point);
}

function at(experiment: ConstantPoint["experiment"], sweeps: Readonly<Record<string, number>>): ConstantPoint {
  const values = new Map(
    [...experiment.axes.values()].flatMap(({ id, name }) =>
      sweeps[name] === undefined ? [] : [[id, sweeps[name]] as const],
    ),
  );
  return { experiment, sweeps: values };
}

function code(attempt: () => unknown): string {
  try {
    attempt();
  } catch (error) {
    if (error instanceof UserError) return error.diagnostic.code;
    throw error;
  }
  return "no fault";
}

describe("numbers", () => {
  test.each([
    ["2 + 3 * 4 - 1", 13],
    ["7 / 2", 3.5],
    ["div(7, 2)", 3],
    ["div(-7, 2)", -4],
    ["mod(-7, 3)", 2],
    ["2^10", 1024],
    ["2^-2", 0.25],
    ["-2^2", -4],
    ["round(2.5)", 2],
    ["round(3.5)", 4],
    ["max(1, 5, 3)", 5],
    ["clip(7, 0, 3)", 3],
    ["abs(-3)", 3],
    ["sign(-0.1)", -1],
    ["if 1 < 2 <= 2 then 4 else 5", 4],
    ["sum(k: 1 .. 4) k^2", 30],
    ["prod(k: 1 .. 0) k", 1],
    ["max(k: 1 .. 3) (2 * k)", 6],
    ["count(k: 1 .. 9) (mod(k, 3) == 0)", 3],
    ["mean(k: 0 .. 4 where k > 1) k", 3],
    ["sqrt(2)^2 - 2 < 1e-9", 1],
    ["10_000 * 10_000", 1e8],
    ["pi", Math.PI],
  ])("%s", (text, value) => expect(constant(text)).toBe(value));
  test("at a point", () => {
    expect(constant("2^n", { n: 40 })).toBe(2 ** 40);
    expect(constant("case how { a: n, else: 10 * r }", { n: 3, how: 1, r: 0.5 })).toBe(5);
    expect(constant("size(dim) + values[1]", { n: 2 }, "axis dim = 3 * n\nlet values = [4, 5]")).toBe(11);
  });
  test("what is not looked at may fail", () =>
    expect(constant("if n > 3 and mod(7, n - 3) == 1 then 1 else 0", { n: 3 })).toBe(0));
});

describe("lists", () => {
  test.each([
    ["[1, 2.5]", [1, 2.5]],
    ["2..5", [2, 3, 4, 5]],
    ["3..2", []],
    ["linspace(0, 1, 5)", [0, 0.25, 0.5, 0.75, 1]],
    ["linspace(2, 3, 1)", [2]],
    ["powers(2, 0..3)", [1, 2, 4, 8]],
    ["concat(0..1, [5])", [0, 1, 5]],
  ])("%s", (text, values) => expect(constant(text)).toEqual(values));
  test("ends are exact", () => {
    const values = constant("logspace(0.1, 10, 7)");
    expect([Array.isArray(values) ? values[0] : 0, Array.isArray(values) ? values[6] : 0]).toEqual([0.1, 10]);
    expect(Array.isArray(values) ? values[3] : 0).toBeCloseTo(1, 14);
  });
});

test("axes", () => {
  const { experiment } = checkedText(
    "experiment e {\nsweep n in [2, 3]\naxis p = n + 1\naxis g in linspace(0, n, 3)\naxis k in {a, b}\naxis m in 4..6\nx = p_sum\np_sum = sum(i: 0 .. n) i\n}\n",
  );
  const point = at(experiment, { n: 3 });
  const axes = [...experiment.axes.values()].filter(({ kind }) => kind.kind !== "sweep");
  const found = axes
    .filter(({ name }) => name !== "?")
    .map((axis) => [axis.name, axisSize(axis, point), axisCoordinates(axis, point)]);
  expect(found).toEqual([
    ["p", 4, [0, 1, 2, 3]],
    ["g", 3, [0, 1.5, 3]],
    ["k", 2, [0, 1]],
    ["m", 3, [4, 5, 6]],
    ["i", 4, [0, 1, 2, 3]],
  ]);
});

test("faults have places", () => {
  const { experiment } = checkedText("experiment e {\nsweep n in [2, 3]\naxis p = 10 - n\naxis q = 2^n\n}\n");
  const [p, q] = ["p", "q"].map((name) => [...experiment.axes.values()].find((axis) => axis.name === name));
  if (p === undefined || q === undefined) throw new Error("no axis");
  expect(code(() => axisSize(p, at(experiment, { n: 11 })))).toBe("AM4008");
  expect(code(() => axisSize(p, at(experiment, { n: 10.5 })))).toBe("AM4001");
  expect(code(() => axisSize(q, at(experiment, { n: 40 })))).toBe("AM4008");
  expect(axisSize(p, at(experiment, { n: 10 }))).toBe(0);
});

test("erf and erfc, against values of higher precision", () => {
  // From mpmath, 20 digits.
  const table: readonly (readonly [number, number, number])[] = [
    [0.1, 0.1124629160182849, 0.8875370839817151],
    [0.5, 0.5204998778130465, 0.4795001221869535],
    [1, 0.8427007929497149, 0.1572992070502851],
    [2, 0.9953222650189527, 0.004677734981047266],
    [3, 0.9999779095030014, 2.209049699858544e-5],
    [5, 0.9999999999984626, 1.5374597944280349e-12],
  ];
  for (const [x, value, rest] of table) {
    expect(erf(x) / value).toBeCloseTo(1, 14);
    expect(erf(-x)).toBe(-erf(x));
    expect(erfc(x) / rest).toBeCloseTo(1, 12);
    expect(erfc(-x)).toBeCloseTo(2 - rest, 14);
  }
});

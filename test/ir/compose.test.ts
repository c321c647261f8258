/** Formulas made of ops: values against plain computation, derivatives against differences, and the cases that are easy to get wrong. */
import { describe, expect, it } from "vitest";
import { gradient } from "../../src/ir/derive.js";
import * as ir from "../../src/ir/index.js";
import type { Builder } from "../../src/ir/builder.js";
import { at } from "../../src/ir/fault.js";
import type { ValueId } from "../../src/ir/types.js";
import { compareDerivatives, differentiable } from "../support/derivative-checks.js";
import { Sheet } from "../support/evaluate.js";

/** Logits whose margin (of class 0 over the sum of the others) is exactly known. */
function atMargin(margin: number, classes: number): number[] {
  return [margin + Math.log(classes - 1), ...Array.from({ length: classes - 1 }, () => 0)];
}

function closeTo(actual: number | undefined, expected: number, relative: number): void {
  expect(Math.abs((actual ?? NaN) - expected)).toBeLessThanOrEqual(relative * Math.abs(expected));
}

describe("cross-entropy", () => {
  it.each([-100, 0, 20, 60])("of an index is accurate at margin %f, with its gradient", (margin) => {
    const sheet = new Sheet();
    const { dim, x } = sheet.row(atMargin(margin, 4));
    const loss = ir.crossEntropyAt(sheet.b, x, dim, sheet.input([0], [], "i32"));
    const [value = [], slope = []] = sheet.evaluate(loss, at(gradient(sheet.b, loss, [x]), 0));
    // log(1 + e^-m) and 1 / (1 + e^m), in the form that is exact on that side; log(3) is rounded, which is an error of 1e-16 in the margin.
    const sigmoid = margin > 0 ? Math.exp(-margin) / (1 + Math.exp(-margin)) : 1 / (1 + Math.exp(margin));
    const expected = margin > 0 ? Math.log1p(Math.exp(-margin)) : -margin + Math.log1p(Math.exp(margin));
    closeTo(value[0], expected, 1e-12);
    closeTo(slope[0], -sigmoid, 1e-12);
    for (const z of [1, 2, 3]) closeTo(slope[z], sigmoid / 3, 1e-12);
  });

  it.each([-100, 0, 20, 60])("of a one-hot target is as accurate at margin %f", (margin) => {
    const sheet = new Sheet();
    const { b } = sheet;
    const { dim, x } = sheet.row(atMargin(margin, 4));
    const soft = ir.crossEntropySoft(b, x, dim, b.data([1, 0, 0, 0], { dtype: "f64", dims: [dim] }));
    const index = ir.crossEntropyAt(b, x, dim, b.constant(0, "i32"));
    const slopes = [soft, index].map((loss) => at(gradient(b, loss, [x]), 0));
    const [value = [], other = [], slope = [], otherSlope = []] = sheet.evaluate(soft, index, ...slopes);
    closeTo(value[0], other[0] ?? NaN, 1e-12);
    slope.forEach((each, k) => closeTo(each, otherSlope[k] ?? NaN, 1e-12));
  });

  it("of one class is 0", () => {
    const sheet = new Sheet();
    const { dim, x } = sheet.row([-Infinity]);
    const loss = ir.crossEntropyAt(sheet.b, x, dim, sheet.input([0], [], "i32"));
    expect(sheet.evaluate(loss, at(gradient(sheet.b, loss, [x]), 0))).toEqual([[0], [0]]);
  });

  it("of soft labels is the sum of both terms, and leaves out classes of no weight", () => {
    const sheet = new Sheet();
    const { b } = sheet;
    const { dim, x } = sheet.row([1, 2, -Infinity]);
    const target = b.data([0.25, 0.75, 0], { dtype: "f64", dims: [dim] });
    const loss = ir.crossEntropySoft(b, x, dim, target);
    const [value = [], slope = []] = sheet.evaluate(loss, at(gradient(b, loss, [x]), 0));
    const p = 1 / (1 + Math.E);
    closeTo(value[0], -0.25 * Math.log(p) - 0.75 * Math.log(1 - p), 1e-14);
    [p - 0.25, 1 - p - 0.75, 0].forEach((expected, k) => {
      expect(slope[k]).toBeCloseTo(expected, 14);
    });
  });

  it("leaves classes out", () => {
    const sheet = new Sheet();
    const { b } = sheet;
    const { dim, x } = sheet.row([1, NaN, 2]);
    const where = b.ne(b.iota(dim), b.constant(1, "i32"));
    const losses = [
      ir.crossEntropyAt(b, x, dim, b.constant(0, "i32"), where),
      ir.crossEntropySoft(b, x, dim, b.data([1, 0, 0], { dtype: "f64", dims: [dim] }), where),
    ];
    const slopes = losses.map((loss) => at(gradient(b, loss, [x]), 0));
    const [one, two, slope = [], other = []] = sheet.evaluate(...losses, ...slopes);
    expect(one?.[0]).toBeCloseTo(Math.log1p(Math.E), 14);
    expect(two?.[0]).toBeCloseTo(Math.log1p(Math.E), 14);
    expect([slope[1], other[1]]).toEqual([0, 0]);
    expect(slope[0]).toBeCloseTo(-1 / (1 + 1 / Math.E), 14);
  });
});

describe("softmax and its kin", () => {
  const nothing = [-Infinity, -Infinity];

  it("are 0 and -inf where all are -inf, with derivative 0", () => {
    const sheet = new Sheet();
    const { b } = sheet;
    const { dim, x } = sheet.row(nothing);
    const weights = b.data([1, 2], { dtype: "f64", dims: [dim] });
    const values = [ir.softmax(b, x, [dim]), ir.logSoftmax(b, x, [dim]), ir.logSumExp(b, x, [dim])];
    const totals = [b.reduceSum(b.mul(weights, at(values, 0)), [dim]), at(values, 2)];
    const slopes = totals.map((total) => at(gradient(b, total, [x]), 0));
    expect(sheet.evaluate(...values, ...slopes)).toEqual([[0, 0], nothing, [-Infinity], [0, 0], [0, 0]]);
  });

  it("leave out what is infinite or NaN, in values and derivatives", () => {
    const sheet = new Sheet();
    const { b } = sheet;
    const { dim, x } = sheet.row([1, Infinity, NaN, 2]);
    const where = b.data([1, 0, 0, 1], { dtype: "bool", dims: [dim] });
    const weights = b.data([1, 5, 7, 3], { dtype: "f64", dims: [dim] });
    const soft = ir.softmax(b, x, [dim], where);
    const whole = ir.logSumExp(b, x, [dim], where);
    const slopes = [b.reduceSum(b.mul(weights, soft), [dim]), whole].map((y) => at(gradient(b, y, [x]), 0));
    const [weight = [], logs = [], total = [], slope = [], share = []] = sheet.evaluate(
      soft,
      ir.logSoftmax(b, x, [dim], where),
      whole,
      ...slopes,
    );
    const p = 1 / (1 + Math.E);
    const near = (found: readonly number[], expected: readonly number[]): void => {
      expected.forEach((e, k) => (Number.isFinite(e) ? expect(found[k]).toBeCloseTo(e, 13) : expect(found[k]).toBe(e)));
    };
    near(weight, [p, 0, 0, 1 - p]);
    near(logs, [Math.log(p), -Infinity, -Infinity, Math.log(1 - p)]);
    near(total, [2 + Math.log1p(1 / Math.E)]);
    near(slope, [p * (1 - (p + 3 * (1 - p))), 0, 0, (1 - p) * (3 - (p + 3 * (1 - p)))]);
    near(share, [p, 0, 0, 1 - p]);
    expect([slope[1], slope[2], share[1], share[2]]).toEqual([0, 0, 0, 0]);
  });

  it("do not overflow", () => {
    const sheet = new Sheet();
    const { b } = sheet;
    const { dim, x } = sheet.row([1000, 1001]);
    const [weights = [], total = []] = sheet.evaluate(ir.softmax(b, x, [dim]), ir.logSumExp(b, x, [dim]));
    expect(weights[0]).toBeCloseTo(1 / (1 + Math.E), 14);
    expect(total[0]).toBeCloseTo(1001 + Math.log1p(1 / Math.E), 12);
  });
});

describe("reductions with a condition", () => {
  const data = [3, NaN, 5, Infinity];
  const kept = [1, 0, 1, 0];

  it("leave out what is infinite or NaN", () => {
    const sheet = new Sheet();
    const { b } = sheet;
    const { dim, x } = sheet.row(data);
    const where = b.data(kept, { dtype: "bool", dims: [dim] });
    const over = [dim];
    const values = [
      ir.reduce(b, "reduce_sum", x, over, where),
      ir.reduce(b, "reduce_prod", x, over, where),
      ir.reduce(b, "reduce_max", x, over, where),
      ir.reduce(b, "reduce_min", x, over, where),
      ir.mean(b, x, over, where),
      ir.variance(b, x, over, where),
      ir.standardDeviation(b, x, over, where),
      ir.norm(b, x, over, where),
    ];
    expect(sheet.evaluate(...values).flat()).toEqual([8, 15, 5, 3, 4, 1, 1, Math.sqrt(34)]);
    const slopes = values.map((value) => at(gradient(b, value, [x]), 0));
    for (const slope of sheet.evaluate(...slopes)) {
      expect([slope[1], slope[3]]).toEqual([0, 0]);
      expect(slope.every(Number.isFinite)).toBe(true);
    }
  });

  it("count, take shares and find positions", () => {
    const sheet = new Sheet();
    const { b } = sheet;
    const { dim, x } = sheet.row([-Infinity, 2, 7, 7]);
    const big = b.gt(x, b.constant(1, "f64"));
    const where = b.data([1, 1, 0, 0], { dtype: "bool", dims: [dim] });
    const first = b.data([1, 0, 0, 0], { dtype: "bool", dims: [dim] });
    const none = b.constant(0, "bool", [dim]);
    const found = sheet.evaluate(
      ir.count(b, big, [dim]),
      ir.count(b, big, [dim], where),
      ir.fraction(b, big, "f64", [dim], where),
      ir.argExtremum(b, "arg_max", x, dim),
      ir.argExtremum(b, "arg_max", x, dim, where),
      ir.argExtremum(b, "arg_max", x, dim, first),
      ir.argExtremum(b, "arg_min", x, dim, b.not(first)),
      ir.argExtremum(b, "arg_max", x, dim, none),
      ir.mean(b, x, [dim], none),
    );
    expect(found.flat()).toEqual([3, 1, 0.5, 2, 1, 0, 1, 0, NaN]);
  });

  it("count what only the condition has", () => {
    const sheet = new Sheet();
    const { b } = sheet;
    const { dim } = sheet.row([0, 0, 0]);
    const y = sheet.input([2]);
    const where = b.gt(b.iota(dim), b.constant(0, "i32"));
    const found = sheet.evaluate(
      ir.reduce(b, "reduce_sum", y, [dim], where),
      ir.mean(b, y, [dim]),
      ir.mean(b, y, [dim], where),
    );
    expect(found.flat()).toEqual([4, 2, 2]);
  });
});

describe("elementwise formulas", () => {
  it("have the values that they are named for", () => {
    const sheet = new Sheet();
    const { b } = sheet;
    const x = sheet.input([0.7]);
    const y = sheet.input([-Infinity]);
    const found = sheet.evaluate(
      ir.log2(b, x),
      ir.log10(b, x),
      ir.sinh(b, x),
      ir.cosh(b, x),
      ir.erfc(b, x),
      ir.gelu(b, x),
      ir.logAddExp(b, x, x),
      ir.logAddExp(b, y, y),
      ir.clip(b, x, b.constant(0, "f64"), b.constant(0.5, "f64")),
      ir.signOr(b, b.mul(b.constant(0, "f64"), x), b.constant(-1, "f64")),
      ir.relu(b, sheet.input([NaN])),
    );
    const erf = 0.6778011938374184;
    const expected = [Math.log2(0.7), Math.log10(0.7), Math.sinh(0.7), Math.cosh(0.7), 1 - erf];
    expected.push(0.35 * (1 + 0.5160727), 0.7 + Math.LN2, -Infinity, 0.5, -1, NaN);
    found.flat().forEach((value, k) => {
      const e = at(expected, k);
      if (Number.isFinite(e)) expect(value, `formula ${k}`).toBeCloseTo(e, 6);
      else expect(value).toBe(e);
    });
  });

  const formulas: Readonly<Record<string, (b: Builder, x: ValueId) => ValueId>> = {
    gelu: ir.gelu,
    softmax: (b, x) => ir.softmax(b, x, b.dimsOf(x)),
    logSoftmax: (b, x) => ir.logSoftmax(b, x, b.dimsOf(x)),
    logSumExp: (b, x) => ir.logSumExp(b, x, b.dimsOf(x)),
    sphere: (b, x) => ir.sphere(b, x, b.dimsOf(x)),
    normalize: (b, x) => ir.normalize(b, b.exp(x), b.dimsOf(x)),
    variance: (b, x) => ir.variance(b, x, b.dimsOf(x)),
    standardDeviation: (b, x) => ir.standardDeviation(b, x, b.dimsOf(x)),
    crossEntropyAt: (b, x) => ir.crossEntropyAt(b, x, at(b.dimsOf(x), 0), b.constant(1, "i32")),
    crossEntropySoft: (b, x) =>
      ir.crossEntropySoft(b, x, at(b.dimsOf(x), 0), ir.softmax(b, b.sin(x), b.dimsOf(x).slice(0, 1))),
  };
  it.each(Object.keys(formulas))("%s has derivatives of order 1 and 2 that agree", (name) => {
    for (const order of [1, 2] as const) {
      for (let seed = 1; seed <= 5; seed++) {
        const given = differentiable(
          seed,
          (s) => [s.tensor([s.dim(3), s.dim(2)])],
          (b, [x = -1]) => formulas[name]?.(b, x) ?? -1,
        );
        const found = compareDerivatives(given, order);
        expect(Math.abs(found.forward - found.differences)).toBeLessThan(1e-6 * found.scale);
        expect(Math.abs(found.forward - found.reverse)).toBeLessThan(1e-9 * found.scale);
      }
    }
  });
});

/** The gamma function's logarithm and its derivative, and the inverse error function, against numbers computed with 40 digits. */
import { expect, test } from "vitest";
import { digamma, logGamma } from "../../src/base/gamma.js";
import { trigamma } from "../../src/ir/compose/gamma.js";
import { gradient } from "../../src/ir/derive.js";
import { erfInverse } from "../../src/ir/draws/elementary.js";
import { at } from "../../src/ir/fault.js";
import { inverseErf } from "../../src/language/special.js";
import { Sheet } from "../support/evaluate.js";

type Row = readonly [x: number, value: number];

const gammas: readonly Row[] = [
  [0.001, 6.907178885383853662],
  [0.1, 2.252712651734205902],
  [0.5, 0.5723649429247000871],
  [0.75, 0.2032809514312953715],
  [1.0001, -5.771334222047126801e-5],
  [1.25, -0.09827183642181316146],
  [1.4999, -0.1207858819584939382],
  [1.5, -0.1207822376352452223],
  [1.9999, -4.227520877215345801e-5],
  [2.5, 0.2846828704729191596],
  [3.7, 1.428072326665388129],
  [8.9, 10.39112862748178549],
  [9.1, 10.81925232511043284],
  [20, 39.33988418719949404],
  [171.5, 709.1431630309282423],
  [1e6, 12815504.56914761166],
  [1e15, 33538776394910668.91],
  [-0.5, 1.265512123484645396],
  [-1.0625, 2.751355002157928696],
  [-3.3125, -0.8684742149280832229],
  [-20.75, -43.12325855250222991],
];
const slopes: readonly Row[] = [
  [0.001, -1000.57557193181028],
  [0.1, -10.42375494041107623],
  [0.5, -1.963510026021423479],
  [0.75, -1.08586087978647217],
  [1.0001, -0.5770511835143348681],
  [1.25, -0.2274535333762654081],
  [1.4999, 0.03639648961430397877],
  [1.9999, 0.4227198396711309653],
  [2.5, 0.7031566406452431872],
  [3.7, 1.167153539361511441],
  [8.9, 2.128820766044583688],
  [20, 2.970523992242149051],
  [171.5, 5.141664981433999629],
  [1e6, 13.81551005796419077],
  [1e15, 34.53877639491068476],
  [-0.5, 0.03648997397857652056],
  [-1.0625, 16.25617579609253752],
  [-3.3125, 3.440263510753088546],
  [-20.75, -0.08514352173418715379],
];
const bends: readonly Row[] = [
  [0.1, 101.4332991507927477],
  [0.5, 4.934802200544679309],
  [0.75, 2.541879647671606498],
  [1, 1.644934066848226436],
  [2.5, 0.490357756100234865],
  [8.9, 0.1189077102311897766],
  [50, 0.02020133322669712581],
  [-0.5, 8.934802200544679309],
  [-3.3125, 14.01518885780365375],
];
const inverses: readonly Row[] = [
  [1e-9, 8.862269254527580691e-10],
  [0.1, 0.08885599049425769197],
  [0.25, 0.2253120550121781047],
  [0.49, 0.4658686002350573372],
  [0.5, 0.4769362762044698734],
  [0.51, 0.4881220505159588224],
  [0.75, 0.8134198475976185417],
  [0.9, 1.163087153676674163],
  [0.99, 1.821386367718449456],
  [0.999999, 3.458910737275498778],
  [1 - 2 ** -40, 5.051254085249389967],
  [-0.3, -0.272462714726754345],
  [-0.9999, -2.751063905712079692],
];

/** How far off, in units of the value, or of 1 for a small one where `absolute`. */
const error = ([x, value]: Row, f: (x: number) => number, least = 0): number =>
  Math.abs(f(x) - value) / Math.max(Math.abs(value), least);

test.each(gammas)("lgamma(%f), also in its last digits beside the zeros at 1 and 2", (x, value) => {
  expect(error([x, value], logGamma)).toBeLessThan(4e-15);
});

test.each(slopes)("digamma(%f)", (x, value) => {
  expect(error([x, value], digamma, 0.1)).toBeLessThan(1e-14);
});

test.each(inverses)("erf_inv(%f)", (x, value) => {
  expect(error([x, value], erfInverse)).toBeLessThan(2e-15);
  expect(error([x, value], inverseErf)).toBeLessThan(4e-15);
});

test("the derivative of digamma, and that of the derivative", () => {
  const sheet = new Sheet();
  const { b } = sheet;
  const { dim, x } = sheet.row(bends.map(([place]) => place));
  const value = trigamma(b, x);
  const slope = at(gradient(b, b.reduceSum(value, [dim]), [x]), 0);
  const [values = [], second = []] = sheet.evaluate(value, slope);
  bends.forEach((row, k) => {
    expect(
      error(row, () => values[k] ?? NaN),
      String(row[0]),
    ).toBeLessThan(1e-13);
  });
  const tetragamma = new Map([
    [0.75, -5.302633216337639631],
    [2.5, -0.236204051641727403],
    [-0.5, -0.8287966442343199956],
  ]);
  bends.forEach(([place], k) => {
    const expected = tetragamma.get(place);
    if (expected !== undefined) expect(second[k]).toBeCloseTo(expected, 12);
  });
});

test("values at the poles and beyond the ends", () => {
  expect([0, -0, -1, -7, Infinity, -Infinity].map(logGamma)).toEqual(Array.from({ length: 6 }, () => Infinity));
  expect([0, -1, -7, -Infinity, NaN].map(digamma)).toEqual(Array.from({ length: 5 }, () => NaN));
  expect(digamma(Infinity)).toBe(Infinity);
  expect([1, -1, 1.5, NaN].map(inverseErf)).toEqual([Infinity, -Infinity, NaN, NaN]);
});

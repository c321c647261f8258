/** Jacobians, Hessians, products with them, sharpness: against derivatives worked out by hand, in the oracle and both engines. */
import { expect, test } from "vitest";
import { createPortableEngine } from "../../src/engine/portable/index.js";
import { enginesHere } from "../engine/graph/native.js";
import { computed, measured } from "../support/measured.js";

test("first and second derivatives", () => {
  const { values, faults } = measured(
    `experiment e {
  axis dim = 3
  axis o = 2
  axis a in linspace(-1, 1, 3)
  param w[dim] = dim + 1.0
  param W[dim, o] = dim + 2.0 * o + 1
  cubic = (sum(dim) w[dim]^3) + w[0] * w[1]
  quartic = (sum(dim, o) W[dim, o]^4) + W[0, 1] * W[2, 0]^2
  d[dim] = 2.0 * dim + 1
  D[dim, o] = dim - o + 0.5
  fn F(v[dim])[o] = v[position(o) + 1] * v[2] + v[1]^2
  fn E(v[dim], s) = s * sum(dim) v[dim]^3
  fn curve(v[dim], s)[dim, dim'] = hessian(E(v, s), v)[dim, dim']
  fn jac(v[dim])[o, dim] = jacobian(F(v), v)[o, dim]
  P[a, dim] = a + dim
  measure m {
    J[o, dim] = jacobian(F(w[:]), w)[o, dim]
    rows[a, o, dim] = jac(P[a, :])[o, dim]
    H[dim, dim'] = hessian(cubic, w)[dim, dim']
    curves[a, dim, dim'] = curve(P[a, :], 2)[dim, dim']
    along[dim] = hvp(cubic, w, d)[dim]
    of_matrix[dim, o] = hvp(quartic, W, D)[dim, o]
    by_hessian[dim, o] = sum(dim', o') hessian(quartic, W)[dim, o, dim', o'] * D[dim', o']
    sharp = sharpness(cubic, w)
    sharp_matrix = sharpness(quartic, W)
    landscape[a] = sharpness(cubic, w) with w[dim] = a + dim
    third[dim] = grad(hvp(cubic, w, d)[0], w)[dim]
    by_direction[dim] = grad(hvp(cubic, w, d)[0], d)[dim]
  }
}`,
    enginesHere(),
  );
  expect(faults).toEqual([]);
  // w = (1, 2, 3); F = (w1 w2 + w1², w2² + w1²).
  expect(values.J).toEqual([0, 7, 2, 0, 4, 6]);
  expect(values.rows).toEqual([0, 1, 0, 0, 0, 2, 0, 4, 1, 0, 2, 4, 0, 7, 2, 0, 4, 6]);
  expect(values.H).toEqual([6, 1, 0, 1, 12, 0, 0, 0, 18]);
  expect(values.curves).toEqual(
    [-1, 0, 1].flatMap((a) => [12 * a, 0, 0, 0, 12 * (a + 1), 0, 0, 0, 12 * (a + 2)]).map((entry) => entry + 0),
  );
  expect(values.along).toEqual([9, 37, 90]);
  // 12 W² D, and beside it 2 W20 D20 in the place (0, 1), 2 W20 D01 + 2 W01 D20 in (2, 0).
  const W = [1, 3, 2, 4, 3, 5];
  const D = [0.5, -0.5, 1.5, 0.5, 2.5, 1.5];
  const expected = W.map((w, k) => 12 * w * w * (D[k] ?? 0));
  expected[1] = (expected[1] ?? 0) + 2 * 3 * 2.5;
  expected[4] = (expected[4] ?? 0) + 2 * 3 * -0.5 + 2 * 3 * 2.5;
  expect(values.of_matrix).toEqual(expected);
  expect(values.by_hessian).toEqual(expected);
  expect(values.sharp?.[0]).toBeCloseTo(18, 9);
  expect(values.sharp_matrix?.[0]).toBeCloseTo(300, 9);
  // At a = -1, 0, 1 the last entry alone has 6 (a + 2).
  [6, 12, 18].forEach((value, k) => {
    expect(values.landscape?.[k]).toBeCloseTo(value, 9);
  });
  expect(values.third).toEqual([6, 0, 0]);
  expect(values.by_direction).toEqual([6, 1, 0]);
});

test("what is differentiated by has a value of its own", () => {
  const { values, faults } = measured(
    `experiment e {
  axis i = 3
  axis a in linspace(-1, 1, 3)
  even[i] = 2.0
  x[i] = i + 1.0
  param w[i] = x[i]
  squares = sum(i) even[i]^2
  products = sum(i) w[i] * x[i]
  cubes = sum(i) w[i]^3
  measure m {
    constant[i] = grad(squares, even)[i]
    equal[i] = grad(products, w)[i]
    replaced[i'] = grad(cubes, w)[i'] with w[i] = 3
    taken[i'] = grad(products, w)[i'] with w[i] = x[i]
    by_index[a, i'] = grad(cubes, w)[i'] with w[i] = a + i
  }
}`,
    enginesHere(),
  );
  expect(faults).toEqual([]);
  expect(values.constant).toEqual([4, 4, 4]);
  expect(values.equal).toEqual([1, 2, 3]);
  expect(values.replaced).toEqual([27, 27, 27]);
  expect(values.taken).toEqual([1, 2, 3]);
  expect(values.by_index).toEqual([3, 0, 3, 0, 3, 12, 3, 12, 27]);
});

test("the sharpness of many entries, by Lanczos' method", () => {
  const values = computed(
    `experiment e {
  axis i = 20
  axis j = 15
  param W[i, j] ~ normal(0, 1)
  steep = (sum(i, j) W[i, j]^2 * (1 + i * j / 20)) + 50 * (sum(i, j) W[i, j] / sqrt(300))^2
  even = sum(i, j) W[i, j]^2
  down = -sum(i, j) W[i, j]^2
  edge = -sum(i, j) W[i, j]^2 * (1 + i * j / 20)
  measure m {
    largest = sharpness(steep, W)
    all = sharpness(even, W)
    negative = sharpness(down, W)
    unknown = sharpness(edge, W)
  }
}`,
    createPortableEngine(),
  );
  // The largest root of 1 = 100 mean(1 / (λ - 2 c)), c = 1 + i j / 20: the equation of an update of rank one.
  const c = Array.from({ length: 300 }, (_, k) => 1 + (Math.floor(k / 15) * (k % 15)) / 20);
  const excess = (x: number): number => 100 * (c.reduce((sum, entry) => sum + 1 / (x - 2 * entry), 0) / 300) - 1;
  let [low, high] = [2 * Math.max(...c) + 1e-9, 500];
  for (let k = 0; k < 100; k++) {
    const middle = (low + high) / 2;
    if (excess(middle) > 0) low = middle;
    else high = middle;
  }
  expect(values.largest?.[0]).toBeCloseTo(low, 2);
  expect(values.all?.[0]).toBeCloseTo(2, 4);
  expect(values.negative?.[0]).toBeCloseTo(-2, 4);
  // The upper edge of a wide spectrum is not found in so few steps, and that is said.
  expect(values.unknown).toEqual([NaN]);
});

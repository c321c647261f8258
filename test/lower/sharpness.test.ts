/** Sharpness and Hessian products by what a fn is called with for each value of an index, and by one of a component over an axis. */
import { expect, test } from "vitest";
import { createPortableEngine } from "../../src/engine/portable/index.js";
import { enginesHere } from "../engine/graph/native.js";
import { close } from "../support/close.js";
import { computed, measured } from "../support/measured.js";

/** The larger eigenvalue of [[a, b], [b, c]]. */
const larger = (a: number, b: number, c: number): number => (a + c) / 2 + Math.hypot((a - c) / 2, b);
const near = (found: readonly number[] | undefined, expected: readonly number[]): void => {
  close(found, expected, 8);
};

test("by an argument of a fn that is called for each value of an index", () => {
  const { values, faults } = measured(
    `experiment e {
  axis a = 3
  axis b = 2
  axis i = 2
  q[a, i] = a + 2 * i + 0.5
  r[a, b, i] = a - b + i + 1.5
  fn E(v[i], s) = s * v[0]^3 + v[0]^2 * v[1] + v[1]^4
  fn edge(v[i], s) = sharpness(E(v, s), v)
  fn slope(v[i], s)[i] = grad(sharpness(E(v, s), v), v)[i]
  measure m {
    rows[a] = edge(q[a, :], 2)
    scaled[a] = edge(q[a, :], a + 1.0)
    blocks[b, a] = edge(r[a, b, :], b + 1.0)
    mixed[a] = edge(q[a, :], 1) * edge(q[0, :], 1) + (sum(a') edge(q[a', :], 1))
    lone = edge(q[1, :], 1)
    slopes[a, i] = slope(q[a, :], 2)[i]
  }
}`,
    enginesHere(),
  );
  expect(faults).toEqual([]);
  const sharp = (x: number, y: number, s: number): number => larger(6 * s * x + 2 * y, 2 * x, 12 * y * y);
  const all = [0, 1, 2];
  const row = (a: number, s: number): number => sharp(a + 0.5, a + 2.5, s);
  near(
    values.rows,
    all.map((a) => row(a, 2)),
  );
  near(
    values.scaled,
    all.map((a) => row(a, a + 1)),
  );
  near(
    values.blocks,
    [0, 1].flatMap((b) => all.map((a) => sharp(a - b + 1.5, a - b + 2.5, b + 1))),
  );
  const sum = all.reduce((total, a) => total + row(a, 1), 0);
  near(
    values.mixed,
    all.map((a) => row(a, 1) * row(0, 1) + sum),
  );
  near(values.lone, [row(1, 1)]);
  const h = 1e-5;
  const slopes = all.flatMap((a) => {
    const [x, y] = [a + 0.5, a + 2.5];
    return [sharp(x + h, y, 2) - sharp(x - h, y, 2), sharp(x, y + h, 2) - sharp(x, y - h, 2)].map((d) => d / (2 * h));
  });
  slopes.forEach((value, k) => {
    expect(values.slopes?.[k]).toBeCloseTo(value, 5);
  });
});

test("by a parameter of one of a component over an axis: the others keep their values", () => {
  const { values, faults } = measured(
    `experiment e {
  axis k = 3
  axis i = 2
  axis some = k[1, 2]
  memory T(i: axis, start) { param W[i] = start + i }
  memory M[k] = T(i, start: k + 1.0)
  next[k] = mod(k + 1, 3)
  /// W[0] and W[1] meet in each entry, and so do entries of one.
  E = (sum(i) M[0].W[i]^2 * M[1].W[i]^3) + M[0].W[0] * M[0].W[1] + M[2].W[0]^4
  each[k] = M[k].W[0]^3 + M[k].W[0] * M[k].W[1] + 100 * (sum(k', i) M[k'].W[i]) * M[next[k]].W[0]^2
  d[i] = i + 1.0
  measure m {
    first = sharpness(E, M[0].W)
    second = sharpness(E, M[1].W)
    third = sharpness(E, M[2].W)
    of_each[k] = sharpness(each[k], M[k].W)
    computed[k] = sharpness(E, M[next[k]].W)
    of_some[some] = sharpness(E, M[some].W)
    moved[i] = hvp(E, M[0].W, d)[i]
    formed[i] = sum(i') hessian(E, M[0].W)[i, i'] * d[i']
    each_moved[k, i] = hvp(each[k], M[k].W, d)[i]
    each_formed[k, i] = sum(i') hessian(each[k], M[k].W)[i, i'] * d[i']
  }
}`,
    enginesHere(),
  );
  expect(faults).toEqual([]);
  // W[0] = (1, 2), W[1] = (2, 3), W[2] = (3, 4).
  const [first, second, third] = [larger(2 * 8, 1, 2 * 27), larger(6 * 2 * 1, 0, 6 * 3 * 4), 12 * 9];
  near(values.first, [first]);
  near(values.second, [second]);
  near(values.third, [third]);
  near(values.computed, [second, third, first]);
  near(values.of_some, [second, third]);
  // The factor 100 (Σ W) W[at]², at ≠ k, is linear in W[k].
  near(
    values.of_each,
    [1, 2, 3].map((w) => larger(6 * w, 1, 0)),
  );
  near(values.moved, [2 * 8 + 2, 1 + 2 * 27 * 2]);
  near(values.moved, [...(values.formed ?? [])]);
  near(
    values.each_moved,
    [1, 2, 3].flatMap((w) => [6 * w + 2, 1]),
  );
  near(values.each_moved, [...(values.each_formed ?? [])]);
});

test("of many entries, by Lanczos' method", () => {
  const values = computed(
    `experiment e {
  axis a = 2
  axis i = 20
  axis j = 15
  memory T(i: axis, j: axis) { param W[i, j] ~ normal(0, 1) }
  memory M[a] = T(i, j)
  V[a, i, j] ~ normal(0, 1)
  fn E(v[i, j], s) = s * (sum(i, j) v[i, j]^2) + 50 * (sum(i, j) v[i, j] / sqrt(300))^2
  fn edge(v[i, j], s) = sharpness(E(v, s), v)
  measure m {
    rows[a] = edge(V[a, :, :], a + 1.0)
    factors[a] = sharpness((a + 1.0) * E(M[0].W, 1), M[0].W)
    one = sharpness(E(M[0].W, 1) + E(M[1].W, 5) + 9 * (sum(i, j) M[0].W[i, j] * M[1].W[i, j]), M[0].W)
  }
}`,
    createPortableEngine(),
  );
  expect(values.rows?.[0]).toBeCloseTo(102, 2);
  expect(values.rows?.[1]).toBeCloseTo(104, 2);
  expect(values.factors?.[0]).toBeCloseTo(102, 2);
  expect(values.factors?.[1]).toBeCloseTo(204, 2);
  expect(values.one?.[0]).toBeCloseTo(102, 2);
});

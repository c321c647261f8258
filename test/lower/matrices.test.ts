/** Linear algebra in a run: against numbers worked out by hand and against what defines each result, in the oracle and both engines. */
import { describe, expect, test } from "vitest";
import { UserError } from "../../src/base/diagnostic.js";
import { enginesHere } from "../engine/graph/native.js";
import { close } from "../support/close.js";
import { measured } from "../support/measured.js";
import { planText } from "../support/oracle-runs.js";

const engines = enginesHere();

const zeros = (count: number): number[] => Array.from({ length: count }, () => 0);

describe("linear algebra", () => {
  test("inverse, solve, cholesky, determinant, trace", () => {
    const { values, faults } = measured(
      `experiment e {
  axis i = 3
  axis j = 3
  axis b = 2
  A[i, i'] = [[2.0, 1, 0], [0, 3, 1], [1, 0, 4]]
  S[i, i'] = [[2.0, 1, 0], [1, 3, 1], [0, 1, 4]]
  other[i, j] = [[2.0, 1, 0], [0, 3, 1], [1, 0, 4]]
  y[i] = [1.0, 2, 3]
  ld = logdet(i, i') A[i, i']
  measure m {
    inv[i', i] = inverse(i, i') A[i, i']
    across[i, j] = inverse(i, j) other[i, j]
    both[b, i', i] = inverse(i, i') ((b + 1) * A[i, i'])
    x[i] = solve(i', i) A[i', i] at y[i']
    many[b, i] = solve(i', i) A[i', i] at (y[i'] + b)
    L[i, i'] = cholesky(i, i') S[i, i']
    logarithm = ld
    negative = logdet(i, i') (-A[i, i'])
    t = trace(i, i') A[i, i']
    t2[b] = trace(i, i') (A[i, i'] * (b + 1))
    singular[i', i] = inverse(i, i') (y[i] * y[i'])
    slope[i, i'] = grad(ld, A)[i, i']
  }
}`,
      engines,
    );
    expect(faults).toEqual([]);
    // The adjugate over the determinant, which is 25.
    const inverse = [12, -4, 1, 1, 8, -2, -3, 1, 6].map((entry) => entry / 25);
    close(values.inv, inverse);
    // Over (i, j) with the roles exchanged: entry (i, j) belongs to row j of the inverse.
    close(
      values.across,
      [0, 3, 6, 1, 4, 7, 2, 5, 8].map((k) => inverse[k] ?? NaN),
    );
    close(values.both, [...inverse, ...inverse.map((entry) => entry / 2)]);
    close(values.x, [7 / 25, 11 / 25, 17 / 25]);
    close(
      values.many,
      [7, 11, 17, 16, 18, 21].map((entry) => entry / 25),
    );
    // By rows: sqrt(2); 1/sqrt(2), sqrt(5/2); 0, sqrt(2/5), sqrt(18/5).
    close(values.L, [Math.SQRT2, 0, 0, Math.SQRT1_2, Math.sqrt(2.5), 0, 0, Math.sqrt(0.4), Math.sqrt(3.6)]);
    close(values.logarithm, [Math.log(25)]);
    expect(values.negative).toEqual([NaN]);
    close(values.t, [9]);
    close(values.t2, [9, 18]);
    expect(values.singular).toEqual(Array.from({ length: 9 }, () => NaN));
    // The derivative of the logarithm of the determinant is the transposed inverse.
    close(
      values.slope,
      [0, 3, 6, 1, 4, 7, 2, 5, 8].map((k) => inverse[k] ?? NaN),
    );
  });

  test("eigenvalues and vectors, singular values and vectors", () => {
    const { values, faults } = measured(
      `experiment e {
  axis i = 3
  axis j = 2
  axis b = 2
  axis k = 2
  axis one = 1
  S[i, i'] = [[2.0, 1, 0], [1, 3, 1], [0, 1, 4]]
  X[i, j] = [[1.0, 2], [3, 4], [5, 6]]
  B[b, i, i'] = (b + 1) * S[i, i']
  (lam[i], vec[i, i']) = eigh(i', i'') S[i', i'']
  (two[k], v2[k, i]) = eigh(i, i') S[i, i']
  (bl[b, k], bv[b, k, i]) = eigh(i, i') B[b, i, i']
  (U[i, k], s[k], V[j, k]) = svd(i, j) X[i, j]
  (V1[j, one], s1[one], U1[i, one]) = svd(j, i) (2 * X[i, j])
  nuclear = sum(j) svd_values(j, i) X[i, j]
  measure m {
    ev[i] = eigh_values(i, i') S[i, i']
    same[i] = lam[i] - ev[i]
    rest[i, i'] = (sum(i'') S[i', i''] * vec[i, i'']) - lam[i] * vec[i, i']
    unit[i, i'] = sum(i'') vec[i, i''] * vec[i', i'']
    leading[k] = two[k]
    rest_b[b, k, i] = (sum(i') B[b, i, i'] * bv[b, k, i']) - bl[b, k] * bv[b, k, i]
    sign = v2[0, 2]
    sv[j] = svd_values(j, i) X[i, j]
    longer[i] = svd_values(i, j) X[i, j]
    rest_x[i, j] = X[i, j] - sum(k) U[i, k] * s[k] * V[j, k]
    orthonormal[k, k'] = sum(i) U[i, k] * U[i, k']
    turned = s1[0] - 2 * s[0]
    P[i, j] = polar(i, j) X[i, j]
    closest[j, j'] = sum(i) P[i, j] * P[i, j']
    N[i, i'] = projector(j, i) X[i, j]
    rest_n[i, j] = sum(i') N[i, i'] * X[i', j]
    slope[i, j] = grad(nuclear, X)[i, j]
    first[i, i'] = grad(lam[0], S)[i, i']
  }
}`,
      engines,
    );
    expect(faults).toEqual([]);
    close(values.ev, [3 + Math.sqrt(3), 3, 3 - Math.sqrt(3)]);
    close(values.same, zeros(3));
    close(values.rest, zeros(9));
    close(values.unit, [1, 0, 0, 0, 1, 0, 0, 0, 1]);
    close(values.leading, [3 + Math.sqrt(3), 3]);
    close(values.rest_b, zeros(12));
    // (1, 1 + √3, 2 + √3), normalised: its largest entry is positive.
    close(values.sign, [(2 + Math.sqrt(3)) / Math.sqrt(12 + 6 * Math.sqrt(3))]);
    const [p, q] = [(91 + Math.sqrt(8185)) / 2, (91 - Math.sqrt(8185)) / 2];
    close(values.sv, [Math.sqrt(p), Math.sqrt(q)]);
    close(values.longer, [Math.sqrt(p), Math.sqrt(q), 0]);
    close(values.rest_x, zeros(6));
    close(values.orthonormal, [1, 0, 0, 1]);
    close(values.turned, [0]);
    close(values.closest, [1, 0, 0, 1]);
    // Orthogonal to both columns: (1, -2, 1).
    close(
      values.N,
      [1, -2, 1, -2, 4, -2, 1, -2, 1].map((entry) => entry / 6),
    );
    close(values.rest_n, zeros(6));
    // The derivative of the sum of singular values is the polar factor.
    close(values.slope, values.P ?? []);
    // That of an eigenvalue is the product of its vector with itself.
    const v = [1, 1 + Math.sqrt(3), 2 + Math.sqrt(3)].map((entry) => entry / Math.sqrt(12 + 6 * Math.sqrt(3)));
    close(
      values.first,
      v.flatMap((x) => v.map((y) => x * y)),
    );
  });

  test("degenerate and badly conditioned matrices", () => {
    const { values, faults } = measured(
      `experiment e {
  precision f64
  axis i = 6
  axis j = 4
  H[i, i'] = 1 / (i + i' + 1)
  one[i] = 1.0
  rank1[i, j] = (i + 1) * (j + 1)
  (E[i, j], e[j], F[j, j']) = svd(i, j') rank1[i, j']
  measure m {
    smallest = min(i) eigh_values(i, i') H[i, i']
    largest = max(i) eigh_values(i, i') H[i, i']
    x[i] = solve(i', i) H[i', i] at (sum(i'') H[i', i''] * one[i''])
    ld = logdet(i, i') H[i, i']
    equal[i] = eigh_values(i, i') (if i == i' then 2 else 0)
    none[j] = svd_values(j, i) (0 * rank1[i, j])
    values[j] = e[j]
    left[j, j'] = sum(i) E[i, j] * E[i, j']
    right[j, j'] = sum(j'') F[j'', j] * F[j'', j']
    again[i, j] = rank1[i, j] - sum(j') E[i, j'] * e[j'] * F[j', j]
    P[i, j] = polar(i, j) rank1[i, j]
    cut[i, j] = polar(i, j, tol: 0.9) (rank1[i, j] + (if i == 0 and j == 1 then 1 else 0))
    keep[j, j'] = projector(i, j) rank1[i, j]
    trace_keep = sum(j) (1 - (j + 1)^2 / 30)
    nothing[i, j] = polar(i, j) (0 * rank1[i, j])
    bad[i] = eigh_values(i, i') (H[i, i'] * (if i + i' == 0 then inf else 1))
  }
}`,
      engines,
      { relative: 1e-8, absolute: 1e-8 },
    );
    expect(faults.filter((fault) => !/: (x|left|right),/u.test(fault))).toEqual([]);
    // The Hilbert matrix of order 6 (its condition is 1.5e7), its determinant is 1 / 186313420339200000.
    close(values.smallest, [1.0827994845655497e-7], 15);
    close(values.largest, [1.6188998589243391], 12);
    close(values.x, [1, 1, 1, 1, 1, 1], 8);
    close(values.ld, [-Math.log(186313420339200000)], 8);
    close(values.equal, [2, 2, 2, 2, 2, 2]);
    close(values.none, zeros(4));
    // |(1 … 6)| |(1 … 4)|
    close(values.values, [Math.sqrt(91 * 30), 0, 0, 0]);
    close(values.left, [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
    close(values.right, [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
    close(values.again, zeros(24));
    close(
      values.P,
      Array.from({ length: 24 }, (_, k) => ((Math.floor(k / 4) + 1) * ((k % 4) + 1)) / Math.sqrt(91 * 30)),
    );
    expect(Math.hypot(...(values.cut ?? []))).toBeCloseTo(1, 9);
    close(
      values.keep,
      Array.from({ length: 16 }, (_, k) => (k % 5 === 0 ? 1 : 0) - ((Math.floor(k / 4) + 1) * ((k % 4) + 1)) / 30),
    );
    close(values.nothing, zeros(24));
    expect(values.bad).toEqual(Array.from({ length: 6 }, () => NaN));
  });

  test.each(["", "  precision f64"])("singular to rounding is singular, whatever the units are%s", (precision) => {
    const { values, faults } = measured(
      `experiment e {
${precision}
  axis i = 5
  axis k = 3
  u[i, k] = sin((i + 1) * (k + 2))
  unit[i] = 10^(2 * i - 4)
  I[i, i'] = if i == i' then 1 else 0
  well[i, i'] = I[i, i'] * 3 + cos(i + 2 * i')
  measure m {
    singular[i] = solve(i', i) (sum(k) u[i', k] * u[i, k]) at sin(i')
    inverted[i, i'] = inverse(i, i') (sum(k) u[i, k] * u[i', k])
    regular[i] = solve(i', i) ((sum(k) u[i', k] * u[i, k]) + 0.1 * I[i', i]) at (sum(i'') ((sum(k) u[i', k] * u[i'', k]) + 0.1 * I[i', i'']))
    in_rows[i] = solve(i', i) (unit[i'] * well[i', i]) at (unit[i'] * sum(i'') well[i', i''])
    in_columns[i] = unit[i] * solve(i', i) (well[i', i] * unit[i]) at (sum(i'') well[i', i''])
  }
}`,
      engines,
    );
    expect(faults).toEqual([]);
    const ones = [1, 1, 1, 1, 1];
    expect(values.singular).toEqual(ones.map(() => NaN));
    expect(values.inverted).toEqual(Array.from({ length: 25 }, () => NaN));
    close(values.regular, ones, 5);
    close(values.in_rows, ones, 5);
    close(values.in_columns, ones, 5);
  });
});

const faultOf = (text: string): string => {
  try {
    planText(text);
    return "none";
  } catch (error) {
    if (error instanceof UserError) return `${error.diagnostic.code} ${error.diagnostic.message}`;
    throw error;
  }
};

test("sizes that a sweep makes wrong", () => {
  const swept = `experiment e {
  sweep n in [2, 3]
  axis i = n
  axis j = 3
  X[i, j] = i + j + 0.5
  measure m { y = trace(i, j) X[i, j] }
}`;
  expect(faultOf(swept)).toBe("AM3041 `trace` takes a square matrix, and this is 2 by 3");
});

test("derivatives through singular vectors, the nearest orthonormal matrix and the projector, in closed form", () => {
  const { values, faults } = measured(
    `experiment e {
  axis b = 2
  axis i = 3
  axis j = 2
  axis k = 2
  axis one = 1
  c[i, j] = [[1.0, -2], [0.5, 3], [2, 1]]
  base[i, j] = [[3.0, 1], [0, 2], [1, -1]]
  param X[b, i, j] = (b + 1) * base[i, j] + b * i
  (U[b, i, k], s[b, k], V[b, j, k]) = svd(i, j) X[b, i, j]
  again = sum(b, i, j, k) c[i, j] * U[b, i, k] * s[b, k] * V[b, j, k]
  param x[i] = [2.0, -1, 2]
  column[i, one] = x[i]
  row[one, i] = x[i]
  P[i, one] = polar(i, one) column[i, one]
  N[i, i'] = projector(one, i) row[one, i]
  param E[j, j'] = if j == j' then 3 else 0
  Q[j, j'] = polar(j, j') E[j, j']
  turn[j, j'] = if j == j' then 1 else (if j < j' then -2 else 0.5)
  on_q = sum(j, j') turn[j, j'] * Q[j, j']
  on_p = sum(i) c[i, 1] * P[i, 0]
  measure m {
    whole[b, i, j] = grad(again, X)[b, i, j] - c[i, j]
    turned[i] = grad(on_p, x)[i]
    curved[i] = hvp(on_p, x, x[:])[i] + grad(on_p, x)[i]
    left[i] = grad(sum(i', i'') c[i', 0] * N[i', i''] * c[i'', 1], x)[i]
    equal[j, j'] = grad(on_q, E)[j, j']
  }
}`,
    engines,
  );
  expect(faults).toEqual([]);
  close(values.whole, zeros(12), 8);
  // x / |x| with |x| = 3, u = (2, -1, 2) / 3, c = (-2, 3, 1), u c = -5 / 3.
  const [u, c] = [
    [2 / 3, -1 / 3, 2 / 3],
    [-2, 3, 1],
  ];
  close(
    values.turned,
    u.map((entry, i) => ((c[i] ?? 0) + (5 / 3) * entry) / 3),
  );
  // Of degree 0, so along x the derivative changes by minus itself.
  close(values.curved, zeros(3));
  // -(a u)(u c) moves by -((a - u (a u)) (u c) + (c - u (u c)) (a u)) / |x|, with a = (1, 0.5, 2), a u = 11 / 6.
  close(
    values.left,
    u.map((y, i) => {
      const a = [1, 0.5, 2][i] ?? 0;
      return -((a - (11 / 6) * y) * (-5 / 3) + ((c[i] ?? 0) + (5 / 3) * y) * (11 / 6)) / 3;
    }),
  );
  // At 3 times the identity only the antisymmetric part turns it: (c - c') / 2 / 3.
  close(values.equal, [0, -2.5 / 6, 2.5 / 6, 0]);
});

test("a derivative of a singular vector whose value is another's is not finite", () => {
  const text = `experiment e {
  axis i = 2
  axis k = 2
  param X[i, i'] = if i == i' then cos(0.4) else (if i < i' then -sin(0.4) else sin(0.4))
  (U[i, k], s[k], V[i', k]) = svd(i, i') X[i, i']
  measure m { y = if norm(grad(U[0, 0], X)) < inf then 1 else 0 }
}`;
  const { values } = measured(text, engines);
  close(values.y, [0]);
});

test("a matrix that is not symmetric fails the point", () => {
  const text = (matrix: string): string => `experiment e {
  axis i = 2
  A[i, i'] = ${matrix}
  measure m { y[i] = eigh_values(i, i') A[i, i'] }
}`;
  const checks = (matrix: string): readonly string[] =>
    planText(text(matrix)).phases[0]?.programs[0]?.program.checks.map(({ message }) => message) ?? [];
  expect(checks("[[1.0, 2], [3, 4]]")).toEqual(["`eigh` takes a symmetric matrix, and this is none"]);
});

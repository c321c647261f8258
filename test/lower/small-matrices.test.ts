/** Linear algebra of sizes 1 and 0: what is left of it, in the oracle and both engines. */
import { expect, test } from "vitest";
import { enginesHere } from "../engine/graph/native.js";
import { measured } from "../support/measured.js";

const text = (n: number): string => `experiment e {
  axis i = ${n}
  A[i, i'] = 4.0 + i + i'
  y[i] = i + 2.0
  x[i] = solve(i', i) A[i', i] at y[i']
  I[i, i'] = inverse(i, i') A[i, i']
  L[i, i'] = cholesky(i, i') A[i, i']
  P[i, i'] = polar(i, i') (-A[i, i'])
  N[i, i'] = projector(i'', i) A[i'', i]
  lam[i] = eigh_values(i, i') A[i, i']
  s[i] = svd_values(i, i') (-A[i, i'])
  measure m {
    solved = sum(i) x[i]
    inverted = sum(i, i') I[i, i']
    factor = sum(i, i') L[i, i']
    sign = sum(i, i') P[i, i']
    null = sum(i, i') N[i, i']
    eigen = sum(i) lam[i]
    singular = sum(i) s[i]
    ld = logdet(i, i') A[i, i']
    tr = trace(i, i') A[i, i']
  }
}`;

test.each([
  [1, { solved: 0.5, inverted: 0.25, factor: 2, sign: -1, null: 0, eigen: 4, singular: 4, ld: Math.log(4), tr: 4 }],
  [0, { solved: 0, inverted: 0, factor: 0, sign: 0, null: 0, eigen: 0, singular: 0, ld: 0, tr: 0 }],
] as const)("size %i", (n, expected) => {
  const { values, faults } = measured(text(n), enginesHere());
  expect(faults).toEqual([]);
  for (const [name, value] of Object.entries(expected))
    expect([name, values[name]?.[0]?.toFixed(12)]).toEqual([name, value.toFixed(12)]);
});

/**
 * Systems of linear equations in doubles: Gaussian elimination with partial pivoting. Matrices are dense and row-major and are overwritten.
 * A singular matrix, and one with an entry that is not finite, gives NaN everywhere.
 */
import { at } from "../fault.js";

/** Brings A to upper triangular form and does the same to the m columns of b; the sign of the permutation, 0 where A is singular or not finite. */
function eliminate(a: Float64Array, n: number, b: Float64Array, m: number): number {
  if (!a.every(Number.isFinite)) return 0;
  let sign = 1;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(at(a, i * n + k)) > Math.abs(at(a, pivot * n + k))) pivot = i;
    if (at(a, pivot * n + k) === 0) return 0;
    if (pivot !== k) {
      sign = -sign;
      exchange(a, n, k, pivot);
      exchange(b, m, k, pivot);
    }
    for (let i = k + 1; i < n; i++) {
      const factor = at(a, i * n + k) / at(a, k * n + k);
      if (factor === 0) continue;
      for (let j = k; j < n; j++) a[i * n + j] = at(a, i * n + j) - factor * at(a, k * n + j);
      for (let j = 0; j < m; j++) b[i * m + j] = at(b, i * m + j) - factor * at(b, k * m + j);
    }
  }
  return sign;
}

function exchange(rows: Float64Array, length: number, i: number, k: number): void {
  for (let j = 0; j < length; j++) {
    const kept = at(rows, i * length + j);
    rows[i * length + j] = at(rows, k * length + j);
    rows[k * length + j] = kept;
  }
}

/** The x of A x = b for the m columns of b, in the place of b. A column that is not finite becomes NaN. */
export function solve(a: Float64Array, n: number, b: Float64Array, m: number): void {
  const finite = Array.from({ length: m }, (_, j) =>
    Array.from({ length: n }, (_row, i) => at(b, i * m + j)).every(Number.isFinite),
  );
  if (eliminate(a, n, b, m) === 0) {
    b.fill(NaN);
    return;
  }
  for (let j = 0; j < m; j++) {
    for (let i = n - 1; i >= 0; i--) {
      let rest = at(b, i * m + j);
      for (let k = i + 1; k < n; k++) rest -= at(a, i * n + k) * at(b, k * m + j);
      b[i * m + j] = finite[j] === true ? rest / at(a, i * n + i) : NaN;
    }
  }
}

/** log det A; -inf for a singular matrix, NaN where the determinant is negative. */
export function logDeterminant(a: Float64Array, n: number): number {
  if (!a.every(Number.isFinite)) return NaN;
  const sign = eliminate(a, n, new Float64Array(0), 0);
  if (sign === 0) return -Infinity;
  let negative = sign < 0;
  let sum = 0;
  for (let k = 0; k < n; k++) {
    const pivot = at(a, k * n + k);
    if (pivot < 0) negative = !negative;
    sum += Math.log(Math.abs(pivot));
  }
  return negative ? NaN : sum;
}

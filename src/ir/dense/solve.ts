/**
 * Systems of linear equations in doubles: Gaussian elimination with partial pivoting. Matrices are dense and row-major and are overwritten.
 * A singular matrix, and one with an entry that is not finite, gives NaN everywhere. So does one that is singular to rounding: a
 * pivot of n times the rounding of what it was made of tells nothing.
 */
import { at } from "../fault.js";

/**
 * Brings A to upper triangular form and does the same to the m columns of b; the sign of the permutation, 0 where A is not finite, or singular to
 * `epsilon`.
 */
function eliminate(a: Float64Array, n: number, b: Float64Array, m: number, epsilon: number): number {
  if (!a.every(Number.isFinite)) return 0;
  let sign = 1;
  const noise = noiseOf(a, n, epsilon);
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(at(a, i * n + k)) > Math.abs(at(a, pivot * n + k))) pivot = i;
    if (Math.abs(at(a, pivot * n + k)) <= at(noise, k)) return 0;
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

/** By column: the rounding of its largest entry, or of the least of the rows' largest ones, so that neither units of rows nor of columns matter. */
function noiseOf(a: Float64Array, n: number, epsilon: number): Float64Array {
  const rows = new Float64Array(n);
  const columns = new Float64Array(n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const size = Math.abs(at(a, i * n + j));
      rows[i] = Math.max(at(rows, i), size);
      columns[j] = Math.max(at(columns, j), size);
    }
  const least = rows.reduce((size, row) => Math.min(size, row), Infinity);
  return columns.map((column) => epsilon * n * Math.min(column, least));
}

function exchange(rows: Float64Array, length: number, i: number, k: number): void {
  for (let j = 0; j < length; j++) {
    const kept = at(rows, i * length + j);
    rows[i * length + j] = at(rows, k * length + j);
    rows[k * length + j] = kept;
  }
}

/** The x of A x = b for the m columns of b, in the place of b. `epsilon` is the rounding of A's entries. A column that is not finite becomes NaN. */
export function solve(a: Float64Array, n: number, b: Float64Array, m: number, epsilon: number): void {
  const finite = Array.from({ length: m }, (_, j) =>
    Array.from({ length: n }, (_row, i) => at(b, i * m + j)).every(Number.isFinite),
  );
  if (eliminate(a, n, b, m, epsilon) === 0) {
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
  const sign = eliminate(a, n, new Float64Array(0), 0, 0);
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

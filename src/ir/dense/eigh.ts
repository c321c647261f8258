/** Eigenvalues and eigenvectors of a symmetric matrix in doubles: cyclic Jacobi rotations (Golub and Van Loan, 8.5). */
import { at } from "../fault.js";
import { descending, identity, largest, rotateRows, signOf, tangentOf } from "./vectors.js";

const mostSweeps = 60;

/**
 * Of the symmetric part of A (dense, row-major, overwritten): n rows, each an eigenvalue and its unit vector, in descending order. The
 * largest entry of a vector is positive. NaN everywhere where an entry is not finite.
 */
export function eigh(a: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * (n + 1)).fill(NaN);
  const scale = largest(a);
  if (Number.isNaN(scale)) return out;
  const unit = scale === 0 ? 1 : scale;
  const matrix = Float64Array.from(a, (_, k) => {
    const [i, j] = [Math.floor(k / n), k % n];
    return 0.5 * (at(a, i * n + j) / unit + at(a, j * n + i) / unit);
  });
  const vectors = identity(n);
  for (let sweep = 0; sweep < mostSweeps && !isDiagonal(matrix, n); sweep++) {
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(matrix, vectors, n, p, q);
  }
  const values = Float64Array.from({ length: n }, (_, k) => at(matrix, k * n + k));
  descending(values).forEach((from, k) => {
    const sign = signOf(vectors, n, from);
    out[k * (n + 1)] = at(values, from) * unit;
    for (let j = 0; j < n; j++) out[k * (n + 1) + 1 + j] = sign * at(vectors, from * n + j);
  });
  return out;
}

/** Makes the entry at (p, q) zero. */
function rotate(matrix: Float64Array, vectors: Float64Array, n: number, p: number, q: number): void {
  const off = at(matrix, p * n + q);
  if (off === 0) return;
  const tangent = tangentOf((at(matrix, q * n + q) - at(matrix, p * n + p)) / (2 * off));
  rotateRows(matrix, n, p, q, tangent);
  // The same for columns.
  const c = 1 / Math.hypot(1, tangent);
  const s = tangent * c;
  for (let i = 0; i < n; i++) {
    const [x, y] = [at(matrix, i * n + p), at(matrix, i * n + q)];
    matrix[i * n + p] = c * x - s * y;
    matrix[i * n + q] = s * x + c * y;
  }
  rotateRows(vectors, n, p, q, tangent);
}

function isDiagonal(matrix: Float64Array, n: number): boolean {
  let off = 0;
  let all = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const square = at(matrix, i * n + j) ** 2;
      all += square;
      if (i !== j) off += square;
    }
  }
  return off <= (2 ** -52) ** 2 * all;
}

/** What eigenvectors and singular vectors have in common: their order and their sign. Vectors are the rows of a dense matrix. */
import { at } from "../fault.js";

/** Entries that are smaller than the largest by less than this share count as equally large: the first of them decides the sign. */
export const signTolerance = 1e-3;

/** Which vector stands where when the values descend; equal values keep their order. */
export function descending(values: ArrayLike<number>): number[] {
  return Array.from(values, (_, k) => k).sort((i, j) => at(values, j) - at(values, i) || i - j);
}

/** -1 where the largest entry in size of a row is negative, else 1. */
export function signOf(rows: Float64Array, length: number, row: number): number {
  let most = 0;
  for (let j = 0; j < length; j++) most = Math.max(most, Math.abs(at(rows, row * length + j)));
  for (let j = 0; j < length; j++) {
    const entry = at(rows, row * length + j);
    if (Math.abs(entry) >= (1 - signTolerance) * most) return entry < 0 ? -1 : 1;
  }
  return 1;
}

/** The largest entry in size; NaN where one is not finite. */
export function largest(a: Float64Array): number {
  let most = 0;
  for (const entry of a) {
    if (!Number.isFinite(entry)) return NaN;
    most = Math.max(most, Math.abs(entry));
  }
  return most;
}

/** Turns rows i and k by the angle with this tangent: (c i - s k, s i + c k). */
export function rotateRows(rows: Float64Array, length: number, i: number, k: number, tangent: number): void {
  const c = 1 / Math.hypot(1, tangent);
  const s = tangent * c;
  for (let j = 0; j < length; j++) {
    const [x, y] = [at(rows, i * length + j), at(rows, k * length + j)];
    rows[i * length + j] = c * x - s * y;
    rows[k * length + j] = s * x + c * y;
  }
}

/** The smaller root t of t² + 2 θ t = 1. */
export function tangentOf(theta: number): number {
  return (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(1, theta));
}

/** The identity. */
export function identity(n: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, k) => (k % (n + 1) === 0 ? 1 : 0));
}

/** The Cholesky factor in doubles (Banachiewicz, row by row). */
import { at } from "../fault.js";

/** L, lower triangular, with L L' the symmetric part of A; NaN everywhere where that is not positive definite. In the place of A, row-major. */
export function cholesky(a: Float64Array, n: number): void {
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = 0.5 * (at(a, i * n + j) + at(a, j * n + i));
      for (let k = 0; k < j; k++) rest -= at(l, i * n + k) * at(l, j * n + k);
      if (i === j && !(rest > 0 && rest < Infinity)) {
        a.fill(NaN);
        return;
      }
      l[i * n + j] = i === j ? Math.sqrt(rest) : rest / at(l, j * n + j);
    }
  }
  a.set(l);
}

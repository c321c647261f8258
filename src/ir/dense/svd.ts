/** Singular values and vectors in doubles: one-sided Jacobi rotations (Hestenes; Golub and Van Loan, 8.6). */
import { at } from "../fault.js";
import { descending, identity, largest, rotateRows, signOf, tangentOf } from "./vectors.js";

const mostSweeps = 60;
const epsilon = 2 ** -52;

/**
 * Of an n by d matrix (dense, row-major): min(n, d) rows, each a singular value, its left vector (n entries) and its right vector (d
 * entries), in descending order. The largest entry of a left vector is positive. Vectors of values that are 0 to rounding (below
 * max(n, d) units of the largest) complete an orthonormal system. NaN everywhere where an entry is not finite.
 */
export function svd(a: Float64Array, n: number, d: number): Float64Array {
  const count = Math.min(n, d);
  const row = 1 + n + d;
  const out = new Float64Array(count * row).fill(NaN);
  const scale = largest(a);
  if (Number.isNaN(scale)) return out;
  const unit = scale === 0 ? 1 : scale;
  // The vectors that are made orthogonal: rows or columns, whichever are fewer.
  const byColumns = d <= n;
  const length = Math.max(n, d);
  const vectors = Float64Array.from({ length: count * length }, (_, k) => {
    const [i, j] = [Math.floor(k / length), k % length];
    return at(a, byColumns ? j * d + i : i * d + j) / unit;
  });
  const turns = identity(count);
  orthogonalise(vectors, turns, count, length);
  const values = Float64Array.from({ length: count }, (_, k) =>
    Math.hypot(...vectors.subarray(k * length, (k + 1) * length)),
  );
  const places = descending(values);
  const least = epsilon * length * at([...places.map((k) => at(values, k)), 0], 0);
  const long = new Float64Array(count * length);
  places.forEach((from, k) => {
    const value = at(values, from);
    if (value > least) for (let j = 0; j < length; j++) long[k * length + j] = at(vectors, from * length + j) / value;
  });
  places.forEach((from, k) => {
    const isNull = !(at(values, from) > least);
    if (isNull) complete(long, count, length, k);
    const short = turns.subarray(from * count, (from + 1) * count);
    const own = long.subarray(k * length, (k + 1) * length);
    const [left, right] = byColumns ? [own, short] : [short, own];
    const sign = signOf(left, n, 0);
    out[k * row] = at(values, from) * unit;
    out.set(
      left.map((entry) => sign * entry),
      k * row + 1,
    );
    const other = isNull ? signOf(right, d, 0) : sign;
    out.set(
      right.map((entry) => other * entry),
      k * row + 1 + n,
    );
  });
  return out;
}

function orthogonalise(vectors: Float64Array, turns: Float64Array, count: number, length: number): void {
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let rotated = false;
    for (let p = 0; p < count; p++) {
      for (let q = p + 1; q < count; q++) {
        let [pp, qq, pq] = [0, 0, 0];
        for (let j = 0; j < length; j++) {
          const [x, y] = [at(vectors, p * length + j), at(vectors, q * length + j)];
          pp += x * x;
          qq += y * y;
          pq += x * y;
        }
        if (pq === 0 || Math.abs(pq) <= epsilon * Math.sqrt(pp * qq)) continue;
        rotated = true;
        const tangent = tangentOf((qq - pp) / (2 * pq));
        rotateRows(vectors, length, p, q, tangent);
        rotateRows(turns, count, p, q, tangent);
      }
    }
    if (!rotated) return;
  }
}

/** Row k becomes a unit vector orthogonal to all others: what is left of the axis that they cover least. */
function complete(rows: Float64Array, count: number, length: number, k: number): void {
  const cover = new Float64Array(length);
  for (let i = 0; i < count; i++)
    for (let j = 0; j < length; j++) cover[j] = at(cover, j) + at(rows, i * length + j) ** 2;
  const axis = cover.indexOf(Math.min(...cover));
  const own = new Float64Array(length);
  own[axis] = 1;
  // Twice is enough.
  for (let pass = 0; pass < 2; pass++) {
    for (let i = 0; i < count; i++) {
      let product = 0;
      for (let j = 0; j < length; j++) product += at(rows, i * length + j) * at(own, j);
      for (let j = 0; j < length; j++) own[j] = at(own, j) - product * at(rows, i * length + j);
    }
  }
  const size = Math.hypot(...own);
  for (let j = 0; j < length; j++) rows[k * length + j] = at(own, j) / size;
}

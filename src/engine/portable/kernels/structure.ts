/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops within offsets that were computed from the arrays' lengths */
/** Inner loops of reads and sums at computed positions. */
import type { Numbers } from "../../types.js";

/** `out = x[… index …]`: the index, clamped into the range, counts steps of `stride` from the row's place in `x`. */
export function gatherRow(
  n: number,
  out: Numbers,
  o: number,
  so: number,
  x: Numbers,
  p: number,
  sx: number,
  index: Numbers,
  q: number,
  si: number,
  stride: number,
  size: number,
): void {
  for (let i = 0; i < n; i++, o += so, p += sx, q += si) {
    const at = Math.max(0, Math.min(size - 1, index[q]!));
    out[o] = x[p + at * stride]!;
  }
}

/** `out[… index …] += updates`; an index out of range meets no entry. */
export function scatterRow(
  n: number,
  out: Numbers,
  o: number,
  so: number,
  updates: Numbers,
  p: number,
  su: number,
  index: Numbers,
  q: number,
  si: number,
  stride: number,
  size: number,
): void {
  for (let i = 0; i < n; i++, o += so, p += su, q += si) {
    const at = index[q]!;
    if (at >= 0 && at < size) out[o + at * stride]! += updates[p]!;
  }
}

/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops within offsets that were computed from the arrays' lengths */
/**
 * Inner loops of operations with two operands; a Float32Array rounds each result once, ints are exact modulo 2^32.
 * The commonest three take four entries at a time where all lie side by side (a quarter less time).
 */
import type { Numbers } from "../../types.js";
import { floorMod } from "./elementary.js";
import type { Row2 } from "./rows.js";

export const addRow: Row2 = (n, out, o, so, a, p, sa, b, q, sb) => {
  let i = 0;
  if (so === 1 && sa === 1 && sb === 1) {
    for (; i + 3 < n; i += 4) {
      const x = o + i;
      const y = p + i;
      const z = q + i;
      out[x] = a[y]! + b[z]!;
      out[x + 1] = a[y + 1]! + b[z + 1]!;
      out[x + 2] = a[y + 2]! + b[z + 2]!;
      out[x + 3] = a[y + 3]! + b[z + 3]!;
    }
  }
  for (; i < n; i++) out[o + i * so] = a[p + i * sa]! + b[q + i * sb]!;
};
export const subRow: Row2 = (n, out, o, so, a, p, sa, b, q, sb) => {
  let i = 0;
  if (so === 1 && sa === 1 && sb === 1) {
    for (; i + 3 < n; i += 4) {
      const x = o + i;
      const y = p + i;
      const z = q + i;
      out[x] = a[y]! - b[z]!;
      out[x + 1] = a[y + 1]! - b[z + 1]!;
      out[x + 2] = a[y + 2]! - b[z + 2]!;
      out[x + 3] = a[y + 3]! - b[z + 3]!;
    }
  }
  for (; i < n; i++) out[o + i * so] = a[p + i * sa]! - b[q + i * sb]!;
};
export const mulRow: Row2 = (n, out, o, so, a, p, sa, b, q, sb) => {
  let i = 0;
  if (so === 1 && sa === 1 && sb === 1) {
    for (; i + 3 < n; i += 4) {
      const x = o + i;
      const y = p + i;
      const z = q + i;
      out[x] = a[y]! * b[z]!;
      out[x + 1] = a[y + 1]! * b[z + 1]!;
      out[x + 2] = a[y + 2]! * b[z + 2]!;
      out[x + 3] = a[y + 3]! * b[z + 3]!;
    }
  }
  for (; i < n; i++) out[o + i * so] = a[p + i * sa]! * b[q + i * sb]!;
};
export const divRow: Row2 = (n, out, o, so, a, p, sa, b, q, sb) => {
  for (let i = 0; i < n; i++, o += so, p += sa, q += sb) out[o] = a[p]! / b[q]!;
};
/** NaN where either operand is. */
export const maxRow: Row2 = (n, out, o, so, a, p, sa, b, q, sb) => {
  for (let i = 0; i < n; i++, o += so, p += sa, q += sb) out[o] = Math.max(a[p]!, b[q]!);
};
export const minRow: Row2 = (n, out, o, so, a, p, sa, b, q, sb) => {
  for (let i = 0; i < n; i++, o += so, p += sa, q += sb) out[o] = Math.min(a[p]!, b[q]!);
};
export const powRow: Row2 = (n, out, o, so, a, p, sa, b, q, sb) => {
  for (let i = 0; i < n; i++, o += so, p += sa, q += sb) out[o] = a[p]! ** b[q]!;
};
export const atan2Row: Row2 = (n, out, o, so, a, p, sa, b, q, sb) => {
  for (let i = 0; i < n; i++, o += so, p += sa, q += sb) out[o] = Math.atan2(a[p]!, b[q]!);
};
export const modRow: Row2 = (n, out, o, so, a, p, sa, b, q, sb) => {
  for (let i = 0; i < n; i++, o += so, p += sa, q += sb) out[o] = floorMod(a[p]!, b[q]!);
};
export const floorDivRow: Row2 = (n, out, o, so, a, p, sa, b, q, sb) => {
  for (let i = 0; i < n; i++, o += so, p += sa, q += sb) out[o] = Math.floor(a[p]! / b[q]!);
};

// Sums and differences of two ints are exact in doubles and an Int32Array keeps their low 32 bits; products need imul.
export const mulRowOfInts: Row2 = (n, out, o, so, a, p, sa, b, q, sb) => {
  for (let i = 0; i < n; i++, o += so, p += sa, q += sb) out[o] = Math.imul(a[p]!, b[q]!);
};
/** A division by 0 gives 0. */
export const modRowOfInts: Row2 = (n, out, o, so, a, p, sa, b, q, sb) => {
  for (let i = 0; i < n; i++, o += so, p += sa, q += sb) out[o] = floorMod(a[p]!, b[q]!) | 0;
};
export const floorDivRowOfInts: Row2 = (n, out, o, so, a, p, sa, b, q, sb) => {
  for (let i = 0; i < n; i++, o += so, p += sa, q += sb) out[o] = Math.floor(a[p]! / b[q]!) | 0;
};

export const eqRow: Row2 = (n, out, o, so, a, p, sa, b, q, sb) => {
  for (let i = 0; i < n; i++, o += so, p += sa, q += sb) out[o] = a[p] === b[q] ? 1 : 0;
};
export const neRow: Row2 = (n, out, o, so, a, p, sa, b, q, sb) => {
  for (let i = 0; i < n; i++, o += so, p += sa, q += sb) out[o] = a[p] === b[q] ? 0 : 1;
};
export const ltRow: Row2 = (n, out, o, so, a, p, sa, b, q, sb) => {
  for (let i = 0; i < n; i++, o += so, p += sa, q += sb) out[o] = a[p]! < b[q]! ? 1 : 0;
};
export const leRow: Row2 = (n, out, o, so, a, p, sa, b, q, sb) => {
  for (let i = 0; i < n; i++, o += so, p += sa, q += sb) out[o] = a[p]! <= b[q]! ? 1 : 0;
};
export const gtRow: Row2 = (n, out, o, so, a, p, sa, b, q, sb) => {
  for (let i = 0; i < n; i++, o += so, p += sa, q += sb) out[o] = a[p]! > b[q]! ? 1 : 0;
};
export const geRow: Row2 = (n, out, o, so, a, p, sa, b, q, sb) => {
  for (let i = 0; i < n; i++, o += so, p += sa, q += sb) out[o] = a[p]! >= b[q]! ? 1 : 0;
};
export const andRow: Row2 = (n, out, o, so, a, p, sa, b, q, sb) => {
  for (let i = 0; i < n; i++, o += so, p += sa, q += sb) out[o] = a[p]! & b[q]!;
};
export const orRow: Row2 = (n, out, o, so, a, p, sa, b, q, sb) => {
  for (let i = 0; i < n; i++, o += so, p += sa, q += sb) out[o] = a[p]! | b[q]!;
};

export function selectRow(
  n: number,
  out: Numbers,
  o: number,
  so: number,
  c: Numbers,
  p: number,
  sc: number,
  a: Numbers,
  q: number,
  sa: number,
  b: Numbers,
  r: number,
  sb: number,
): void {
  for (let i = 0; i < n; i++, o += so, p += sc, q += sa, r += sb) out[o] = c[p] === 0 ? b[r]! : a[q]!;
}

/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops within offsets that were computed from the arrays' lengths */
/**
 * Inner loops of contractions: a few results at a time, so that each number that is loaded is used several times.
 * Sums are gathered in doubles, in the order of the table of offsets, and rounded once. `n` goes along the lanes (runs as a rule).
 */
import type { Numbers } from "../../types.js";

/** Four results from weights that all lanes share, packed as [k][4]. */
export function shared4(
  n: number,
  out: Numbers,
  o0: number,
  o1: number,
  o2: number,
  o3: number,
  so: number,
  weights: Float64Array,
  w: number,
  b: Numbers,
  p: number,
  sb: number,
  offsets: Int32Array,
): void {
  const count = offsets.length;
  let i = 0;
  for (; i + 1 < n; i += 2) {
    const p0 = p + i * sb;
    const p1 = p0 + sb;
    let a0 = 0;
    let a1 = 0;
    let b0 = 0;
    let b1 = 0;
    let c0 = 0;
    let c1 = 0;
    let d0 = 0;
    let d1 = 0;
    for (let k = 0, q = w; k < count; k++, q += 4) {
      const at = offsets[k]!;
      const x = b[p0 + at]!;
      const y = b[p1 + at]!;
      let weight = weights[q]!;
      a0 += weight * x;
      a1 += weight * y;
      weight = weights[q + 1]!;
      b0 += weight * x;
      b1 += weight * y;
      weight = weights[q + 2]!;
      c0 += weight * x;
      c1 += weight * y;
      weight = weights[q + 3]!;
      d0 += weight * x;
      d1 += weight * y;
    }
    const here = i * so;
    const next = here + so;
    out[o0 + here] = a0;
    out[o1 + here] = b0;
    out[o2 + here] = c0;
    out[o3 + here] = d0;
    out[o0 + next] = a1;
    out[o1 + next] = b1;
    out[o2 + next] = c1;
    out[o3 + next] = d1;
  }
  if (i < n) {
    let a0 = 0;
    let b0 = 0;
    let c0 = 0;
    let d0 = 0;
    for (let k = 0, q = w; k < count; k++, q += 4) {
      const x = b[p + i * sb + offsets[k]!]!;
      a0 += weights[q]! * x;
      b0 += weights[q + 1]! * x;
      c0 += weights[q + 2]! * x;
      d0 += weights[q + 3]! * x;
    }
    out[o0 + i * so] = a0;
    out[o1 + i * so] = b0;
    out[o2 + i * so] = c0;
    out[o3 + i * so] = d0;
  }
}

/** Two results from weights that all lanes share, packed as [k][2]. */
export function shared2(
  n: number,
  out: Numbers,
  o0: number,
  o1: number,
  so: number,
  weights: Float64Array,
  w: number,
  b: Numbers,
  p: number,
  sb: number,
  offsets: Int32Array,
): void {
  const count = offsets.length;
  let i = 0;
  for (; i + 1 < n; i += 2) {
    const p0 = p + i * sb;
    const p1 = p0 + sb;
    let a0 = 0;
    let a1 = 0;
    let b0 = 0;
    let b1 = 0;
    for (let k = 0, q = w; k < count; k++, q += 2) {
      const at = offsets[k]!;
      const x = b[p0 + at]!;
      const y = b[p1 + at]!;
      const v0 = weights[q]!;
      const v1 = weights[q + 1]!;
      a0 += v0 * x;
      a1 += v0 * y;
      b0 += v1 * x;
      b1 += v1 * y;
    }
    const here = i * so;
    out[o0 + here] = a0;
    out[o1 + here] = b0;
    out[o0 + here + so] = a1;
    out[o1 + here + so] = b1;
  }
  if (i < n) {
    let a0 = 0;
    let b0 = 0;
    for (let k = 0, q = w; k < count; k++, q += 2) {
      const x = b[p + i * sb + offsets[k]!]!;
      a0 += weights[q]! * x;
      b0 += weights[q + 1]! * x;
    }
    out[o0 + i * so] = a0;
    out[o1 + i * so] = b0;
  }
}

/** One result from weights that all lanes share. */
export function shared1(
  n: number,
  out: Numbers,
  o0: number,
  so: number,
  weights: Float64Array,
  w: number,
  b: Numbers,
  p: number,
  sb: number,
  offsets: Int32Array,
): void {
  const count = offsets.length;
  let i = 0;
  for (; i + 3 < n; i += 4) {
    const p0 = p + i * sb;
    const p1 = p0 + sb;
    const p2 = p1 + sb;
    const p3 = p2 + sb;
    let a0 = 0;
    let a1 = 0;
    let a2 = 0;
    let a3 = 0;
    for (let k = 0; k < count; k++) {
      const at = offsets[k]!;
      const weight = weights[w + k]!;
      a0 += weight * b[p0 + at]!;
      a1 += weight * b[p1 + at]!;
      a2 += weight * b[p2 + at]!;
      a3 += weight * b[p3 + at]!;
    }
    const here = o0 + i * so;
    out[here] = a0;
    out[here + so] = a1;
    out[here + 2 * so] = a2;
    out[here + 3 * so] = a3;
  }
  for (; i < n; i++) {
    let a0 = 0;
    for (let k = 0; k < count; k++) a0 += weights[w + k]! * b[p + i * sb + offsets[k]!]!;
    out[o0 + i * so] = a0;
  }
}

/** Two results of one operand with two of the other, both with lanes. */
export function lanes2x2(
  n: number,
  out: Numbers,
  o00: number,
  o01: number,
  o10: number,
  o11: number,
  so: number,
  a: Numbers,
  p0: number,
  p1: number,
  sa: number,
  b: Numbers,
  q0: number,
  q1: number,
  sb: number,
  offsetsA: Int32Array,
  offsetsB: Int32Array,
): void {
  const count = offsetsA.length;
  for (let i = 0; i < n; i++) {
    const a0 = p0 + i * sa;
    const a1 = p1 + i * sa;
    const b0 = q0 + i * sb;
    const b1 = q1 + i * sb;
    let s00 = 0;
    let s01 = 0;
    let s10 = 0;
    let s11 = 0;
    for (let k = 0; k < count; k++) {
      const inA = offsetsA[k]!;
      const inB = offsetsB[k]!;
      const x0 = a[a0 + inA]!;
      const x1 = a[a1 + inA]!;
      const y0 = b[b0 + inB]!;
      const y1 = b[b1 + inB]!;
      s00 += x0 * y0;
      s01 += x0 * y1;
      s10 += x1 * y0;
      s11 += x1 * y1;
    }
    const here = i * so;
    out[o00 + here] = s00;
    out[o01 + here] = s01;
    out[o10 + here] = s10;
    out[o11 + here] = s11;
  }
}

/** One result of two operands with lanes. */
export function lanes1x1(
  n: number,
  out: Numbers,
  o: number,
  so: number,
  a: Numbers,
  p: number,
  sa: number,
  b: Numbers,
  q: number,
  sb: number,
  offsetsA: Int32Array,
  offsetsB: Int32Array,
): void {
  const count = offsetsA.length;
  let i = 0;
  for (; i + 1 < n; i += 2) {
    const a0 = p + i * sa;
    const b0 = q + i * sb;
    let s0 = 0;
    let s1 = 0;
    for (let k = 0; k < count; k++) {
      const inA = a0 + offsetsA[k]!;
      const inB = b0 + offsetsB[k]!;
      s0 += a[inA]! * b[inB]!;
      s1 += a[inA + sa]! * b[inB + sb]!;
    }
    out[o + i * so] = s0;
    out[o + (i + 1) * so] = s1;
  }
  if (i < n) {
    let sum = 0;
    for (let k = 0; k < count; k++) sum += a[p + i * sa + offsetsA[k]!]! * b[q + i * sb + offsetsB[k]!]!;
    out[o + i * so] = sum;
  }
}

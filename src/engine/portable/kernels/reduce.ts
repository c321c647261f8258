/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops within offsets that were computed from the arrays' lengths */
/** Inner loops of reductions and cumulative operations; reals are gathered in doubles and rounded once. */
import type { CumulativeRow, ReduceRow } from "./rows.js";

export const sumRow: ReduceRow = (n, out, o, so, a, p, sa, offsets) => {
  const count = offsets.length;
  let i = 0;
  // Several entries at once: their sums do not wait for each other.
  for (; i + 3 < n; i += 4) {
    const p0 = p + i * sa;
    const p1 = p0 + sa;
    const p2 = p1 + sa;
    const p3 = p2 + sa;
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let k = 0; k < count; k++) {
      const at = offsets[k]!;
      s0 += a[p0 + at]!;
      s1 += a[p1 + at]!;
      s2 += a[p2 + at]!;
      s3 += a[p3 + at]!;
    }
    out[o + i * so] = s0;
    out[o + (i + 1) * so] = s1;
    out[o + (i + 2) * so] = s2;
    out[o + (i + 3) * so] = s3;
  }
  for (; i < n; i++) {
    const from = p + i * sa;
    let sum = 0;
    for (let k = 0; k < count; k++) sum += a[from + offsets[k]!]!;
    out[o + i * so] = sum;
  }
};

export const sumRowOfInts: ReduceRow = (n, out, o, so, a, p, sa, offsets) => {
  const count = offsets.length;
  for (let i = 0; i < n; i++) {
    const from = p + i * sa;
    let sum = 0;
    for (let k = 0; k < count; k++) sum = (sum + a[from + offsets[k]!]!) | 0;
    out[o + i * so] = sum;
  }
};

export const prodRow: ReduceRow = (n, out, o, so, a, p, sa, offsets) => {
  const count = offsets.length;
  for (let i = 0; i < n; i++) {
    const from = p + i * sa;
    let product = 1;
    for (let k = 0; k < count; k++) product *= a[from + offsets[k]!]!;
    out[o + i * so] = product;
  }
};

export const prodRowOfInts: ReduceRow = (n, out, o, so, a, p, sa, offsets) => {
  const count = offsets.length;
  for (let i = 0; i < n; i++) {
    const from = p + i * sa;
    let product = 1;
    for (let k = 0; k < count; k++) product = Math.imul(product, a[from + offsets[k]!]!);
    out[o + i * so] = product;
  }
};

/** NaN where an entry is; `start` is the value of an empty reduction. */
export const maxRowFrom =
  (start: number): ReduceRow =>
  (n, out, o, so, a, p, sa, offsets) => {
    const count = offsets.length;
    let i = 0;
    for (; i + 1 < n; i += 2) {
      const p0 = p + i * sa;
      const p1 = p0 + sa;
      let m0 = start;
      let m1 = start;
      for (let k = 0; k < count; k++) {
        const at = offsets[k]!;
        m0 = Math.max(m0, a[p0 + at]!);
        m1 = Math.max(m1, a[p1 + at]!);
      }
      out[o + i * so] = m0;
      out[o + (i + 1) * so] = m1;
    }
    if (i < n) {
      let most = start;
      for (let k = 0; k < count; k++) most = Math.max(most, a[p + i * sa + offsets[k]!]!);
      out[o + i * so] = most;
    }
  };

export const minRowFrom =
  (start: number): ReduceRow =>
  (n, out, o, so, a, p, sa, offsets) => {
    const count = offsets.length;
    let i = 0;
    for (; i + 1 < n; i += 2) {
      const p0 = p + i * sa;
      const p1 = p0 + sa;
      let m0 = start;
      let m1 = start;
      for (let k = 0; k < count; k++) {
        const at = offsets[k]!;
        m0 = Math.min(m0, a[p0 + at]!);
        m1 = Math.min(m1, a[p1 + at]!);
      }
      out[o + i * so] = m0;
      out[o + (i + 1) * so] = m1;
    }
    if (i < n) {
      let least = start;
      for (let k = 0; k < count; k++) least = Math.min(least, a[p + i * sa + offsets[k]!]!);
      out[o + i * so] = least;
    }
  };

export const anyRow: ReduceRow = (n, out, o, so, a, p, sa, offsets) => {
  const count = offsets.length;
  for (let i = 0; i < n; i++) {
    const from = p + i * sa;
    let any = 0;
    for (let k = 0; k < count; k++) any |= a[from + offsets[k]!]!;
    out[o + i * so] = any;
  }
};

export const allRow: ReduceRow = (n, out, o, so, a, p, sa, offsets) => {
  const count = offsets.length;
  for (let i = 0; i < n; i++) {
    const from = p + i * sa;
    let all = 1;
    for (let k = 0; k < count; k++) all &= a[from + offsets[k]!]!;
    out[o + i * so] = all;
  }
};

/** The first largest entry; a NaN counts as larger than all numbers. */
export const argMaxRow: ReduceRow = (n, out, o, so, a, p, sa, offsets) => {
  const count = offsets.length;
  for (let i = 0; i < n; i++) {
    const from = p + i * sa;
    let best = -Infinity;
    let place = 0;
    for (let k = 0; k < count; k++) {
      const x = a[from + offsets[k]!]!;
      if (x > best || (x !== x && best === best)) {
        best = x;
        place = k;
      }
    }
    out[o + i * so] = place;
  }
};

export const argMinRow: ReduceRow = (n, out, o, so, a, p, sa, offsets) => {
  const count = offsets.length;
  for (let i = 0; i < n; i++) {
    const from = p + i * sa;
    let best = Infinity;
    let place = 0;
    for (let k = 0; k < count; k++) {
      const x = a[from + offsets[k]!]!;
      if (x < best || (x !== x && best === best)) {
        best = x;
        place = k;
      }
    }
    out[o + i * so] = place;
  }
};

export const cumulativeSumRow: CumulativeRow = (n, out, o, so, a, p, sa, size, stepOut, stepIn) => {
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let k = 0; k < size; k++) {
      sum += a[p + i * sa + k * stepIn]!;
      out[o + i * so + k * stepOut] = sum;
    }
  }
};

export const cumulativeProdRow: CumulativeRow = (n, out, o, so, a, p, sa, size, stepOut, stepIn) => {
  for (let i = 0; i < n; i++) {
    let product = 1;
    for (let k = 0; k < size; k++) {
      product *= a[p + i * sa + k * stepIn]!;
      out[o + i * so + k * stepOut] = product;
    }
  }
};

// The sums of ints stay exact in doubles only while they are small: their low 32 bits are kept at each step.
export const cumulativeSumRowOfInts: CumulativeRow = (n, out, o, so, a, p, sa, size, stepOut, stepIn) => {
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let k = 0; k < size; k++) {
      sum = (sum + a[p + i * sa + k * stepIn]!) | 0;
      out[o + i * so + k * stepOut] = sum;
    }
  }
};

export const cumulativeProdRowOfInts: CumulativeRow = (n, out, o, so, a, p, sa, size, stepOut, stepIn) => {
  for (let i = 0; i < n; i++) {
    let product = 1;
    for (let k = 0; k < size; k++) {
      product = Math.imul(product, a[p + i * sa + k * stepIn]!);
      out[o + i * so + k * stepOut] = product;
    }
  }
};

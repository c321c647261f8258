/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops within offsets that were computed from the arrays' lengths */
/** Inner loops of operations with one operand; a Float32Array rounds each result once. */
import type { Row1 } from "./rows.js";
import { erf, powerInt, quickExp, quickTanh, roundEven, sigmoid, softplus } from "./elementary.js";

export const copyRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++, o += so, p += sa) out[o] = a[p]!;
};
export const negRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++, o += so, p += sa) out[o] = -a[p]!;
};
export const expRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++, o += so, p += sa) out[o] = Math.exp(a[p]!);
};
export const quickExpRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++, o += so, p += sa) out[o] = quickExp(a[p]!);
};
export const logRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++, o += so, p += sa) out[o] = Math.log(a[p]!);
};
export const log1pRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++, o += so, p += sa) out[o] = Math.log1p(a[p]!);
};
export const expm1Row: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++, o += so, p += sa) out[o] = Math.expm1(a[p]!);
};
export const sqrtRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++, o += so, p += sa) out[o] = Math.sqrt(a[p]!);
};
export const absRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++, o += so, p += sa) out[o] = Math.abs(a[p]!);
};
export const signRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++, o += so, p += sa) out[o] = Math.sign(a[p]!);
};
export const sinRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++, o += so, p += sa) out[o] = Math.sin(a[p]!);
};
export const cosRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++, o += so, p += sa) out[o] = Math.cos(a[p]!);
};
export const tanRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++, o += so, p += sa) out[o] = Math.tan(a[p]!);
};
export const tanhRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++, o += so, p += sa) out[o] = Math.tanh(a[p]!);
};
export const quickTanhRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++, o += so, p += sa) out[o] = quickTanh(a[p]!);
};
export const sigmoidRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++, o += so, p += sa) out[o] = sigmoid(a[p]!);
};
/** In doubles e^-x of a single overflows to nothing worse than the right limit. */
export const quickSigmoidRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++, o += so, p += sa) out[o] = 1 / (1 + quickExp(-a[p]!));
};
export const softplusRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++, o += so, p += sa) out[o] = softplus(a[p]!);
};
export const erfRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++, o += so, p += sa) out[o] = erf(a[p]!);
};
export const floorRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++, o += so, p += sa) out[o] = Math.floor(a[p]!);
};
export const ceilRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++, o += so, p += sa) out[o] = Math.ceil(a[p]!);
};
export const roundRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++, o += so, p += sa) out[o] = roundEven(a[p]!);
};
export const notRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++, o += so, p += sa) out[o] = a[p] === 0 ? 1 : 0;
};
export const isFiniteRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++, o += so, p += sa) out[o] = Number.isFinite(a[p]!) ? 1 : 0;
};
export const truthRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++, o += so, p += sa) out[o] = a[p] === 0 ? 0 : 1;
};
/** Truncates; beyond the range of an int its nearest end, NaN becomes 0. */
export const truncateRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++, o += so, p += sa) out[o] = Math.max(-2147483648, Math.min(2147483647, Math.trunc(a[p]!)));
};
export const squareRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++, o += so, p += sa) {
    const x = a[p]!;
    out[o] = x * x;
  }
};

export const powerIntRow =
  (exponent: number): Row1 =>
  (n, out, o, so, a, p, sa) => {
    for (let i = 0; i < n; i++, o += so, p += sa) out[o] = powerInt(a[p]!, exponent);
  };
export const powerIntRowOfInts =
  (exponent: number): Row1 =>
  (n, out, o, so, a, p, sa) => {
    for (let i = 0; i < n; i++, o += so, p += sa) {
      let result = 1;
      for (let k = 0; k < exponent; k++) result = Math.imul(result, a[p]!);
      out[o] = result;
    }
  };

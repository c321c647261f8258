/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops within offsets that were computed from the arrays' lengths */
/** Inner loops of operations with one operand; a Float32Array rounds each result once. */
import type { Row1 } from "./rows.js";
import { erf, powerInt, quickExp, quickTanh, roundEven, sigmoid, softplus } from "./elementary.js";

export const copyRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++) out[o + i * so] = a[p + i * sa]!;
};
export const negRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++) out[o + i * so] = -a[p + i * sa]!;
};
export const expRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++) out[o + i * so] = Math.exp(a[p + i * sa]!);
};
export const quickExpRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++) out[o + i * so] = quickExp(a[p + i * sa]!);
};
export const logRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++) out[o + i * so] = Math.log(a[p + i * sa]!);
};
export const log1pRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++) out[o + i * so] = Math.log1p(a[p + i * sa]!);
};
export const expm1Row: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++) out[o + i * so] = Math.expm1(a[p + i * sa]!);
};
export const sqrtRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++) out[o + i * so] = Math.sqrt(a[p + i * sa]!);
};
export const absRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++) out[o + i * so] = Math.abs(a[p + i * sa]!);
};
export const signRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++) out[o + i * so] = Math.sign(a[p + i * sa]!);
};
export const sinRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++) out[o + i * so] = Math.sin(a[p + i * sa]!);
};
export const cosRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++) out[o + i * so] = Math.cos(a[p + i * sa]!);
};
export const tanRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++) out[o + i * so] = Math.tan(a[p + i * sa]!);
};
export const tanhRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++) out[o + i * so] = Math.tanh(a[p + i * sa]!);
};
export const quickTanhRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++) out[o + i * so] = quickTanh(a[p + i * sa]!);
};
export const sigmoidRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++) out[o + i * so] = sigmoid(a[p + i * sa]!);
};
/** In doubles e^-x of a single overflows to nothing worse than the right limit. */
export const quickSigmoidRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++) out[o + i * so] = 1 / (1 + quickExp(-a[p + i * sa]!));
};
export const softplusRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++) out[o + i * so] = softplus(a[p + i * sa]!);
};
export const erfRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++) out[o + i * so] = erf(a[p + i * sa]!);
};
export const floorRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++) out[o + i * so] = Math.floor(a[p + i * sa]!);
};
export const ceilRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++) out[o + i * so] = Math.ceil(a[p + i * sa]!);
};
export const roundRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++) out[o + i * so] = roundEven(a[p + i * sa]!);
};
export const notRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++) out[o + i * so] = a[p + i * sa] === 0 ? 1 : 0;
};
export const isFiniteRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++) out[o + i * so] = Number.isFinite(a[p + i * sa]!) ? 1 : 0;
};
export const truthRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++) out[o + i * so] = a[p + i * sa] === 0 ? 0 : 1;
};
/** Truncates; beyond the range of an int its nearest end, NaN becomes 0. */
export const truncateRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++) out[o + i * so] = Math.max(-2147483648, Math.min(2147483647, Math.trunc(a[p + i * sa]!)));
};
export const squareRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++) {
    const x = a[p + i * sa]!;
    out[o + i * so] = x * x;
  }
};

export const powerIntRow =
  (exponent: number): Row1 =>
  (n, out, o, so, a, p, sa) => {
    for (let i = 0; i < n; i++) out[o + i * so] = powerInt(a[p + i * sa]!, exponent);
  };
export const powerIntRowOfInts =
  (exponent: number): Row1 =>
  (n, out, o, so, a, p, sa) => {
    for (let i = 0; i < n; i++) {
      let result = 1;
      for (let k = 0; k < exponent; k++) result = Math.imul(result, a[p + i * sa]!);
      out[o + i * so] = result;
    }
  };

/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops within offsets that were computed from the arrays' lengths */
/** Inner loops of special functions: computed in doubles, a Float32Array rounds each result once. */
import { digamma, logGamma } from "../../../base/gamma.js";
import { erfInverse } from "../../../ir/draws/elementary.js";
import type { Row1 } from "./rows.js";

export const erfInvRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++, o += so, p += sa) {
    const x = a[p]!;
    const size = Math.abs(x);
    out[o] = size < 1 ? erfInverse(x) : size === 1 ? x * Infinity : NaN;
  }
};
export const lgammaRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++, o += so, p += sa) out[o] = logGamma(a[p]!);
};
export const digammaRow: Row1 = (n, out, o, so, a, p, sa) => {
  for (let i = 0; i < n; i++, o += so, p += sa) out[o] = digamma(a[p]!);
};

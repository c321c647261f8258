/** Elementary functions that JavaScript lacks, in doubles, for the oracle. */

/** By its series where terms are positive, by a continued fraction of the complement beyond. */
export function erf(x: number): number {
  const a = Math.abs(x);
  if (!(a < 3)) return Number.isNaN(x) ? NaN : Math.sign(x) * (1 - erfcTail(a));
  // erf(x) = 2/sqrt(pi) exp(-x^2) sum_n 2^n x^(2n+1) / (1 3 5 … (2n+1))
  let term = a;
  let sum = a;
  for (let n = 1; term > sum * 1e-18; n++) {
    term *= (2 * a * a) / (2 * n + 1);
    sum += term;
  }
  return ((Math.sign(x) * 2) / Math.sqrt(Math.PI)) * Math.exp(-a * a) * sum;
}

/** erfc(x) = exp(-x^2) / sqrt(pi) / (x + (1/2)/(x + (2/2)/(x + (3/2)/(x + …)))), for x >= 3. */
function erfcTail(x: number): number {
  if (x > 27) return 0;
  let tail = x;
  for (let k = 60; k >= 1; k--) tail = x + k / 2 / tail;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / tail;
}

export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

export function roundHalfToEven(x: number): number {
  const low = Math.floor(x);
  const fraction = x - low;
  if (fraction !== 0.5) return fraction < 0.5 ? low : low + 1;
  return low % 2 === 0 ? low : low + 1;
}

/** Exact repeated multiplication; x^0 is 1 for every x. */
export function powerInt(x: number, exponent: number): number {
  let product = 1;
  for (let k = 0; k < exponent; k++) product *= x;
  return product;
}

/** The remainder has the divisor's sign. */
export function flooredMod(a: number, b: number): number {
  const r = a % b;
  return r !== 0 && r < 0 !== b < 0 ? r + b : r;
}

/** Elementary functions that JavaScript lacks, or has slower than single precision needs. */

const ln2 = 0.6931471805599453;
const parts = 32;
const perPart = ln2 / parts;
const scale = parts / ln2;
const lowest = 150;
/** 2^(j / 32 - 150) */
const powers = Float64Array.from({ length: (lowest + 130) * parts }, (_, j) => 2 ** (j / parts - lowest));

/**
 * exp to a relative error of 2e-12 where single precision has normal numbers, `Math.exp` elsewhere:
 * exp(x) = 2^(j/32) exp(r) with |r| <= ln 2 / 64, and exp(r) by its series.
 */
export function quickExp(x: number): number {
  if (!(x > -87 && x < 88.8)) return Math.exp(x);
  const j = (x * scale + (lowest * parts + 0.5)) | 0;
  const r = x - (j - lowest * parts) * perPart;
  return (powers[j] ?? 0) * (1 + r * (1 + r * (0.5 + r * (1 / 6 + r * (1 / 24)))));
}

/** tanh to a relative error of 1e-10; the series where 1 - 2 / (e^2x + 1) would cancel. */
export function quickTanh(x: number): number {
  const square = x * x;
  if (square < 0.01)
    return x * (1 + square * (-1 / 3 + square * (2 / 15 + square * (-17 / 315 + square * (62 / 2835)))));
  if (square > 400) return x > 0 ? 1 : -1;
  return 1 - 2 / (quickExp(2 * x) + 1);
}

/** log(1 + e^x) without overflow, and exact for very negative x. */
export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

/** Halves to even. */
export function roundEven(x: number): number {
  const down = Math.floor(x);
  const rest = x - down;
  if (rest < 0.5) return down;
  if (rest > 0.5) return down + 1;
  // Infinities and NaN come here too: their rest is NaN.
  return down % 2 === 0 || rest !== 0.5 ? down : down + 1;
}

/** The remainder with the sign of the divisor. */
export function floorMod(x: number, y: number): number {
  const rest = x % y;
  return rest !== 0 && rest < 0 !== y < 0 ? rest + y : rest;
}

/** x^n, n >= 0, by repeated squaring in doubles. */
export function powerInt(x: number, n: number): number {
  let result = 1;
  let base = x;
  for (let left = n; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result *= base;
    base *= base;
  }
  return result;
}

const twoOverSqrtPi = 1.1283791670955126;

/**
 * The error function to about 1e-15: below 2 by the series with positive terms
 * erf x = 2/sqrt(pi) e^(-x^2) sum 2^n x^(2n+1) / (2n+1)!! (Abramowitz and Stegun 7.1.6), above by the continued fraction
 * of erfc (7.1.14), evaluated from its tail.
 */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (!(size < 6)) return Number.isNaN(x) ? x : Math.sign(x);
  const square = size * size;
  const bell = Math.exp(-square);
  let value: number;
  if (size < 2) {
    let term = size;
    let sum = size;
    for (let n = 1; term > sum * 1e-17; n++) {
      term *= (2 * square) / (2 * n + 1);
      sum += term;
    }
    value = twoOverSqrtPi * bell * sum;
  } else {
    let fraction = size;
    for (let n = 60; n > 0; n--) fraction = size + n / 2 / fraction;
    value = 1 - (0.5 * twoOverSqrtPi * bell) / fraction;
  }
  return x < 0 ? -value : value;
}

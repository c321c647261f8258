/** Functions that `Math` lacks, in doubles, for constants. */

/** erf by its Taylor series near 0 and by the continued fraction of erfc elsewhere (Abramowitz and Stegun 7.1.5, 7.1.14). */
export function erf(x: number): number {
  if (Number.isNaN(x)) return x;
  if (Math.abs(x) > 2.5) return x > 0 ? 1 - erfcTail(x) : erfcTail(-x) - 1;
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > Math.abs(sum) * 1e-18; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

export function erfc(x: number): number {
  if (x > 2.5) return erfcTail(x);
  return x > 0.5 ? erfcTail(x) : 1 - erf(x);
}

function erfcTail(x: number): number {
  let fraction = x;
  for (let n = Math.ceil(20 + 300 / (x * x)); n >= 1; n--) fraction = x + n / 2 / fraction;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
}

/** The x with erf(x) = y: Newton's steps, on the side where erfc keeps its digits. */
export function inverseErf(y: number): number {
  const size = Math.abs(y);
  if (!(size < 1)) return size === 1 ? y * Infinity : NaN;
  const slope = 2 / Math.sqrt(Math.PI);
  // Winitzki's approximation to three digits.
  const l = Math.log1p(-size * size);
  const half = 2 / (Math.PI * 0.147) + l / 2;
  let x = Math.sqrt(Math.sqrt(half * half - l / 0.147) - half);
  for (let k = 0; k < 6; k++) {
    const error = size < 0.5 ? erf(x) - size : 1 - size - erfc(x);
    const step = error / (slope * Math.exp(-x * x));
    // Halley's correction.
    x -= step / (1 + x * step);
  }
  return y < 0 ? -x : x;
}

export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

export function gelu(x: number): number {
  return x === -Infinity ? 0 : (x * erfc(-x / Math.SQRT2)) / 2;
}

/** The nearest whole number; halves to the even one. */
export function roundHalfEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  if (rest !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}

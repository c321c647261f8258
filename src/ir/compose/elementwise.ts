/** Elementwise functions made of ops. */
import type { Builder } from "../builder.js";
import type { ValueId } from "../types.js";

/** max(x, 0) with derivative 0 at 0; NaN stays NaN. */
export function relu(b: Builder, x: ValueId): ValueId {
  const zero = b.number(0, x);
  return b.select(b.le(x, zero), zero, x);
}

/** x Φ(x), with the exact distribution function. */
export function gelu(b: Builder, x: ValueId): ValueId {
  const cumulative = b.add(b.number(1, x), b.erf(b.mul(x, b.number(Math.SQRT1_2, x))));
  return b.mul(b.mul(x, b.number(0.5, x)), cumulative);
}

/** The nearest number in `low … high`. */
export function clip(b: Builder, x: ValueId, low: ValueId, high: ValueId): ValueId {
  return b.min(b.max(x, low), high);
}

/** The sign, with the value at 0 given. */
export function signOr(b: Builder, x: ValueId, atZero: ValueId): ValueId {
  return b.select(b.eq(x, b.number(0, x)), atZero, b.sign(x));
}

/** The square root, with derivative 0 at 0 (as of a norm or a standard deviation). */
export function safeSqrt(b: Builder, x: ValueId): ValueId {
  const zero = b.number(0, x);
  return b.select(b.eq(x, zero), zero, b.sqrt(x));
}

export function log2(b: Builder, x: ValueId): ValueId {
  return b.mul(b.log(x), b.number(Math.LOG2E, x));
}

export function log10(b: Builder, x: ValueId): ValueId {
  return b.mul(b.log(x), b.number(Math.LOG10E, x));
}

export function erfc(b: Builder, x: ValueId): ValueId {
  return b.sub(b.number(1, x), b.erf(x));
}

/** (e^x - e^-x) / 2, exact to rounding near 0. */
export function sinh(b: Builder, x: ValueId): ValueId {
  return b.mul(b.sub(b.expm1(x), b.expm1(b.neg(x))), b.number(0.5, x));
}

export function cosh(b: Builder, x: ValueId): ValueId {
  return b.mul(b.add(b.exp(x), b.exp(b.neg(x))), b.number(0.5, x));
}

/** log(e^x + e^y) = y + softplus(x - y), also of infinities. */
export function logAddExp(b: Builder, x: ValueId, y: ValueId): ValueId {
  const difference = b.sub(x, y);
  return b.select(b.isFinite(difference), b.add(y, b.softplus(difference)), b.max(x, y));
}

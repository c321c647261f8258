/** The derivative of digamma, made of ops, so that it has derivatives of its own. */
import type { Builder } from "../builder.js";
import type { ValueId } from "../types.js";

/** Terms of the sum before the asymptotic series, which is exact to rounding from 12.5 on. */
const terms = 12;
// B_2k (Abramowitz and Stegun 6.4.12).
const bernoulli = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66];

/** ψ'(x) = Σ (x + k)^-2, from x = 1/2 on; below by ψ'(x) + ψ'(1 - x) = π² / sin²(πx). */
export function trigamma(b: Builder, x: ValueId): ValueId {
  const one = b.number(1, x);
  const low = b.lt(x, b.number(0.5, x));
  const z = b.select(low, b.sub(one, x), x);
  const k = b.dim("term", terms);
  const squares = b.powerInt(b.add(z, b.cast(b.iota(k), b.dtypeOf(x))), 2);
  const sum = b.reduceSum(b.div(one, squares), [k]);
  const far = b.add(z, b.number(terms, x));
  const inverse = b.div(one, far);
  const square = b.powerInt(inverse, 2);
  const series = bernoulli.reduceRight((rest, c) => b.add(b.number(c, x), b.mul(square, rest)), b.number(0, x));
  // 1/z + 1/(2z²) + Σ B_2k / z^(2k+1)
  const tail = b.mul(inverse, b.add(one, b.add(b.mul(b.number(0.5, x), inverse), b.mul(square, series))));
  const value = b.add(sum, tail);
  const sine = b.sin(b.mul(b.number(Math.PI, x), b.sub(x, b.round(x))));
  const reflected = b.div(b.number(Math.PI ** 2, x), b.powerInt(sine, 2));
  return b.select(low, b.sub(reflected, value), value);
}

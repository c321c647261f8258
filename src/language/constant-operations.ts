/** What operations and reductions of constants are, in doubles. */
import { digamma, logGamma } from "../base/gamma.js";
import { gelu, erf, erfc, inverseErf, roundHalfEven, softplus } from "./special.js";
import type { ApplyExpr, ReduceExpr } from "./typed.js";

export function integerPower(base: number, exponent: number): number {
  let result = 1;
  let power = base;
  for (let left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result *= power;
    power *= power;
  }
  return result;
}

const floorMod = (a = NaN, b = NaN): number => a - b * Math.floor(a / b);
const truth = (value: boolean): number => (value ? 1 : 0);

export const operations: Readonly<Record<ApplyExpr["operation"], (a?: number, b?: number, c?: number) => number>> = {
  add: (a = NaN, b = NaN) => a + b,
  sub: (a = NaN, b = NaN) => a - b,
  mul: (a = NaN, b = NaN) => a * b,
  div: (a = NaN, b = NaN) => a / b,
  neg: (a = NaN) => -a,
  pow: (a = NaN, b = NaN) => (Number.isInteger(b) && b >= 0 && b < 2 ** 31 ? integerPower(a, b) : Math.pow(a, b)),
  power_int: (a = NaN, b = NaN) => integerPower(a, b),
  max: (a = NaN, b = NaN) => Math.max(a, b),
  min: (a = NaN, b = NaN) => Math.min(a, b),
  clip: (x = NaN, low = NaN, high = NaN) => Math.min(Math.max(x, low), high),
  floor_div: (a = NaN, b = NaN) => Math.floor(a / b),
  mod: floorMod,
  atan2: (a = NaN, b = NaN) => Math.atan2(a, b),
  logaddexp: (a = NaN, b = NaN) => Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b))),
  eq: (a, b) => truth(a === b),
  ne: (a, b) => truth(a !== b),
  lt: (a = NaN, b = NaN) => truth(a < b),
  le: (a = NaN, b = NaN) => truth(a <= b),
  gt: (a = NaN, b = NaN) => truth(a > b),
  ge: (a = NaN, b = NaN) => truth(a >= b),
  and: (a, b) => truth(a !== 0 && b !== 0),
  or: (a, b) => truth(a !== 0 || b !== 0),
  not: (a) => truth(a === 0),
  exp: (a = NaN) => Math.exp(a),
  log: (a = NaN) => Math.log(a),
  log1p: (a = NaN) => Math.log1p(a),
  expm1: (a = NaN) => Math.expm1(a),
  log2: (a = NaN) => Math.log2(a),
  log10: (a = NaN) => Math.log10(a),
  sqrt: (a = NaN) => Math.sqrt(a),
  abs: (a = NaN) => Math.abs(a),
  sign: (a = NaN) => Math.sign(a),
  sin: (a = NaN) => Math.sin(a),
  cos: (a = NaN) => Math.cos(a),
  tan: (a = NaN) => Math.tan(a),
  tanh: (a = NaN) => Math.tanh(a),
  sinh: (a = NaN) => Math.sinh(a),
  cosh: (a = NaN) => Math.cosh(a),
  sigmoid: (a = NaN) => 1 / (1 + Math.exp(-a)),
  softplus: (a = NaN) => softplus(a),
  relu: (a = NaN) => Math.max(a, 0),
  gelu: (a = NaN) => gelu(a),
  erf: (a = NaN) => erf(a),
  erfc: (a = NaN) => erfc(a),
  erf_inv: (a = NaN) => inverseErf(a),
  lgamma: (a = NaN) => logGamma(a),
  digamma: (a = NaN) => digamma(a),
  floor: (a = NaN) => Math.floor(a),
  ceil: (a = NaN) => Math.ceil(a),
  round: (a = NaN) => roundHalfEven(a),
  real: (a = NaN) => a,
  position: (a = NaN) => a,
};

/** A reduction of values in their order; `share` is that of a quantile. */
export function reduceNumbers(reducer: ReduceExpr["reducer"], values: readonly number[], share: number): number {
  const total = values.reduce((sum, value) => sum + value, 0);
  const mean = total / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  switch (reducer) {
    case "sum":
    case "count":
      return total;
    case "mean":
    case "fraction":
      return mean;
    case "prod":
      return values.reduce((product, value) => product * value, 1);
    case "all":
      return truth(values.every((value) => value !== 0));
    case "any":
      return truth(values.some((value) => value !== 0));
    case "min":
      return values.reduce((least, value) => Math.min(least, value), Infinity);
    case "max":
      return values.reduce((most, value) => Math.max(most, value), -Infinity);
    case "logsumexp": {
      const most = values.reduce((largestValue, value) => Math.max(largestValue, value), -Infinity);
      return most === -Infinity
        ? most
        : most + Math.log(values.reduce((sum, value) => sum + Math.exp(value - most), 0));
    }
    case "norm":
      return Math.hypot(...values);
    case "var":
      return variance;
    case "std":
      return Math.sqrt(variance);
    case "argmax":
      return values.indexOf(values.reduce((most, value) => Math.max(most, value), -Infinity));
    case "argmin":
      return values.indexOf(values.reduce((least, value) => Math.min(least, value), Infinity));
    case "median":
    case "quantile":
      return quantileOf(values, share);
  }
}

/** By linear interpolation between neighbours in ascending order; of nothing NaN. */
function quantileOf(values: readonly number[], q: number): number {
  const sorted = Float64Array.from(values).sort();
  const h = (sorted.length - 1) * q;
  const [low = NaN, high = NaN] = [sorted[Math.floor(h)], sorted[Math.ceil(h)]];
  if (Number.isNaN(sorted.at(-1) ?? NaN)) return NaN;
  return low === high ? low : low + (h - Math.floor(h)) * (high - low);
}

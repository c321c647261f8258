/** Ranges of elementwise operations and of reductions, by those of their operands; runs and results share them. */
import { anything, atLeastNothing, isNotNegative, range, rounded, share, signed, type Range } from "./range.js";

const truth = share;

/** `same`: both operands are one expression, so that their product is a square. */
export function ofOperation(operation: string, operands: readonly Range[], same: boolean): Range {
  const [a = anything, b = anything, c = anything] = operands;
  const fixed = alike[operation];
  if (fixed !== undefined) return fixed;
  const grows = growing[operation];
  if (grows !== undefined) return range(grows(a.low), grows(a.high));
  switch (operation) {
    case "real":
    case "position":
      return a;
    case "neg":
      return { low: -a.high, high: -a.low };
    case "add":
      return sum(a, b);
    case "sub":
      return sum(a, { low: -b.high, high: -b.low });
    case "mul":
      return same ? square(a) : product(a, b);
    case "div":
      return quotient(a, b);
    case "abs":
      return magnitude(a);
    case "pow":
      return isNotNegative(a) ? atLeastNothing : b.low === b.high ? power(a, b.low) : anything;
    case "max":
      return { low: Math.max(...operands.map(({ low }) => low)), high: Math.max(...operands.map(({ high }) => high)) };
    case "min":
      return { low: Math.min(...operands.map(({ low }) => low)), high: Math.min(...operands.map(({ high }) => high)) };
    case "clip":
      return { low: Math.min(Math.max(a.low, b.low), c.low), high: Math.min(Math.max(a.high, b.high), c.high) };
    case "mod":
      return b.low > 0 ? { low: 0, high: b.high } : anything;
    default:
      return anything;
  }
}

/** The same for all operands. */
const alike: Readonly<Record<string, Range>> = {
  ...Object.fromEntries(
    [
      "eq",
      "ne",
      "lt",
      "le",
      "gt",
      "ge",
      "eq_coordinate",
      "ne_coordinate",
      "and",
      "or",
      "not",
      "approx_rel",
      "approx_abs",
    ].map((operation) => [operation, truth]),
  ),
  exp: atLeastNothing,
  sqrt: atLeastNothing,
  softplus: atLeastNothing,
  cosh: { low: 1, high: Infinity },
  sigmoid: share,
  erfc: { low: 0, high: 2 },
  sign: signed,
  sin: signed,
  cos: signed,
  tanh: signed,
  erf: signed,
};

const growing: Readonly<Record<string, (value: number) => number>> = {
  relu: (value) => Math.max(0, value),
  floor: Math.floor,
  ceil: Math.ceil,
  round: Math.round,
};

const sum = (a: Range, b: Range): Range => finer(a, b, range(a.low + b.low, a.high + b.high));

/** Of ints that are known sums are exact; else a bound that happens to be an int may be passed. */
function finer(a: Range, b: Range, result: Range): Range {
  const isExact = [a, b].every(({ low, high }) =>
    [low, high].every((end) => !Number.isFinite(end) || Number.isInteger(end)),
  );
  return isExact ? result : rounded(result);
}

function product(a: Range, b: Range): Range {
  const ends = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high];
  // 0 times infinity: nothing is as large as infinity, and 0 stays 0.
  const known = ends.map((end) => (Number.isNaN(end) ? 0 : end));
  return finer(a, b, range(Math.min(...known), Math.max(...known)));
}

function square(a: Range): Range {
  const { low, high } = magnitude(a);
  return finer(a, a, range(low * low, high * high));
}

function magnitude({ low, high }: Range): Range {
  if (low >= 0) return { low, high };
  return high <= 0 ? { low: -high, high: -low } : { low: 0, high: Math.max(-low, high) };
}

function quotient(a: Range, b: Range): Range {
  if (b.low > 0) return rounded(product(a, { low: 1 / b.high, high: 1 / b.low }));
  if (b.low >= 0 && a.low >= 0) return atLeastNothing;
  return anything;
}

/** A power with an exponent that is known. */
export function power(a: Range, exponent: number): Range {
  if (Number.isInteger(exponent) && exponent >= 0) {
    const base = exponent % 2 === 0 ? magnitude(a) : a;
    return finer(a, a, range(base.low ** exponent, base.high ** exponent));
  }
  return isNotNegative(a) || (Number.isInteger(exponent) && exponent % 2 === 0) ? atLeastNothing : anything;
}

/** Of a reduction over `count` entries, or as many as there are; `sure`: over one at least. */
export function ofReduction(reducer: string, body: Range, count: number | null, sure: boolean): Range {
  switch (reducer) {
    case "sum": {
      const most = count ?? Infinity;
      const low = body.low >= 0 ? 0 : most * body.low;
      const high = body.high <= 0 ? 0 : most * body.high;
      return finer(body, body, range(Number.isNaN(low) ? -Infinity : low, Number.isNaN(high) ? Infinity : high));
    }
    case "mean":
      return isSmooth(body) ? body : rounded(body);
    case "median":
    case "quantile":
    case "sort":
      return body;
    case "min":
      return sure ? body : { low: body.low, high: Infinity };
    case "max":
      return sure ? body : { low: -Infinity, high: body.high };
    case "prod":
      if (!isNotNegative(body)) return anything;
      return body.high <= 1 ? share : atLeastNothing;
    case "all":
    case "any":
    case "fraction":
    case "softmax":
    case "top":
    case "sign_test":
    case "wilcoxon":
    case "mann_whitney":
      return share;
    case "count":
      return { low: 0, high: count ?? Infinity };
    case "normalize":
      return isNotNegative(body) ? share : anything;
    case "norm":
    case "var":
    case "std":
    case "rank":
      return atLeastNothing;
    case "corr":
    case "spearman":
    case "sphere":
      return rounded(signed);
    case "log_softmax":
      return { low: -Infinity, high: 0 };
    case "cumsum":
      return { low: body.low >= 0 ? 0 : -Infinity, high: body.high <= 0 ? 0 : Infinity };
    default:
      return anything;
  }
}

/** A mean of numbers up to 1, 0, or without a bound, keeps these bounds when it is rounded. */
const isSmooth = ({ low, high }: Range): boolean =>
  [low, high].every((end) => !Number.isFinite(end) || Math.abs(end) === 1 || end === 0);

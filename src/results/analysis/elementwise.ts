/** Elementwise operations over aligned tensors. Absent entries stay absent; what depends on a missing one is missing, but `false and x` is false. */
import type {
  AnalysisOperation,
  BinaryOperation,
  TernaryOperation,
  UnaryOperation,
} from "../../language/results/ir.js";
import { digamma, erf, erfc, inverseErf, logGamma } from "../statistics/special.js";
import { align } from "./align.js";
import { ABSENT, NOT_A_NUMBER, VALID, makeTensor, sameCoordinate } from "./tensor.js";
import type { Tensor } from "./tensor.js";

const SQRT_HALF = Math.SQRT1_2;

const unary: Readonly<Record<UnaryOperation, (x: number) => number>> = {
  neg: (x) => -x,
  not: (x) => (x === 0 ? 1 : 0),
  exp: Math.exp,
  log: Math.log,
  log1p: Math.log1p,
  expm1: Math.expm1,
  log2: Math.log2,
  log10: Math.log10,
  sqrt: Math.sqrt,
  abs: Math.abs,
  sign: Math.sign,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  tanh: Math.tanh,
  sinh: Math.sinh,
  cosh: Math.cosh,
  sigmoid: (x) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x))),
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  relu: (x) => Math.max(x, 0),
  gelu: (x) => (x / 2) * erfc(-x * SQRT_HALF),
  erf,
  erfc,
  erf_inv: inverseErf,
  lgamma: logGamma,
  digamma,
  floor: Math.floor,
  ceil: Math.ceil,
  round: roundHalfEven,
  real: (x) => x,
};

const binary: Readonly<Record<BinaryOperation, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  pow: (a, b) => (b === 2 ? a * a : a ** b),
  max: (a, b) => (a >= b ? a : b),
  min: (a, b) => (a <= b ? a : b),
  floor_div: (a, b) => Math.floor(a / b),
  mod: (a, b) => a - b * Math.floor(a / b),
  atan2: Math.atan2,
  logaddexp: (a, b) => (a === b ? a + Math.LN2 : Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)))),
  eq: (a, b) => (a === b ? 1 : 0),
  ne: (a, b) => (a === b ? 0 : 1),
  lt: (a, b) => (a < b ? 1 : 0),
  le: (a, b) => (a <= b ? 1 : 0),
  gt: (a, b) => (a > b ? 1 : 0),
  ge: (a, b) => (a >= b ? 1 : 0),
  eq_coordinate: (a, b) => (sameCoordinate(a, b) ? 1 : 0),
  ne_coordinate: (a, b) => (sameCoordinate(a, b) ? 0 : 1),
  and: (a, b) => (a !== 0 && b !== 0 ? 1 : 0),
  or: (a, b) => (a !== 0 || b !== 0 ? 1 : 0),
};

const ternary: Readonly<Record<TernaryOperation, (a: number, b: number, c: number) => number>> = {
  clip: (x, low, high) => Math.min(Math.max(x, low), high),
  approx_rel: (a, b, tolerance) => (a === b || Math.abs(a - b) <= tolerance * Math.abs(b) ? 1 : 0),
  approx_abs: (a, b, tolerance) => (a === b || Math.abs(a - b) <= tolerance ? 1 : 0),
};

/** Round to the nearest integer, halves to the even one. */
export function roundHalfEven(x: number): number {
  const down = Math.floor(x);
  const rest = x - down;
  if (rest !== 0.5) return Math.round(x);
  return down % 2 === 0 ? down : down + 1;
}

/** Applies an operation to each entry. */
export function applyOperation(operation: AnalysisOperation, operands: readonly Tensor[]): Tensor {
  const { axes, tensors } = align(operands);
  const [a, b, c] = tensors;
  const result = makeTensor(axes);
  if (a === undefined) return result;
  if (operation in unary) applyUnary(unary[operation as UnaryOperation], a, result);
  else if (b === undefined) throw new Error(`\`${operation}\` needs two operands`);
  else if (operation === "and" || operation === "or") applyLogical(operation === "and" ? 0 : 1, a, b, result);
  else if (operation in binary) applyBinary(binary[operation as BinaryOperation], a, b, result);
  else if (c === undefined) throw new Error(`\`${operation}\` needs three operands`);
  else applyTernary(ternary[operation as TernaryOperation], a, b, c, result);
  return result;
}

function applyUnary(f: (x: number) => number, a: Tensor, result: Tensor): void {
  const { values, states } = result;
  for (let i = 0; i < values.length; i++) {
    const state = a.states[i] ?? VALID;
    const value = f(a.values[i] ?? NaN);
    values[i] = value;
    states[i] = state === VALID && Number.isNaN(value) ? NOT_A_NUMBER : state;
  }
}

function applyBinary(f: (a: number, b: number) => number, a: Tensor, b: Tensor, result: Tensor): void {
  const { values, states } = result;
  for (let i = 0; i < values.length; i++) {
    const value = f(a.values[i] ?? NaN, b.values[i] ?? NaN);
    values[i] = value;
    const state = worse(a.states[i] ?? VALID, b.states[i] ?? VALID);
    states[i] = state === VALID && Number.isNaN(value) ? NOT_A_NUMBER : state;
  }
}

function applyTernary(
  f: (a: number, b: number, c: number) => number,
  a: Tensor,
  b: Tensor,
  c: Tensor,
  result: Tensor,
): void {
  const { values, states } = result;
  for (let i = 0; i < values.length; i++) {
    const value = f(a.values[i] ?? NaN, b.values[i] ?? NaN, c.values[i] ?? NaN);
    values[i] = value;
    const state = worse(worse(a.states[i] ?? VALID, b.states[i] ?? VALID), c.states[i] ?? VALID);
    states[i] = state === VALID && Number.isNaN(value) ? NOT_A_NUMBER : state;
  }
}

/** `and` (decided by a 0) and `or` (decided by a 1): a missing side does not matter when the other one decides. */
function applyLogical(decisive: 0 | 1, a: Tensor, b: Tensor, result: Tensor): void {
  const { values, states } = result;
  for (let i = 0; i < values.length; i++) {
    const left = a.states[i] ?? VALID;
    const right = b.states[i] ?? VALID;
    const x = (a.values[i] ?? 0) !== 0 ? 1 : 0;
    const y = (b.values[i] ?? 0) !== 0 ? 1 : 0;
    const decided = (left === VALID && x === decisive) || (right === VALID && y === decisive);
    values[i] = decided ? decisive : 1 - decisive;
    states[i] = decided && left !== ABSENT && right !== ABSENT ? VALID : worse(left, right);
  }
}

/** The state of what depends on two entries: absent wins, then what is missing. */
export function worse(a: number, b: number): number {
  if (a === VALID) return b;
  if (b === VALID || a === ABSENT) return a;
  return b === ABSENT ? ABSENT : a;
}

/** The arm that the subject numbers; other arms do not matter. */
export function choose(subject: Tensor, arms: readonly Tensor[]): Tensor {
  const { axes, tensors } = align([subject, ...arms]);
  const [chosen, ...choices] = tensors;
  const result = makeTensor(axes);
  for (let i = 0; i < result.values.length; i++) {
    const state = chosen?.states[i] ?? VALID;
    const arm = choices[chosen?.values[i] ?? 0];
    result.values[i] = arm?.values[i] ?? 0;
    result.states[i] = state === VALID ? (arm?.states[i] ?? NOT_A_NUMBER) : state;
  }
  return result;
}

/** Whether the value is one of the list's, as coordinates are compared. */
export function isIn(operand: Tensor, list: readonly number[]): Tensor {
  const values = operand.values.map((value) => (list.some((entry) => sameCoordinate(entry, value)) ? 1 : 0));
  return { axes: operand.axes, values, states: operand.states };
}

/** True where the operand is missing, false where it is valid. */
export function whereMissing(operand: Tensor): Tensor {
  const values = new Float64Array(operand.values.length);
  const states = new Uint8Array(operand.values.length);
  operand.states.forEach((state, i) => {
    values[i] = state === VALID || state === ABSENT ? 0 : 1;
    states[i] = state === ABSENT ? ABSENT : VALID;
  });
  return { axes: operand.axes, values, states };
}

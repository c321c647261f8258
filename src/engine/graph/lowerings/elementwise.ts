/** Ops that work entry by entry. Operands meet by label, so they are brought to common axes first. */
import type { NodeOf, OpName } from "../../../ir/types.js";
import type { FunctionBuilder, Tensor } from "../function-builder.js";
import { binary, cast, compare, isFinite, logical, not, scalar, select, unary } from "../tensors.js";
import type { BinaryOp, ComparisonOp, LogicalOp, UnaryOp } from "../tensors.js";
import { operandAt, together } from "./lowering.js";
import type { Lowering } from "./lowering.js";

type Simple<K extends OpName> = Lowering<K>;

const map =
  <K extends OpName>(change: (f: FunctionBuilder, x: Tensor) => Tensor): Simple<K> =>
  (region, _node, operands) => {
    const x = operandAt(operands, 0);
    return { tensor: change(region.f, x.tensor), axes: x.axes };
  };

const one = <K extends OpName>(op: UnaryOp): Simple<K> => map((f, x) => unary(f, op, x));

/** The identity on ints, where the op would not change them. */
const oneOfReals = <K extends OpName>(op: UnaryOp): Simple<K> =>
  map((f, x) => (x.type === "i32" ? x : unary(f, op, x)));

const pair =
  <K extends OpName>(join: (f: FunctionBuilder, x: Tensor, y: Tensor) => Tensor): Simple<K> =>
  (region, _node, operands) =>
    together(region, operands, (f, tensor) => join(f, tensor(0), tensor(1)));

const two = <K extends OpName>(op: BinaryOp): Simple<K> => pair((f, x, y) => binary(f, op, x, y));
const comparison = <K extends OpName>(op: ComparisonOp): Simple<K> => pair((f, x, y) => compare(f, op, x, y));
const connective = <K extends OpName>(op: LogicalOp): Simple<K> => pair((f, x, y) => logical(f, op, x, y));

/**
 * XLA's own log(1 + x) is good to 14 digits only. In doubles, with u = 1 + x rounded: log(u) x / (u - 1), and x where u = 1
 * (Kahan; see Higham, Accuracy and Stability of Numerical Algorithms, 1.14.1).
 */
function log1p(f: FunctionBuilder, x: Tensor): Tensor {
  if (x.type !== "f64") return unary(f, "Log1p", x);
  const one = scalar(f, x.type, 1);
  const u = binary(f, "AddV2", one, x);
  const log = unary(f, "Log", u);
  const corrected = binary(f, "Mul", log, binary(f, "RealDiv", x, binary(f, "Sub", u, one)));
  const large = select(f, isFinite(f, x), corrected, log);
  return select(f, compare(f, "Equal", u, one), x, large);
}

/** log(1 + e^x) = max(x, 0) + log1p(e^-|x|): no overflow, and exact tails (TensorFlow's own op has thresholds). */
function softplus(f: FunctionBuilder, x: Tensor): Tensor {
  const tail = log1p(f, unary(f, "Exp", unary(f, "Neg", unary(f, "Abs", x))));
  return binary(f, "AddV2", binary(f, "Maximum", x, scalar(f, x.type, 0)), tail);
}

/** TensorFlow's own kernel for doubles makes NaN of an infinity; XLA's does not. */
function erf(f: FunctionBuilder, x: Tensor): Tensor {
  const inside = unary(f, "Erf", x);
  if (f.library.xla || x.type !== "f64") return inside;
  const infinite = compare(f, "Equal", unary(f, "Abs", x), scalar(f, x.type, Infinity));
  return select(f, infinite, unary(f, "Sign", x), inside);
}

/**
 * TensorFlow's own kernel goes through a quantile of (1 + x) / 2, which loses the digits of 1 - |x|: a step of Newton's method with erfc
 * brings them back. XLA's is exact to rounding.
 */
function erfInv(f: FunctionBuilder, x: Tensor): Tensor {
  const found = unary(f, "Erfinv", x);
  if (f.library.xla) return found;
  const one = scalar(f, x.type, 1);
  const size = unary(f, "Abs", x);
  const z = unary(f, "Abs", found);
  const error = binary(f, "Sub", unary(f, "Erfc", z), binary(f, "Sub", one, size));
  const steepness = binary(
    f,
    "Mul",
    scalar(f, x.type, Math.sqrt(Math.PI) / 2),
    unary(f, "Exp", binary(f, "Mul", z, z)),
  );
  const better = binary(f, "AddV2", z, binary(f, "Mul", error, steepness));
  const outer = compare(f, "Greater", size, scalar(f, x.type, 0.5));
  const inner = compare(f, "Less", size, one);
  return select(f, logical(f, "LogicalAnd", outer, inner), binary(f, "Mul", unary(f, "Sign", x), better), found);
}

/** x^n by repeated squaring: for ints exact, and never through a logarithm. */
function powerInt(f: FunctionBuilder, x: Tensor, exponent: number): Tensor {
  if (exponent === 0) return f.constant(x.type, x.shape, 1);
  let result: Tensor | null = null;
  let square = x;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = result === null ? square : binary(f, "Mul", result, square);
    if (rest > 1) square = binary(f, "Mul", square, square);
  }
  return result ?? x;
}

/**
 * x / c for a constant c. TensorFlow and XLA make it x * (1 / c), which is not the rounded quotient: 61 / 61 would be 0.99999994. They
 * cannot where the divisor depends on x, and NaN / NaN is NaN as x / c is.
 */
const quotient: Lowering<"div"> = (region, node, operands) => {
  const divisor = region.view.program.nodes[node.operands[1] ?? -1];
  const isFixed = divisor?.op === "constant" && !divisor.attributes.data.every(isPowerOfTwo);
  return together(region, operands, (f, tensor) => {
    const [x, c] = [tensor(0), tensor(1)];
    return binary(f, "RealDiv", x, isFixed ? select(f, compare(f, "NotEqual", x, x), x, c) : c);
  });
};

const isPowerOfTwo = (value: number): boolean => value !== 0 && Number.isInteger(Math.log2(Math.abs(value)));

function castTo(f: FunctionBuilder, x: Tensor, node: NodeOf<"cast">): Tensor {
  if (node.type.dtype === "bool" && x.type !== "bool") return compare(f, "NotEqual", x, scalar(f, x.type, 0));
  return cast(f, x, node.type.dtype);
}

export const elementwise = {
  neg: one<"neg">("Neg"),
  exp: one<"exp">("Exp"),
  log: one<"log">("Log"),
  log1p: map<"log1p">(log1p),
  expm1: one<"expm1">("Expm1"),
  sqrt: one<"sqrt">("Sqrt"),
  abs: one<"abs">("Abs"),
  sign: one<"sign">("Sign"),
  sin: one<"sin">("Sin"),
  cos: one<"cos">("Cos"),
  tan: one<"tan">("Tan"),
  tanh: one<"tanh">("Tanh"),
  sigmoid: one<"sigmoid">("Sigmoid"),
  erf: map<"erf">(erf),
  erf_inv: map<"erf_inv">(erfInv),
  lgamma: one<"lgamma">("Lgamma"),
  digamma: one<"digamma">("Digamma"),
  softplus: map<"softplus">(softplus),
  floor: oneOfReals<"floor">("Floor"),
  ceil: oneOfReals<"ceil">("Ceil"),
  round: oneOfReals<"round">("Rint"),
  not: map<"not">(not),
  is_finite: map<"is_finite">((f, x) =>
    x.type === "f32" || x.type === "f64" ? isFinite(f, x) : f.constant("bool", x.shape, 1),
  ),
  stop: map<"stop">((_f, x) => x),
  power_int: ((region, node, operands) => {
    const x = operandAt(operands, 0);
    return { tensor: powerInt(region.f, x.tensor, node.attributes.exponent), axes: x.axes };
  }) satisfies Lowering<"power_int">,
  cast: ((region, node, operands) => {
    const x = operandAt(operands, 0);
    return { tensor: castTo(region.f, x.tensor, node), axes: x.axes };
  }) satisfies Lowering<"cast">,
  add: two<"add">("AddV2"),
  sub: two<"sub">("Sub"),
  mul: two<"mul">("Mul"),
  div: quotient,
  max: two<"max">("Maximum"),
  min: two<"min">("Minimum"),
  pow: two<"pow">("Pow"),
  atan2: two<"atan2">("Atan2"),
  mod: two<"mod">("FloorMod"),
  floor_div: two<"floor_div">("FloorDiv"),
  eq: comparison<"eq">("Equal"),
  ne: comparison<"ne">("NotEqual"),
  lt: comparison<"lt">("Less"),
  le: comparison<"le">("LessEqual"),
  gt: comparison<"gt">("Greater"),
  ge: comparison<"ge">("GreaterEqual"),
  and: connective<"and">("LogicalAnd"),
  or: connective<"or">("LogicalOr"),
  select: ((region, _node, operands) =>
    together(region, operands, (f, x) => select(f, x(0), x(1), x(2)))) satisfies Lowering<"select">,
};

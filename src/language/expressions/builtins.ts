/** Elementwise functions that the language brings along. */
import type { Span } from "../../base/span.js";
import type { Described } from "../described.js";
import type { Env } from "../scopes.js";
import type { Expr, Operation } from "../typed.js";
import type { World } from "../world.js";
import { power } from "./arithmetic.js";
import { apply, bool, faulty, int, numeric, real, together, toReal, unknown } from "./build.js";

export interface Builtin extends Pick<Described, "says" | "derivative"> {
  /** Names of its arguments; those with a `?` may be left out. */
  readonly parameters: readonly string[];
  /** Further arguments of the last kind are welcome: `max(a, b, c)`. */
  readonly more?: boolean;
  readonly build: (world: World, env: Env, args: readonly Expr[], span: Span) => Expr;
}

const toReals = (operation: Operation, parameters: readonly string[] = ["x"]): Unsaid => ({
  parameters,
  build: (world, env, args, span) =>
    apply(
      operation,
      args.map((arg) => toReal(world, env, arg)),
      real,
      span,
    ),
});

type Unsaid = Omit<Builtin, keyof Described>;

/** Ints stay ints. */
const keeping = (operation: Operation, parameters: readonly string[] = ["x"]): Unsaid => ({
  parameters,
  build: (world, env, args, span) => {
    const { exprs, type } = together(world, env, args);
    return apply(operation, exprs, type, span);
  },
});

const folded = (operation: Operation): Unsaid => ({
  parameters: ["a", "b"],
  more: true,
  build: (world, env, args, span) => {
    const { exprs, type } = together(world, env, args);
    return exprs.reduce((all, next) => apply(operation, [all, next], type, span));
  },
});

const rounding = (operation: Operation): Unsaid => ({
  parameters: ["x"],
  build: (world, env, [arg = unknown({ file: "", start: 0, end: 0 })], span) => {
    const value = numeric(world, env, arg);
    return value.type.kind === "int" ? value : apply(operation, [value], int, span);
  },
});

const buildReal: Builtin["build"] = (world, env, [arg], span) => {
  if (arg === undefined || arg.kind === "unknown") return unknown(span);
  if (arg.type.kind === "bool") return apply("real", [arg], real, span);
  return toReal(world, env, arg);
};

/** `sign(x)` is an int; `sign(x, zero: s)` says what it is at 0. */
const buildSign: Builtin["build"] = (world, env, [arg, zero], span) => {
  if (arg === undefined) return unknown(span);
  const value = numeric(world, env, arg);
  const sign = apply("sign", [value], int, span);
  if (zero === undefined) return sign;
  const { exprs, type } = together(world, env, [zero, sign]);
  const [then, otherwise] = exprs;
  if (then === undefined || otherwise === undefined || exprs.some((part) => part.kind === "unknown"))
    return unknown(span, type);
  const isZero = apply("eq", [value, { kind: "number", value: 0, type: value.type, span }], bool, span);
  return isZero.kind === "unknown" ? isZero : { kind: "if", condition: isZero, then, otherwise, type, span };
};

const buildDiv: Builtin["build"] = (world, env, args, span) => {
  const { exprs, type } = together(world, env, args);
  if (type.kind === "int") return apply("floor_div", exprs, int, span);
  if (exprs.some((part) => part.kind === "unknown")) return unknown(span, int);
  return faulty(world, env, "AM3014", span, "`div` divides ints", {
    here: "one of these is a real number",
    help: "write `floor(a / b)`",
  });
};

const buildPosition: Builtin["build"] = (world, env, [arg], span) => {
  if (arg === undefined || arg.kind === "unknown") return unknown(span, int);
  if (arg.type.kind === "index") return apply("position", [arg], int, span);
  if (arg.type.kind === "label") return { ...arg, type: int };
  return faulty(world, env, "AM3015", span, "`position` takes an index or a label");
};

const buildStop: Builtin["build"] = (_world, _env, [operand], span) =>
  operand === undefined || operand.kind === "unknown"
    ? unknown(span)
    : { kind: "stop", operand, type: operand.type, span };

const buildPower: Builtin["build"] = (world, env, [base, exponent], span) =>
  base === undefined || exponent === undefined ? unknown(span) : power(world, env, base, exponent, span);

/** Of one real number. */
const unary = {
  exp: "e to the x",
  log: "the natural logarithm",
  log1p: "log(1 + x), exact near 0",
  expm1: "exp(x) - 1, exact near 0",
  log2: "the logarithm to base 2",
  log10: "the logarithm to base 10",
  sqrt: "the square root",
  sin: "the sine, of radians",
  cos: "the cosine, of radians",
  tan: "the tangent, of radians",
  tanh: "the hyperbolic tangent",
  sinh: "the hyperbolic sine",
  cosh: "the hyperbolic cosine",
  sigmoid: "1 / (1 + exp(-x))",
  softplus: "log(1 + exp(x)), exact for large x",
  gelu: "x times the normal distribution function",
  erf: "the error function",
  erfc: "1 - erf(x), exact for large x",
  erf_inv: "the inverse of erf: infinite at -1 and 1, NaN beyond",
  lgamma: "log |gamma(x)|, infinite at 0, -1, -2, …",
  digamma: "the derivative of lgamma",
} as const satisfies Partial<Record<Operation, string>>;

const entry = (made: Unsaid, says: string, derivative?: Described["derivative"]): Builtin => ({
  ...made,
  says,
  ...(derivative === undefined ? {} : { derivative }),
});
const of = (build: Builtin["build"], ...parameters: readonly string[]): Unsaid => ({ parameters, build });

function isUnary(name: string): name is keyof typeof unary {
  return Object.hasOwn(unary, name);
}

export const builtins: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  ...Object.keys(unary)
    .filter(isUnary)
    .map((name): [string, Builtin] => [name, entry(toReals(name), unary[name], "yes")]),
  ["abs", entry(keeping("abs"), "the absolute value; its derivative at 0 is 0; ints stay ints", "yes")],
  ["relu", entry(keeping("relu"), "max(x, 0); its derivative at 0 is 0; ints stay ints", "yes")],
  ["atan2", entry(toReals("atan2", ["y", "x"]), "the angle of the point (x, y), in radians", "yes")],
  ["logaddexp", entry(toReals("logaddexp", ["a", "b"]), "log(exp(a) + exp(b))", "yes")],
  ["max", entry(folded("max"), "the largest; equal ones share the gradient; ints stay ints", "yes")],
  ["min", entry(folded("min"), "the smallest; equal ones share the gradient; ints stay ints", "yes")],
  ["clip", entry(keeping("clip", ["x", "low", "high"]), "x, but low or high beyond them; ints stay ints", "yes")],
  ["mod", entry(keeping("mod", ["a", "b"]), "the remainder, with the sign of b; ints stay ints", "yes")],
  ["div", entry(of(buildDiv, "a", "b"), "of ints: a / b rounded down", "0")],
  ["pow", entry(of(buildPower, "base", "exponent"), "the same as base^exponent", "yes")],
  ["floor", entry(rounding("floor"), "the next int below", "0")],
  ["ceil", entry(rounding("ceil"), "the next int above", "0")],
  ["round", entry(rounding("round"), "the nearest int; halves go to the even one", "0")],
  ["sign", entry(of(buildSign, "x", "zero?"), "-1, 0 or 1, an int; zero says what it is at 0", "0")],
  ["real", entry(of(buildReal, "x"), "an int or a bool as a real number", "yes")],
  ["position", entry(of(buildPosition, "index"), "the position of an index or of a label, an int")],
  ["stop", entry(of(buildStop, "x"), "x, through which no derivative passes", "0")],
]);

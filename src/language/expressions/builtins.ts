/** Elementwise functions that the language brings along. */
import type { Span } from "../../base/span.js";
import type { Env } from "../scopes.js";
import type { Expr, Operation } from "../typed.js";
import type { World } from "../world.js";
import { power } from "./arithmetic.js";
import { apply, bool, faulty, int, numeric, real, together, toReal, unknown } from "./build.js";

export interface Builtin {
  /** Names of its arguments; those with a `?` may be left out. */
  readonly parameters: readonly string[];
  /** Further arguments of the last kind are welcome: `max(a, b, c)`. */
  readonly more?: boolean;
  readonly build: (world: World, env: Env, args: readonly Expr[], span: Span) => Expr;
}

const toReals = (operation: Operation, parameters: readonly string[] = ["x"]): Builtin => ({
  parameters,
  build: (world, env, args, span) =>
    apply(
      operation,
      args.map((arg) => toReal(world, env, arg)),
      real,
      span,
    ),
});

/** Ints stay ints. */
const keeping = (operation: Operation, parameters: readonly string[] = ["x"]): Builtin => ({
  parameters,
  build: (world, env, args, span) => {
    const { exprs, type } = together(world, env, args);
    return apply(operation, exprs, type, span);
  },
});

const folded = (operation: Operation): Builtin => ({
  parameters: ["a", "b"],
  more: true,
  build: (world, env, args, span) => {
    const { exprs, type } = together(world, env, args);
    return exprs.reduce((all, next) => apply(operation, [all, next], type, span));
  },
});

const rounding = (operation: Operation): Builtin => ({
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

const unary = [
  "exp",
  "log",
  "log1p",
  "expm1",
  "log2",
  "log10",
  "sqrt",
  "sin",
  "cos",
  "tan",
  "tanh",
  "sinh",
  "cosh",
  "sigmoid",
  "softplus",
  "gelu",
  "erf",
  "erfc",
  "erf_inv",
  "lgamma",
  "digamma",
] as const;

export const builtins: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  ...unary.map((name): [string, Builtin] => [name, toReals(name)]),
  ["abs", keeping("abs")],
  ["relu", keeping("relu")],
  ["atan2", toReals("atan2", ["y", "x"])],
  ["logaddexp", toReals("logaddexp", ["a", "b"])],
  ["max", folded("max")],
  ["min", folded("min")],
  ["clip", keeping("clip", ["x", "low", "high"])],
  ["mod", keeping("mod", ["a", "b"])],
  ["div", { parameters: ["a", "b"], build: buildDiv }],
  ["pow", { parameters: ["base", "exponent"], build: buildPower }],
  ["floor", rounding("floor")],
  ["ceil", rounding("ceil")],
  ["round", rounding("round")],
  ["sign", { parameters: ["x", "zero?"], build: buildSign }],
  ["real", { parameters: ["x"], build: buildReal }],
  ["position", { parameters: ["index"], build: buildPosition }],
  ["stop", { parameters: ["x"], build: buildStop }],
]);

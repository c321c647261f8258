/** Elementwise operations of the language, in terms of the IR's ops. */
import { clip, cosh, erfc, gelu, log10, log2, logAddExp, relu, signOr, sinh } from "../ir/compose/elementwise.js";
import type { ValueId } from "../ir/types.js";
import type { ApplyExpr, Expr, Operation } from "../language/typed.js";
import { dtypeOf, type Context, type Environment } from "./context.js";
import { exactInt } from "./ints.js";
import { placesAlong } from "./made-axes.js";
import { lowerExpr, lowerNumber, toDType } from "./expressions.js";

const COMPARISONS: ReadonlySet<Operation> = new Set<Operation>(["eq", "ne", "lt", "le", "gt", "ge"]);
/** From reals to ints. */
const WHOLE: ReadonlySet<Operation> = new Set<Operation>(["sign", "floor", "ceil", "round"]);
const LOGICAL: ReadonlySet<Operation> = new Set<Operation>(["and", "or", "not"]);

export function lowerApply(context: Context, environment: Environment, expr: ApplyExpr): ValueId {
  const dtype = dtypeOf(context, expr.type);
  if (expr.operation === "position") {
    const [operand] = expr.operands;
    if (operand === undefined) throw new Error("`position` without an operand");
    const place = lowerExpr(context, environment, operand);
    return operand.type.kind === "index" ? placesAlong(context, operand.type.axis, expr.along, place) : place;
  }
  const values = expr.operands.map((operand) => lowerNumber(context, environment, operand));
  if (LOGICAL.has(expr.operation)) return combine(context, expr, values);
  if (COMPARISONS.has(expr.operation)) return combine(context, expr, samePrecision(context, expr.operands, values));
  // Of a real they are made in reals: the result alone is an int.
  if (WHOLE.has(expr.operation) && values.every((value) => context.builder.dtypeOf(value) !== "i32")) {
    const rounded = combine(context, expr, values);
    return exactInt(context, toDType(context, rounded, dtype), expr.span, () => toDType(context, rounded, "f64"));
  }
  const made = combine(
    context,
    expr,
    values.map((value) => toDType(context, value, dtype)),
  );
  return exactInt(context, made, expr.span, () =>
    combine(
      context,
      expr,
      values.map((value) => toDType(context, value, "f64")),
    ),
  );
}

/** Comparisons are made in ints when both sides are, in reals otherwise. */
function samePrecision(context: Context, operands: readonly Expr[], values: readonly ValueId[]): readonly ValueId[] {
  const dtypes = new Set(values.map((value) => context.builder.dtypeOf(value)));
  if (dtypes.size <= 1) return values;
  if (dtypes.has("bool") && operands.length > 0) return values.map((value) => toDType(context, value, "i32"));
  return values.map((value) => toDType(context, value, context.experiment.precision));
}

function combine(context: Context, expr: ApplyExpr, values: readonly ValueId[]): ValueId {
  const b = context.builder;
  const [x, y, z] = values;
  if (x === undefined) throw new Error(`\`${expr.operation}\` without operands`);
  const second = (): ValueId => {
    if (y === undefined) throw new Error(`\`${expr.operation}\` needs two operands`);
    return y;
  };
  switch (expr.operation) {
    case "add":
    case "sub":
    case "mul":
    case "div":
    case "pow":
    case "floor_div":
    case "mod":
    case "atan2":
    case "eq":
    case "ne":
    case "lt":
    case "le":
    case "gt":
    case "ge":
    case "and":
    case "or":
      return b.apply(expr.operation, [x, second()], {});
    case "max":
    case "min": {
      const operation = expr.operation;
      return values.slice(1).reduce((best, value) => b[operation](best, value), x);
    }
    case "neg":
    case "not":
    case "exp":
    case "log":
    case "log1p":
    case "expm1":
    case "sqrt":
    case "abs":
    case "sin":
    case "cos":
    case "tan":
    case "tanh":
    case "sigmoid":
    case "softplus":
    case "erf":
    case "erf_inv":
    case "lgamma":
    case "digamma":
    case "floor":
    case "ceil":
    case "round":
      return b.apply(expr.operation, [x], {});
    case "sign":
      return y === undefined ? b.sign(x) : signOr(b, x, y);
    case "power_int":
      return b.powerInt(x, expr.exponent ?? 1);
    case "clip":
      if (z === undefined) throw new Error("`clip` needs three operands");
      return clip(b, x, second(), z);
    case "relu":
      return relu(b, x);
    case "gelu":
      return gelu(b, x);
    case "erfc":
      return erfc(b, x);
    case "log2":
      return log2(b, x);
    case "log10":
      return log10(b, x);
    case "sinh":
      return sinh(b, x);
    case "cosh":
      return cosh(b, x);
    case "logaddexp":
      return logAddExp(b, x, second());
    case "real":
      return x;
    case "position":
      return x;
  }
}

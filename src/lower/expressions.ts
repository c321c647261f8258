/** Expressions to IR values. A value's dims are those of the free indices that it really varies over. */
import { crossEntropyAt, crossEntropySoft } from "../ir/compose/cross-entropy.js";
import type { DimId, DType, ValueId } from "../ir/types.js";
import type { CaseExpr, CrossEntropyExpr, Expr, SelectExpr, WithExpr } from "../language/typed.js";
import { axisText, coordinateValues, dimAlong, positionValues } from "./axes.js";
import { dtypeOf, type Context, type Environment } from "./context.js";
import { lowerGrad } from "./derivatives.js";
import { lowerSharpness } from "./sharpness.js";
import { watch } from "./ints.js";
import { lowerMatrix } from "./matrices.js";
import { lowerAssemble } from "./made-axes.js";
import { lowerApply } from "./operations.js";
import { lowerRead } from "./reads.js";
import { lowerNormalise, lowerReduce } from "./reductions.js";
import { isRunConstant, lowerRunConstant } from "./scalars.js";

/** Lowers an expression at a place; throws only for bugs: what the checker accepted can be lowered. */
export function lowerExpr(context: Context, environment: Environment, expr: Expr): ValueId {
  if (isRunConstant(expr)) return lowerRunConstant(context, expr);
  return context.builder.within(expr.span, () => lowerVarying(context, environment, expr));
}

function lowerVarying(context: Context, environment: Environment, expr: Expr): ValueId {
  switch (expr.kind) {
    case "index":
      return positionValues(context, expr.index);
    case "step":
      return stepValue(context);
    case "read":
      return lowerRead(context, environment, expr);
    case "apply":
      return lowerApply(context, environment, expr);
    case "if":
      return lowerSelect(context, environment, expr);
    case "case":
      return lowerCase(context, environment, expr);
    case "reduce":
      return lowerReduce(context, environment, expr);
    case "normalise":
      return lowerNormalise(context, environment, expr);
    case "cross_entropy":
      return lowerCrossEntropy(context, environment, expr);
    case "matrix":
      return lowerMatrix(context, environment, expr);
    case "assemble":
      return lowerAssemble(context, environment, expr);
    case "with":
      return lowerWith(context, environment, expr);
    case "grad":
      return lowerGrad(context, environment, expr);
    case "sharpness":
      return lowerSharpness(context, environment, expr);
    case "stop":
      return context.builder.stop(lowerExpr(context, environment, expr.operand));
    case "number":
    case "boolean":
    case "label":
    case "constant":
    case "sweep":
    case "size":
    case "element":
      return lowerRunConstant(context, expr);
    case "unknown":
      throw new Error("an expression with an error reached lowering");
  }
}

/** The value where a number is wanted: an index reads as its coordinate. */
export function lowerNumber(context: Context, environment: Environment, expr: Expr): ValueId {
  const value = lowerExpr(context, environment, expr);
  return expr.type.kind === "index" ? coordinateValues(context, expr.type.axis, value) : value;
}

/** The value as a real of the experiment's precision. */
export function lowerReal(context: Context, environment: Environment, expr: Expr): ValueId {
  return toDType(context, lowerNumber(context, environment, expr), context.experiment.precision);
}

export function toDType(context: Context, value: ValueId, dtype: DType): ValueId {
  return context.builder.dtypeOf(value) === dtype ? value : context.builder.cast(value, dtype);
}

function stepValue(context: Context): ValueId {
  if (context.step === null) throw new Error("`step` outside a loop reached lowering");
  return context.step;
}

/** Lowers a part that counts only where a condition holds: reads in it are checked only there. */
export function guarded<T>(context: Context, condition: ValueId, lower: () => T): T {
  const outside = context.guards;
  context.guards = [...outside, condition];
  try {
    return lower();
  } finally {
    context.guards = outside;
  }
}

function lowerSelect(context: Context, environment: Environment, expr: SelectExpr): ValueId {
  const { builder } = context;
  const dtype = dtypeOf(context, expr.type);
  const condition = lowerExpr(context, environment, expr.condition);
  const then = guarded(context, condition, () => branch(context, environment, expr.then, dtype));
  const otherwise = guarded(context, builder.not(condition), () => branch(context, environment, expr.otherwise, dtype));
  return builder.select(condition, then, otherwise);
}

/** A branch in the dtype of the whole; an index stays a position when the whole is an index. */
function branch(context: Context, environment: Environment, expr: Expr, dtype: DType): ValueId {
  return dtype === "i32" || dtype === "bool"
    ? lowerExpr(context, environment, expr)
    : toDType(context, lowerNumber(context, environment, expr), dtype);
}

function lowerCase(context: Context, environment: Environment, expr: CaseExpr): ValueId {
  const { builder } = context;
  const { subject } = expr;
  if (isRunConstant(subject) && subject.kind === "sweep") {
    const chosen = expr.arms[context.structural.get(subject.axis) ?? -1];
    if (chosen === undefined) throw new Error("a `case` on a sweep that is not structural reached lowering");
    return lowerExpr(context, environment, chosen);
  }
  const dtype = dtypeOf(context, expr.type);
  const position = lowerExpr(context, environment, subject);
  const isArm = expr.arms.map((_, k) => builder.eq(position, builder.constant(k, "i32")));
  const arms = expr.arms.map((arm, k) =>
    guarded(context, isArm[k] ?? position, () => branch(context, environment, arm, dtype)),
  );
  let result = arms[arms.length - 1];
  for (let k = arms.length - 2; k >= 0; k--) {
    const [condition, arm] = [isArm[k], arms[k]];
    if (condition !== undefined && arm !== undefined && result !== undefined)
      result = builder.select(condition, arm, result);
  }
  if (result === undefined) throw new Error("a `case` without arms reached lowering");
  return result;
}

function lowerCrossEntropy(context: Context, environment: Environment, expr: CrossEntropyExpr): ValueId {
  const { builder: b } = context;
  const dim = dimAlong(context, expr.over);
  const all = spread(context, lowerReal(context, environment, expr.logits), [dim]);
  if (expr.where === null) return lowerWhole(context, environment, expr, dim, all, null);
  const where = spread(context, lowerExpr(context, environment, expr.where), [dim]);
  const logits = b.select(where, all, b.number(-Infinity, all));
  const value = lowerWhole(context, environment, expr, dim, logits, where);
  return b.select(b.reduceAny(where, [dim]), value, b.number(NaN, value));
}

/** Logits are -inf where a class is left out. */
function lowerWhole(
  context: Context,
  environment: Environment,
  expr: CrossEntropyExpr,
  dim: DimId,
  logits: ValueId,
  where: ValueId | null,
): ValueId {
  if (expr.target.kind === "position") {
    const target = lowerExpr(context, environment, expr.target.value);
    if (expr.target.bounds === "checked") {
      const { builder } = context;
      const inside = builder.and(
        builder.ge(target, builder.constant(0, "i32")),
        builder.lt(target, builder.countOf(dim)),
      );
      watch(context, inside, `a target is outside of ${axisText(builder, dim)}`, expr.target.value.span);
    }
    return crossEntropyAt(context.builder, logits, dim, target, where);
  }
  const soft = spread(context, lowerReal(context, environment, expr.target.value), [dim]);
  return crossEntropySoft(context.builder, logits, dim, soft);
}

/** Adds dims that a value lacks: it is constant along them. */
export function spread(context: Context, value: ValueId, dims: readonly DimId[]): ValueId {
  const type = context.builder.typeOf(value);
  const missing = dims.filter((dim) => !type.dims.includes(dim));
  return missing.length === 0 ? value : context.builder.broadcast(value, [...type.dims, ...missing]);
}

/** `E with X[i] = E2`: E at a place where X has another value; E2 is evaluated where the whole stands. */
function lowerWith(context: Context, environment: Environment, expr: WithExpr): ValueId {
  const changes = expr.replacements.map(({ definition: id, indices, value }) => {
    const definition = context.experiment.definitions.get(id);
    if (definition === undefined) throw new Error(`definition ${id} is not in the experiment`);
    const from = indices.map((index) => dimAlong(context, index));
    const to = definition.axes.map((index) => dimAlong(context, index));
    const dtype = dtypeOf(context, definition.type);
    const lowered =
      dtype === context.experiment.precision
        ? lowerReal(context, environment, value)
        : lowerExpr(context, environment, value);
    return [id, context.builder.relabel(spread(context, lowered, from), from, to)] as const;
  });
  return lowerExpr(context, environment.replacing(changes), expr.body);
}

/**
 * Constants of a run: expressions that need no tensor, index or step.
 * They are computed in doubles when the sweep is planned and rounded once; what depends on no batched sweep is folded here.
 */
import { evaluateConstant } from "../language/constants.js";
import { checkedInt } from "./ints.js";
import { mentionedSweeps } from "./mentions.js";
import type { Expr } from "../language/typed.js";
import type { ValueId } from "../ir/types.js";
import { dtypeOf, type Context } from "./context.js";

/** Whether the expression is a number known before the run. */
export function isRunConstant(expr: Expr): boolean {
  switch (expr.kind) {
    case "number":
    case "boolean":
    case "label":
    case "constant":
    case "sweep":
    case "size":
    case "element":
      return true;
    case "apply":
      return expr.operands.every(isRunConstant);
    case "if":
      return isRunConstant(expr.condition) && isRunConstant(expr.then) && isRunConstant(expr.otherwise);
    case "case":
      return isRunConstant(expr.subject) && expr.arms.every(isRunConstant);
    case "stop":
      return isRunConstant(expr.operand);
    default:
      return false;
  }
}

/** The value of a run constant: folded where no batched sweep is in it, else a scalar input of the program. */
export function lowerRunConstant(context: Context, expr: Expr): ValueId {
  const dtype = dtypeOf(context, expr.type);
  const { structural, padding } = context;
  const batched = [...mentionedSweeps(expr, context.experiment)].some(
    (axis) => !structural.has(axis) || padding?.sweeps.has(axis) === true,
  );
  if (!batched) {
    const value = evaluateConstant(expr, { experiment: context.experiment, sweeps: context.structural });
    return context.builder.constant(dtype === "i32" ? checkedInt(value, expr.span) : value, dtype);
  }
  const key = `${dtype} ${canonicalText(expr)}`;
  const known = context.scalarOf.get(key);
  if (known !== undefined) return known;
  const index = context.scalars.push(expr) - 1;
  const value = context.builder.input({
    name: `scalar ${index}`,
    type: { dtype, dims: [] },
    source: { kind: "scalar", index },
  });
  context.scalarOf.set(key, value);
  return value;
}

/** The number of the scalar input that holds a run constant; unlike `lowerRunConstant` never folded. */
export function scalarIndex(context: Context, expr: Expr): number {
  const text = canonicalText(expr);
  const known = context.scalars.findIndex((other) => canonicalText(other) === text);
  return known >= 0 ? known : context.scalars.push(expr) - 1;
}

/** The same text for the same meaning: spans do not count. */
export function canonicalText(expr: Expr): string {
  return JSON.stringify(expr, (key, value: unknown) => (key === "span" ? undefined : value));
}

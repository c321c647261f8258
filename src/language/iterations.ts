/** How often loops inside of a run go round. */
import { UserError } from "../base/diagnostic.js";
import { evaluateConstant, type ConstantPoint } from "./constants.js";
import type { Expr } from "./typed.js";

/** A `UserError` where it is less than never. */
export function iterations(count: Expr, point: ConstantPoint): number {
  const value = evaluateConstant(count, point);
  if (value >= 0) return value;
  throw new UserError({
    code: "AM4008",
    severity: "error",
    span: count.span,
    message: `this is to be done ${value} times, which is less than 0`,
    help: "the number of iterations is an int from 0 on",
  });
}

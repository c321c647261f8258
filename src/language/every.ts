/** `every 10 steps { … }`: what is done at the end of each tenth step. */
import type { Every } from "../../grammar/tree.js";
import { onlyWhen } from "./assignments.js";
import { checkSteps } from "./batches.js";
import { evaluateConstant } from "./constants.js";
import { apply, bool, faulty, int } from "./expressions/build.js";
import { sweepsOf } from "./mentions.js";
import type { Env } from "./scopes.js";
import type { Expr, PhaseStatement } from "./typed.js";
import type { World } from "./world.js";

/** The condition that its step has come; null after a fault. */
export function checkDue(world: World, env: Env, { count, span }: Every): Expr | null {
  const length = checkSteps(world, env, count, "the number of steps between");
  if (length === null) return null;
  const isKnown = sweepsOf(world, length).size === 0;
  if (!isKnown || evaluateConstant(length, { experiment: world, sweeps: new Map() }) >= 1) return isDue(length, span);
  faulty(world, env, "AM2024", count.span, "no step is the 0th after another", {
    help: "write an int from 1 on: `every 10 steps { … }`",
  });
  return null;
}

export function onlyDue(statement: PhaseStatement, due: Expr): PhaseStatement {
  return statement.kind === "assign" ? { ...statement, assignment: onlyWhen(statement.assignment, due) } : statement;
}

/** `mod(step + 1, length) == 0`. */
function isDue(length: Expr, span: Expr["span"]): Expr {
  const number = (value: number): Expr => ({ kind: "number", value, type: int, span });
  const done = apply("add", [{ kind: "step", type: int, span }, number(1)], int, span);
  return apply("eq", [apply("mod", [done, length], int, span), number(0)], bool, span);
}

/** What stands in a reduction's parentheses beside its indices: `quantile(i, 0.9) x[i]`, `top(i, 3) x[i]`. */
import type { Reduction } from "../../../grammar/tree.js";
import { valuesOf } from "../bounds.js";
import { isConstant } from "../mentions.js";
import type { Env } from "../scopes.js";
import type { Expr } from "../typed.js";
import type { World } from "../world.js";
import { faulty, numeric, toReal, typeName } from "./build.js";
import { checkExpr } from "./check.js";

export interface Split {
  /** The reduction with its indices alone. */
  readonly tree: Reduction;
  readonly argument: Expr | null;
}

/** Takes the argument from the place of the whole, and what has to hold for it. */
export type ArgumentRule = (world: World, env: Env, value: Expr, name: string) => Expr;

export function plain(tree: Reduction): Split {
  return { tree, argument: null };
}

/** The last thing in the parentheses is the argument: it is checked where the whole stands, so the reduction's own indices are not in it. */
export function splitArgument(world: World, env: Env, tree: Reduction, rule: ArgumentRule): Split {
  const name = tree.name.text;
  const last = tree.binders.at(-1);
  const written = last?.value ?? (tree.binders.length > 1 ? last?.name : null) ?? null;
  if (last === undefined || written === null || (last.name !== null && last.value !== null)) {
    const shape = name === "top" ? "top(i, 3) x[i]" : `${name}(i, 0.9) x[i]`;
    const argument = faulty(world, env, "AM3010", tree.span, `\`${name}\` needs a number beside its index`, {
      help: `it is \`${shape}\``,
    });
    return { tree, argument };
  }
  const argument = rule(world, env, checkExpr(world, { ...env, positions: false }, written), name);
  return { tree: { ...tree, binders: tree.binders.slice(0, -1) }, argument };
}

/** A share from 0 to 1. */
export const share: ArgumentRule = (world, env, value, name) => {
  const number = toReal(world, env, value);
  const wrong = firstValue(world, number, (q) => !(q >= 0 && q <= 1));
  if (wrong === undefined) return number;
  return faulty(world, env, "AM3040", value.span, `\`${name}\` takes a share from 0 to 1`, {
    here: `this is ${wrong}`,
    help: "write 0.9 for 90%",
  });
};

/** An int that is not negative. */
export const howMany: ArgumentRule = (world, env, value, name) => {
  const number = numeric(world, env, value);
  if (number.kind === "unknown") return number;
  if (number.type.kind !== "int")
    return faulty(world, env, "AM3003", value.span, `\`${name}\` takes how many as an int`, {
      here: `this is ${typeName(world, number.type)}`,
      help: "write `round(…)` or `floor(…)`",
    });
  const wrong = firstValue(world, number, (count) => count < 0);
  if (wrong === undefined) return number;
  return faulty(world, env, "AM3040", value.span, `\`${name}\` cannot take fewer than none`, {
    here: `this is ${wrong}`,
  });
};

/** The first value of a constant, over the plan's points, for which something holds. */
export function firstValue(world: World, expr: Expr, holds: (value: number) => boolean): number | undefined {
  return isConstant(expr) ? valuesOf(world, expr)?.find(holds) : undefined;
}

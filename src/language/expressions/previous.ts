/** `previous(s[i])` in an expression. */
import type { Call, Expr as TreeExpr } from "../../../grammar/tree.js";
import { evaluateConstant } from "../constants.js";
import { isConstant, sweepsOf } from "../mentions.js";
import { MOST_BACK, previousOf } from "../previous.js";
import type { Env } from "../scopes.js";
import type { Expr } from "../typed.js";
import type { World } from "../world.js";
import { faulty, unknown } from "./build.js";
import { checkExpr } from "./check.js";

/** `previous(s[i])`, `previous(s[i], 2)`. */
export function checkPrevious(world: World, env: Env, tree: Call, trees: readonly TreeExpr[] | null): Expr {
  const { span } = tree;
  const values = previousOf(env.scope);
  const refuse = (message: string, help: string, at = span): Expr =>
    faulty(world, env, "AM2032", at, message, { help });
  const [first, second] = trees ?? [];
  if (first === undefined) return unknown(span);
  const name = nameOf(first);
  if (name !== null && env.scope.declaring(name)?.ofScan === true)
    return refuse(
      `a scan keeps no earlier values: \`${name}\` is its own`,
      `keep it in a state beside it: \`old = before\`, then \`before <- ${name}\`, then the line that changes \`${name}\``,
      first.span,
    );
  if (values === null || !env.stepping)
    return refuse(
      "nothing was before: `previous` stands in a phase that takes steps",
      "move it into an `evolve` or a `train`",
    );
  const value = checkExpr(world, env, first);
  if (value.kind === "unknown") return value;
  const kind = value.kind === "read" ? world.definition(value.definition).body.kind : null;
  if (value.kind !== "read" || (kind !== "state" && kind !== "param"))
    return refuse(
      "`previous` takes a state or a parameter",
      "an equation's previous value is made of those of states",
      first.span,
    );
  const steps = second === undefined ? 1 : countOf(world, env, second);
  if (steps === null) return unknown(span);
  if (!Number.isInteger(steps) || steps < 1 || steps > MOST_BACK)
    return refuse(`\`previous\` goes back ${steps} steps`, `write an int from 1 to ${MOST_BACK}`, second?.span);
  return { ...value, definition: values.back(value.definition, steps), span };
}

const nameOf = (tree: TreeExpr): string | null =>
  tree.kind === "name" ? tree.text : tree.kind === "subscript" ? nameOf(tree.object) : null;

/** How many steps back; NaN where that is no constant of the spec, null after a fault. */
function countOf(world: World, env: Env, tree: TreeExpr): number | null {
  const value = checkExpr(world, env, tree);
  if (value.kind === "unknown") return null;
  if (!isConstant(value) || sweepsOf(world, value).size > 0) return NaN;
  return evaluateConstant(value, { experiment: world, sweeps: new Map() });
}

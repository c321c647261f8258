/** Expressions of a run: from the tree to typed expressions in which every name and index is resolved. */
import type { Expr as TreeExpr } from "../../../grammar/tree.js";
import type { Env } from "../scopes.js";
import type { Expr } from "../typed.js";
import type { World } from "../world.js";
import { checkBinary, checkComparison, checkConditional, checkUnary } from "./arithmetic.js";
import { bool, faulty, int, number, real, unknown } from "./build.js";
import { checkCall } from "./calls.js";
import { checkCase } from "./cases.js";
import { checkMember, checkName } from "./names.js";
import { checkIterate } from "./iterate.js";
import { checkReduction } from "./reductions.js";
import { checkSubscript } from "./subscripts.js";
import { checkWith } from "./with.js";

/** Checks a scalar expression (for each value of the bound indices); faults are told, and what they spoiled is unknown. */
export function checkExpr(world: World, env: Env, tree: TreeExpr): Expr {
  world.spend(1, tree.span);
  switch (tree.kind) {
    case "name":
      return checkName(world, env, tree);
    case "member":
      return checkMember(world, env, tree);
    case "number":
      return number(tree.value, tree.integer ? int : real, tree.span);
    case "boolean":
      return { kind: "boolean", value: tree.value, type: bool, span: tree.span };
    case "subscript":
      return checkSubscript(world, env, tree);
    case "call":
      return checkCall(world, env, tree);
    case "unary":
      return checkUnary(world, env, tree);
    case "binary":
      return checkBinary(world, env, tree);
    case "comparison":
      return checkComparison(world, env, tree);
    case "if":
      return checkConditional(world, env, tree);
    case "case":
      return checkCase(world, env, tree);
    case "reduction":
      return checkReduction(world, env, tree);
    case "with":
      return checkWith(world, env, tree);
    case "missing":
      return unknown(tree.span);
    case "iterate":
      return checkIterate(world, env, tree);
    case "joined":
      return faulty(world, env, "AM2123", tree.span, "a definition by parts is the whole right side of an equation", {
        help: "give it a name by an equation of its own: `x[unit] = pixel: … | class: …`",
      });
    case "list":
      return faulty(world, env, "AM3004", tree.span, "a list cannot stand inside an expression", {
        help: "give it a name with `let`, or make it the whole right side of an equation",
      });
    case "range":
      return faulty(world, env, "AM3004", tree.span, "a range cannot stand inside an expression", {
        help: "ranges are values of sweeps and axes, and domains of reductions: `sum(k: 1 .. n) …`",
      });
    case "tuple":
      return faulty(world, env, "AM3004", tree.span, "a tuple cannot stand inside an expression");
    case "string":
      return faulty(world, env, "AM3004", tree.span, "a text cannot stand inside an expression");
    case "block":
      return faulty(world, env, "AM3004", tree.span, "a block is the body of a `fn`, not a part of an expression");
  }
}

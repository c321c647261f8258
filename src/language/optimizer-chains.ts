/**
 * `optimizer slow = sgd(lr: 0.01)` and `optimizer clipped(lr) = clip_norm(1) | adam(lr: lr)`: names for optimizers, transforms and chains,
 * which mean what stands behind them where they are written.
 */
import type { Call, Expr as TreeExpr } from "../../grammar/tree.js";
import { replacementsOf } from "./replacements.js";
import { faulty } from "./expressions/build.js";
import { resolve } from "./expressions/resolve.js";
import { bindParameters } from "./templates.js";
import { envOf, Scope, type ComponentEntry, type Env } from "./scopes.js";
import type { World } from "./world.js";

/** A part of a chain, with the place that its names speak of. */
export interface Link {
  readonly env: Env;
  readonly tree: TreeExpr;
}

export const callOf = (tree: TreeExpr): Call | null => (tree.kind === "call" ? tree : null);

/** `a | b | c` from the left, with what stands behind names; null after a fault. */
export function linksOf(
  world: World,
  { env, tree }: Link,
  made: readonly ComponentEntry["declaration"][] = [],
): readonly Link[] | null {
  if (tree.kind === "binary" && tree.operator === "|") {
    const left = linksOf(world, { env, tree: tree.left }, made);
    const right = linksOf(world, { env, tree: tree.right }, made);
    return left === null || right === null ? null : [...left, ...right];
  }
  if (tree.kind === "case") return [{ env, tree }];
  const entry = optimizerEntry(world, env, tree);
  if (entry === null) return null;
  const { declaration } = entry;
  if (declaration.instance === null) return [{ env, tree }];
  if (made.includes(declaration)) {
    faulty(world, env, "AM2004", tree.span, `\`${entry.name}\` is made of itself`, {
      labels: [{ span: declaration.name.span, text: "declared here" }],
    });
    return null;
  }
  const behind = opened(world, env, entry, tree);
  return behind === null ? null : linksOf(world, behind, [...made, declaration]);
}

const PARTS_OF_NAME = 10;

/** What a name stands for, with its parameters bound. */
function opened(world: World, env: Env, { declaration, scope, name }: ComponentEntry, tree: TreeExpr): Link | null {
  world.used.add(declaration);
  world.spend(PARTS_OF_NAME, tree.span);
  if (declaration.body !== null || declaration.instance === null) {
    faulty(world, env, "AM2021", declaration.span, "a name for another optimizer has no page of its own", {
      help: "replace declarations in the parentheses: `optimizer o = sgd(lr: 1, state m[..] = 1)`",
    });
    return null;
  }
  const inside = new Scope(scope, "component", env.scope.prefix, { name, span: tree.span, caller: env.scope });
  const call = callOf(tree);
  const replacements = replacementsOf(world, env, declaration, call?.args ?? []);
  if (!bindParameters(world, inside, declaration, [{ env, call, replacements }], tree.span)) return null;
  return { env: envOf(inside, { stepping: env.stepping }), tree: declaration.instance };
}

/** The page, or the name for one, that a tree calls; null after a fault. */
export function optimizerEntry(world: World, env: Env, tree: TreeExpr): ComponentEntry | null {
  const path = tree.kind === "call" ? tree.callee : tree;
  const entry = resolve(world, env, path);
  if (entry === null || entry.kind === "faulty") return null;
  if (entry.kind === "component" && entry.sort === "optimizer") return entry;
  faulty(world, env, "AM3019", path.span, `\`${entry.name}\` is no optimizer`, {
    labels: [{ span: entry.span, text: "declared here" }],
  });
  return null;
}

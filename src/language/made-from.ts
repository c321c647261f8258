/**
 * What a component is made from: the template at the end of the names that lead to it, with the arguments and members that are added
 * on the way. `memory N = M` is another one like M, with parameters and draws of its own; `M(beta: 2)` changes what it says.
 */
import type { Call, Component, Expr as TreeExpr, Statement } from "../../grammar/tree.js";
import { isDataset } from "./data-files.js";
import { faulty } from "./expressions/build.js";
import { resolve } from "./expressions/resolve.js";
import { articles } from "./fn-arguments.js";
import { indicesOver, placeOver } from "./over-axes.js";
import { envOf, type ComponentEntry, type Env } from "./scopes.js";
import type { Index } from "./typed.js";
import type { World } from "./world.js";

/** Arguments and further members, with the place where they stand. */
export interface Layer {
  readonly env: Env;
  readonly call: Call | null;
  readonly extra: readonly Statement[];
}

export interface MadeFrom {
  readonly template: ComponentEntry;
  /** The nearest to the template first; what comes later replaces. */
  readonly layers: readonly Layer[];
  readonly over: readonly Index[];
  /** Those of `over` that the template's text sees by their names. */
  readonly named: readonly Index[];
}

/** Null after a fault; `over` are the indices of the component that is made. */
export function madeFrom(
  world: World,
  env: Env,
  declaration: Component,
  instance: TreeExpr,
  over: readonly Index[],
): MadeFrom | null {
  const path = instance.kind === "call" ? instance.callee : instance;
  const entry = resolve(world, env, path);
  if (entry === null || entry.kind === "faulty") return null;
  const { sort } = declaration;
  if (entry.kind !== "component" || entry.sort !== sort) {
    const what = entry.kind === "component" ? articles[entry.sort] : `a ${entry.kind}`;
    faulty(world, env, "AM3019", path.span, `\`${entry.name}\` is not ${articles[sort]}: it is ${what}`, {
      labels: [{ span: entry.span, text: "declared here" }],
    });
    return null;
  }
  const found = follow(world, env, entry, path, over);
  if (found === null) return null;
  const own = placeOver(env, found.over);
  const call = instance.kind === "call" ? instance : null;
  return { ...found, layers: [...found.layers, { env: own, call, extra: declaration.body ?? [] }] };
}

/** The template of a component, and what it adds to it. */
function follow(
  world: World,
  env: Env,
  entry: ComponentEntry,
  path: TreeExpr,
  given: readonly Index[],
): MadeFrom | null {
  const { declaration, scope } = entry;
  const outside = envOf(scope);
  const refusal = refusalOf(entry, outside, given);
  if (refusal !== null) {
    faulty(world, env, "AM2132", path.span, `\`${entry.name}\` cannot be made a second time: ${refusal}`, {
      labels: [{ span: entry.span, text: "declared here" }],
    });
    return null;
  }
  const isOver = declaration.axes.length > 0;
  const over = isOver ? indicesOver(world, scope, declaration) : given;
  if (over === null) return null;
  if (declaration.instance === null) return { template: entry, layers: [], over, named: isOver ? over : [] };
  return madeFrom(world, outside, declaration, declaration.instance, over);
}

function refusalOf(
  { declaration: { instance, axes }, picked }: ComponentEntry,
  env: Env,
  given: readonly Index[],
): string | null {
  if (picked === true) return "it is one of a component over axes";
  if (axes.length > 0 && given.length > 0) return "it is over axes of its own, so that the new one has none to add";
  if (instance === null) return null;
  if (instance.kind === "with") return "its parameters are those of a tuple";
  if (instance.kind === "case") return "it is chosen by a label; write the `case` again";
  return isDataset(env, instance) ? "it is read from a file, which is there once" : null;
}

/** Arguments that are declarations: what they replace in a template, and how that is declared then. */
import type { Argument, Component, Statement } from "../../grammar/tree.js";
import { tensorEntry, type TensorStatement } from "./declare.js";
import { namesOf } from "./declared-names.js";
import { faulty } from "./expressions/build.js";
import { declare, envOf, type Env, type Scope } from "./scopes.js";
import { suggestion } from "./suggest.js";
import { replaces } from "./templates.js";
import type { World } from "./world.js";

/** The statements among the arguments, by the name that they replace. */
export function replacementsOf(
  world: World,
  env: Env,
  declaration: Pick<Component, "name" | "parameters" | "body">,
  args: readonly Argument[],
  otherwise: { readonly help?: string } = {},
): ReadonlyMap<string, Statement> {
  const found = new Map<string, Statement>();
  const known = new Set([
    ...(declaration.body ?? []).flatMap(namesOf),
    ...(declaration.parameters ?? [])
      .filter((parameter) => parameter.axes !== null || parameter.sort === "fn")
      .map((parameter) => parameter.name.text),
  ]);
  const joint = new Set((declaration.body ?? []).map(namesOf).flatMap((names) => (names.length > 1 ? names : [])));
  for (const argument of args) {
    if (argument.kind !== "replacement") continue;
    const { statement } = argument;
    const [name] = namesOf(statement);
    if (name === undefined) continue;
    if (!known.has(name)) {
      faulty(
        world,
        env,
        "AM2005",
        argument.span,
        `\`${declaration.name.text}\` declares no \`${name}\` that could be replaced`,
        {
          labels: [{ span: declaration.name.span, text: "the template" }],
          ...otherwise,
          ...suggestion(name, known),
        },
      );
    } else if (joint.has(name)) {
      faulty(world, env, "AM3021", argument.span, `\`${name}\` is one of several results of one equation`, {
        labels: [{ span: declaration.name.span, text: "the template" }],
        help: "no argument replaces a part of an equation: compute them one by one in the template",
      });
    } else if (found.has(name)) faulty(world, env, "AM2002", argument.span, `\`${name}\` is replaced twice`);
    else found.set(name, statement);
  }
  return found;
}

export function declareReplacement(
  world: World,
  env: Env,
  members: Scope,
  original: Statement,
  replacement: Statement,
): void {
  if (replaces(world, env, members, original, replacement)) return;
  const isTensor = (statement: Statement): statement is TensorStatement =>
    statement.kind === "equation" ||
    statement.kind === "draws" ||
    statement.kind === "param" ||
    statement.kind === "state";
  if (!isTensor(original) || !isTensor(replacement)) {
    faulty(world, env, "AM3021", replacement.span, "this replaces a declaration of another kind", {
      labels: [{ span: original.span, text: "the declaration" }],
    });
    return;
  }
  const target = original.kind === "equation" ? original.targets[0] : original.target;
  const given = replacement.kind === "equation" ? replacement.targets[0] : replacement.target;
  if (target === undefined || given === undefined) return;
  const declared = tensorEntry(world, envOf(members), members, { statement: original, target, pick: 0 });
  const entry = tensorEntry(world, env, members, { statement: replacement, target: given, pick: 0 }, declared);
  declare(world, members, entry);
  world.pending.push(() => entry.tensor.get());
}

/** `draw d = sequences(slot)`: a component of a phase whose draws are made anew, each step or every so many. */
import type { Component, DrawStatement } from "../../grammar/tree.js";
import { declareComponent } from "./components.js";
import { drawnEvery } from "./declare.js";
import { faulty } from "./expressions/build.js";
import type { PhasePlace } from "./phases.js";
import { declare, envOf, Scope, type Entry } from "./scopes.js";
import type { DefinitionId } from "./typed.js";
import type { World } from "./world.js";

export function declareDrawn(world: World, scope: Scope, statement: DrawStatement): void {
  const [name] = statement.target.path;
  if (name === undefined) return;
  const declaration: Component = {
    kind: "component",
    sort: "data",
    name,
    axes: [],
    parameters: null,
    instance: statement.distribution,
    subject: null,
    body: null,
    doc: statement.doc,
    span: statement.span,
  };
  const place = new Scope(scope, scope.role, scope.prefix);
  place.redrawn = { every: drawnEvery(world, envOf(scope, { stepping: true }), statement) };
  declareComponent(world, place, declaration);
  const entry = place.entries.get(name.text);
  if (entry !== undefined) declare(world, scope, entry);
}

/** What a `draw` of a phase makes anew. */
export function drawnBy(
  { world, scope, env }: PhasePlace,
  { target, component }: DrawStatement,
): readonly DefinitionId[] {
  const [name] = target.path;
  const entry = name === undefined ? undefined : scope.entries.get(name.text);
  const found = entry === undefined ? [] : [...drawnIn(world, entry)];
  const isThere = entry?.kind === "component" && entry.instance.get() !== null;
  if (component && isThere && found.length === 0)
    faulty(world, env, "AM3019", target.span, `nothing in \`${name?.text ?? ""}\` is drawn`, {
      help: "a component without draws is declared outside of the phase",
    });
  return found;
}

function drawnIn(world: World, entry: Entry): ReadonlySet<DefinitionId> {
  const found = new Set<DefinitionId>();
  if (entry.kind === "tensor") {
    const tensor = entry.tensor.get();
    if (tensor?.source.kind !== "definition") return found;
    const { definition } = tensor.source;
    const { body } = world.definition(definition);
    if (body.kind === "draw" && body.each !== undefined) found.add(definition);
  } else if (entry.kind === "component") {
    for (const member of entry.instance.get()?.members.entries.values() ?? [])
      for (const definition of drawnIn(world, member)) found.add(definition);
  }
  return found;
}

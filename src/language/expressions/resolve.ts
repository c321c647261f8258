/** What a path of names means; what is unknown is told, with the nearest name. */
import type { Expr as TreeExpr, Member, Name } from "../../../grammar/tree.js";
import { changesDuringRuns } from "../changing.js";
import { factEntry, leftEntry } from "../left-behind.js";
import type { Entry, Env, PhaseEntry, Scope } from "../scopes.js";
import { nearest, suggestion } from "../suggest.js";
import type { AxisId, Expr, ScalarType } from "../typed.js";
import type { World } from "../world.js";
import { faulty } from "./build.js";
import { pickedEntry } from "./one-of.js";
import { whereUnbound } from "./unbound.js";

export function unknownName(world: World, env: Env, tree: Name): Expr {
  if (tree.text === "step") {
    return faulty(world, env, "AM2008", tree.span, "`step` means something only inside a phase that takes steps", {
      here: "there is no step here",
    });
  }
  const index = env.scope.lookupAxis(tree.text.replace(/['\d\u2080-\u2089]+$/u, ""));
  if (index?.kind === "axis") {
    return faulty(world, env, "AM2106", tree.span, `nothing binds the index \`${tree.text}\` here`, {
      here: `an index of \`${index.name}\`, but it is not on the left side, and no reduction binds it`,
      ...whereUnbound(env, tree.text),
    });
  }
  const known = [...env.indices.map((bound) => bound.name), ...env.scope.names()];
  return faulty(world, env, "AM2001", tree.span, `there is no \`${tree.text}\` here`, {
    here: "unknown name",
    ...suggestion(tree.text, known),
  });
}

/** The entry of a name or a member; null when there is none, which is told. */
export function resolve(world: World, env: Env, tree: TreeExpr): Entry | null {
  if (tree.kind === "name") {
    const entry = env.scope.lookup(tree.text);
    if (entry === undefined) unknownName(world, env, tree);
    return entry ?? null;
  }
  if (tree.kind === "subscript") return pickedEntry(world, env, tree);
  if (tree.kind !== "member") {
    if (tree.kind !== "missing")
      faulty(world, env, "AM2010", tree.span, "a name is wanted here", { here: "this is none" });
    return null;
  }
  const object = resolve(world, env, tree.object);
  if (object === null || object.kind === "faulty") return null;
  const members = membersOf(world, env, object, tree);
  if (members === null) return null;
  const entry = members.own(tree.name.text);
  if (entry !== undefined) return object.kind === "phase" ? leftBy(world, env, object, entry) : entry;
  const fact = object.kind === "phase" ? factEntry(world, env.scope, object, tree.name.text) : undefined;
  if (fact !== undefined) return fact;
  if (object.kind === "phase" && object.failed) return null;
  const name = pathText(tree.object);
  const why = object.kind === "component" ? object.instance.get()?.without?.get(tree.name.text) : undefined;
  world.report(env.scope, {
    code: "AM2003",
    span: tree.name.span,
    message: `\`${name}\` has no \`${tree.name.text}\``,
    here: why ?? "unknown member",
    labels: [{ span: object.span, text: `\`${name}\` is declared here` }],
    ...memberHelp(tree.name.text, name, members),
  });
  return null;
}

/** States of an earlier phase are there as they are now; of what was computed in it, the last value. */
function leftBy(world: World, env: Env, phase: PhaseEntry, entry: Entry): Entry {
  const tensor = entry.kind === "tensor" ? entry.tensor.get() : null;
  if (entry.kind !== "tensor" || tensor?.source.kind !== "definition") return entry;
  const { definition } = tensor.source;
  if (world.definition(definition).body.kind === "state" || !changesDuringRuns(world, definition)) return entry;
  return leftEntry(world, env.scope, phase, entry, definition);
}

function memberHelp(written: string, object: string, members: Scope): { readonly help?: string } {
  const near = nearest(written, members.entries.keys());
  if (near !== null) return { help: `did you mean \`${object}.${near}\`?` };
  const all = [...members.entries.keys()];
  return all.length === 0
    ? {}
    : {
        help: `it has ${all
          .slice(0, 12)
          .map((name) => `\`${name}\``)
          .join(", ")}`,
      };
}

function membersOf(world: World, env: Env, object: Entry, tree: Member): Scope | null {
  if (object.kind === "component") {
    const instance = object.instance.get();
    if (instance !== null) return instance.members;
    if (object.declaration.parameters !== null) {
      world.report(env.scope, {
        code: "AM2009",
        span: tree.span,
        message: `\`${object.name}\` is a template, and its parameters have no values here`,
        labels: [{ span: object.span, text: "declared here" }],
        help: `make one of it first: \`${object.sort} M = ${object.name}(…)\`, then \`M.${tree.name.text}\``,
      });
    }
    return null;
  }
  if (object.kind === "phase") {
    if (object.values !== null) return object.values;
    if (object.failed) return null;
    world.report(env.scope, {
      code: "AM2011",
      span: tree.span,
      message: `\`${object.name}\` runs later than this place`,
      labels: [{ span: object.span, text: "this phase" }],
      help: "a phase sees what earlier phases left behind; move it",
    });
    return null;
  }
  faulty(world, env, "AM2003", tree.span, `\`${pathText(tree.object)}\` has no members`, {
    labels: [{ span: object.span, text: "declared here" }],
  });
  return null;
}

export function pathText(tree: TreeExpr): string {
  if (tree.kind === "name") return tree.text;
  if (tree.kind === "subscript") return `${pathText(tree.object)}[…]`;
  return tree.kind === "member" ? `${pathText(tree.object)}.${tree.name.text}` : "…";
}

/** A bare label as a value: that of the first axis or sweep in sight that has it. */
export function labelNamed(world: World, scope: Scope, tree: Name | Member): Expr | null {
  if (tree.kind !== "name") return null;
  for (let here: Scope | null = scope; here !== null; here = here.parent) {
    for (const entry of here.entries.values()) {
      const type = labelType(world, entry);
      const position = type?.labels.indexOf(tree.text) ?? -1;
      if (type !== null && position >= 0) return { kind: "label", position, type, span: tree.span };
    }
  }
  return null;
}

function labelType(world: World, entry: Entry): Extract<ScalarType, { readonly kind: "label" }> | null {
  if (entry.kind !== "sweep" && entry.kind !== "axis") return null;
  if (entry.labels !== undefined) return { kind: "label", labels: entry.labels };
  if (entry.kind === "axis" && !entry.axis.isDone) return null;
  const { kind } = world.axis(entry.kind === "sweep" ? entry.axis : entry.axis.get());
  if (kind.kind === "labels") return { kind: "label", labels: kind.labels };
  return kind.kind === "sweep" && kind.labels !== null ? { kind: "label", labels: kind.labels } : null;
}

/** The axis that a name stands for, even where an index of that name is bound; null after a fault. */
export function axisEntry(world: World, env: Env, tree: TreeExpr): AxisId | null {
  if (tree.kind === "name") {
    const entry = env.scope.lookupAxis(tree.text);
    if (entry?.kind === "axis") return entry.axis.get();
    if (entry?.kind === "sweep") {
      world.report(env.scope, {
        code: "AM2110",
        span: tree.span,
        message: `\`${tree.text}\` is a sweep: inside a run it is a value, no axis`,
        labels: [{ span: entry.span, text: "the sweep" }],
      });
      return null;
    }
    const known = env.scope.names().filter((name) => env.scope.lookupAxis(name)?.kind === "axis");
    faulty(world, env, "AM2004", tree.span, `there is no axis \`${tree.text}\` here`, {
      here: "an axis is wanted",
      ...suggestion(tree.text, known),
    });
    return null;
  }
  const entry = tree.kind === "member" ? resolve(world, env, tree) : null;
  if (entry?.kind === "axis") return entry.axis.get();
  if (tree.kind !== "member" || entry !== null) {
    faulty(world, env, "AM2004", tree.span, "the name of an axis is wanted here", { here: "this is none" });
  }
  return null;
}

/** Data that a call binds without a block: built-in sets, texts, pictures. Their axes are the names in the call. */
import type { Call, Component, Expr as TreeExpr, Name } from "../../grammar/tree.js";
import { builtInSet } from "../datasets/sets/catalogue.js";
import { corpusNamed } from "../datasets/sets/corpora.js";
import { axisOfSet } from "./data-agreement.js";
import { type Bound, namesIn } from "./data-bound.js";
import { boundByImages } from "./data-images.js";
import { boundBySet } from "./data-sets.js";
import { boundByText } from "./data-texts.js";
import { encodeColumn } from "./datasets.js";
import { declare, envOf, Scope, type Instance, type Tensor } from "./scopes.js";
import { defined } from "./tensors.js";
import type { AxisKind } from "./typed.js";
import { type Lazy, type World, unknownAxis } from "./world.js";

const bound = new WeakMap<World, Map<Component, Lazy<Bound | null>>>();

/** The call of such data; null where it is something else. */
export function boundCall(instance: TreeExpr): Call | null {
  if (instance.kind !== "call" || instance.callee.kind !== "member") return null;
  const { text } = instance.callee.name;
  const isBuiltIn = builtInSet(text) !== undefined || corpusNamed(text) !== undefined;
  return text === "text" || text === "images" || isBuiltIn ? instance : null;
}

/** Names for the axes that a call brings along, with what they are where nothing declares them. */
export function axesOfCall(
  world: World,
  scope: Scope,
  declaration: Component,
  call: Call,
): readonly { readonly name: Name; readonly kind: () => AxisKind | null }[] {
  const found = boundOf(world, scope, declaration, call);
  return namesIn(call).map((name, k) => ({ name, kind: () => found.get()?.kinds[k] ?? null }));
}

function boundOf(world: World, scope: Scope, declaration: Component, call: Call): Lazy<Bound | null> {
  const known = bound.get(world) ?? new Map<Component, Lazy<Bound | null>>();
  bound.set(world, known);
  const before = known.get(declaration);
  if (before !== undefined) return before;
  const made = world.lazy<Bound | null>(
    scope,
    declaration.name.text,
    call.span,
    () => check(world, scope, call),
    () => null,
  );
  known.set(declaration, made);
  return made;
}

function check(world: World, scope: Scope, call: Call): Bound | null {
  const name = call.callee.kind === "member" ? call.callee.name.text : "";
  const set = builtInSet(name);
  if (set !== undefined) return boundBySet(world, envOf(scope), call, set);
  const corpus = corpusNamed(name);
  return name === "text" || corpus !== undefined
    ? boundByText(world, scope, call, corpus)
    : boundByImages(world, scope, call);
}

/** Declares what the call binds. */
export function checkBound(world: World, scope: Scope, declaration: Component, call: Call): Instance | null {
  const [first] = declaration.body ?? [];
  const found = boundOf(world, scope, declaration, call).get();
  if (first !== undefined)
    world.report(scope, {
      code: "AM2021",
      span: first.span,
      message: `this call has no block: what it binds is ${found?.members.map(({ name }) => `\`${name}\``).join(", ") ?? "known"}`,
    });
  if (found === null) return null;
  const env = envOf(scope);
  const axes = found.names.map((name, k) => axisOfSet(world, env, name, found.kinds[k], found.sampled && k === 0));
  const name = `${scope.prefix}${declaration.name.text}`;
  const members = new Scope(scope, "component", `${name}.`);
  const numbers = new Map<string, number>();
  for (const dataset of found.datasets)
    if (!numbers.has(dataset.path)) numbers.set(dataset.path, world.datasets.push(dataset) - 1);
  for (const member of found.members) {
    const indices = member.over.map((k) => {
      const { text, span } = found.names[k] ?? declaration.name;
      return world.newIndex(text, axes[k] ?? unknownAxis, span);
    });
    const { span } = declaration.name;
    const full = members.prefix + member.name;
    const type = member.type(axes);
    const from = found.datasets.map(({ path }) => ({
      dataset: numbers.get(path) ?? 0,
      column: encodeColumn(member.column),
    }));
    const choice = found.chosen === null ? {} : { choice: { chosen: found.chosen, from } };
    const body = { kind: "data", ...(from[0] ?? { dataset: 0, column: "" }), ...choice } as const;
    const tensorAxes = indices.map((index) => ({ name: index.name, axis: index.axis, span: index.span }));
    const header = { indices, named: indices, rest: null, products: [] };
    const shown = member.name;
    const left = { name: full, shown, span, doc: null, bound: header, axes: tensorAxes, over: [] };
    const tensor = defined(world, left, type, () => body);
    declare(world, members, {
      kind: "tensor",
      name: shown,
      span,
      declared: call.span,
      axes: world.lazy(
        members,
        shown,
        span,
        () => tensorAxes,
        () => [],
      ),
      tensor: world.lazy<Tensor | null>(
        members,
        shown,
        span,
        () => tensor,
        () => null,
      ),
    });
  }
  return {
    name,
    sort: declaration.sort,
    members,
    parameters: [],
    declared: found.members.map((member) => member.name),
    ...(found.without === undefined ? {} : { without: found.without }),
  };
}

/**
 * Components over axes, `memory M[layer] = …`: every tensor has the component's indices first. Its own text sees one of each, at
 * these indices (`Instance.over.inner`); outside `M.W[layer, i]` is all of them, and `M[e].f(x)` those at a place.
 */
import type { Component, Expr as TreeExpr } from "../../grammar/tree.js";
import { faulty } from "./expressions/build.js";
import { read } from "./expressions/names.js";
import { pathText } from "./expressions/resolve.js";
import { axisOfName, bindIndex } from "./indices.js";
import { lift } from "./lifting.js";
import { subscriptOf } from "./outer-indices.js";
import { envOf, Scope, type Entry, type Env, type Instance, type Tensor } from "./scopes.js";
import { suggestion } from "./suggest.js";
import { View } from "./views.js";
import type { Index } from "./typed.js";
import { unknownAxis, type World } from "./world.js";

/** The indices of a component's axes; null after a fault. */
export function indicesOver(world: World, scope: Scope, { axes }: Component): readonly Index[] | null {
  const found: Index[] = [];
  const env = envOf(scope);
  for (const name of axes) {
    const entry = axisOfName(scope, name.text);
    if (entry === undefined) {
      const known = scope.names().filter((one) => scope.lookupAxis(one)?.kind === "axis");
      faulty(world, env, "AM2004", name.span, `there is no axis \`${name.text}\` here`, suggestion(name.text, known));
      return null;
    }
    if (entry.kind === "sweep") {
      faulty(
        world,
        env,
        "AM2131",
        name.span,
        `\`${name.text}\` is a sweep: each run has a component of its own anyway`,
        {
          labels: [{ span: entry.span, text: "the sweep" }],
          help: "leave out the brackets",
        },
      );
      return null;
    }
    found.push(bindIndex(world, { ...env, indices: [...env.indices, ...found] }, name, { trees: [] }));
  }
  return found.some(({ axis }) => axis === unknownAxis) ? null : found;
}

/** Why a component cannot be one over axes; null where it can. */
export function unfitOver({ sort, instance, parameters }: Component, isDataset: boolean): string | null {
  if (sort === "optimizer") return "an optimizer is made for each parameter anyway";
  if (isDataset) return "a file is there once: give its columns the axis";
  if (instance?.kind === "with") return "it has the axes of the memory before `with`";
  return instance === null && parameters !== null ? "a template gets its axes where it is made into a component" : null;
}

/** A place where the indices are bound, also for what stands there. */
export function placeOver(env: Env, indices: readonly Index[]): Env {
  if (indices.length === 0) return env;
  const place = new Scope(env.scope, "component", env.scope.prefix);
  place.named = indices;
  return { ...env, scope: place, indices: [...env.indices, ...indices] };
}

/** The component as it is seen from outside. */
export function closedOver(world: World, instance: Instance, indices: readonly Index[]): Instance {
  if (indices.length === 0) return instance;
  const members = new View(world, new Map(indices.map(({ id }) => [id, null])), indices).scope(instance.members);
  return { ...instance, members, over: { indices, inner: instance.members } };
}

/** A tensor of a component over axes, which has their indices first whether it depends on them or not. */
export function overAll(
  world: World,
  { name, over }: { readonly name: string; readonly over: readonly Index[] },
  tensor: Tensor,
): Tensor {
  if (over.length === 0) return tensor;
  const own = tensor.axes.map((axis) => ({
    index: world.newIndex(axis.name, axis.axis, axis.span),
    name: axis.name,
    span: axis.span,
  }));
  const subscripts = own.map(({ index }) => subscriptOf(index));
  const value = read(tensor, subscripts, tensor.span);
  return { ...lift(world, { name, span: tensor.span, type: tensor.type, own, value, over }), name: tensor.name };
}

/** Its first axes given by indices: a tensor that was made outside, as the text of the component sees it. */
export function openedOver(tensor: Tensor, over: readonly Index[]): Tensor {
  if (over.length === 0) return tensor;
  const { prefix, axes, outer = 0 } = tensor;
  return {
    ...tensor,
    prefix: [...prefix, ...over.map(subscriptOf)],
    axes: axes.slice(over.length),
    outer: Math.max(0, outer - over.length),
    picked: true,
  };
}

/** `M.f(x)` where `M` is over axes. */
export function notPicked(world: World, env: Env, tree: TreeExpr, entry: Entry, open: readonly Index[]): void {
  const owner = tree.kind === "member" ? pathText(tree.object) : "M";
  const names = open.map(({ name }) => name).join(", ");
  faulty(world, env, "AM2131", tree.span, `\`${owner}\` is over \`${names}\`: it is not said which one`, {
    labels: [{ span: entry.span, text: "declared here" }],
    help: `write \`${owner}[${names}].${entry.name}\``,
  });
}

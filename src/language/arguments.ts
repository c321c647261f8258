/** Tensor arguments of fns: which of their axes belong to the fn, which are mapped over. */
import type { Expr as TreeExpr, Name, Parameter } from "../../grammar/tree.js";
import { faulty } from "./expressions/build.js";
import { checkExpr } from "./expressions/check.js";
import { rename } from "./expressions/rename.js";
import { axisOfName, tensorText } from "./indices.js";
import { lift } from "./lifting.js";
import { declare, Whole, type Entry, type Env, type Scope, type Slot, type Tensor } from "./scopes.js";
import { freeIndices } from "./mentions.js";
import type { AxisId, Expr, Index } from "./typed.js";
import type { World } from "./world.js";

/** The axes over which a call is mapped, by axis and place; arguments share them. */
export type Mapped = Map<string, Index>;

interface HeaderAxis {
  readonly name: Name;
  /** Null: it takes the axis of the argument. */
  readonly axis: AxisId | null;
}

export function bindTensorArgument(
  world: World,
  env: Env,
  scope: Scope,
  fn: string,
  parameter: Parameter,
  tree: TreeExpr,
  mapped: Mapped,
): Entry | null {
  const whole = new Whole(world);
  const value = checkExpr(world, { ...env, whole, positions: false }, tree);
  if (value.kind === "unknown") return null;
  const header = (parameter.axes ?? []).map((name) => headerAxis(scope, name));
  const matched = match(world, env, fn, parameter, tree, header, whole.slots);
  if (matched === null) return null;
  warnOfEntries(world, env, fn, parameter, tree, value, header, matched.slots);
  const names = new Map(matched.extra.map((slot) => [slot.index.id, sharedIndex(world, mapped, slot)]));
  const own = header.map(({ name }, k) => {
    const slot = matched.slots[k];
    const index = slot?.index ?? world.newIndex(name.text, header[k]?.axis ?? 0, name.span);
    return { index, name: name.text, span: name.span };
  });
  header.forEach(({ name, axis }, k) => {
    const found = own[k]?.index.axis;
    if (axis === null && found !== undefined && scope.own(name.text) === undefined)
      declareAxis(world, scope, name, found);
  });
  const lifted = lift(world, {
    name: scope.prefix + parameter.name.text,
    span: parameter.name.span,
    type: value.type,
    own,
    value: rename(value, names),
  });
  const tensor: Tensor = { ...lifted, name: parameter.name.text };
  return {
    kind: "tensor",
    name: parameter.name.text,
    span: parameter.name.span,
    declared: parameter.span,
    axes: world.lazy(
      scope,
      parameter.name.text,
      parameter.name.span,
      () => tensor.axes,
      () => [],
    ),
    tensor: world.lazy<Tensor | null>(
      scope,
      parameter.name.text,
      parameter.name.span,
      () => tensor,
      () => null,
    ),
  };
}

/** A number for each position of the very axis that the fn sees whole: it would see the same number everywhere. */
function warnOfEntries(
  world: World,
  env: Env,
  fn: string,
  parameter: Parameter,
  tree: TreeExpr,
  value: Expr,
  header: readonly HeaderAxis[],
  slots: Matched["slots"],
): void {
  const entry = [...freeIndices(value).values()].find((index) =>
    header.some(({ axis }, k) => axis === index.axis && slots[k] === undefined),
  );
  if (entry === undefined) return;
  world.report(env.scope, {
    code: "AM2124",
    severity: "warning",
    span: tree.span,
    message: `\`${fn}\` wants a tensor over \`${entry.name}\`, and gets one number at each \`${entry.name}\``,
    here: "it is taken for a tensor with this number everywhere",
    labels: [{ span: parameter.span, text: "this parameter" }],
    help: `pass the axis whole: \`:\` in place of the index \`${entry.name}\`, in a tensor that has a name`,
  });
}

function declareAxis(world: World, scope: Scope, name: Name, axis: AxisId): void {
  const lazy = world.lazy(
    scope,
    name.text,
    name.span,
    () => axis,
    () => axis,
  );
  declare(world, scope, { kind: "axis", name: name.text, span: name.span, axis: lazy });
}

/** Names that are axes in scope (or were given one by an argument before) mean those; others are open. */
function headerAxis(scope: Scope, name: Name): HeaderAxis {
  const entry = axisOfName(scope, name.text);
  return { name, axis: entry?.kind === "axis" ? entry.axis.get() : null };
}

function sharedIndex(world: World, mapped: Mapped, slot: Slot): Index {
  const key = `${slot.index.axis} ${slot.ordinal}`;
  const known = mapped.get(key) ?? world.newIndex(slot.index.name, slot.index.axis, slot.span);
  mapped.set(key, known);
  return known;
}

interface Matched {
  /** One for each axis of the header; undefined where the argument is constant along it. */
  readonly slots: readonly (Slot | undefined)[];
  readonly extra: readonly Slot[];
}

function match(
  world: World,
  env: Env,
  fn: string,
  parameter: Parameter,
  tree: TreeExpr,
  header: readonly HeaderAxis[],
  all: readonly Slot[],
): Matched | null {
  const left = [...all];
  const slots = header.map(({ axis }) => {
    if (axis === null) return undefined;
    const at = left.findIndex((slot) => world.sameAxis(slot.index.axis, axis));
    return at < 0 ? undefined : left.splice(at, 1)[0];
  });
  const open = header.filter(({ axis }) => axis === null).length;
  // Tensors without subscripts are mapped over their leading axes; what was written as `:` belongs to the fn.
  const extra: Slot[] = [];
  while (left.length > open) {
    const at = left.findIndex((slot) => !slot.explicit);
    const [slot] = left.splice(Math.max(at, 0), 1);
    if (slot === undefined) break;
    extra.push(slot);
  }
  const unfit = extra.find((slot) => slot.explicit);
  const lacksOpen = left.length < open;
  const unmatched = header.some(({ axis }, k) => axis !== null && slots[k] === undefined) && extra.length > 0;
  if (unfit !== undefined || lacksOpen || unmatched) {
    refuse(world, env, fn, parameter, tree, all, unfit ?? extra[0]);
    return null;
  }
  const bound = extra.find((slot) =>
    env.indices.some((index) => index.axis === slot.index.axis && index.name === slot.index.name),
  );
  if (bound !== undefined) {
    const { name } = bound.index;
    faulty(
      world,
      env,
      "AM2117",
      tree.span,
      `the axis \`${name}\` of this argument is mapped over, and an index \`${name}\` is bound here`,
      {
        help: `write the index: \`x[${name}, :]\``,
      },
    );
    return null;
  }
  const filled = header.map(({ axis }, k) => (axis === null ? left.shift() : slots[k]));
  return { slots: filled, extra };
}

function refuse(
  world: World,
  env: Env,
  fn: string,
  parameter: Parameter,
  tree: TreeExpr,
  all: readonly Slot[],
  slot: Slot | undefined,
): void {
  const wanted = tensorText(
    parameter.name.text,
    (parameter.axes ?? []).map((name) => ({ name: name.text })),
  );
  const axes = all.map(({ index }) => `\`${world.axis(index.axis).name}\``).join(", ");
  faulty(world, env, "AM2118", slot?.explicit === true ? slot.span : tree.span, `\`${fn}\` wants \`${wanted}\` here`, {
    here: all.length === 0 ? "no axis is passed whole" : `this passes ${axes}`,
    labels: [{ span: parameter.span, text: "this parameter" }],
    help:
      all.length === 0
        ? "write `:` for each axis that the fn is to see"
        : "write an index instead of `:` for an axis that the fn does not have",
  });
}

/** Computed positions: what an int in a subscript counts, and what happens outside of the axis. */
import type { Expr as TreeExpr, SubscriptItem } from "../../../grammar/tree.js";
import { boundsOf, placementsOf, sizesOf } from "../bounds.js";
import { isPrefix, liesIn } from "../made-axes.js";
import type { Table } from "../described.js";
import { isConstant } from "../mentions.js";
import { type Along, type Env, type Tensor, type TensorAxis, boundIndex } from "../scopes.js";
import type { AxisId, Expr, Subscript } from "../typed.js";
import { type World, unknownAxis } from "../world.js";
import { faulty, int, numeric, positionAlong, typeName, unclear, unknown } from "./build.js";
import { checkExpr } from "./check.js";

/** What says by its name what happens outside. */
export const outside: Table = {
  cyclic: { form: "x[cyclic(e)]", says: "outside of the axis: goes round", derivative: "yes" },
  clamp: { form: "x[clamp(e)]", says: "outside of the axis: stays at the end", derivative: "yes" },
  pad: { form: "x[pad(e)]", says: "outside of the axis: reads 0", derivative: "yes" },
};

/** A gather: `named` where the item names the axis, so that an int counts inside of it. */
export function checkGather(
  world: World,
  env: Env,
  tree: TreeExpr,
  axis: Pick<TensorAxis, "name" | "axis">,
  name: string,
  named: boolean,
): Subscript | null {
  if (tree.kind === "call" && tree.callee.kind === "name" && Object.hasOwn(outside, tree.callee.text)) {
    const [argument, ...others] = tree.args;
    if (argument?.kind !== "positional" || others.length > 0) {
      faulty(world, env, "AM3010", tree.span, `\`${tree.callee.text}\` takes one position`);
      return null;
    }
    const value = checkPlace(world, env, argument.value, axis, named);
    const bounds = tree.callee.text === "cyclic" ? "cyclic" : tree.callee.text === "clamp" ? "clamp" : "pad";
    return value === null ? null : { kind: "position", value, bounds, span: tree.span };
  }
  const value = checkPlace(world, env, tree, axis, named);
  if (value === null) return null;
  const where = axis.axis === unknownAxis ? "unknown" : boundsOf(world, value, axis.axis);
  if (where === "outside") {
    const sizes = sizesOf(world, axis.axis) ?? [];
    const most = Math.max(...sizes);
    faulty(world, env, "AM4011", tree.span, `this is outside of axis \`${axis.name}\` of \`${name}\``, {
      here: most === 0 ? "the axis has no positions" : `its positions are 0 to ${most - 1}`,
      help: "write `cyclic(…)`, `clamp(…)` or `pad(…)` around it where that is meant",
    });
    return null;
  }
  return { kind: "position", value, bounds: where === "inside" ? "proven" : "checked", span: tree.span };
}

/** A position along the axis: an int, or an index, whose position counts. */
function checkPlace(
  world: World,
  env: Env,
  tree: TreeExpr,
  axis: Pick<TensorAxis, "name" | "axis">,
  named: boolean,
): Expr | null {
  const along: Along = { axis: axis.axis, counts: named };
  const value = checkExpr(world, { ...env, positions: true, along }, tree);
  if (value.kind === "unknown") return null;
  if (value.type.kind === "label") return { ...value, type: int };
  const place =
    value.type.kind === "index" || value.type.kind === "int"
      ? positionAlong(world, env, along, value)
      : numeric(world, env, value);
  if (place.kind === "unknown") return null;
  if (place.type.kind !== "int") {
    faulty(world, env, "AM3011", tree.span, "a subscript is an int", {
      here: `this is ${typeName(world, place.type)}`,
      help: "write `round(…)` or `floor(…)`",
    });
    return null;
  }
  return settled(world, env, tree, axis, along, place);
}

/** The target of a cross-entropy as a position along an axis: an index's place there, an int as it is. */
export function placeAlong(
  world: World,
  env: Env,
  tree: TreeExpr,
  axis: Pick<TensorAxis, "name" | "axis">,
  value: Expr,
): Expr {
  const along: Along = { axis: axis.axis, counts: false };
  const place = positionAlong(world, env, along, value);
  if (place.kind === "unknown" || place.type.kind !== "int") return place;
  return settled(world, env, tree, axis, along, place, true) ?? unknown(tree.span, int);
}

/** An int along a part counts inside of it or along the whole: it has to be clear which, unless they are the same. */
function settled(
  world: World,
  env: Env,
  tree: TreeExpr,
  axis: Pick<TensorAxis, "name" | "axis">,
  along: Along,
  place: Expr,
  isTarget = false,
): Expr | null {
  if (along.counts || isConstant(place) || countsAlike(world, axis.axis)) return place;
  unclear(world, env, tree.span, axis.axis, isTarget);
  return null;
}

/** Whether positions of an axis are the same numbers along it and along the whole that it is a part of. */
function countsAlike(world: World, axis: AxisId): boolean {
  if (axis === unknownAxis || world.axis(axis).kind.kind !== "part") return true;
  return placementsOf(world, axis)?.every(isPrefix) ?? false;
}

/** `xi[class: 3]`: a position counted inside an axis that lies in that of the tensor. */
export function checkInside(
  world: World,
  env: Env,
  item: SubscriptItem,
  inside: AxisId,
  name: string,
): Subscript | null {
  const { name: written } = world.axis(inside);
  if (item.value.kind !== "expr" || item.value.expr.kind === "tuple") {
    faulty(world, env, "AM2112", item.span, `a position of \`${written}\` is wanted here`);
    return null;
  }
  const { expr } = item.value;
  const index = expr.kind === "name" ? boundIndex(env, expr.text) : undefined;
  if (index !== undefined && liesIn(world.axes, index.axis, inside)) return { kind: "index", index, span: item.span };
  const found = checkGather(world, env, expr, { name: written, axis: inside }, name, true);
  return found?.kind === "position" ? { ...found, within: inside } : found;
}

/** Where an item with a name goes: to the axis of that name, else to the only one that is the axis of that name, or in which it lies. */
export function placeNames(
  world: World,
  env: Env,
  items: readonly SubscriptItem[],
  tensor: Tensor,
  name: string,
): readonly ({ readonly item: SubscriptItem; readonly inside: AxisId | null } | undefined)[] | null {
  const found: ({ readonly item: SubscriptItem; readonly inside: AxisId | null } | undefined)[] = tensor.axes.map(
    () => undefined,
  );
  for (const item of items) {
    if (item.name === null) continue;
    const { text } = item.name;
    const exact = tensor.axes.findIndex((axis) => axis.name === text);
    if (exact >= 0) {
      found[exact] ??= { item, inside: null };
      continue;
    }
    const entry = env.scope.lookupAxis(text);
    const axis = entry?.kind === "axis" ? entry.axis.get() : unknownAxis;
    if (axis === unknownAxis) continue;
    // A template's page has other names for the axes that it is given.
    const same = tensor.axes.flatMap((own, k) => (world.sameAxis(own.axis, axis) ? [k] : []));
    const places =
      same.length > 0 ? same : tensor.axes.flatMap((own, k) => (liesIn(world.axes, axis, own.axis) ? [k] : []));
    const [place, ...others] = places;
    if (place === undefined) continue;
    if (others.length > 0) {
      const several = same.length > 0 ? "is" : "lies in";
      faulty(world, env, "AM2119", item.span, `\`${text}\` ${several} more than one axis of \`${name}\``, {
        labels: [{ span: tensor.span, text: "declared here" }],
        help: "write the subscripts in their order",
      });
      return null;
    }
    found[place] ??= { item, inside: same.length > 0 ? null : axis };
  }
  return found;
}

/** Entries of lists: `values[k]`. */
import type { Subscript as TreeSubscript } from "../../../grammar/tree.js";
import type { Span } from "../../base/span.js";
import { boundsOf } from "../bounds.js";
import { lift } from "../lifting.js";
import { isConstant } from "../mentions.js";
import { type Env, type Tensor, envOf } from "../scopes.js";
import type { Expr, ListExpr, ScalarType } from "../typed.js";
import type { World } from "../world.js";
import { coordinate, faulty, position, typeName, unknown } from "./build.js";
import { checkExpr } from "./check.js";
import { read } from "./names.js";

/** `values[k]` of a list constant. */
export function checkElement(
  world: World,
  env: Env,
  tree: TreeSubscript,
  entry: Extract<ReturnType<Env["scope"]["lookup"]>, { readonly kind: "constant" }>,
): Expr {
  const constant = entry.value.get();
  if (constant === null) return unknown(tree.span);
  const [item, ...others] = tree.items;
  if (!constant.list) {
    return faulty(world, env, "AM2109", tree.span, `\`${entry.name}\` is a single number: it has no axes`, {
      labels: [{ span: entry.span, text: "declared here" }],
    });
  }
  if (item?.value.kind !== "expr" || item.name !== null || others.length > 0) {
    return faulty(world, env, "AM2105", tree.span, `\`${entry.name}\` is a list: it takes one subscript`);
  }
  const at = position(checkExpr(world, { ...env, positions: true, along: null }, item.value.expr));
  if (at.kind === "unknown") return unknown(tree.span, constant.type);
  if (at.type.kind !== "int")
    return faulty(world, env, "AM3011", item.span, "a subscript is an int", {
      here: `this is ${typeName(world, at.type)}`,
    });
  const list: ListExpr = { kind: "constant", constant: constant.id, span: tree.span };
  if (isConstant(at)) return { kind: "element", list, position: at, type: constant.type, span: tree.span };
  return entryAlong(world, env, constant, entry, list, at, tree);
}

const tensorsOfLists = new WeakMap<World, Map<number, Tensor>>();

/** An entry of a list at a place that is not known before the run: the list as a tensor over an axis of its own. */
function entryAlong(
  world: World,
  env: Env,
  constant: { readonly id: number; readonly type: ScalarType },
  entry: { readonly name: string; readonly span: Span },
  list: ListExpr,
  at: Expr,
  tree: TreeSubscript,
): Expr {
  const known = tensorsOfLists.get(world) ?? new Map<number, Tensor>();
  tensorsOfLists.set(world, known);
  let tensor = known.get(constant.id);
  if (tensor === undefined) {
    const { name, span } = entry;
    const axis = world.addAxis(
      name,
      { kind: "coordinates", values: list, integer: constant.type.kind === "int" },
      span,
    );
    const index = world.newIndex(name, axis, span);
    const value = coordinate(world, envOf(env.scope), { kind: "index", index, type: { kind: "index", axis }, span });
    tensor = lift(world, { name, span, type: constant.type, own: [{ index, name, span }], value });
    known.set(constant.id, tensor);
  }
  const [own] = tensor.axes;
  if (own === undefined) return unknown(tree.span, constant.type);
  const where = boundsOf(world, at, own.axis);
  if (where === "outside")
    return faulty(world, env, "AM4011", tree.span, `this is outside of the list \`${entry.name}\``);
  return read(
    tensor,
    [{ kind: "position", value: at, bounds: where === "inside" ? "proven" : "checked", span: tree.span }],
    tree.span,
  );
}

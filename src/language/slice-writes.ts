/**
 * `K[b, slot[b], d] <- e`: writes to one position of an axis. It is an update of the whole tensor where the index of that axis is
 * the position, so all that holds for updates holds here.
 */
import type { Expr as TreeExpr, SubscriptItem, Target } from "../../grammar/tree.js";
import { bool, int } from "./expressions/build.js";
import { checkGather } from "./expressions/places.js";
import { axisOfName } from "./indices.js";
import { readOf } from "./previous.js";
import type { Env, Tensor, TensorAxis } from "./scopes.js";
import type { Expr, Index, Subscript } from "./typed.js";
import type { World } from "./world.js";

interface Slice {
  /** Which of the tensor's axes. */
  readonly at: number;
  readonly tree: TreeExpr;
}

/** The target with an index of its own for each position that is written to, and these positions. */
export function withoutSlices(
  env: Env,
  target: Target,
  tensor: Tensor,
): { readonly target: Target; readonly slices: readonly Slice[] } {
  const items = target.subscripts;
  if (items?.length !== tensor.axes.length) return { target, slices: [] };
  const slices = items.flatMap((item, at): readonly Slice[] =>
    isPosition(env, item) && item.value.kind === "expr" ? [{ at, tree: item.value.expr }] : [],
  );
  const subscripts = items.map((item, at): SubscriptItem => {
    if (!slices.some((slice) => slice.at === at)) return item;
    // No name of a spec looks like this.
    const expr = { kind: "name", text: `${tensor.axes[at]?.name ?? ""} #${at}`, span: item.span } as const;
    return { ...item, value: { kind: "expr", expr } };
  });
  return { target: { ...target, subscripts }, slices };
}

/** Everything but the name of an index; names of values are positions. */
function isPosition(env: Env, { name, value }: SubscriptItem): boolean {
  if (name !== null || value.kind !== "expr" || value.expr.kind === "tuple") return false;
  const { expr } = value;
  if (expr.kind !== "name") return true;
  if (expr.text === "step") return env.stepping;
  const entry = env.scope.lookup(expr.text);
  if (entry?.kind === "value" && entry.scanned !== undefined) return true;
  const axis = axisOfName(env.scope, expr.text);
  if (axis?.kind === "axis") return false;
  const kind = entry?.kind;
  return kind === "constant" || kind === "value" || kind === "tensor" || kind === "sweep";
}

/** `position(index) == e` for each slice; a position outside of the axis makes the point fail. Null after a fault. */
export function sliceConditions(
  world: World,
  env: Env,
  tensor: Tensor,
  slices: readonly Slice[],
  indices: readonly Index[],
): readonly Expr[] | null {
  const found = slices.map(({ at, tree }): Expr | null => {
    const [axis, index] = [tensor.axes[at], indices[at]];
    if (axis === undefined || index === undefined) return null;
    const subscript = checkGather(world, env, tree, axis, tensor.name, false);
    if (subscript === null) return null;
    const { span } = tree;
    const own: Expr = {
      kind: "apply",
      operation: "position",
      operands: [{ kind: "index", index, type: { kind: "index", axis: axis.axis }, span }],
      type: int,
      span,
    };
    const written = positionRead(world, axis, subscript, span);
    return { kind: "apply", operation: "eq", operands: [own, written], type: bool, span };
  });
  const conditions = found.filter((condition) => condition !== null);
  return conditions.length < found.length ? null : conditions;
}

/** The position as it is found along the axis: so it is checked as every read is. */
function positionRead(world: World, axis: TensorAxis, subscript: Subscript, span: Expr["span"]): Expr {
  const index = world.newIndex(axis.name, axis.axis, span);
  const value: Expr = {
    kind: "apply",
    operation: "position",
    operands: [{ kind: "index", index, type: { kind: "index", axis: axis.axis }, span }],
    type: int,
    span,
  };
  const definition = world.addDefinition(`position of ${axis.name}`, [index], int, { kind: "equation", value }, span);
  return { ...readOf(world.definition(definition), [], span), subscripts: [subscript] };
}

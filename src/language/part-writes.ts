/**
 * `s[late] <- e`: writes along an index that lies in the axis of a state, a part or a joined axis. It is an update of the
 * whole tensor that keeps its old values elsewhere.
 */
import type { Name, SubscriptItem, Target } from "../../grammar/tree.js";
import { bool } from "./expressions/build.js";
import { axisOfName, bindIndex } from "./indices.js";
import { liesIn } from "./made-axes.js";
import type { Env, Tensor } from "./scopes.js";
import type { Expr, Index, Subscript } from "./typed.js";
import type { World } from "./world.js";

interface PartWrite {
  /** Which of the tensor's axes. */
  readonly at: number;
  /** The index of the part. */
  readonly index: Index;
}

/** The target with an index of the whole for each one of a part, and those of the parts, bound. */
export function withoutParts(
  world: World,
  env: Env,
  target: Target,
  tensor: Tensor,
): { readonly target: Target; readonly parts: readonly PartWrite[] } {
  const items = target.subscripts;
  if (items?.length !== tensor.axes.length) return { target, parts: [] };
  const parts: PartWrite[] = [];
  const subscripts = items.map((item, at): SubscriptItem => {
    const name = partName(world, env, item, tensor, at);
    if (name === null) return item;
    const bound = { ...env, indices: [...env.indices, ...parts.map(({ index }) => index)] };
    parts.push({ at, index: bindIndex(world, bound, name, { trees: [] }) });
    // No name of a spec looks like this.
    const expr = { kind: "name", text: `${tensor.axes[at]?.name ?? ""} #whole ${at}`, span: item.span } as const;
    return { ...item, value: { kind: "expr", expr } };
  });
  return { target: { ...target, subscripts }, parts };
}

function partName(world: World, env: Env, item: SubscriptItem, tensor: Tensor, at: number): Name | null {
  if (item.name !== null || item.value.kind !== "expr" || item.value.expr.kind !== "name") return null;
  const name = item.value.expr;
  const entry = axisOfName(env.scope, name.text);
  const [own, whole] = [entry?.kind === "axis" ? entry.axis.get() : undefined, tensor.axes[at]?.axis];
  if (own === undefined || whole === undefined || world.sameAxis(own, whole)) return null;
  return liesIn(world.axes, own, whole) ? name : null;
}

/** A value over the parts' indices as one over those of the whole, with what stood elsewhere. */
export function wholeValue(tensor: Tensor, indices: readonly Index[], parts: readonly PartWrite[], value: Expr): Expr {
  const { source } = tensor;
  return assembled(indices, parts, value, (at): Expr => {
    if (source.kind !== "definition") throw new Error(`\`${tensor.name}\` is no definition`);
    const subscripts = at.map((index): Subscript => ({ kind: "index", index, span: value.span }));
    const all = [...tensor.prefix, ...subscripts];
    return { kind: "read", definition: source.definition, subscripts: all, type: tensor.type, span: value.span };
  });
}

/** A condition over the parts' indices as one over those of the whole: elsewhere it does not hold. */
export function wholeCondition(indices: readonly Index[], parts: readonly PartWrite[], condition: Expr): Expr {
  const no: Expr = { kind: "boolean", value: false, type: bool, span: condition.span };
  return assembled(indices, parts, condition, () => no);
}

function assembled(
  indices: readonly Index[],
  parts: readonly PartWrite[],
  value: Expr,
  elsewhere: (at: readonly Index[]) => Expr,
): Expr {
  if (value.kind === "unknown") return value;
  return parts.reduceRight((inner: Expr, part, k): Expr => {
    const index = indices[part.at];
    if (index === undefined) return inner;
    const open = parts.slice(0, k);
    const at = indices.map((own, place) => open.find((other) => other.at === place)?.index ?? own);
    const pieces = [{ indices: [part.index], value: inner }];
    return { kind: "assemble", index, pieces, elsewhere: elsewhere(at), type: inner.type, span: inner.span };
  }, value);
}

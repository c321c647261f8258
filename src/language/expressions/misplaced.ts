/** Indices where they do not belong: of another axis, exchanged, too few; with what made them range over their axes. */
import type { Expr as TreeExpr, Subscript as TreeSubscript } from "../../../grammar/tree.js";
import type { Label } from "../../base/diagnostic.js";
import type { Span } from "../../base/span.js";
import { countOf, tensorText } from "../indices.js";
import { whyFrom, whyOver } from "../inference.js";
import { boundIndex, type Env, type Tensor, type TensorAxis } from "../scopes.js";
import type { Index } from "../typed.js";
import { type World, unknownAxis } from "../world.js";
import { faulty } from "./build.js";
import { pathText } from "./resolve.js";

/** A bare index of another axis than that of its place. */
export function mismatch(world: World, env: Env, tree: TreeExpr, axis: TensorAxis, tensor: Tensor, name: string): void {
  const index = tree.kind === "name" ? boundIndex(env, tree.text) : undefined;
  const wanted = world.axis(axis.axis).name;
  faulty(world, env, "AM2103", tree.span, `\`${pathText(tree)}\` indexes an axis of \`${wanted}\``, {
    here: `this position of \`${name}\` is axis \`${wanted}\``,
    labels: [
      { span: tensor.span, text: `\`${name}\` is declared here` },
      ...whyFrom(world, axis),
      ...(index === undefined ? [] : near(whyOver(world, index), tree.span, index)),
    ],
    help: `write \`${tensorText(name, tensor.axes)}\``,
  });
}

/** The place where an index is bound in another file says nothing that its name does not. */
function near(labels: readonly Label[], { file }: Span, { span: bound }: Index): readonly Label[] {
  return labels.filter(({ span }) => span.file === file || span.file !== bound.file || span.start !== bound.start);
}

/** Whether all indices are there in another order, which is told. */
export function areExchanged(world: World, env: Env, tree: TreeSubscript, tensor: Tensor, name: string): boolean {
  const indices = bareIndices(env, tree);
  if (indices?.length !== tensor.axes.length) return false;
  if ([...indices, ...tensor.axes].some(({ axis }) => axis === unknownAxis)) return false;
  const wrong = indices.filter(({ axis }, k) => axis !== tensor.axes[k]?.axis);
  const right = inOrder(indices, tensor.axes);
  if (wrong.length < 2 || right.length < indices.length) return false;
  faulty(world, env, "AM2103", tree.span, `the indices of \`${name}\` stand in another order than its axes`, {
    here: `it is \`${tensorText(name, tensor.axes)}\``,
    labels: [
      { span: tensor.span, text: `\`${name}\` is declared here` },
      ...wrong.flatMap((index) => near(whyOver(world, index), tree.span, index)),
    ],
    help: `write \`${tensorText(name, right)}\``,
  });
  return true;
}

/** For each axis an index of it, each index once, as far as there are some. */
function inOrder(indices: readonly Index[], axes: readonly TensorAxis[]): readonly Index[] {
  const left = [...indices];
  return axes.flatMap(({ axis }) => {
    const at = left.findIndex((index) => index.axis === axis);
    return at < 0 ? [] : left.splice(at, 1);
  });
}

/** More or fewer subscripts than axes. */
export function wrongCount(
  world: World,
  env: Env,
  tree: TreeSubscript,
  tensor: Tensor,
  name: string,
  count: number,
): void {
  const { axes } = tensor;
  const text = tensorText(name, axes);
  const without = forgotten(env, tree, axes);
  const is = axes.length === 0 ? "it takes no brackets" : `it is \`${text}\``;
  faulty(
    world,
    env,
    "AM2105",
    tree.span,
    `\`${name}\` has ${countOf(axes.length, "axis", "axes")}, and ${countOf(count, "subscript is", "subscripts are")} written`,
    {
      here: without === null ? is : `${is}, and the subscript of \`${without}\` is missing`,
      labels: [{ span: tensor.span, text: "declared here" }],
      help: `write \`${text}\``,
    },
  );
}

/** The axes that have no subscript, where the indices that are there tell it. */
function forgotten(env: Env, tree: TreeSubscript, axes: readonly TensorAxis[]): string | null {
  const indices = bareIndices(env, tree);
  if (indices === null || indices.length >= axes.length) return null;
  const left = [...indices];
  const missing = axes.filter(({ axis }) => {
    const isHere = left[0]?.axis === axis;
    if (isHere) left.shift();
    return !isHere;
  });
  return left.length > 0 ? null : missing.map(({ name }) => name).join(", ");
}

function bareIndices(env: Env, { items }: TreeSubscript): readonly Index[] | null {
  const found = items.map(({ name, value }) =>
    name === null && value.kind === "expr" && value.expr.kind === "name" ? boundIndex(env, value.expr.text) : undefined,
  );
  const indices = found.filter((index) => index !== undefined);
  return indices.length < items.length ? null : indices;
}

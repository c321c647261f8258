/** Reading a tensor at subscripts: bare indices rename dims, one index twice is the diagonal, anything else is a gather. */
import type { DimId, ValueId } from "../ir/types.js";
import type { DefinitionId, ReadExpr, Subscript } from "../language/typed.js";
import { sizeOf } from "./axes.js";
import { definitionOf, dimOfIndex, type Context, type Environment } from "./context.js";
import { lowerDefinition } from "./definitions.js";
import { watch } from "./ints.js";
import { lowerExpr, lowerNumber } from "./expressions.js";

export function lowerRead(context: Context, environment: Environment, expr: ReadExpr): ValueId {
  const value = lowerDefinition(context, environment, expr.definition);
  return subscripted(context, environment, expr.definition, value, expr.subscripts);
}

/** `value` has the dims of the definition's own indices (those that it varies over), and perhaps further ones that stay. */
export function subscripted(
  context: Context,
  environment: Environment,
  id: DefinitionId,
  value: ValueId,
  subscripts: readonly Subscript[],
): ValueId {
  const { builder } = context;
  const definition = definitionOf(context, id);
  const own = definition.axes.map((index) => dimOfIndex(context, index, sizeOf(context, index.axis, index.span)));

  // With a gather, own dims get labels of this read first: the position may vary over the definition's own labels.
  const plain = subscripts.every((subscript) => subscript.kind === "index");
  const here = plain ? own : own.map((dim, k) => builder.dim(definition.axes[k]?.name ?? "", builder.size(dim)));
  let result = relabelled(context, value, own, here);

  const taken = new Map<DimId, DimId>();
  const gathers: { readonly dim: DimId; readonly subscript: Extract<Subscript, { kind: "position" }> }[] = [];
  const renamed: { readonly from: DimId; readonly to: DimId }[] = [];
  subscripts.forEach((subscript, k) => {
    const dim = here[k];
    if (dim === undefined) throw new Error(`\`${definition.name}\` has no axis for subscript ${k}`);
    if (subscript.kind === "position") {
      gathers.push({ dim, subscript });
      return;
    }
    const target = dimOfIndex(context, subscript.index, sizeOf(context, subscript.index.axis, subscript.span));
    const first = taken.get(target);
    if (first === undefined) {
      taken.set(target, dim);
      renamed.push({ from: dim, to: target });
      return;
    }
    const dims = builder.dimsOf(result);
    if (dims.includes(first) && dims.includes(dim)) result = builder.diagonal(result, first, dim);
    else if (dims.includes(dim)) result = builder.relabel(result, [dim], [first]);
  });
  result = relabelled(
    context,
    result,
    renamed.map(({ from }) => from),
    renamed.map(({ to }) => to),
  );
  for (const { dim, subscript } of gathers) result = gathered(context, environment, result, dim, subscript);
  return result;
}

/** Renames those of the dims that the value has; what has got two dims of one label by this is their diagonal. */
function relabelled(context: Context, value: ValueId, from: readonly DimId[], to: readonly DimId[]): ValueId {
  const { builder } = context;
  let result = value;
  const pairs = from
    .map((dim, k) => [dim, to[k]] as const)
    .filter(([dim, target]) => dim !== target && builder.dimsOf(value).includes(dim));
  const simple: (readonly [DimId, DimId])[] = [];
  for (const [dim, target] of pairs) {
    if (target === undefined) continue;
    if (builder.dimsOf(result).includes(target) && !pairs.some(([other]) => other === target))
      result = builder.diagonal(result, target, dim);
    else simple.push([dim, target]);
  }
  return simple.length === 0
    ? result
    : builder.relabel(
        result,
        simple.map(([dim]) => dim),
        simple.map(([, target]) => target),
      );
}

function gathered(
  context: Context,
  environment: Environment,
  value: ValueId,
  dim: DimId,
  subscript: Extract<Subscript, { kind: "position" }>,
): ValueId {
  const { builder } = context;
  // A tensor that does not vary over this axis reads alike everywhere.
  if (!builder.dimsOf(value).includes(dim)) return value;
  const size = builder.constant(builder.size(dim), "i32");
  const zero = builder.constant(0, "i32");
  const position =
    subscript.value.type.kind === "index"
      ? lowerExpr(context, environment, subscript.value)
      : lowerNumber(context, environment, subscript.value);
  switch (subscript.bounds) {
    case "proven":
    case "clamp":
      return builder.gather(value, position, dim);
    case "cyclic":
      return builder.gather(value, builder.mod(position, size), dim);
    case "pad": {
      const inside = builder.and(builder.ge(position, zero), builder.lt(position, size));
      const dtype = builder.dtypeOf(value);
      return builder.select(inside, builder.gather(value, position, dim), builder.constant(0, dtype));
    }
    case "checked": {
      const inside = builder.and(builder.ge(position, zero), builder.lt(position, size));
      watch(
        context,
        inside,
        `a subscript is outside of \`${builder.dimName(dim)}\` (0 … ${builder.size(dim) - 1})`,
        subscript.span,
      );
      return builder.gather(value, position, dim);
    }
  }
}

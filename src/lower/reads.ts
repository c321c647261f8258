/** Reading a tensor at subscripts: bare indices rename dims, one index twice is the diagonal, anything else is a gather. */
import type { Span } from "../base/span.js";
import type { DimId, ValueId } from "../ir/types.js";
import type { AxisId, DefinitionId, ReadExpr, Subscript } from "../language/typed.js";
import { axisText, dimAlong, sizeOf } from "./axes.js";
import { definitionOf, type Context, type Environment } from "./context.js";
import { lowerDefinition } from "./definitions.js";
import { watch } from "./ints.js";
import { cutOut, openProduct, placesAlong } from "./made-axes.js";
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
  const own = definition.axes.map((index) => dimAlong(context, index));

  // With a gather, own dims get labels of this read first: the position may vary over the definition's own labels.
  const plain = subscripts.every(
    (subscript, k) => subscript.kind === "index" && subscript.index.axis === definition.axes[k]?.axis,
  );
  const here = plain ? own : own.map((dim, k) => builder.copyOf(dim, definition.axes[k]?.name ?? ""));
  let result = relabelled(context, value, own, here);

  const taken = new Map<DimId, DimId>();
  const gathers: {
    readonly dim: DimId;
    readonly axis: AxisId;
    readonly subscript: Extract<Subscript, { kind: "position" }>;
  }[] = [];
  const renamed: { readonly from: DimId; readonly to: DimId }[] = [];
  const take = (subscript: Subscript, own: DimId, axis: AxisId): void => {
    if (subscript.kind === "product") {
      const opened = openProduct(context, result, own, axis);
      result = opened.value;
      subscript.factors.forEach((factor, k) => {
        const part = opened.factors[k];
        if (part !== undefined) take(factor, part.dim, part.axis);
      });
      return;
    }
    if (subscript.kind === "position") {
      gathers.push({ dim: own, axis, subscript });
      return;
    }
    const cut = cutOut(context, result, own, axis, subscript);
    const { dim } = cut;
    result = cut.value;
    const target = dimAlong(context, subscript.index);
    const first = taken.get(target);
    if (first === undefined) {
      taken.set(target, dim);
      renamed.push({ from: dim, to: target });
      return;
    }
    const dims = builder.dimsOf(result);
    if (dims.includes(first) && dims.includes(dim)) result = builder.diagonal(result, first, dim);
    else if (dims.includes(dim)) result = builder.relabel(result, [dim], [first]);
  };
  subscripts.forEach((subscript, k) => {
    const [dim, index] = [here[k], definition.axes[k]];
    if (dim === undefined || index === undefined)
      throw new Error(`\`${definition.name}\` has no axis for subscript ${k}`);
    take(subscript, dim, index.axis);
  });
  result = relabelled(
    context,
    result,
    renamed.map(({ from }) => from),
    renamed.map(({ to }) => to),
  );
  for (const { dim, axis, subscript } of gathers) result = gathered(context, environment, result, dim, axis, subscript);
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
  axis: AxisId,
  subscript: Extract<Subscript, { kind: "position" }>,
): ValueId {
  const { builder } = context;
  // A tensor that does not vary over this axis reads alike everywhere.
  if (!builder.dimsOf(value).includes(dim)) return value;
  const { within } = subscript;
  const read = (place: ValueId): ValueId =>
    builder.gather(value, within === undefined ? place : placesAlong(context, within, axis, place), dim);
  const size =
    within === undefined ? builder.countOf(dim) : builder.constant(sizeOf(context, within, subscript.span), "i32");
  const [zero, one] = [builder.constant(0, "i32"), builder.constant(1, "i32")];
  const position =
    subscript.value.type.kind === "index"
      ? lowerExpr(context, environment, subscript.value)
      : lowerNumber(context, environment, subscript.value);
  switch (subscript.bounds) {
    case "proven":
      return read(position);
    case "clamp":
      // A gather clamps into the dim that it reads; what counts inside of it is clamped into that.
      return read(
        within === undefined && builder.filledOf(dim) === undefined
          ? position
          : builder.max(zero, builder.min(position, builder.sub(size, one))),
      );
    case "cyclic":
      return read(builder.mod(position, size));
    case "pad": {
      const inside = builder.and(builder.ge(position, zero), builder.lt(position, size));
      const dtype = builder.dtypeOf(value);
      return builder.select(inside, read(position), builder.constant(0, dtype));
    }
    case "checked": {
      const inside = builder.and(builder.ge(position, zero), builder.lt(position, size));
      watch(
        context,
        inside,
        `a subscript is outside of ${within === undefined ? axisText(builder, dim) : partText(context, within, subscript.span)}`,
        subscript.span,
      );
      return read(position);
    }
  }
}

function partText(context: Context, part: AxisId, span: Span): string {
  const name = context.experiment.axes.get(part)?.name ?? "";
  return `\`${name}\` (0 … ${sizeOf(context, part, span) - 1})`;
}

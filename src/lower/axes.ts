/** Sizes and coordinates of axes at a point's structural values. */
import { armOf, axisSize, evaluateList, listLength, listOf } from "../language/constants.js";
import type { Span } from "../base/span.js";
import { NotPaddable } from "../ir/fault.js";
import type { Builder } from "../ir/builder.js";
import type { DimId, ValueId } from "../ir/types.js";
import type { AxisId, Index, ListExpr } from "../language/typed.js";
import { rootOf } from "../language/made-axes.js";
import type { Context } from "./context.js";
import { mentionedSweeps } from "./mentions.js";
import { placesAlong } from "./made-axes.js";
import { isRunConstant, lowerRunConstant } from "./scalars.js";

/** The size of an axis; a `UserError` with its place where it is no size. */
export function sizeOf(context: Context, axisId: AxisId, _span: Span): number {
  const axis = context.experiment.axes.get(axisId);
  if (axis === undefined) throw new Error(`axis ${axisId} is not in the experiment`);
  if (context.padding?.extents.has(axisId) === true)
    throw new NotPaddable(`the size of \`${axis.name}\` decides what is computed`);
  return axisSize(axis, { experiment: context.experiment, sweeps: context.structural });
}

/** An axis and its positions, for people. */
export function axisText(builder: Builder, dim: DimId): string {
  const last = builder.filledOf(dim) === undefined ? String(builder.size(dim) - 1) : "size - 1";
  return `\`${builder.dimName(dim)}\` (0 … ${last})`;
}

/** The dim of a bound index: one label a binder. */
export function dimAlong(context: Context, index: Index): DimId {
  const known = context.dimOf.get(index.id);
  if (known !== undefined) return known;
  const dim = newDim(context, index.axis, index);
  context.dimOf.set(index.id, dim);
  return dim;
}

/** A dim over an axis under a fresh label. */
export function newDim(context: Context, axis: AxisId, { name, span }: Pick<Index, "name" | "span">): DimId {
  const { builder, padding } = context;
  const extent = padding?.extents.get(axis);
  if (extent === undefined) return builder.dim(name, sizeOf(context, axis, span));
  const size = lowerRunConstant(context, { kind: "size", axis, type: { kind: "int" }, span });
  context.intBounds.set(size, { low: 0, high: extent, known: true });
  const node = builder.node(size);
  const source = node.op === "input" ? builder.inputs[node.attributes.index]?.source : undefined;
  if (source?.kind !== "scalar") throw new Error(`the size of a padded axis is no scalar`);
  return builder.dim(name, extent, source.index);
}

/** The positions of a bound index, along its dim. */
export function positionValues(context: Context, index: Index): ValueId {
  return context.builder.iota(dimAlong(context, index));
}

/** The coordinates that belong to positions: on a plain axis the positions themselves, else reals (ints for int ranges). */
export function coordinateValues(context: Context, axisId: AxisId, positions: ValueId): ValueId {
  const axis = context.experiment.axes.get(axisId);
  if (axis === undefined) throw new Error(`axis ${axisId} is not in the experiment`);
  const { kind } = axis;
  switch (kind.kind) {
    case "plain":
    case "labels":
    case "sweep":
    case "join":
    case "product":
      return positions;
    case "part":
      return coordinateValues(
        context,
        rootOf(context.experiment.axes, axisId),
        placesAlong(context, axisId, undefined, positions),
      );
    case "range":
      return context.builder.add(positions, lowerRunConstant(context, kind.from));
    case "coordinates":
      return knownValues(context, kind.values, positions) ?? listValues(context, kind.values, positions);
  }
}

/** Coordinates that no batched sweep changes are a constant of the program, made in doubles. */
function knownValues(context: Context, list: ListExpr, positions: ValueId): ValueId | null {
  const { builder } = context;
  if ([...mentionedSweeps(list, context.experiment)].some((axis) => !context.structural.has(axis))) return null;
  const values = evaluateList(list, { experiment: context.experiment, sweeps: context.structural });
  const node = builder.node(positions);
  const along = node.op === "iota" ? node.type.dims[0] : undefined;
  if (along !== undefined) {
    // A part that begins at the first position has its own positions, and fewer of them.
    const entries = values.slice(0, builder.exactSize(along));
    return builder.data(entries, { dtype: context.experiment.precision, dims: [along] });
  }
  const dim = builder.dim("coordinate", values.length);
  return builder.gather(builder.data(values, { dtype: context.experiment.precision, dims: [dim] }), positions, dim);
}

/** Entry `positions` of a list whose values may differ between runs: no vector crosses the boundary. */
function listValues(context: Context, list: ListExpr, positions: ValueId): ValueId {
  const { builder, experiment, structural } = context;
  const point = { experiment, sweeps: structural };
  const real = context.experiment.precision;
  switch (list.kind) {
    case "range":
      return builder.cast(builder.add(positions, lowerRunConstant(context, list.from)), real);
    case "linspace":
    case "logspace": {
      const ends = [list.from, list.to].map((end) => builder.cast(lowerRunConstant(context, end), real));
      const [from, to] = list.kind === "linspace" ? ends : ends.map((end) => builder.log(end));
      if (from === undefined || to === undefined) throw new Error("a grid without ends");
      const share = builder.div(
        builder.cast(positions, real),
        builder.constant(Math.max(listLength(list, point) - 1, 1), real),
      );
      const value = builder.add(from, builder.mul(builder.sub(to, from), share));
      return list.kind === "linspace" ? value : builder.exp(value);
    }
    case "items":
      return table(
        context,
        list.items.filter(isRunConstant).map((item) => builder.cast(lowerRunConstant(context, item), real)),
        positions,
      );
    case "powers":
      return builder.pow(
        builder.cast(lowerRunConstant(context, list.base), real),
        listValues(context, list.exponents, positions),
      );
    case "concat":
      return joined(context, list.lists, positions);
    case "constant":
      return listValues(context, listOf(list.constant, point), positions);
    case "case":
      return listValues(context, armOf(list, point), positions);
  }
}

/** Entries of lists behind each other. */
function joined(context: Context, lists: readonly ListExpr[], positions: ValueId): ValueId {
  const { builder, experiment, structural } = context;
  const [first, ...rest] = lists;
  if (first === undefined) throw new Error("a list of no lists");
  const own = listValues(context, first, positions);
  if (rest.length === 0) return own;
  const size = builder.constant(listLength(first, { experiment, sweeps: structural }), "i32");
  return builder.select(builder.lt(positions, size), own, joined(context, rest, builder.sub(positions, size)));
}

/** Picks by position among a few scalars. */
function table(context: Context, entries: readonly ValueId[], positions: ValueId): ValueId {
  const { builder } = context;
  let result = entries[entries.length - 1] ?? builder.constant(0, context.experiment.precision);
  for (let k = entries.length - 2; k >= 0; k--) {
    const entry = entries[k];
    if (entry !== undefined) result = builder.select(builder.eq(positions, builder.constant(k, "i32")), entry, result);
  }
  return result;
}

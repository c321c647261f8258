/** Axes made of axes: parts and joins are static windows and concatenations, products are other dims of the same entries. */
import type { DimId, DrawPositions, ValueId } from "../ir/types.js";
import {
  isPrefix,
  placementIn,
  placementInRoot,
  positionsIn,
  requireInside,
  routesInto,
  sizeIn,
  type Placement,
} from "../language/made-axes.js";
import type { ConstantPoint } from "../language/constants.js";
import type { AssembleExpr, AxisId, Expr, Index, Subscript } from "../language/typed.js";
import { dimAlong, newDim, sizeOf } from "./axes.js";
import { dtypeOf, type Context, type Environment } from "./context.js";
import { lowerExpr, lowerReal, spread, toDType } from "./expressions.js";

function pointOf(context: Context): ConstantPoint {
  return { experiment: context.experiment, sweeps: context.structural };
}

/** The positions of one axis along another in which it lies; a `UserError` where some are beyond it. */
function placementOf(context: Context, from: AxisId, to: AxisId, size: number): Placement {
  const point = pointOf(context);
  const placement = placementIn(from, to, point);
  const { axes } = context.experiment;
  const [part, whole] = [axes.get(from), axes.get(to)];
  const isWhole = sizeIn(placement) === (part === undefined ? 0 : sizeOf(context, from, part.span));
  if (part !== undefined && whole !== undefined)
    requireInside(part, whole, isWhole ? placement : [{ start: 0, size: size + 1 }], size);
  return placement;
}

/** Positions of an index's own axis as positions along another, or (undefined) along the axis that it is a part of. */
export function placesAlong(context: Context, own: AxisId, along: AxisId | undefined, places: ValueId): ValueId {
  const { builder } = context;
  const { axes } = context.experiment;
  if (along === own) return places;
  const point = pointOf(context);
  const lies = along !== undefined && routesInto(axes, own, along).length === 1;
  const placement = lies ? placementIn(own, along, point) : placementInRoot(own, point);
  const start = lies || along === undefined ? 0 : (placementInRoot(along, point)[0]?.start ?? 0);
  if (placement.length <= 1) {
    const offset = (placement[0]?.start ?? 0) - start;
    return offset === 0 ? places : builder.add(places, builder.constant(offset, "i32"));
  }
  const table = positionsIn(placement).map((position) => position - start);
  const node = builder.node(places);
  const dim = node.op === "iota" ? node.type.dims[0] : undefined;
  if (dim !== undefined) return builder.data(table, { dtype: "i32", dims: [dim] });
  const listed = builder.dim("position", table.length);
  return builder.gather(builder.data(table, { dtype: "i32", dims: [listed] }), places, listed);
}

/** The entries of a value at the positions of an index that lies in the axis of one of its dims, along the index's dim. */
export function cutOut(
  context: Context,
  value: ValueId,
  dim: DimId,
  axis: AxisId,
  { index, span }: Extract<Subscript, { readonly kind: "index" }>,
): { readonly value: ValueId; readonly dim: DimId } {
  if (index.axis === axis) return { value, dim };
  const { builder } = context;
  const placement = placementOf(context, index.axis, axis, builder.exactSize(dim));
  const own = newDim(context, index.axis, { name: index.name, span });
  return {
    value: builder.dimsOf(value).includes(dim) ? windows(context, value, dim, own, placement) : value,
    dim: own,
  };
}

/** Runs of entries along a dim, one behind the other. */
function windows(context: Context, value: ValueId, dim: DimId, to: DimId, placement: Placement): ValueId {
  const { builder } = context;
  const [only, ...others] = placement;
  if (only === undefined) return builder.slice(value, dim, to, 0);
  if (others.length === 0) return builder.slice(value, dim, to, only.start);
  const parts = placement.map(({ size }) => builder.dim(builder.dimName(to), size));
  return builder.concat(
    placement.map(({ start }, k) => builder.slice(value, dim, parts[k] ?? to, start)),
    parts,
    to,
  );
}

/** A dim over a product as a dim for each factor. */
export function openProduct(
  context: Context,
  value: ValueId,
  dim: DimId,
  axis: AxisId,
): { readonly value: ValueId; readonly factors: readonly { readonly dim: DimId; readonly axis: AxisId }[] } {
  const { builder } = context;
  const found = context.experiment.axes.get(axis);
  if (found?.kind.kind !== "product") throw new Error(`axis ${axis} is no product`);
  const factors = found.kind.factors.map((factor) => ({
    axis: factor,
    dim: builder.dim(context.experiment.axes.get(factor)?.name ?? "", sizeOf(context, factor, found.span)),
  }));
  const dims = factors.map((factor) => factor.dim);
  return { value: builder.dimsOf(value).includes(dim) ? builder.split(value, dim, dims) : value, factors };
}

/** Pieces put together along the index of the whole. */
export function lowerAssemble(context: Context, environment: Environment, expr: AssembleExpr): ValueId {
  const { builder } = context;
  const { index, pieces } = expr;
  const dtype = dtypeOf(context, expr.type);
  const to = dimAlong(context, index);
  const dimsOf = (indices: readonly Index[]): readonly DimId[] => indices.map((own) => dimAlong(context, own));
  const lowered = (value: Expr): ValueId =>
    dtype === context.experiment.precision
      ? lowerReal(context, environment, value)
      : toDType(context, lowerExpr(context, environment, value), dtype);
  const values = pieces.map(({ indices, value }) => ({
    dims: dimsOf(indices),
    value: spread(context, lowered(value), dimsOf(indices)),
  }));
  const [first] = values;
  if (first === undefined) throw new Error("nothing to assemble");
  if (context.experiment.axes.get(index.axis)?.kind.kind === "product") {
    first.dims.forEach((dim) => builder.exactSize(dim));
    return builder.merge(first.value, first.dims, to);
  }
  // In the order of the whole: a part of it may have its positions anywhere.
  const runs = pieces.flatMap(({ indices }, k) => {
    const [own] = indices;
    const [dim] = values[k]?.dims ?? [];
    if (own === undefined || dim === undefined) return [];
    const placement = placementOf(context, own.axis, index.axis, builder.size(to));
    return placement.map((run, r) => {
      const from = placement.slice(0, r).reduce((sum, { size }) => sum + size, 0);
      const part = builder.dim(own.name, run.size);
      return { start: run.start, part, value: builder.slice(values[k]?.value ?? first.value, dim, part, from) };
    });
  });
  runs.sort((a, b) => a.start - b.start);
  if (expr.elsewhere !== undefined) {
    const base = spread(context, lowered(expr.elsewhere), [to]);
    const taken = runs.map(({ start, part }) => ({ start, end: start + builder.size(part) }));
    let next = 0;
    for (const { start, end } of [...taken, { start: builder.size(to), end: 0 }]) {
      const part = builder.dim(index.name, start - next);
      if (start > next) runs.push({ start: next, part, value: builder.slice(base, to, part, next) });
      next = end;
    }
    runs.sort((a, b) => a.start - b.start);
  }
  if (runs.length === 0) return builder.relabel(first.value, first.dims.slice(0, 1), [to]);
  return builder.concat(
    runs.map(({ value }) => value),
    runs.map(({ part }) => part),
    to,
  );
}

/** The positions at which a tensor over parts is drawn; nothing where they are 0 … size - 1. */
export function drawPositions(context: Context, axes: readonly Index[]): { readonly positions?: DrawPositions } {
  const positions = axes.map(({ axis }) => {
    if (context.experiment.axes.get(axis)?.kind.kind !== "part") return null;
    const placement = placementInRoot(axis, pointOf(context));
    return isPrefix(placement) ? null : placement.map(({ start, size }) => [start, size] as const);
  });
  return positions.every((runs) => runs === null) ? {} : { positions };
}

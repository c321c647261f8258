/** Lowerings of values that are put together of others or taken apart: concatenation, several dims as one and back. */
import type { DimId } from "../../ir/types.js";
import { copyRow } from "./kernels/unary.js";
import { relabelled } from "./lower-structure.js";
import type { Lowering } from "./lowering-context.js";
import { operand, rowKernel } from "./lowering-context.js";
import { sizeOf, strideOf } from "./storage.js";
import type { Shape, View } from "./storage.js";

export const concat: Lowering<"concat"> = (node, ctx) => {
  const { from, to } = node.attributes;
  const out = ctx.result();
  let start = 0;
  const copies = from.map((part, k) => {
    const place = { ...out, offset: out.offset + start * strideOf(out, to) };
    start += sizeOf(ctx.shape, part);
    const rename = (dim: DimId): DimId => (dim === to ? part : dim);
    const view = ctx.operand(operand(node, k));
    return rowKernel(ctx.shape, node.type.dims.map(rename), relabelled(place, rename), view, copyRow);
  });
  ctx.emit(() => {
    for (const copy of copies) copy();
  });
  return out;
};

/** The strides of the parts of a dim that has the given one itself. */
function partStrides(shape: Shape, parts: readonly DimId[], stride: number): ReadonlyMap<DimId, number> {
  const strides = new Map<DimId, number>();
  let next = stride;
  for (const part of parts.toReversed()) {
    strides.set(part, next);
    next *= sizeOf(shape, part);
  }
  return strides;
}

function without(view: View, dims: readonly DimId[]): [DimId, number][] {
  return [...view.strides].filter(([dim]) => !dims.includes(dim));
}

/** A view where the dims lie one behind the other in memory, else a copy. */
export const merge: Lowering<"merge"> = (node, ctx) => {
  const { from, to } = node.attributes;
  const a = ctx.operand(operand(node, 0));
  const stride = strideOf(a, from.at(-1) ?? to);
  const wanted = partStrides(ctx.shape, from, stride);
  const fits = from.every((dim) => sizeOf(ctx.shape, dim) === 1 || strideOf(a, dim) === wanted.get(dim));
  if (fits) return { ...a, strides: new Map([...without(a, from), [to, stride]]) };
  const out = ctx.result();
  const inner = {
    ...out,
    strides: new Map([...without(out, [to]), ...partStrides(ctx.shape, from, strideOf(out, to))]),
  };
  const dims = node.type.dims.flatMap((dim) => (dim === to ? from : [dim]));
  ctx.emit(rowKernel(ctx.shape, dims, inner, a, copyRow));
  return out;
};

export const split: Lowering<"split"> = (node, ctx) => {
  const { dim, to } = node.attributes;
  const a = ctx.operand(operand(node, 0));
  if (!a.strides.has(dim)) return a;
  return { ...a, strides: new Map([...without(a, [dim]), ...partStrides(ctx.shape, to, strideOf(a, dim))]) };
};

/** Lowerings of sources, of what only moves entries, and of reads and sums at computed positions. */
import type { DimId } from "../../ir/types.js";
import { gatherRow, scatterRow } from "./kernels/structure.js";
import { copyRow, truncateRow, truthRow } from "./kernels/unary.js";
import { rowsOver } from "./loops.js";
import { always } from "./lower-elementwise.js";
import { offset, operand, rowKernel } from "./lowering-context.js";
import type { Lowering } from "./lowering-context.js";
import { sizeOf, strideOf } from "./storage.js";
import type { View } from "./storage.js";

/** The same entries under other labels. */
export function relabelled(view: View, rename: (dim: DimId) => DimId): View {
  return { ...view, strides: new Map([...view.strides].map(([dim, stride]) => [rename(dim), stride])) };
}

export const pad: Lowering<"pad"> = (node, ctx) => {
  const { dim, to, start } = node.attributes;
  const a = ctx.operand(operand(node, 0));
  const out = ctx.result();
  const inner = relabelled({ ...out, offset: out.offset + start * strideOf(out, to) }, (d) => (d === to ? dim : d));
  const dims = node.type.dims.map((d) => (d === to ? dim : d));
  const copy = rowKernel(ctx.shape, dims, inner, a, copyRow);
  ctx.emit(() => {
    out.storage.data.fill(0);
    copy();
  });
  return out;
};

export const gather: Lowering<"gather"> = (node, ctx) => {
  const { dim } = node.attributes;
  const x = ctx.operand(operand(node, 0));
  const index = ctx.operand(operand(node, 1));
  const out = ctx.result();
  // The index steps along `dim` itself; `x` is walked without it.
  const stride = strideOf(x, dim);
  const size = sizeOf(ctx.shape, dim);
  const rest: View = { ...x, strides: new Map([...x.strides].filter(([d]) => d !== dim)) };
  const { count, length, offsets, strides } = rowsOver(ctx.shape, node.type.dims, out.lane !== 0, [out, rest, index]);
  const [so = 0, sx = 0, si = 0] = strides;
  ctx.emit(() => {
    const result = out.storage.data;
    const from = x.storage.data;
    const where = index.storage.data;
    for (let r = 0; r < count; r++)
      gatherRow(
        length,
        result,
        offset(offsets, 0, r),
        so,
        from,
        offset(offsets, 1, r),
        sx,
        where,
        offset(offsets, 2, r),
        si,
        stride,
        size,
      );
  });
  return out;
};

/** Adds the updates in doubles and rounds once; ints are added as they are. */
export const scatterAdd: Lowering<"scatter_add"> = (node, ctx) => {
  const { dim } = node.attributes;
  const updates = ctx.operand(operand(node, 0));
  const index = ctx.operand(operand(node, 1));
  const out = ctx.result();
  const dims = [...new Set(node.operands.flatMap((id) => ctx.dimsOf(id)))];
  const stride = strideOf(out, dim);
  const size = sizeOf(ctx.shape, dim);
  const rest: View = { ...out, strides: new Map([...out.strides].filter(([d]) => d !== dim)) };
  const lanes = out.lane !== 0;
  const { count, length, offsets, strides } = rowsOver(ctx.shape, dims, lanes, [rest, updates, index]);
  const [so = 0, su = 0, si = 0] = strides;
  const sums = node.type.dtype === "f32" ? new Float64Array(out.storage.data.length) : null;
  ctx.emit(() => {
    const result = out.storage.data;
    const target = sums ?? result;
    const from = updates.storage.data;
    const where = index.storage.data;
    target.fill(0);
    for (let r = 0; r < count; r++)
      scatterRow(
        length,
        target,
        offset(offsets, 0, r),
        so,
        from,
        offset(offsets, 1, r),
        su,
        where,
        offset(offsets, 2, r),
        si,
        stride,
        size,
      );
    if (sums !== null) result.set(sums);
  });
  return out;
};

export const relabel: Lowering<"relabel"> = (node, ctx) => {
  const { from, to } = node.attributes;
  return relabelled(ctx.operand(operand(node, 0)), (dim) => to[from.indexOf(dim)] ?? dim);
};

export const diagonal: Lowering<"diagonal"> = (node, ctx) => {
  const { first, second } = node.attributes;
  const a = ctx.operand(operand(node, 0));
  const strides = new Map([...a.strides].filter(([dim]) => dim !== second));
  strides.set(first, strideOf(a, first) + strideOf(a, second));
  return { ...a, strides };
};

export const slice: Lowering<"slice"> = (node, ctx) => {
  const { dim, to, start } = node.attributes;
  const a = ctx.operand(operand(node, 0));
  const moved = { ...a, offset: a.offset + start * strideOf(a, dim) };
  return relabelled(moved, (d) => (d === dim ? to : d));
};

/** A view lacks strides for the dims along which it is constant: there is nothing to do. */
export const same: Lowering<"broadcast" | "stop" | "polar" | "projector"> = (node, ctx) =>
  ctx.operand(operand(node, 0));

export const constant: Lowering<"constant"> = (node, ctx) => {
  const { data } = node.attributes;
  const single = data.length === 1;
  return ctx.fixed(single, (array) => array.set(data));
};

export const iota: Lowering<"iota"> = (_node, ctx) =>
  ctx.fixed(false, (array) => {
    for (let k = 0; k < array.length; k++) array[k] = k;
  });

/** Between types: buffers round and wrap by themselves, ints and truths need a loop of their own. */
export const cast: Lowering<"cast"> = (node, ctx) => {
  const a = ctx.operand(operand(node, 0));
  const to = node.type.dtype;
  if (a.dtype === to) return a;
  if (to === "bool") return always(truthRow)(node, ctx);
  if (to === "i32" && a.dtype !== "bool") return always(truncateRow)(node, ctx);
  return always(copyRow)(node, ctx);
};

/** Lowerings of operations that go entry by entry. */
import type { NodeOf, OpName } from "../../ir/types.js";
import { selectRow } from "./kernels/binary.js";
import { threefryRow } from "./kernels/random.js";
import type { Row1, Row2 } from "./kernels/rows.js";
import { rowsOver } from "./loops.js";
import { offset, operand, rowKernel } from "./lowering-context.js";
import type { Lowering, LoweringContext } from "./lowering-context.js";
import type { View } from "./storage.js";

/** An op of one operand whose loop may depend on the node and the operand. */
export function map1(
  select: (node: NodeOf<OpName>, from: View) => Row1,
): (node: NodeOf<OpName>, ctx: LoweringContext) => View {
  return (node, ctx) => {
    const a = ctx.operand(operand(node, 0));
    const out = ctx.result();
    ctx.emit(rowKernel(ctx.shape, node.type.dims, out, a, select(node, a)));
    return out;
  };
}

export const always = (row: Row1) => map1(() => row);
/** One loop for single precision, another for doubles. */
export const precise = (single: Row1, double: Row1) => map1((node) => (node.type.dtype === "f32" ? single : double));

/** An op of two operands that broadcast by label. */
export function map2(reals: Row2, ints: Row2 = reals): (node: NodeOf<OpName>, ctx: LoweringContext) => View {
  return (node, ctx) => {
    const a = ctx.operand(operand(node, 0));
    const b = ctx.operand(operand(node, 1));
    const out = ctx.result();
    const row = node.type.dtype === "i32" ? ints : reals;
    const { count, length, offsets, strides } = rowsOver(ctx.shape, node.type.dims, out.lane !== 0, [out, a, b]);
    const [so = 0, sa = 0, sb = 0] = strides;
    ctx.emit(() => {
      const result = out.storage.data;
      const first = a.storage.data;
      const second = b.storage.data;
      for (let r = 0; r < count; r++)
        row(
          length,
          result,
          offset(offsets, 0, r),
          so,
          first,
          offset(offsets, 1, r),
          sa,
          second,
          offset(offsets, 2, r),
          sb,
        );
    });
    return out;
  };
}

export const select: Lowering<"select"> = (node, ctx) => {
  const views = node.operands.map((id) => ctx.operand(id));
  const [condition, then, otherwise] = views;
  if (condition === undefined || then === undefined || otherwise === undefined)
    throw new Error("select lacks an operand");
  const out = ctx.result();
  const { count, length, offsets, strides } = rowsOver(ctx.shape, node.type.dims, out.lane !== 0, [out, ...views]);
  const [so = 0, sc = 0, sa = 0, sb = 0] = strides;
  ctx.emit(() => {
    const result = out.storage.data;
    const c = condition.storage.data;
    const a = then.storage.data;
    const b = otherwise.storage.data;
    for (let r = 0; r < count; r++)
      selectRow(
        length,
        result,
        offset(offsets, 0, r),
        so,
        c,
        offset(offsets, 1, r),
        sc,
        a,
        offset(offsets, 2, r),
        sa,
        b,
        offset(offsets, 3, r),
        sb,
      );
  });
  return out;
};

export const threefry: Lowering<"threefry"> = (node, ctx) => {
  const views = node.operands.map((id) => ctx.operand(id));
  const out = ctx.result();
  const all = [out, ...views];
  const { count, length, offsets, strides } = rowsOver(ctx.shape, node.type.dims, out.lane !== 0, all);
  const { word } = node.attributes;
  ctx.emit(() => {
    for (let r = 0; r < count; r++) {
      const [to, k0, k1, c0, c1] = all.map(({ storage }, k) => ({
        data: storage.data,
        at: offset(offsets, k, r),
        stride: strides[k] ?? 0,
      }));
      if (to === undefined || k0 === undefined || k1 === undefined || c0 === undefined || c1 === undefined)
        throw new Error("threefry lacks an operand");
      threefryRow(length, to, [k0, k1], [c0, c1], word);
    }
  });
  return out;
};

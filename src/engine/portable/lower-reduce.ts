/** Lowerings of reductions, cumulative operations and sums of products. */
import type { DimId, NodeOf, OpName } from "../../ir/types.js";
import { planPair } from "./contract.js";
import { mulRow } from "./kernels/binary.js";
import { sumRow } from "./kernels/reduce.js";
import type { CumulativeRow, ReduceRow } from "./kernels/rows.js";
import { extentsOf, offsetsOf, rowsOver } from "./loops.js";
import { map2 } from "./lower-elementwise.js";
import { offset, operand } from "./lowering-context.js";
import type { Lowering, LoweringContext } from "./lowering-context.js";
import { sizeOf, strideOf } from "./storage.js";
import type { View } from "./storage.js";

/** A reduction over dims: rows over what is left, a table of offsets over what goes. */
function reduceOver(ctx: LoweringContext, node: NodeOf<OpName>, over: readonly DimId[], row: ReduceRow): View {
  const a = ctx.operand(operand(node, 0));
  const out = ctx.result();
  const { shape } = ctx;
  const { count, length, offsets, strides } = rowsOver(shape, node.type.dims, out.lane !== 0, [out, a]);
  const [so = 0, sa = 0] = strides;
  const gone = offsetsOf(extentsOf(shape, over, false, [a]), 0, 0);
  ctx.emit(() => {
    const result = out.storage.data;
    const data = a.storage.data;
    for (let r = 0; r < count; r++)
      row(length, result, offset(offsets, 0, r), so, data, offset(offsets, 1, r), sa, gone);
  });
  return out;
}

type Reduction = "reduce_sum" | "reduce_prod" | "reduce_max" | "reduce_min" | "reduce_any" | "reduce_all";

export const reduction =
  (reals: ReduceRow, ints: ReduceRow = reals): Lowering<Reduction> =>
  (node, ctx) =>
    reduceOver(ctx, node, node.attributes.over, node.type.dtype === "i32" ? ints : reals);

export const arg =
  (row: ReduceRow): Lowering<"arg_max" | "arg_min"> =>
  (node, ctx) =>
    reduceOver(ctx, node, [node.attributes.over], row);

export const cumulative =
  (reals: CumulativeRow, ints: CumulativeRow): Lowering<"cumulative_sum" | "cumulative_prod" | "rank"> =>
  (node, ctx) => {
    const a = ctx.operand(operand(node, 0));
    const out = ctx.result();
    const { along } = node.attributes;
    const row = node.type.dtype === "i32" ? ints : reals;
    const others = node.type.dims.filter((dim) => dim !== along);
    const { count, length, offsets, strides } = rowsOver(ctx.shape, others, out.lane !== 0, [out, a]);
    const [so = 0, sa = 0] = strides;
    const size = sizeOf(ctx.shape, along);
    const stepOut = strideOf(out, along);
    const stepIn = strideOf(a, along);
    ctx.emit(() => {
      const result = out.storage.data;
      const data = a.storage.data;
      for (let r = 0; r < count; r++)
        row(length, result, offset(offsets, 0, r), so, data, offset(offsets, 1, r), sa, size, stepOut, stepIn);
    });
    return out;
  };

export const contract: Lowering<"contract"> = (node, ctx) => {
  const { over } = node.attributes;
  const [first, second] = node.operands;
  if (first === undefined || node.operands.length > 2) throw new Error("a product of more than two operands is split");
  if (second === undefined) return reduceOver(ctx, node, over, sumRow);
  if (over.length === 0) return map2(mulRow)(node, ctx);
  const a = ctx.operand(first);
  const b = ctx.operand(second);
  const out = ctx.result();
  const plan = planPair(ctx.shape, { out, outDims: node.type.dims, a, b, over });
  if (plan.pack !== null) ctx.emitFor(plan.pack.operand === 0 ? first : second, plan.pack.kernel);
  ctx.emit(plan.run);
  return out;
};

/** Lowerings of ops on matrices: each is cut out as doubles, what is made of it is rounded once where it is put back. */
import { cholesky as choleskyDense } from "../../ir/dense/cholesky.js";
import { eigh as eighDense } from "../../ir/dense/eigh.js";
import { logDeterminant, solve as solveDense } from "../../ir/dense/solve.js";
import { svd as svdDense } from "../../ir/dense/svd.js";
import { roundingOf } from "../../ir/rounding.js";
import type { DimId, NodeOf, OpName } from "../../ir/types.js";
import { extentsOf, offsetsOf } from "./loops.js";
import { operand } from "./lowering-context.js";
import type { Lowering, LoweringContext } from "./lowering-context.js";
import { entriesOf, sizeOf } from "./storage.js";
import type { View } from "./storage.js";

/** From dense row-major matrices to the dense row-major result. */
type Make = (matrices: readonly Float64Array[]) => ArrayLike<number>;

/** `axes[k]` are the dims of what is cut out of operand k, `inner` those of what is put back. */
function perMatrix(
  node: NodeOf<OpName>,
  ctx: LoweringContext,
  axes: readonly (readonly DimId[])[],
  inner: readonly DimId[],
  make: Make,
): View {
  const { shape } = ctx;
  const operands = node.operands.map((id) => ctx.operand(id));
  const out = ctx.result();
  const batch = node.type.dims.filter((dim) => !inner.includes(dim));
  const views = [out, ...operands];
  const outer = extentsOf(shape, batch, out.lane !== 0, views);
  const starts = views.map((view, k) => offsetsOf(outer, k, view.offset));
  const within = (view: View, dims: readonly DimId[]): Int32Array =>
    offsetsOf(extentsOf(shape, dims, false, [view]), 0, 0);
  const places = within(out, inner);
  const cuts = operands.map((view, k) => within(view, axes[k] ?? []));
  const matrices = cuts.map((cut) => new Float64Array(cut.length));
  const count = starts[0]?.length ?? 0;
  ctx.emit(() => {
    const result = out.storage.data;
    for (let r = 0; r < count; r++) {
      operands.forEach((view, k) => {
        const { data } = view.storage;
        const start = starts[k + 1]?.[r] ?? 0;
        const matrix = matrices[k];
        cuts[k]?.forEach((offset, e) => {
          if (matrix !== undefined) matrix[e] = data[start + offset] ?? NaN;
        });
      });
      const made = make(matrices);
      const start = starts[0]?.[r] ?? 0;
      places.forEach((place, e) => {
        result[start + place] = made[e] ?? NaN;
      });
    }
  });
  return out;
}

const none = new Float64Array(0);

/** Dims that the right side alone has are further right sides of one system. */
export const solve: Lowering<"solve"> = (node, ctx) => {
  const { rows, columns } = node.attributes;
  const n = sizeOf(ctx.shape, rows);
  const shared = [rows, ...ctx.dimsOf(operand(node, 0))];
  const many = ctx.dimsOf(operand(node, 1)).filter((dim) => !shared.includes(dim));
  const axes = [
    [rows, columns],
    [rows, ...many],
  ];
  return perMatrix(node, ctx, axes, [columns, ...many], ([a = none, b = none]) => {
    solveDense(a, n, b, entriesOf(ctx.shape, many), roundingOf(node.type.dtype));
    return b;
  });
};

export const logDet: Lowering<"log_det"> = (node, ctx) => {
  const { rows, columns } = node.attributes;
  const n = sizeOf(ctx.shape, rows);
  return perMatrix(node, ctx, [[rows, columns]], [], ([a = none]) => [logDeterminant(a, n)]);
};

export const cholesky: Lowering<"cholesky"> = (node, ctx) => {
  const { rows, columns } = node.attributes;
  const n = sizeOf(ctx.shape, rows);
  return perMatrix(node, ctx, [[rows, columns]], [rows, columns], ([a = none]) => {
    choleskyDense(a, n);
    return a;
  });
};

export const eigh: Lowering<"eigh"> = (node, ctx) => {
  const { rows, columns, to, parts } = node.attributes;
  const n = sizeOf(ctx.shape, rows);
  return perMatrix(node, ctx, [[rows, columns]], [to, parts], ([a = none]) => eighDense(a, n));
};

export const svd: Lowering<"svd"> = (node, ctx) => {
  const { rows, columns, to, parts } = node.attributes;
  const [n, d] = [sizeOf(ctx.shape, rows), sizeOf(ctx.shape, columns)];
  return perMatrix(node, ctx, [[rows, columns]], [to, parts], ([a = none]) => svdDense(a, n, d));
};

export const svdValues: Lowering<"svd_values"> = (node, ctx) => {
  const { rows, columns, to } = node.attributes;
  const [n, d] = [sizeOf(ctx.shape, rows), sizeOf(ctx.shape, columns)];
  return perMatrix(node, ctx, [[rows, columns]], [to], ([a = none]) =>
    svdDense(a, n, d).filter((_, k) => k % (1 + n + d) === 0),
  );
};

/** What the ops on matrices share: their dims, samples of well-behaved matrices, strong zeros. */
import { roundingOf } from "../rounding.js";
import type { Builder } from "../builder.js";
import type { DimSizes } from "../dims.js";
import { entryCount, includesAll, without } from "../dims.js";
import { at } from "../fault.js";
import type { SampledOperand, Sampler } from "../sampler.js";
import type { DimId, DType, ValueId, ValueType } from "../types.js";
import { realTypes, require, requireType } from "./definition.js";
import type { Tolerance } from "./definition.js";

export interface MatrixDims {
  readonly rows: DimId;
  readonly columns: DimId;
}

/** The rule of all: a matrix of reals. Returns its other dims. */
export function requireMatrix(op: string, x: ValueType, { rows, columns }: MatrixDims): DimId[] {
  requireType(op, x, realTypes);
  require(rows !== columns && includesAll(x.dims, [rows, columns]), op, "needs two dims of its operand");
  return without(x.dims, [rows, columns]);
}

export function requireSquare(op: string, { rows, columns }: MatrixDims, sizes: DimSizes): void {
  require(sizes.size(rows) === sizes.size(columns), op, "needs a square matrix");
}

/** A matrix with a batch, made entry by entry from the position in it. */
export function matrixOperand(
  s: Sampler,
  dims: readonly DimId[],
  { rows, columns }: MatrixDims,
  entry: (i: number, j: number, batch: number) => number,
): SampledOperand {
  const batch = without(dims, [rows, columns]);
  const order = [...batch, rows, columns];
  const sizes = order.map((dim) => s.size(dim));
  const redraw = (): Float64Array =>
    Float64Array.from({ length: entryCount(order, s) }, (_, k) => {
      const [n, d] = [at(sizes, batch.length), at(sizes, batch.length + 1)];
      return Math.fround(entry(Math.floor(k / d) % n, k % d, Math.floor(k / (n * d))));
    });
  return { type: { dtype: s.dtype, dims: order }, data: redraw(), redraw };
}

/** Given matrices of one shape along a batch: many cases in one program. */
export function matricesListed(
  s: Sampler,
  matrices: readonly (readonly (readonly number[])[])[],
): { readonly operand: SampledOperand; readonly dims: MatrixDims; readonly batch: DimId } {
  const [first = []] = matrices;
  const batch = s.dim(matrices.length);
  const dims = { rows: s.dim(first.length), columns: s.dim(first[0]?.length ?? 0) };
  const data = Float64Array.from(matrices.flat(2), (x) => (s.dtype === "f32" ? Math.fround(x) : x));
  return { operand: { type: { dtype: s.dtype, dims: [batch, dims.rows, dims.columns] }, data }, dims, batch };
}

/** Twenty units of rounding for each row of a matrix of ten: entries of samples are of size one to ten. */
export function matrixTolerance(dtype: DType): Tolerance {
  const unit = 400 * roundingOf(dtype);
  return { relative: unit, absolute: unit };
}

/** The quotient, and 0 where the numerator is 0, whatever the denominator. */
export function strongQuotient(b: Builder, numerator: ValueId, denominator: ValueId): ValueId {
  const zero = b.number(0, numerator);
  const none = b.eq(numerator, zero);
  return b.select(none, zero, b.div(numerator, b.select(none, b.number(1, denominator), denominator)));
}

/** Exactly 0 where it is 0 to the rounding of a matrix of this size, whose largest value is given. */
export function aboveRounding(b: Builder, x: ValueId, largest: ValueId, size: number): ValueId {
  const rounding = b.mul(b.number(roundingOf(b.dtypeOf(x)) * size, largest), largest);
  return b.select(b.gt(b.abs(x), rounding), x, b.number(0, x));
}

/** Half of a matrix and its transpose. */
export function symmetricPart(b: Builder, x: ValueId, { rows, columns }: MatrixDims): ValueId {
  const turned = b.relabel(x, [rows, columns], [columns, rows]);
  return b.mul(b.number(0.5, x), b.add(x, turned));
}

/** 1 where the positions along two dims agree, else 0. */
export function delta(b: Builder, x: DimId, y: DimId, dtype: DType): ValueId {
  return b.cast(b.eq(b.iota(x), b.iota(y)), dtype);
}

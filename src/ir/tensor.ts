/** Dense arrays of doubles over labelled dims: what the oracle computes with. Plain on purpose. */
import type { DimSizes } from "./dims.js";
import { entryCount } from "./dims.js";
import { at } from "./fault.js";
import type { DimId, DType } from "./types.js";

export interface Tensor {
  readonly dims: readonly DimId[];
  /** Row-major in the order of `dims`; ints and bools (0 or 1) are stored as doubles. */
  readonly data: Float64Array;
}

/**
 * Visits every index over `dims` in row-major order; `positions[k]` is where that index lies in an array laid out over `layouts[k]`
 * (a dim that the layout lacks is ignored).
 */
export function walk(
  dims: readonly DimId[],
  layouts: readonly (readonly DimId[])[],
  sizes: DimSizes,
  visit: (positions: readonly number[], index: readonly number[]) => void,
): void {
  const extents = dims.map((dim) => sizes.size(dim));
  if (extents.includes(0)) return;
  const steps = layouts.map((layout) => {
    const strides = rowMajorStrides(layout, sizes);
    return dims.map((dim) => strides.get(dim) ?? 0);
  });
  const index = dims.map(() => 0);
  for (;;) {
    const positions = steps.map((strides) => strides.reduce((sum, stride, d) => sum + stride * at(index, d), 0));
    visit(positions, index);
    let d = dims.length - 1;
    while (d >= 0 && at(index, d) === at(extents, d) - 1) index[d--] = 0;
    if (d < 0) return;
    index[d] = at(index, d) + 1;
  }
}

function rowMajorStrides(layout: readonly DimId[], sizes: DimSizes): ReadonlyMap<DimId, number> {
  const strides = new Map<DimId, number>();
  let stride = 1;
  for (const dim of layout.toReversed()) {
    strides.set(dim, stride);
    stride *= sizes.size(dim);
  }
  return strides;
}

/** Fills an array over `dims` entry by entry from operands that broadcast to them. */
export function mapEntries(
  dims: readonly DimId[],
  operands: readonly Tensor[],
  sizes: DimSizes,
  f: (...values: number[]) => number,
): Float64Array {
  const out = new Float64Array(entryCount(dims, sizes));
  let next = 0;
  walk(
    dims,
    operands.map((operand) => operand.dims),
    sizes,
    (positions) => {
      out[next++] = f(...operands.map((operand, k) => at(operand.data, at(positions, k))));
    },
  );
  return out;
}

/** A double as the dtype holds it: reals are rounded, ints wrap, bools are 0 or 1. */
export function roundTo(dtype: DType, value: number): number {
  switch (dtype) {
    case "f32":
      return Math.fround(value);
    case "f64":
      return value;
    case "i32":
      return Math.trunc(value) | 0;
    case "bool":
      return value === 0 ? 0 : 1;
  }
}

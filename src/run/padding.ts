/** Arrays of a point in the larger arrays of a padded program, and the other way round. */
import type { DimId, Program, ValueType } from "../ir/types.js";
import type { PointPlan } from "../plan/types.js";
import { sizeOf } from "./columns.js";

/** How large a value's dims are in a program. */
export const extentsOf = (program: Program, { dims }: ValueType): readonly number[] =>
  dims.map((dim) => sizeOf(program, dim));

/** How much of them a point fills. */
export const filledSizes = (program: Program, { dims }: ValueType, { scalars }: PointPlan): readonly number[] =>
  dims.map((dim) => filledSize(program, dim, scalars));

function filledSize(program: Program, dim: DimId, scalars: readonly number[]): number {
  const filled = program.dims.find(({ id }) => id === dim)?.filled;
  return filled === undefined ? sizeOf(program, dim) : (scalars[filled] ?? 0);
}

/** The first `sizes` entries along each dim of an array of extents `from`, in one of extents `to` that is 0 elsewhere; row-major. */
export function reshaped(
  values: ArrayLike<number>,
  sizes: readonly number[],
  from: readonly number[],
  to: readonly number[],
): ArrayLike<number> {
  if (from.every((extent, k) => extent === to[k])) return values;
  const out = new Float64Array(to.reduce((product, extent) => product * extent, 1));
  const copy = (dim: number, read: number, write: number): void => {
    const size = sizes[dim];
    if (size === undefined) {
      out[write] = values[read] ?? 0;
      return;
    }
    for (let k = 0; k < size; k++) copy(dim + 1, read * (from[dim] ?? 1) + k, write * (to[dim] ?? 1) + k);
  };
  copy(0, 0, 0);
  return out;
}

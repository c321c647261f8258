/** Matrices inside of labelled arrays: a batch of them is cut out one by one, and what is made of each is put back. */
import type { DimSizes } from "../dims.js";
import { entryCount, without } from "../dims.js";
import { at } from "../fault.js";
import type { Tensor } from "../tensor.js";
import { walk } from "../tensor.js";
import type { DimId } from "../types.js";

/**
 * For each index over the dims of the result that are not `inner`: cuts a dense row-major array over `axes[k]` out of each operand, and puts
 * what `make` gives, row-major over `inner`, into the result.
 */
export function mapMatrices(
  operands: readonly Tensor[],
  axes: readonly (readonly DimId[])[],
  result: readonly DimId[],
  inner: readonly DimId[],
  sizes: DimSizes,
  make: (matrices: readonly Float64Array[]) => ArrayLike<number>,
): Float64Array {
  const out = new Float64Array(entryCount(result, sizes));
  const batch = without(result, inner);
  const offsets = operands.map((operand, k) => offsetsIn(operand.dims, at(axes, k), sizes));
  const places = offsetsIn(result, inner, sizes);
  walk(batch, [result, ...operands.map((operand) => operand.dims)], sizes, ([to = 0, ...from]) => {
    const matrices = operands.map((operand, k) =>
      Float64Array.from(at(offsets, k), (offset) => at(operand.data, at(from, k) + offset)),
    );
    const made = make(matrices);
    places.forEach((place, k) => {
      out[to + place] = at(made, k);
    });
  });
  return out;
}

/** Where the entries over some of the dims lie, in row-major order of these. */
function offsetsIn(layout: readonly DimId[], dims: readonly DimId[], sizes: DimSizes): number[] {
  const offsets: number[] = [];
  walk(dims, [layout], sizes, ([place = 0]) => {
    offsets.push(place);
  });
  return offsets;
}

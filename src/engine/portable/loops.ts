/**
 * Turns "for all entries of these dims and all runs" into rows: a table of offsets for each operand and one inner loop
 * with a stride for each. Dims that lie one behind the other for all operands become one.
 */
import type { DimId } from "../../ir/types.js";
import { sizeOf, strideOf } from "./storage.js";
import type { Shape, View } from "./storage.js";

/** One loop of a nest: its length, and each operand's stride. */
export interface Extent {
  readonly size: number;
  readonly strides: readonly number[];
}

export interface Rows {
  /** Number of rows. */
  readonly count: number;
  /** Entries of a row. */
  readonly length: number;
  /** By operand: where each row begins. */
  readonly offsets: readonly Int32Array[];
  /** By operand: from entry to entry within a row. */
  readonly strides: readonly number[];
}

/** Below this an inner loop is short enough to be exchanged for a longer one. */
const shortRow = 8;

/** The loops over dims, and over runs where `lanes` is set, in this order. */
export function extentsOf(shape: Shape, dims: readonly DimId[], lanes: boolean, views: readonly View[]): Extent[] {
  const extents: Extent[] = dims.map((dim) => ({
    size: sizeOf(shape, dim),
    strides: views.map((view) => strideOf(view, dim)),
  }));
  if (lanes) extents.push({ size: shape.runs, strides: views.map((view) => view.lane) });
  return extents;
}

/** Leaves out loops of one turn and joins neighbours that step alike. */
function merge(extents: readonly Extent[]): Extent[] {
  const merged: Extent[] = [];
  for (const extent of extents) {
    if (extent.size === 1) continue;
    const outer = merged.at(-1);
    const inLine = outer?.strides.every((stride, k) => stride === (extent.strides[k] ?? 0) * extent.size) ?? false;
    if (outer !== undefined && inLine)
      merged[merged.length - 1] = { size: outer.size * extent.size, strides: extent.strides };
    else merged.push(extent);
  }
  return merged;
}

/** The loop that becomes the inner one: the last, unless it is short and another much longer. */
function innerLoop(extents: readonly Extent[]): number {
  const last = extents.length - 1;
  const size = extents[last]?.size ?? 1;
  if (size >= shortRow) return last;
  let best = last;
  extents.forEach((extent, k) => {
    if (extent.size >= 4 * size && extent.size > (extents[best]?.size ?? 0)) best = k;
  });
  return best;
}

/** Every offset that a nest of loops visits, in row-major order, for one operand. */
export function offsetsOf(extents: readonly Extent[], operand: number, start: number): Int32Array {
  const total = extents.reduce((product, extent) => product * extent.size, 1);
  const offsets = new Int32Array(total);
  offsets.fill(start);
  let repeat = total;
  for (const extent of extents) {
    if (total === 0) break;
    repeat /= extent.size;
    const stride = extent.strides[operand] ?? 0;
    if (stride === 0) continue;
    for (let at = 0, position = 0; at < total; at += repeat, position = (position + 1) % extent.size)
      for (let k = at; k < at + repeat; k++) offsets[k] = (offsets[k] ?? 0) + position * stride;
  }
  return offsets;
}

/** Rows of a nest; `starts` are the operands' own offsets. With `keepLast` the last loop stays the inner one. */
export function rowsOf(extents: readonly Extent[], starts: readonly number[], keepLast = false): Rows {
  const merged = merge(extents);
  const empty = extents.some((extent) => extent.size === 0);
  const inner = keepLast ? merged.length - 1 : innerLoop(merged);
  const row = merged[inner];
  const outer = merged.filter((_, k) => k !== inner);
  return {
    count: empty ? 0 : outer.reduce((product, extent) => product * extent.size, 1),
    length: row?.size ?? 1,
    offsets: starts.map((start, k) => (empty ? new Int32Array(0) : offsetsOf(outer, k, start))),
    strides: row?.strides ?? starts.map(() => 0),
  };
}

/** The rows of an operation that goes over dims and runs entry by entry. */
export function rowsOver(shape: Shape, dims: readonly DimId[], lanes: boolean, views: readonly View[]): Rows {
  return rowsOf(
    extentsOf(shape, dims, lanes, views),
    views.map((view) => view.offset),
  );
}

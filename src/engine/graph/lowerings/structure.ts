/** Ops that move, cut or repeat entries without computing. */
import type { NodeOf } from "../../../ir/types.js";
import { arranged, permute, spread, unionAxes } from "../axes.js";
import type { Value } from "../axes.js";
import type { Region } from "../region.js";
import { concat, everyNth, pad, reshape, slice } from "../tensors.js";
import { operandAt, without } from "./lowering.js";
import { axisOf } from "./reductions.js";

function relabel(_region: Region, node: NodeOf<"relabel">, operands: readonly Value[]): Value {
  const x = operandAt(operands, 0);
  const { from, to } = node.attributes;
  return { tensor: x.tensor, axes: x.axes.map((axis) => to[from.indexOf(axis)] ?? axis) };
}

/** In rows of n, the entries of the diagonal are every (n + 1)th. */
function diagonal(region: Region, node: NodeOf<"diagonal">, operands: readonly Value[]): Value {
  const { f, table } = region;
  const x = operandAt(operands, 0);
  const { first, second } = node.attributes;
  const rest = without(x.axes, [first, second]);
  const size = table.size(first);
  const square = permute(f, x, [first, second, ...rest]);
  const flat = reshape(f, square.tensor, [size * size, ...table.shape(rest)]);
  const taken = { tensor: everyNth(f, flat, size + 1, size), axes: [first, ...rest] };
  return permute(f, taken, without(x.axes, [second]));
}

function broadcast(region: Region, node: NodeOf<"broadcast">, operands: readonly Value[]): Value {
  const x = operandAt(operands, 0);
  const added = without(node.type.dims, x.axes);
  return spread(region.f, region.table, x, arranged([...added, ...x.axes]));
}

function sliced(region: Region, node: NodeOf<"slice">, operands: readonly Value[]): Value {
  const x = operandAt(operands, 0);
  const { dim, to, start } = node.attributes;
  const axis = axisOf(x, dim);
  const begin = x.axes.map((_, k) => (k === axis ? start : 0));
  const axes = x.axes.with(axis, to);
  return { tensor: slice(region.f, x.tensor, begin, region.table.shape(axes)), axes };
}

function padded(region: Region, node: NodeOf<"pad">, operands: readonly Value[]): Value {
  const x = operandAt(operands, 0);
  const { dim, to, start } = node.attributes;
  const axis = axisOf(x, dim);
  const after = region.table.size(to) - start - region.table.size(dim);
  const margins = x.axes.map((_, k): readonly [number, number] => (k === axis ? [start, after] : [0, 0]));
  return { tensor: pad(region.f, x.tensor, margins), axes: x.axes.with(axis, to) };
}

function concatenated(region: Region, node: NodeOf<"concat">, operands: readonly Value[]): Value {
  const { f, table } = region;
  const { from, to } = node.attributes;
  // All parts get the axes of their union but for their own: `to` stands where theirs does.
  const parts = operands.map((x, k) => ({ ...x, axes: x.axes.map((axis) => (axis === from[k] ? to : axis)) }));
  const axes = unionAxes(parts);
  const along = axes.indexOf(to);
  const tensors = operands.map((x, k) => {
    const own = axes.with(along, from[k] ?? to);
    return spread(f, table, x, own).tensor;
  });
  return { tensor: concat(f, tensors, along), axes };
}

/** Dims that lie one behind the other become one without moving an entry. */
function merged(region: Region, node: NodeOf<"merge">, operands: readonly Value[]): Value {
  const x = operandAt(operands, 0);
  const { from, to } = node.attributes;
  const last = x.axes.indexOf(from.at(-1) ?? -1);
  const before = without(x.axes.slice(0, last), from);
  const after = without(x.axes.slice(last + 1), from);
  const moved = permute(region.f, x, [...before, ...from, ...after]);
  const axes = [...before, to, ...after];
  return { tensor: reshape(region.f, moved.tensor, region.table.shape(axes)), axes };
}

function splitted(region: Region, node: NodeOf<"split">, operands: readonly Value[]): Value {
  const x = operandAt(operands, 0);
  const { dim, to } = node.attributes;
  const axes = x.axes.flatMap((axis) => (axis === dim ? to : [axis]));
  return { tensor: reshape(region.f, x.tensor, region.table.shape(axes)), axes };
}

export const structure = {
  relabel,
  diagonal,
  broadcast,
  slice: sliced,
  pad: padded,
  concat: concatenated,
  merge: merged,
  split: splitted,
};

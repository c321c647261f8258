/**
 * Reads and sums at computed positions. Along a short dim they are a comparison with all positions, a select and a sum,
 * which XLA fuses with what stands around; along a long one they are a real gather and a segment sum.
 */
import type { NodeOf } from "../../../ir/types.js";
import { align, arranged, permute, spread, unionAxes } from "../axes.js";
import type { Axis, Value } from "../axes.js";
import type { FunctionBuilder, Tensor } from "../function-builder.js";
import type { Region } from "../region.js";
import { binary, compare, gatherRows, logical, reduce, reshape, scalar, segmentSum, select } from "../tensors.js";
import { operandAt, positions, without } from "./lowering.js";

/** The longest dim whose positions are all compared. */
const shortDim = 32;

function gather(region: Region, node: NodeOf<"gather">, operands: readonly Value[]): Value {
  const { f, table } = region;
  const [x, given] = [operandAt(operands, 0), operandAt(operands, 1)];
  const { dim } = node.attributes;
  const index = { tensor: clamp(f, given.tensor, table.size(dim)), axes: given.axes };
  if (table.size(dim) <= shortDim) {
    const hit = isAt(region, index, dim);
    const axes = unionAxes([x, hit]);
    const zero = scalar(f, x.tensor.type, 0);
    if (x.tensor.type === "bool") {
      const both = logical(f, "LogicalAnd", align(f, table, hit, axes), align(f, table, x, axes));
      return { tensor: reduce(f, "Any", both, positions({ tensor: both, axes }, [dim])), axes: without(axes, [dim]) };
    }
    const chosen = select(f, align(f, table, hit, axes), align(f, table, x, axes), zero);
    return { tensor: reduce(f, "Sum", chosen, positions({ tensor: chosen, axes }, [dim])), axes: without(axes, [dim]) };
  }
  const batch = x.axes.filter((axis) => index.axes.includes(axis));
  const rest = without(x.axes, [...batch, dim]);
  const own = without(index.axes, batch);
  const source = permute(f, x, [...batch, dim, ...rest]);
  const tensor = gatherRows(f, source.tensor, permute(f, index, [...batch, ...own]).tensor, batch.length);
  return { tensor, axes: [...batch, ...own, ...rest] };
}

function scatterAdd(region: Region, node: NodeOf<"scatter_add">, operands: readonly Value[]): Value {
  const { f, table } = region;
  const [updates, index] = [operandAt(operands, 0), operandAt(operands, 1)];
  const { dim, over } = node.attributes;
  if (table.size(dim) <= shortDim) {
    const hit = isAt(region, index, dim);
    const axes = unionAxes([updates, hit]);
    const zero = scalar(f, updates.tensor.type, 0);
    const chosen = select(f, align(f, table, hit, axes), align(f, table, updates, axes), zero);
    return { tensor: reduce(f, "Sum", chosen, positions({ tensor: chosen, axes }, over)), axes: without(axes, over) };
  }
  // Segments are numbered batch by batch; rows of the same segment are added up.
  const batch = without(index.axes, over);
  const summed = index.axes.filter((axis) => over.includes(axis));
  const reduced = dropAxes(
    region,
    updates,
    over.filter((axis) => !index.axes.includes(axis)),
  );
  const rest = without(reduced.axes, index.axes);
  const rows = spread(f, table, reduced, [...batch, ...summed, ...rest]);
  const count = table.count([...batch, ...summed]);
  const flat = reshape(f, rows.tensor, [count, ...table.shape(rest)]);
  const numbers = segments(region, permute(f, index, [...batch, ...summed]), batch, summed, table.size(dim));
  const total = segmentSum(f, flat, reshape(f, numbers, [count]), table.count(batch) * table.size(dim));
  const axes = [...batch, dim, ...rest];
  return { tensor: reshape(f, total, table.shape(axes)), axes };
}

/** Batch number times size plus position; -1, which is left out, where the position is out of range. */
function segments(region: Region, index: Value, batch: readonly Axis[], summed: readonly Axis[], size: number): Tensor {
  const { f, table } = region;
  const first = Array.from({ length: table.count(batch) }, (_, k) => k * size);
  const flat = reshape(f, index.tensor, [table.count(batch), table.count(summed)]);
  const shifted = binary(f, "AddV2", flat, f.constant("i32", [first.length, 1], first));
  const low = compare(f, "GreaterEqual", flat, scalar(f, "i32", 0));
  const high = compare(f, "Less", flat, scalar(f, "i32", size));
  return select(f, logical(f, "LogicalAnd", low, high), shifted, scalar(f, "i32", -1));
}

function clamp(f: FunctionBuilder, index: Tensor, size: number): Tensor {
  return binary(f, "Minimum", binary(f, "Maximum", index, scalar(f, "i32", 0)), scalar(f, "i32", size - 1));
}

/** Whether the position along `dim` is the index. */
function isAt(region: Region, index: Value, dim: Axis): Value {
  const { f, table } = region;
  const size = table.size(dim);
  const all = {
    tensor: f.constant(
      "i32",
      [size],
      Array.from({ length: size }, (_, k) => k),
    ),
    axes: [dim],
  };
  const axes = arranged([dim, ...index.axes]);
  return { tensor: compare(f, "Equal", align(f, table, index, axes), align(f, table, all, axes)), axes };
}

function dropAxes(region: Region, value: Value, over: readonly Axis[]): Value {
  return { tensor: reduce(region.f, "Sum", value.tensor, positions(value, over)), axes: without(value.axes, over) };
}

export const indexing = { gather, scatter_add: scatterAdd };

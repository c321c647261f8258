/**
 * Ranks along a dim. Along a short one all pairs are compared, which XLA fuses with what stands around; along a long one the positions are
 * sorted by integer keys (TensorFlow's own order of floats leaves NaN open) and the permutation is inverted.
 */
import type { NodeOf } from "../../../ir/types.js";
import { permute } from "../axes.js";
import type { Value } from "../axes.js";
import type { FunctionBuilder, Tensor } from "../function-builder.js";
import type { Region } from "../region.js";
import {
  binary,
  bitcast,
  bitwiseAnd,
  cast,
  compare,
  descending,
  gatherRows,
  logical,
  not,
  reduce,
  reshape,
  scalar,
  segmentSum,
  select,
} from "../tensors.js";
import { operandAt, without } from "./lowering.js";

/** The longest dim along which all pairs are compared. */
const shortDim = 64;
const lowest = -(2 ** 31);

export function rank(region: Region, node: NodeOf<"rank">, operands: readonly Value[]): Value {
  const { f, table } = region;
  const x = operandAt(operands, 0);
  const { along } = node.attributes;
  const rest = without(x.axes, [along]);
  const size = table.size(along);
  if (size <= shortDim) {
    const axes = [along, ...rest];
    const tensor = permute(f, x, axes).tensor;
    return permute(f, { tensor: comparedPairs(f, tensor, size, table.shape(rest)), axes }, x.axes);
  }
  const axes = [...rest, along];
  const lanes = reshape(f, permute(f, x, axes).tensor, [table.count(rest), size]);
  const ranks = inverse(f, sortedPositions(f, lanes));
  return permute(f, { tensor: reshape(f, ranks, table.shape(axes)), axes }, x.axes);
}

/** By entry i of the first axis: how many entries j come before it. */
function comparedPairs(f: FunctionBuilder, x: Tensor, size: number, rest: readonly number[]): Tensor {
  const ones = rest.map(() => 1);
  const positions = Array.from({ length: size }, (_, k) => k);
  const [xi, xj] = [reshape(f, x, [1, size, ...rest]), reshape(f, x, [size, 1, ...rest])];
  const [i, j] = [
    [1, size, ...ones],
    [size, 1, ...ones],
  ].map((shape) => f.constant("i32", shape, positions));
  if (i === undefined || j === undefined) throw new Error("two shapes give two constants");
  const earlier = compare(f, "Less", j, i);
  const less = compare(f, "Less", xj, xi);
  const equal = compare(f, "Equal", xj, xi);
  const tied = (same: Tensor): Tensor => logical(f, "LogicalAnd", same, earlier);
  let before = logical(f, "LogicalOr", less, tied(equal));
  if (x.type !== "i32") {
    const [ni, nj] = [compare(f, "NotEqual", xi, xi), compare(f, "NotEqual", xj, xj)];
    const both = tied(logical(f, "LogicalAnd", ni, nj));
    const behind = logical(f, "LogicalAnd", ni, not(f, nj));
    before = logical(f, "LogicalOr", before, logical(f, "LogicalOr", both, behind));
  }
  return reduce(f, "Sum", cast(f, before, "i32"), [0]);
}

/** Lanes of positions in ascending order. */
function sortedPositions(f: FunctionBuilder, x: Tensor): Tensor {
  if (x.type === "i32") return descending(f, binary(f, "Sub", scalar(f, "i32", -1), x));
  const isNaN = compare(f, "NotEqual", x, x);
  const zero = scalar(f, x.type, 0);
  if (x.type === "f32") {
    // As ints floats are in order of size, negative ones backwards; 0 and -0 are made one.
    const bits = bitcast(f, select(f, compare(f, "Equal", x, zero), zero, x), "i32", x.shape);
    const negative = bitwiseAnd(f, bits, scalar(f, "i32", 2 ** 31 - 1));
    const positive = binary(f, "Sub", scalar(f, "i32", -1), bits);
    const key = select(f, compare(f, "Less", bits, scalar(f, "i32", 0)), negative, positive);
    return descending(f, select(f, isNaN, scalar(f, "i32", lowest), key));
  }
  // Doubles have no ints of their size here: first with NaN as infinity, then, in that order, by what is NaN.
  const negated = select(f, compare(f, "Equal", x, zero), zero, binary(f, "Sub", zero, x));
  const key = select(f, isNaN, scalar(f, x.type, -Infinity), negated);
  const first = descending(f, key);
  const last = descending(f, cast(f, not(f, gatherRows(f, isNaN, first, 1)), "i32"));
  return gatherRows(f, first, last, 1);
}

/** Of permutations in lanes. */
function inverse(f: FunctionBuilder, order: Tensor): Tensor {
  const [lanes = 0, size = 0] = order.shape;
  const starts = f.constant(
    "i32",
    [lanes, 1],
    Array.from({ length: lanes }, (_, k) => k * size),
  );
  const places = reshape(f, binary(f, "AddV2", order, starts), [lanes * size]);
  const positions = f.constant(
    "i32",
    [lanes * size],
    Array.from({ length: lanes * size }, (_, k) => k % size),
  );
  return reshape(f, segmentSum(f, positions, places, lanes * size), order.shape);
}

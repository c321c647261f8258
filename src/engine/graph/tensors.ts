/**
 * TensorFlow's ops as typed functions over a function under construction: shapes are inferred here, once.
 * Nothing here knows the IR; `lowerings/` does.
 */
import { sizeOf } from "./function-builder.js";
import type { FunctionBuilder, Tensor } from "./function-builder.js";
import type { Attribute, Shape, TensorType } from "./proto/messages.js";

const typed = (value: TensorType): Attribute => ({ kind: "type", value });

/** Names of the only result in the definitions of elementwise ops. */
export type UnaryOp =
  | "Neg"
  | "Exp"
  | "Log"
  | "Log1p"
  | "Expm1"
  | "Sqrt"
  | "Abs"
  | "Sign"
  | "Sin"
  | "Cos"
  | "Tan"
  | "Tanh"
  | "Sigmoid"
  | "Erf"
  | "Erfc"
  | "Erfinv"
  | "Lgamma"
  | "Digamma"
  | "Floor"
  | "Ceil"
  | "Rint";
export type BinaryOp =
  "AddV2" | "Sub" | "Mul" | "RealDiv" | "Maximum" | "Minimum" | "Pow" | "Atan2" | "FloorMod" | "FloorDiv";
export type ComparisonOp = "Equal" | "NotEqual" | "Less" | "LessEqual" | "Greater" | "GreaterEqual";
export type BitwiseOp = "BitwiseAnd" | "BitwiseOr" | "BitwiseXor" | "LeftShift" | "RightShift";
export type LogicalOp = "LogicalAnd" | "LogicalOr";
export type ReductionOp = "Sum" | "Prod" | "Max" | "Min" | "Any" | "All";

/** The shape of two operands broadcast from the right, as NumPy does. */
export function broadcastShape(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, k) => {
    const x = a[a.length - rank + k] ?? 1;
    const y = b[b.length - rank + k] ?? 1;
    if (x !== y && x !== 1 && y !== 1) throw new Error(`shapes [${a.join()}] and [${b.join()}] do not broadcast`);
    return x === 1 ? y : x;
  });
}

export function unary(f: FunctionBuilder, op: UnaryOp, x: Tensor): Tensor {
  return f.node(op, [x], { T: typed(x.type) }, "y", { type: x.type, shape: x.shape });
}

export function binary(f: FunctionBuilder, op: BinaryOp, x: Tensor, y: Tensor): Tensor {
  return f.node(op, [x, y], { T: typed(x.type) }, "z", { type: x.type, shape: broadcastShape(x.shape, y.shape) });
}

export function bitwise(f: FunctionBuilder, op: BitwiseOp, x: Tensor, y: Tensor): Tensor {
  return f.node(op, [x, y], { T: typed(x.type) }, "z", { type: x.type, shape: broadcastShape(x.shape, y.shape) });
}

export function compare(f: FunctionBuilder, op: ComparisonOp, x: Tensor, y: Tensor): Tensor {
  return f.node(op, [x, y], { T: typed(x.type) }, "z", { type: "bool", shape: broadcastShape(x.shape, y.shape) });
}

export function logical(f: FunctionBuilder, op: LogicalOp, x: Tensor, y: Tensor): Tensor {
  return f.node(op, [x, y], {}, "z", { type: "bool", shape: broadcastShape(x.shape, y.shape) });
}

export function not(f: FunctionBuilder, x: Tensor): Tensor {
  return f.node("LogicalNot", [x], {}, "y", { type: "bool", shape: x.shape });
}

export function isFinite(f: FunctionBuilder, x: Tensor): Tensor {
  return f.node("IsFinite", [x], { T: typed(x.type) }, "y", { type: "bool", shape: x.shape });
}

/** `condition ? x : y`, all three broadcast. */
export function select(f: FunctionBuilder, condition: Tensor, x: Tensor, y: Tensor): Tensor {
  const shape = broadcastShape(condition.shape, broadcastShape(x.shape, y.shape));
  return f.node("SelectV2", [condition, x, y], { T: typed(x.type) }, "output", { type: x.type, shape });
}

export function cast(f: FunctionBuilder, x: Tensor, type: TensorType): Tensor {
  if (x.type === type) return x;
  const attributes = { SrcT: typed(x.type), DstT: typed(type) };
  return f.node("Cast", [x], attributes, "y", { type, shape: x.shape });
}

export function reshape(f: FunctionBuilder, x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  if (sizeOf(x.shape) !== sizeOf(shape)) throw new Error(`[${x.shape.join()}] cannot become [${shape.join()}]`);
  const attributes = { T: typed(x.type), Tshape: typed("i32") };
  return f.node("Reshape", [x, vector(f, shape)], attributes, "output", { type: x.type, shape });
}

export function transpose(f: FunctionBuilder, x: Tensor, order: readonly number[]): Tensor {
  if (order.every((axis, k) => axis === k)) return x;
  const attributes = { T: typed(x.type), Tperm: typed("i32") };
  const shape = order.map((axis) => sizeAt(x.shape, axis));
  return f.node("Transpose", [x, vector(f, order)], attributes, "y", { type: x.type, shape });
}

export function broadcastTo(f: FunctionBuilder, x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const attributes = { T: typed(x.type), Tidx: typed("i32") };
  return f.node("BroadcastTo", [x, vector(f, shape)], attributes, "output", { type: x.type, shape });
}

export function reduce(f: FunctionBuilder, op: ReductionOp, x: Tensor, axes: readonly number[]): Tensor {
  if (axes.length === 0) return x;
  const shape = x.shape.filter((_, k) => !axes.includes(k));
  const own = op === "Any" || op === "All" ? {} : { T: typed(x.type) };
  const attributes = { ...own, Tidx: typed("i32"), keep_dims: { kind: "bool", value: false } as const };
  return f.node(op, [x, vector(f, axes)], attributes, "output", { type: x.type, shape });
}

/** Whether any entry is true. */
export function any(f: FunctionBuilder, x: Tensor): Tensor {
  return reduce(
    f,
    "Any",
    x,
    x.shape.map((_, k) => k),
  );
}

export function argument(f: FunctionBuilder, op: "ArgMax" | "ArgMin", x: Tensor, axis: number): Tensor {
  const attributes = { T: typed(x.type), Tidx: typed("i32"), output_type: typed("i32") };
  const shape = x.shape.filter((_, k) => k !== axis);
  return f.node(op, [x, scalar(f, "i32", axis)], attributes, "output", { type: "i32", shape });
}

export function cumulative(f: FunctionBuilder, op: "Cumsum" | "Cumprod", x: Tensor, axis: number): Tensor {
  const off: Attribute = { kind: "bool", value: false };
  const attributes = { T: typed(x.type), Tidx: typed("i32"), exclusive: off, reverse: off };
  return f.node(op, [x, scalar(f, "i32", axis)], attributes, "out", { type: x.type, shape: x.shape });
}

/** Positions of the entries along the last axis from the largest to the smallest, equal ones in their order. */
export function descending(f: FunctionBuilder, x: Tensor): Tensor {
  const size = sizeAt(x.shape, x.shape.length - 1);
  const attributes = { T: typed(x.type), sorted: { kind: "bool", value: true } as const };
  return f.node("TopKV2", [x, scalar(f, "i32", size)], attributes, "indices", { type: "i32", shape: x.shape });
}

/** The bits that both ints have. */
export function bitwiseAnd(f: FunctionBuilder, x: Tensor, y: Tensor): Tensor {
  return f.node("BitwiseAnd", [x, y], { T: typed(x.type) }, "z", {
    type: x.type,
    shape: broadcastShape(x.shape, y.shape),
  });
}

/** `[..., m, k]` times `[..., k, n]`; the leading dims must agree. */
export function matmul(f: FunctionBuilder, x: Tensor, y: Tensor, adjoint: { x: boolean; y: boolean }): Tensor {
  const rank = x.shape.length;
  const m = sizeAt(x.shape, rank - (adjoint.x ? 1 : 2));
  const n = sizeAt(y.shape, rank - (adjoint.y ? 2 : 1));
  const shape = [...x.shape.slice(0, rank - 2), m, n];
  const flag = (value: boolean): Attribute => ({ kind: "bool", value });
  if (rank === 2) {
    const attributes = { T: typed(x.type), transpose_a: flag(adjoint.x), transpose_b: flag(adjoint.y) };
    return f.node("MatMul", [x, y], attributes, "product", { type: x.type, shape });
  }
  const attributes = { T: typed(x.type), adj_x: flag(adjoint.x), adj_y: flag(adjoint.y) };
  return f.node("BatchMatMulV2", [x, y], attributes, "output", { type: x.type, shape });
}

export function slice(f: FunctionBuilder, x: Tensor, begin: readonly number[], size: Shape): Tensor {
  const attributes = { T: typed(x.type), Index: typed("i32") };
  return f.node("Slice", [x, vector(f, begin), vector(f, size)], attributes, "output", { type: x.type, shape: size });
}

/** Adds zeros before and after along each axis. */
export function pad(f: FunctionBuilder, x: Tensor, margins: readonly (readonly [number, number])[]): Tensor {
  const attributes = { T: typed(x.type), Tpaddings: typed("i32") };
  const shape = x.shape.map((size, k) => size + (margins[k]?.[0] ?? 0) + (margins[k]?.[1] ?? 0));
  const paddings = f.constant("i32", [x.shape.length, 2], margins.flat());
  const zero = scalar(f, x.type, 0);
  return f.node("PadV2", [x, paddings, zero], attributes, "output", { type: x.type, shape });
}

/** Entry `index` of the first axis, the axis dropped. */
export function entry(f: FunctionBuilder, x: Tensor, index: number): Tensor {
  const rest = x.shape.slice(1);
  const cut = slice(f, x, [index, ...rest.map(() => 0)], [1, ...rest]);
  return reshape(f, cut, rest);
}

/** Doubles cross the boundary as pairs of words. */
export function bitcast(f: FunctionBuilder, x: Tensor, type: TensorType, shape: Shape): Tensor {
  return f.node("Bitcast", [x], { T: typed(x.type), type: typed(type) }, "output", { type, shape });
}

export function scalar(f: FunctionBuilder, type: TensorType, value: number): Tensor {
  return f.constant(type, [], value);
}

export function vector(f: FunctionBuilder, values: readonly number[]): Tensor {
  return f.constant("i32", [values.length], values);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, k) => size === b[k]);
}

function sizeAt(shape: Shape, axis: number): number {
  const size = shape[axis];
  if (size === undefined) throw new Error(`no axis ${axis} in [${shape.join()}]`);
  return size;
}

/** 0, 1, … as many as `size` says, which must agree with the bounds. */
export function range(f: FunctionBuilder, start: Tensor, limit: Tensor, size: number): Tensor {
  const inputs = [start, limit, scalar(f, "i32", 1)];
  return f.node("Range", inputs, { Tidx: typed("i32") }, "output", { type: "i32", shape: [size] });
}

/** Every nth entry of the first axis, `count` of them. */
export function everyNth(f: FunctionBuilder, x: Tensor, n: number, count: number): Tensor {
  const rest = x.shape.slice(1);
  const mask = (value: number): Attribute => ({ kind: "int", value });
  const attributes = {
    T: typed(x.type),
    Index: typed("i32"),
    begin_mask: mask(0),
    end_mask: mask(0),
    ellipsis_mask: mask(0),
    new_axis_mask: mask(0),
    shrink_axis_mask: mask(0),
  };
  const inputs = [x, vector(f, [0]), vector(f, [n * (count - 1) + 1]), vector(f, [n])];
  return f.node("StridedSlice", inputs, attributes, "output", { type: x.type, shape: [count, ...rest] });
}

/** `out[batch, own, rest] = x[batch, index[batch, own], rest]`. */
export function gatherRows(f: FunctionBuilder, x: Tensor, index: Tensor, batch: number): Tensor {
  const attributes = {
    Tparams: typed(x.type),
    Tindices: typed("i32"),
    Taxis: typed("i32"),
    batch_dims: { kind: "int", value: batch } as const,
  };
  const shape = [...x.shape.slice(0, batch), ...index.shape.slice(batch), ...x.shape.slice(batch + 1)];
  return f.node("GatherV2", [x, index, scalar(f, "i32", batch)], attributes, "output", { type: x.type, shape });
}

/** The entries along an axis at the positions of an index (all in range), whose axes take the place of that one. */
export function gatherAlong(f: FunctionBuilder, x: Tensor, index: Tensor, axis: number): Tensor {
  const attributes = {
    Tparams: typed(x.type),
    Tindices: typed("i32"),
    Taxis: typed("i32"),
    batch_dims: { kind: "int", value: 0 } as const,
  };
  const shape = [...x.shape.slice(0, axis), ...index.shape, ...x.shape.slice(axis + 1)];
  return f.node("GatherV2", [x, index, scalar(f, "i32", axis)], attributes, "output", { type: x.type, shape });
}

/** Sums of the rows with the same number; rows with a negative number are left out. */
export function segmentSum(f: FunctionBuilder, x: Tensor, numbers: Tensor, count: number): Tensor {
  const attributes = { T: typed(x.type), Tindices: typed("i32"), Tnumsegments: typed("i32") };
  const inputs = [x, numbers, scalar(f, "i32", count)];
  return f.node("UnsortedSegmentSum", inputs, attributes, "output", {
    type: x.type,
    shape: [count, ...x.shape.slice(1)],
  });
}

/** Row `row` (a scalar) of the buffer's first axis replaced; XLA does it in place. */
export function writeRow(f: FunctionBuilder, buffer: Tensor, row: Tensor, value: Tensor): Tensor {
  const update = reshape(f, value, [1, ...value.shape]);
  const kind = { type: buffer.type, shape: buffer.shape };
  if (f.library.xla) {
    const start = reshape(f, row, [1]);
    const zeros = buffer.shape.slice(1).map(() => 0);
    const position = zeros.length === 0 ? start : concat(f, [start, vector(f, zeros)], 0);
    const attributes = { T: typed(buffer.type), Tindices: typed("i32") };
    return f.node("XlaDynamicUpdateSlice", [buffer, update, position], attributes, "output", kind);
  }
  const attributes = { T: typed(buffer.type), Tindices: typed("i32") };
  return f.node("TensorScatterUpdate", [buffer, reshape(f, row, [1, 1]), update], attributes, "output", kind);
}

/** One behind the other along an axis; other axes agree. */
export function concat(f: FunctionBuilder, parts: readonly Tensor[], axis: number): Tensor {
  const [first] = parts;
  if (first === undefined) throw new Error("nothing to concatenate");
  if (parts.length === 1) return first;
  const attributes = {
    N: { kind: "int", value: parts.length } as const,
    T: typed(first.type),
    Tidx: typed("i32"),
  };
  const length = parts.reduce((total, part) => total + sizeAt(part.shape, axis), 0);
  const shape = first.shape.map((size, k) => (k === axis ? length : size));
  return f.node("ConcatV2", [...parts, scalar(f, "i32", axis)], attributes, "output", { type: first.type, shape });
}

/** Entry `index` (a scalar) of a table's first axis. */
export function readRow(f: FunctionBuilder, table: Tensor, index: Tensor): Tensor {
  return gatherRows(f, table, index, 0);
}

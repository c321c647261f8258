/** Short names for formulas over tensors, where an algorithm is written out. Operands broadcast from the right, as in NumPy. */
import type { FunctionBuilder, Tensor } from "./function-builder.js";
import type { Shape } from "./proto/messages.js";
import {
  argument,
  binary,
  cast,
  compare,
  gatherAlong,
  logical,
  not,
  reduce,
  reshape,
  scalar,
  select,
  unary,
} from "./tensors.js";

export interface Arithmetic {
  readonly add: (x: Tensor, y: Tensor) => Tensor;
  readonly sub: (x: Tensor, y: Tensor) => Tensor;
  readonly mul: (x: Tensor, y: Tensor) => Tensor;
  readonly div: (x: Tensor, y: Tensor) => Tensor;
  readonly max: (x: Tensor, y: Tensor) => Tensor;
  readonly abs: (x: Tensor) => Tensor;
  readonly sqrt: (x: Tensor) => Tensor;
  readonly square: (x: Tensor) => Tensor;
  readonly lt: (x: Tensor, y: Tensor) => Tensor;
  readonly le: (x: Tensor, y: Tensor) => Tensor;
  readonly eq: (x: Tensor, y: Tensor) => Tensor;
  readonly and: (x: Tensor, y: Tensor) => Tensor;
  readonly or: (x: Tensor, y: Tensor) => Tensor;
  readonly not: (x: Tensor) => Tensor;
  readonly where: (condition: Tensor, x: Tensor, y: Tensor) => Tensor;
  readonly real: (x: Tensor, like: Tensor) => Tensor;
  /** A number of the type of another tensor. */
  readonly number: (value: number, like: Tensor) => Tensor;
  readonly int: (value: number) => Tensor;
  readonly sum: (x: Tensor, axis: number) => Tensor;
  readonly most: (x: Tensor, axis: number) => Tensor;
  readonly all: (x: Tensor, axis: number) => Tensor;
  /** Where the first largest entry along an axis stands. */
  readonly place: (x: Tensor, axis: number) => Tensor;
  readonly leastPlace: (x: Tensor, axis: number) => Tensor;
  /** Entry `index` (a scalar) along an axis, or the entries of a list of positions. */
  readonly take: (x: Tensor, index: Tensor, axis: number) => Tensor;
  readonly shaped: (x: Tensor, shape: Shape) => Tensor;
  /** With one more axis of size 1. */
  readonly expand: (x: Tensor, axis: number) => Tensor;
  /** 0, 1, … along one axis of several, the others of size 1. */
  readonly positions: (size: number, axis: number, rank: number) => Tensor;
}

export function arithmetic(f: FunctionBuilder): Arithmetic {
  const two = (op: Parameters<typeof binary>[1]) => (x: Tensor, y: Tensor) => binary(f, op, x, y);
  const test = (op: Parameters<typeof compare>[1]) => (x: Tensor, y: Tensor) => compare(f, op, x, y);
  const shaped = (x: Tensor, shape: Shape) => reshape(f, x, shape);
  return {
    add: two("AddV2"),
    sub: two("Sub"),
    mul: two("Mul"),
    div: two("RealDiv"),
    max: two("Maximum"),
    abs: (x) => unary(f, "Abs", x),
    sqrt: (x) => unary(f, "Sqrt", x),
    square: (x) => binary(f, "Mul", x, x),
    lt: test("Less"),
    le: test("LessEqual"),
    eq: test("Equal"),
    and: (x, y) => logical(f, "LogicalAnd", x, y),
    or: (x, y) => logical(f, "LogicalOr", x, y),
    not: (x) => not(f, x),
    where: (condition, x, y) => select(f, condition, x, y),
    real: (x, like) => cast(f, x, like.type),
    number: (value, like) => scalar(f, like.type, value),
    int: (value) => scalar(f, "i32", value),
    sum: (x, axis) => reduce(f, "Sum", x, [axis]),
    most: (x, axis) => reduce(f, "Max", x, [axis]),
    all: (x, axis) => reduce(f, "All", x, [axis]),
    place: (x, axis) => argument(f, "ArgMax", x, axis),
    leastPlace: (x, axis) => argument(f, "ArgMin", x, axis),
    take: (x, index, axis) => gatherAlong(f, x, index, axis),
    shaped,
    expand: (x, axis) => shaped(x, [...x.shape.slice(0, axis), 1, ...x.shape.slice(axis)]),
    positions: (size, axis, rank) =>
      f.constant(
        "i32",
        Array.from({ length: rank }, (_, k) => (k === axis ? size : 1)),
        Array.from({ length: size }, (_, k) => k),
      ),
  };
}

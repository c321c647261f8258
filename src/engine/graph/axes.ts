/**
 * Values in the graph: a tensor and which dim of the program each of its axes is. The run is one more axis.
 * The order of axes is free: an op chooses the one that costs least, and only what crosses a boundary has a fixed order.
 */
import type { Dim, DimId } from "../../ir/types.js";
import { broadcastTo, reshape, transpose } from "./tensors.js";
import { sizeOf } from "./function-builder.js";
import type { FunctionBuilder, Tensor } from "./function-builder.js";

/** A dim of the program, or the run. */
export type Axis = number;
export const RUN: Axis = -1;

export interface Value {
  readonly tensor: Tensor;
  /** Each axis once, in the order of the tensor's. */
  readonly axes: readonly Axis[];
}

/**
 * Sizes of all axes. Wherever the order is ours the run is the last axis: a sum of small products is then vectorised over
 * the runs, and for large ones XLA's own choice of layout costs no more than a leading run would (measured at 32 x 32).
 */
export class AxisTable {
  private readonly sizes = new Map<Axis, number>();

  constructor(
    dims: readonly Dim[],
    readonly runs: number,
  ) {
    for (const dim of dims) this.sizes.set(dim.id, dim.size);
    this.sizes.set(RUN, runs);
  }

  size(axis: Axis): number {
    const size = this.sizes.get(axis);
    if (size === undefined) throw new Error(`a value has the dim ${axis}, which the program does not list`);
    return size;
  }

  shape(axes: readonly Axis[]): readonly number[] {
    return axes.map((axis) => this.size(axis));
  }

  count(axes: readonly Axis[]): number {
    return axes.reduce((product, axis) => product * this.size(axis), 1);
  }

  /** The fixed order of a value: its dims as declared, the run last. */
  ordered(dims: readonly DimId[], varying: boolean): readonly Axis[] {
    return varying && this.runs > 1 ? [...dims, RUN] : dims;
  }
}

/** The run moved to its place, if it is among the axes. */
export function arranged(axes: readonly Axis[]): readonly Axis[] {
  return axes.includes(RUN) ? [...axes.filter((axis) => axis !== RUN), RUN] : axes;
}

/** The value's axes brought into the order of `target`; axes that it has not become axes of size 1. */
export function align(f: FunctionBuilder, table: AxisTable, value: Value, target: readonly Axis[]): Tensor {
  const ordered = permute(
    f,
    value,
    target.filter((axis) => value.axes.includes(axis)),
  );
  const shape = target.map((axis) => (value.axes.includes(axis) ? table.size(axis) : 1));
  return reshape(f, ordered.tensor, shape);
}

/** The same value with its axes in another order. */
export function permute(f: FunctionBuilder, value: Value, order: readonly Axis[]): Value {
  if (order.length !== value.axes.length) throw new Error("a value lost an axis on its way");
  return {
    tensor: transpose(
      f,
      value.tensor,
      order.map((axis) => value.axes.indexOf(axis)),
    ),
    axes: order,
  };
}

/** The value with exactly these axes, repeated along those that it has not. */
export function spread(f: FunctionBuilder, table: AxisTable, value: Value, target: readonly Axis[]): Value {
  return { tensor: broadcastTo(f, align(f, table, value, target), table.shape(target)), axes: target };
}

/** The axes of all operands: in the order of the largest one, others behind, the run in its place. */
export function unionAxes(operands: readonly Value[]): readonly Axis[] {
  let largest: Value | undefined;
  for (const operand of operands)
    if (largest === undefined || sizeOf(operand.tensor.shape) > sizeOf(largest.tensor.shape)) largest = operand;
  const base = largest?.axes ?? [];
  const others = new Set(operands.flatMap((operand) => operand.axes).filter((axis) => !base.includes(axis)));
  return others.size === 0 ? base : arranged([...base, ...others]);
}

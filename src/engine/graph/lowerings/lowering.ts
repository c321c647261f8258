/** What a lowering of an op is, and helpers that several of them share. */
import type { NodeOf, OpName } from "../../../ir/types.js";
import { align, unionAxes } from "../axes.js";
import type { Axis, Value } from "../axes.js";
import type { FunctionBuilder, Tensor } from "../function-builder.js";
import type { Region } from "../region.js";

/** From a node and its operands, already lowered, to its value in this function. */
export type Lowering<K extends OpName> = (region: Region, node: NodeOf<K>, operands: readonly Value[]) => Value;

export function operandAt(operands: readonly Value[], index: number): Value {
  const operand = operands[index];
  if (operand === undefined) throw new Error(`operand ${index} is missing`);
  return operand;
}

/** Operands brought to common axes; `join` asks for their tensors, which broadcast, by number. */
export function together(
  region: Region,
  operands: readonly Value[],
  join: (f: FunctionBuilder, tensor: (index: number) => Tensor) => Tensor,
): Value {
  const axes = unionAxes(operands);
  const tensor = join(region.f, (index) => align(region.f, region.table, operandAt(operands, index), axes));
  return { tensor, axes };
}

/** Positions of axes in a value. */
export function positions(value: Value, axes: readonly Axis[]): readonly number[] {
  return axes.map((axis) => {
    const position = value.axes.indexOf(axis);
    if (position < 0) throw new Error(`the dim ${axis} is not in the value`);
    return position;
  });
}

export function without(axes: readonly Axis[], dropped: readonly Axis[]): readonly Axis[] {
  return axes.filter((axis) => !dropped.includes(axis));
}

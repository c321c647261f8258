/** Ops along one or several axes of one value. */
import type { DimId, NodeOf } from "../../../ir/types.js";
import type { Value } from "../axes.js";
import type { Region } from "../region.js";
import { argument, cumulative, reduce } from "../tensors.js";
import type { ReductionOp } from "../tensors.js";
import { operandAt, positions, without } from "./lowering.js";

type Reduction = "reduce_sum" | "reduce_prod" | "reduce_max" | "reduce_min" | "reduce_any" | "reduce_all";

const reduction =
  (op: ReductionOp) =>
  (region: Region, node: NodeOf<Reduction>, operands: readonly Value[]): Value => {
    const x = operandAt(operands, 0);
    const { over } = node.attributes;
    return { tensor: reduce(region.f, op, x.tensor, positions(x, over)), axes: without(x.axes, over) };
  };

const position =
  (op: "ArgMax" | "ArgMin") =>
  (region: Region, node: NodeOf<"arg_max" | "arg_min">, operands: readonly Value[]): Value => {
    const x = operandAt(operands, 0);
    const { over } = node.attributes;
    const axes = without(x.axes, [over]);
    // Along nothing the position is 0, which TensorFlow refuses to say.
    if (region.table.size(over) === 0) return { tensor: region.f.constant("i32", region.table.shape(axes), 0), axes };
    return { tensor: argument(region.f, op, x.tensor, axisOf(x, over)), axes };
  };

const running =
  (op: "Cumsum" | "Cumprod") =>
  (region: Region, node: NodeOf<"cumulative_sum" | "cumulative_prod">, operands: readonly Value[]): Value => {
    const x = operandAt(operands, 0);
    return { tensor: cumulative(region.f, op, x.tensor, axisOf(x, node.attributes.along)), axes: x.axes };
  };

export function axisOf(value: Value, dim: DimId): number {
  const [axis] = positions(value, [dim]);
  if (axis === undefined) throw new Error(`the dim ${dim} is not in the value`);
  return axis;
}

export const reductions = {
  reduce_sum: reduction("Sum"),
  reduce_prod: reduction("Prod"),
  reduce_max: reduction("Max"),
  reduce_min: reduction("Min"),
  reduce_any: reduction("Any"),
  reduce_all: reduction("All"),
  arg_max: position("ArgMax"),
  arg_min: position("ArgMin"),
  cumulative_sum: running("Cumsum"),
  cumulative_prod: running("Cumprod"),
};

/** Values without operands. Inputs, carried values and the step are bound by whoever builds the function. */
import type { NodeOf } from "../../../ir/types.js";
import type { Value } from "../axes.js";
import type { Region } from "../region.js";
import { range, scalar } from "../tensors.js";
import { cast } from "../tensors.js";

/** Positions up to this many are a constant; more are made by the graph. */
const longestConstant = 4096;

function unbound(what: string): () => Value {
  return () => {
    throw new Error(`${what} has no value in this function`);
  };
}

function constant(region: Region, node: NodeOf<"constant">): Value {
  const { dims, dtype } = node.type;
  const { data } = node.attributes;
  const [first] = data;
  const tensor = region.f.constant(
    dtype,
    region.table.shape(dims),
    data.length === 1 && first !== undefined ? first : data,
  );
  return { tensor, axes: dims };
}

function iota(region: Region, node: NodeOf<"iota">): Value {
  const { dims, dtype } = node.type;
  const size = region.table.count(dims);
  const tensor =
    size <= longestConstant
      ? region.f.constant(
          dtype,
          [size],
          Array.from({ length: size }, (_, k) => k),
        )
      : cast(region.f, range(region.f, scalar(region.f, "i32", 0), scalar(region.f, "i32", size), size), dtype);
  return { tensor, axes: dims };
}

export const sources = {
  constant,
  iota,
  input: unbound("an input"),
  carried: unbound("a carried value"),
  step: unbound("the step"),
  loop_position: unbound("the position of a loop"),
  loop_state: unbound("the state of a loop"),
  // Made by the region: `inner-loop.ts`.
  loop: unbound("a loop"),
  loop_final: unbound("the result of a loop"),
  loop_stack: unbound("the stack of a loop"),
};

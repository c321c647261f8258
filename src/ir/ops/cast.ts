/** From one dtype to another. */
import { at } from "../fault.js";
import { between } from "../sampler.js";
import { mapEntries, roundTo } from "../tensor.js";
import type { DType, NodeOf, ValueId } from "../types.js";
import type { Builder } from "../builder.js";
import type { OpDefinition } from "./definition.js";
import { defaults, isReal, require, requireOperands, ulps } from "./definition.js";
import { sameOrder } from "../dims.js";

const all: readonly DType[] = ["f32", "f64", "i32", "bool"];

// The rounding has derivative 1; what goes through an int or a bool has derivative 0.
function chain(b: Builder, node: NodeOf<"cast">, t: ValueId, to: DType): ValueId | null {
  return isReal(node.type) && isReal(b.typeOf(at(node.operands, 0))) ? b.cast(t, to) : null;
}

export const cast: OpDefinition<"cast"> = {
  ...defaults,
  name: "cast",
  doc: "To another dtype: rounds to f32, truncates reals to ints, anything to bool is `!= 0`, false and true are 0 and 1.",
  pointwise: true,
  dtypes: all,
  unspecified: ["an int of NaN, of an infinity or of what lies beyond 32 bits"],
  infer(operands, _attributes, _sizes, declared) {
    requireOperands("cast", operands, 1);
    const x = at(operands, 0);
    require(declared !== null && sameOrder(declared.dims, x.dims), "cast", "changes dims");
    return { dtype: declared.dtype, dims: x.dims };
  },
  evaluate: (operands, node, { sizes }) =>
    mapEntries(node.type.dims, operands, sizes, (x) => roundTo(node.type.dtype, x)),
  reverse: (b, node, t) => [chain(b, node, t, b.typeOf(at(node.operands, 0)).dtype)],
  forward: (b, node, [t]) => (t === null || t === undefined ? null : chain(b, node, t, node.type.dtype)),
  sample(s) {
    const x = s.tensor(s.dims(0, 3), between(-4, 4));
    return { operands: [x], attributes: {}, declared: { dtype: s.pick(all), dims: x.type.dims } };
  },
  edges(s) {
    const toInt = [0, 0.5, -0.5, 2.9, -2.9, 1e6];
    const toOthers = [...toInt, 0.1, 1e-30, NaN, Infinity, -Infinity];
    return all.map((dtype) => {
      const x = s.listed(dtype === "i32" ? toInt : s.dtype === "i32" ? toInt.map(Math.trunc) : toOthers);
      return { operands: [x], attributes: {}, declared: { dtype, dims: x.type.dims } };
    });
  },
  tolerance: ulps(1),
};

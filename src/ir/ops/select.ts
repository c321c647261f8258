/** One of two values by a condition, entry by entry. */
import { union } from "../dims.js";
import { at } from "../fault.js";
import { between } from "../sampler.js";
import { mapEntries } from "../tensor.js";
import type { DType } from "../types.js";
import type { OpDefinition } from "./definition.js";
import { defaults, isReal, require, requireOperands, requireType, ulps } from "./definition.js";

const all: readonly DType[] = ["f32", "f64", "i32", "bool"];

export const select: OpDefinition<"select"> = {
  ...defaults,
  name: "select",
  doc: "The second operand where the first is true, else the third; what is not taken contributes exactly 0 to derivatives.",
  pointwise: true,
  dtypes: all,
  infer(operands) {
    requireOperands("select", operands, 3);
    const condition = at(operands, 0);
    const x = at(operands, 1);
    const y = at(operands, 2);
    requireType("select", condition, ["bool"]);
    require(x.dtype === y.dtype, "select", `branches differ in type: ${x.dtype} and ${y.dtype}`);
    return { dtype: x.dtype, dims: union(condition.dims, x.dims, y.dims) };
  },
  evaluate: (operands, node, { sizes }) =>
    mapEntries(node.type.dims, operands, sizes, (condition, x, y) => (condition === 1 ? x : y)),
  reverse(b, node, t) {
    if (!isReal(node.type)) return [null, null, null];
    const condition = at(node.operands, 0);
    return [null, { value: t, mask: condition }, { value: t, mask: b.not(condition) }];
  },
  forward(b, node, [, x, y]) {
    if ((x ?? null) === null && (y ?? null) === null) return null;
    const zero = b.constant(0, node.type.dtype);
    return b.select(at(node.operands, 0), x ?? zero, y ?? zero);
  },
  sample(s) {
    const dims = s.dims(0, 3);
    return {
      operands: [
        s.tensor(s.subset(dims, 0.75), between(0, 1), "bool"),
        s.tensor(s.subset(dims, 0.75)),
        s.tensor(s.subset(dims, 0.75)),
      ],
      attributes: {},
      declared: null,
    };
  },
  edges(s) {
    if (!isReal({ dtype: s.dtype, dims: [] })) return [];
    const condition = s.listed([1, 0, 1, 0], "bool");
    const over = (...values: number[]) => ({
      type: { dtype: s.dtype, dims: condition.type.dims },
      data: Float64Array.from(values),
    });
    return [
      {
        operands: [condition, over(1, NaN, Infinity, NaN), over(NaN, 2, NaN, -Infinity)],
        attributes: {},
        declared: null,
      },
    ];
  },
  tolerance: ulps(0),
};

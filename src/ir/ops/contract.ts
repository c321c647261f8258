/** Sums of products. */
import type { Builder } from "../builder.js";
import { union, without } from "../dims.js";
import { at } from "../fault.js";
import { between } from "../sampler.js";
import type { NodeOf, ValueId } from "../types.js";
import type { OpDefinition } from "./definition.js";
import { defaults, realTypes, require, requireType, ulps } from "./definition.js";
import { fold, requireOver } from "./reduction.js";
import { guarded } from "./strong-zero.js";

/** The product of the others and `t`, summed over what operand k lacks. */
function part(b: Builder, node: NodeOf<"contract">, t: ValueId, k: number, mask: ValueId | null): ValueId {
  const others = node.operands.filter((_, j) => j !== k);
  const dims = union(node.type.dims, ...others.map((other) => b.dimsOf(other)));
  const factors = [t, ...others.map((other) => (mask === null ? other : guarded(b, other)))];
  return b.contract(factors, without(dims, b.dimsOf(at(node.operands, k))));
}

export const contract: OpDefinition<"contract"> = {
  ...defaults,
  name: "contract",
  doc: "The sum over dims of the product of all operands, in any order of products and sums.",
  commutative: true,
  dtypes: realTypes,
  neutral: () => 1,
  infer(operands, { over }) {
    require(operands.length >= 1, "contract", "needs an operand");
    const first = at(operands, 0);
    requireType("contract", first, realTypes);
    require(operands.every((x) => x.dtype === first.dtype), "contract", "operands differ in type");
    const dims = union(...operands.map((x) => x.dims));
    requireOver("contract", over, dims);
    return { dtype: first.dtype, dims: without(dims, over) };
  },
  evaluate: (operands, node, { sizes }) =>
    fold(
      node.type.dims,
      node.attributes.over,
      operands,
      sizes,
      0,
      (sum, values) => sum + values.reduce((p, x) => p * x, 1),
    ),
  reverse: (b, node, t, mask) => node.operands.map((_, k) => part(b, node, t, k, mask)),
  forward: (b, node, tangents) =>
    b.sumOf(
      tangents.map((t, k) => {
        if (t === null) return null;
        const factors = node.operands.map((x, j) => (j === k ? b.spread(t, x) : x));
        return b.contract(factors, node.attributes.over);
      }),
    ),
  sample(s) {
    const dims = s.dims(0, 4);
    const operands = Array.from({ length: s.int(1, 4) }, () => s.tensor(s.subset(dims, 0.6), between(-1.5, 1.5)));
    const present = union(...operands.map((operand) => operand.type.dims));
    return { operands, attributes: { over: s.subset(present, 0.6) }, declared: null };
  },
  edges(s) {
    const x = s.listed([1, 2, Infinity]);
    const y = { type: x.type, data: Float64Array.from([1, 0, 1]) };
    const z = { type: x.type, data: Float64Array.from([1, 0, NaN]) };
    const none = s.listed([]);
    const row = s.listed([1, 2]);
    return [
      { operands: [x, y], attributes: { over: x.type.dims }, declared: null },
      { operands: [x, z], attributes: { over: x.type.dims }, declared: null },
      // Over nothing 0, and nothing at all.
      { operands: [none, row], attributes: { over: none.type.dims }, declared: null },
      { operands: [none, row], attributes: { over: row.type.dims }, declared: null },
    ];
  },
  tolerance: ulps(64),
};

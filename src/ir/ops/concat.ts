/** Several values one behind the other along a dim. */
import { entryCount, includesAll, union, without } from "../dims.js";
import { at } from "../fault.js";
import type { Sampler } from "../sampler.js";
import { walk } from "../tensor.js";
import type { DimId, DType, ValueType } from "../types.js";
import type { OpDefinition } from "./definition.js";
import { defaults, isReal, require, ulps } from "./definition.js";

const all: readonly DType[] = ["f32", "f64", "i32", "bool"];

/** Where each part begins. */
function starts(from: readonly DimId[], size: (dim: DimId) => number): readonly number[] {
  let next = 0;
  return from.map((dim) => {
    const start = next;
    next += size(dim);
    return start;
  });
}

export const concat: OpDefinition<"concat"> = {
  ...defaults,
  name: "concat",
  doc: "The operands one behind the other along `to`; operand k lies along its dim `from[k]`, other dims broadcast by label.",
  dtypes: all,
  infer(operands, { from, to }, sizes) {
    require(operands.length > 0 && operands.length === from.length, "concat", "needs a dim for each operand");
    const first = at(operands, 0);
    operands.forEach((operand: ValueType, k) => {
      require(operand.dtype === first.dtype, "concat", "takes operands of one dtype");
      require(includesAll(operand.dims, [at(from, k)]), "concat", `operand ${k} lacks its dim`);
    });
    const total = from.reduce((sum, dim) => sum + sizes.size(dim), 0);
    require(total === sizes.size(to), "concat", `${total} entries for a dim of ${sizes.size(to)}`);
    const rest = union(...operands.map((operand, k) => without(operand.dims, [at(from, k)])));
    require(!includesAll(rest, [to]), "concat", "gives one label to two dims");
    require(!from.some((dim) => rest.includes(dim)), "concat", "a part's dim stands in another operand");
    return { dtype: first.dtype, dims: [...rest, to] };
  },
  evaluate(operands, node, { sizes }) {
    const { from, to } = node.attributes;
    const { dims } = node.type;
    const out = new Float64Array(entryCount(dims, sizes));
    const begins = starts(from, (dim) => sizes.size(dim));
    operands.forEach((x, k) => {
      const part = at(from, k);
      const whole = dims.map((dim) => (dim === to ? part : dim));
      // Entry by entry of the part as it lies in the whole.
      walk(whole, [x.dims], sizes, ([source], index) => {
        const place = dims.reduce(
          (sum, dim, d) => sum * sizes.size(dim) + at(index, d) + (dim === to ? at(begins, k) : 0),
          0,
        );
        out[place] = at(x.data, source ?? 0);
      });
    });
    return out;
  },
  reverse(b, node, t) {
    const { from, to } = node.attributes;
    const begins = starts(from, (dim) => b.size(dim));
    return from.map((dim, k) => (isReal(node.type) ? b.slice(t, to, dim, at(begins, k)) : null));
  },
  forward(b, node, tangents) {
    const { from, to } = node.attributes;
    if (tangents.every((tangent) => tangent === null)) return null;
    const parts = node.operands.map((operand, k) => {
      const tangent = tangents[k] ?? b.number(0, operand);
      return b.spread(tangent, operand);
    });
    return b.concat(parts, from, to);
  },
  sample(s: Sampler) {
    const from = Array.from({ length: s.int(1, 3) }, () => s.dim(s.int(0, 3)));
    const others = s.dims(0, 2);
    const to = s.dim(from.reduce((sum, dim) => sum + s.size(dim), 0));
    const operands = from.map((dim) => s.tensor(s.shuffle([dim, ...s.subset(others, 0.8)])));
    return { operands, attributes: { from, to }, declared: null };
  },
  tolerance: ulps(0),
};

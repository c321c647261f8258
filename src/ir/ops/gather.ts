/** Reading entries by computed positions. */
import { entryCount, includesAll, union, without } from "../dims.js";
import { at } from "../fault.js";
import { walk } from "../tensor.js";
import type { DType } from "../types.js";
import type { OpDefinition } from "./definition.js";
import { defaults, isReal, require, requireOperands, requireType, ulps } from "./definition.js";

const all: readonly DType[] = ["f32", "f64", "i32", "bool"];

export const gather: OpDefinition<"gather"> = {
  ...defaults,
  name: "gather",
  doc: "Entries of the first operand at the positions along a dim that the second (i32) names, clamped into the range.",
  dtypes: all,
  infer(operands, { dim }, sizes) {
    requireOperands("gather", operands, 2);
    const x = at(operands, 0);
    const index = at(operands, 1);
    requireType("gather", index, ["i32"]);
    require(includesAll(x.dims, [dim]), "gather", "needs a dim of its operand");
    require(!index.dims.includes(dim), "gather", "the index has the dim that is read: relabel one of them");
    const dims = union(without(x.dims, [dim]), index.dims);
    require(sizes.size(dim) > 0 || entryCount(dims, sizes) === 0, "gather", "reads from an empty dim");
    return { dtype: x.dtype, dims };
  },
  evaluate(operands, node, { sizes }) {
    const { dim } = node.attributes;
    const x = at(operands, 0);
    const index = at(operands, 1);
    const out = new Float64Array(entryCount(node.type.dims, sizes));
    const stride = x.dims.slice(x.dims.indexOf(dim) + 1).reduce((n, d) => n * sizes.size(d), 1);
    let next = 0;
    walk(node.type.dims, [x.dims, index.dims], sizes, (positions) => {
      const where = Math.min(Math.max(at(index.data, at(positions, 1)), 0), sizes.size(dim) - 1);
      out[next++] = at(x.data, at(positions, 0) + where * stride);
    });
    return out;
  },
  // A clamped read gives to the entry that was read; what was never read is left out.
  reverse(b, node, t) {
    if (!isReal(node.type)) return [null, null];
    const { dim } = node.attributes;
    const x = at(node.operands, 0);
    const index = at(node.operands, 1);
    const last = b.constant(Math.max(0, b.size(dim) - 1), "i32");
    const where = b.max(b.constant(0, "i32"), b.min(index, last));
    const over = without(node.type.dims, b.dimsOf(x));
    const read = without(b.dimsOf(where), without(b.dimsOf(where), over));
    const reads = b.scatterAdd(b.constant(1, "f32"), where, dim, read);
    const mask = b.gt(reads, b.constant(0, "f32"));
    return [{ value: b.scatterAdd(t, where, dim, over), mask, exact: true }, null];
  },
  forward: (b, node, [t]) =>
    t === null || t === undefined
      ? null
      : b.gather(b.spread(t, at(node.operands, 0)), at(node.operands, 1), node.attributes.dim),
  sample(s) {
    const dim = s.dim(s.int(1, 5));
    const rest = s.dims(0, 2);
    const indexDims = s.shuffle([...s.subset(rest), ...s.dims(0, 2)]);
    const x = s.tensor(s.shuffle([dim, ...rest]));
    return { operands: [x, s.positions(indexDims, dim)], attributes: { dim }, declared: null };
  },
  edges(s) {
    const x = s.tensor([s.dim(3)]);
    const dim = at(x.type.dims, 0);
    return [{ operands: [x, s.listed([-5, -1, 0, 2, 3, 100], "i32")], attributes: { dim }, declared: null }];
  },
  tolerance: ulps(0),
};

/** Ops that only touch labels: renaming, diagonals, adding dims. */
import { entryCount, includesAll, union, without } from "../dims.js";
import { at } from "../fault.js";
import { mapEntries, walk } from "../tensor.js";
import type { DimId, DType } from "../types.js";
import type { OpDefinition } from "./definition.js";
import { defaults, isReal, require, requireOperands, ulps } from "./definition.js";

const all: readonly DType[] = ["f32", "f64", "i32", "bool"];

function renamed(dims: readonly DimId[], from: readonly DimId[], to: readonly DimId[]): DimId[] {
  return dims.map((dim) => {
    const place = from.indexOf(dim);
    return place < 0 ? dim : at(to, place);
  });
}

export const relabel: OpDefinition<"relabel"> = {
  ...defaults,
  name: "relabel",
  doc: "The same entries under other labels of the same sizes.",
  dtypes: all,
  infer(operands, { from, to }, sizes) {
    requireOperands("relabel", operands, 1);
    const x = at(operands, 0);
    require(from.length === to.length, "relabel", "as many new labels as old ones");
    require(includesAll(x.dims, from), "relabel", "renames a dim that the operand lacks");
    require(union(from).length === from.length, "relabel", "renames one dim twice");
    const dims = renamed(x.dims, from, to);
    require(union(dims).length === dims.length, "relabel", "gives one label to two dims");
    from.forEach((dim, k) => {
      require(sizes.size(dim) === sizes.size(at(to, k)), "relabel", `#${dim} and #${at(to, k)} differ in size`);
    });
    return { dtype: x.dtype, dims };
  },
  evaluate: (operands) => at(operands, 0).data,
  reverse(b, node, t) {
    const { from, to } = node.attributes;
    return [isReal(node.type) ? b.relabel(t, to, from) : null];
  },
  forward(b, node, [t]) {
    const { from, to } = node.attributes;
    return t === null || t === undefined ? null : b.relabel(b.spread(t, at(node.operands, 0)), from, to);
  },
  sample(s) {
    const dims = s.dims(0, 3);
    const from = s.subset(dims, 0.6);
    // Some get fresh labels, some exchange theirs.
    const to = s.chance(0.3) ? s.shuffle(from) : from.map((dim) => s.dim(s.size(dim)));
    const fits = from.every((dim, k) => s.size(dim) === s.size(at(to, k)));
    return {
      operands: [s.tensor(dims)],
      attributes: { from, to: fits ? to : from.map((dim) => s.dim(s.size(dim))) },
      declared: null,
    };
  },
  tolerance: ulps(0),
};

export const diagonal: OpDefinition<"diagonal"> = {
  ...defaults,
  name: "diagonal",
  doc: "The entries where two dims agree, under the first one's label.",
  dtypes: all,
  infer(operands, { first, second }, sizes) {
    requireOperands("diagonal", operands, 1);
    const x = at(operands, 0);
    require(first !== second && includesAll(x.dims, [first, second]), "diagonal", "needs two dims of its operand");
    require(sizes.size(first) === sizes.size(second), "diagonal", "the dims differ in size");
    return { dtype: x.dtype, dims: without(x.dims, [second]) };
  },
  evaluate(operands, node, { sizes }) {
    const { first, second } = node.attributes;
    const { dims } = node.type;
    const x = at(operands, 0);
    const stride = x.dims.slice(x.dims.indexOf(second) + 1).reduce((n, dim) => n * sizes.size(dim), 1);
    const out = new Float64Array(entryCount(dims, sizes));
    let next = 0;
    walk(dims, [x.dims], sizes, (positions, index) => {
      out[next++] = at(x.data, at(positions, 0) + at(index, dims.indexOf(first)) * stride);
    });
    return out;
  },
  reverse(b, node, t) {
    if (!isReal(node.type)) return [null];
    const { first, second } = node.attributes;
    return [{ value: t, mask: b.eq(b.iota(first), b.iota(second)) }];
  },
  forward: (b, node, [t]) =>
    t === null || t === undefined
      ? null
      : b.diagonal(b.spread(t, at(node.operands, 0)), node.attributes.first, node.attributes.second),
  sample(s) {
    const first = s.dim();
    const second = s.dim(s.size(first));
    const dims = s.shuffle([first, second, ...s.dims(0, 2)]);
    return { operands: [s.tensor(dims)], attributes: { first, second }, declared: null };
  },
  tolerance: ulps(0),
};

export const broadcast: OpDefinition<"broadcast"> = {
  ...defaults,
  name: "broadcast",
  doc: "Adds dims along which the result is constant, and puts all dims into the declared order.",
  dtypes: all,
  pointwise: true,
  infer(operands, _attributes, _sizes, declared) {
    requireOperands("broadcast", operands, 1);
    const x = at(operands, 0);
    require(declared !== null && includesAll(declared.dims, x.dims), "broadcast", "drops a dim");
    require(declared.dtype === x.dtype, "broadcast", "changes the dtype");
    require(union(declared.dims).length === declared.dims.length, "broadcast", "has a label twice");
    return declared;
  },
  evaluate: (operands, node, { sizes }) => mapEntries(node.type.dims, operands, sizes, (x) => x),
  reverse: (_b, node, t) => [isReal(node.type) ? t : null],
  forward: (_b, _node, [t]) => t ?? null,
  sample(s) {
    const dims = s.dims(0, 4);
    const x = s.tensor(s.subset(dims, 0.6));
    return { operands: [x], attributes: {}, declared: { dtype: s.dtype, dims } };
  },
  tolerance: ulps(0),
};

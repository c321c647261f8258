/** Several dims as one, and one dim as several: the entries stay, the last dim is the fastest. */
import { entryCount, includesAll, union, without } from "../dims.js";
import { at } from "../fault.js";
import { walk } from "../tensor.js";
import type { DimId, DType } from "../types.js";
import type { OpDefinition } from "./definition.js";
import { defaults, isReal, require, requireOperands, ulps } from "./definition.js";

const all: readonly DType[] = ["f32", "f64", "i32", "bool"];

interface Sizes {
  size(dim: DimId): number;
}

const product = (dims: readonly DimId[], sizes: Sizes): number => dims.reduce((n, dim) => n * sizes.size(dim), 1);

/** Distances between neighbours in a dense array. */
function strides(dims: readonly DimId[], sizes: Sizes): ReadonlyMap<DimId, number> {
  return new Map(dims.map((dim, k) => [dim, product(dims.slice(k + 1), sizes)]));
}

/** The place of an entry in a dense array, given its position along each of some dims. */
function placeIn(places: ReadonlyMap<DimId, number>, dims: readonly DimId[], index: readonly number[]): number {
  return dims.reduce((sum, dim, k) => sum + (places.get(dim) ?? 0) * at(index, k), 0);
}

export const merge: OpDefinition<"merge"> = {
  ...defaults,
  name: "merge",
  doc: "The dims `from` as one dim, the last of them fastest.",
  dtypes: all,
  infer(operands, { from, to }, sizes) {
    requireOperands("merge", operands, 1);
    const x = at(operands, 0);
    require(from.length > 0 && union(from).length === from.length, "merge", "needs dims, each once");
    require(includesAll(x.dims, from), "merge", "needs dims of its operand");
    require(product(from, sizes) === sizes.size(to), "merge", "the sizes do not multiply to that of the whole");
    const rest = without(x.dims, from);
    require(!rest.includes(to), "merge", "gives one label to two dims");
    return { dtype: x.dtype, dims: [...rest, to] };
  },
  evaluate(operands, node, { sizes }) {
    const { from, to } = node.attributes;
    const x = at(operands, 0);
    const out = new Float64Array(entryCount(node.type.dims, sizes));
    const whole = strides(node.type.dims, sizes);
    const inside = strides(from, sizes);
    const places = new Map(
      x.dims.map((dim) => [
        dim,
        from.includes(dim) ? (inside.get(dim) ?? 0) * (whole.get(to) ?? 0) : (whole.get(dim) ?? 0),
      ]),
    );
    walk(x.dims, [x.dims], sizes, ([source], index) => {
      out[placeIn(places, x.dims, index)] = at(x.data, source ?? 0);
    });
    return out;
  },
  reverse(b, node, t) {
    const { from, to } = node.attributes;
    return [isReal(node.type) ? b.split(t, to, from) : null];
  },
  forward(b, node, [t]) {
    const { from, to } = node.attributes;
    return t === null || t === undefined ? null : b.merge(b.spread(t, at(node.operands, 0)), from, to);
  },
  sample(s) {
    const from = s.dims(1, 3);
    const to = s.dim(from.reduce((n, dim) => n * s.size(dim), 1));
    return {
      operands: [s.tensor(s.shuffle([...from, ...s.dims(0, 2)]))],
      attributes: { from: s.shuffle(from), to },
      declared: null,
    };
  },
  tolerance: ulps(0),
};

export const split: OpDefinition<"split"> = {
  ...defaults,
  name: "split",
  doc: "One dim as the dims `to`, the last of them fastest; the inverse of merge.",
  dtypes: all,
  infer(operands, { dim, to }, sizes) {
    requireOperands("split", operands, 1);
    const x = at(operands, 0);
    require(to.length > 0 && union(to).length === to.length, "split", "needs dims, each once");
    require(includesAll(x.dims, [dim]), "split", "needs a dim of its operand");
    require(product(to, sizes) === sizes.size(dim), "split", "the sizes do not multiply to that of the whole");
    const rest = without(x.dims, [dim]);
    require(!to.some((part) => rest.includes(part)), "split", "gives one label to two dims");
    return { dtype: x.dtype, dims: x.dims.flatMap((own) => (own === dim ? to : [own])) };
  },
  evaluate: (operands) => at(operands, 0).data,
  reverse(b, node, t) {
    const { dim, to } = node.attributes;
    return [isReal(node.type) ? b.merge(t, to, dim) : null];
  },
  forward(b, node, [t]) {
    const { dim, to } = node.attributes;
    return t === null || t === undefined ? null : b.split(b.spread(t, at(node.operands, 0)), dim, to);
  },
  sample(s) {
    const to = s.dims(1, 3);
    const dim = s.dim(to.reduce((n, part) => n * s.size(part), 1));
    return {
      operands: [s.tensor(s.shuffle([dim, ...s.dims(0, 2)]))],
      attributes: { dim, to },
      declared: null,
    };
  },
  tolerance: ulps(0),
};

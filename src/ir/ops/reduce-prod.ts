/** Products over dims. */
import type { Builder } from "../builder.js";
import { union } from "../dims.js";
import { at } from "../fault.js";
import type { DimId, NodeOf, ValueId } from "../types.js";
import { numberTypes } from "./definition.js";
import { reduction } from "./reduction.js";

/**
 * The product of all other entries along `over`, exact also where entries are 0 and itself differentiable any number of times:
 * along one dim each entry multiplies a copy of the row in which it is replaced by 1.
 */
function productOfOthers(b: Builder, x: ValueId, over: readonly DimId[]): ValueId {
  const [dim, ...rest] = over;
  if (dim === undefined) return b.number(1, x);
  const copy = b.copyOf(dim, `${b.dimName(dim)}'`);
  const copied = b.relabel(x, [dim], [copy]);
  const itself = b.eq(b.iota(dim), b.iota(copy));
  // Rows along `dim`: the product of all of each row, without the row of the entry itself.
  const rows = b.reduceProd(copied, rest);
  const otherRows = b.reduceProd(b.select(itself, b.number(1, x), rows), [copy]);
  return b.mul(otherRows, productOfOthers(b, x, rest));
}

function slope(b: Builder, node: NodeOf<"reduce_prod">): ValueId {
  return productOfOthers(b, at(node.operands, 0), node.attributes.over);
}

export const reduceProd = reduction({
  name: "reduce_prod",
  doc: "The product over dims; over nothing 1. Its derivative is exact also where entries are 0.",
  dtypes: numberTypes,
  empty: () => 1,
  step: (product, x, dtype) => (dtype === "i32" ? Math.imul(product, x) : product * x),
  reverse: (b, node, t) => [node.type.dtype === "i32" ? null : b.mul(t, slope(b, node))],
  forward(b, node, [t]) {
    if (t === null || t === undefined) return null;
    const x = at(node.operands, 0);
    return b.reduceSum(b.spread(b.mul(t, slope(b, node)), x), node.attributes.over);
  },
  edges: [
    [0, 3],
    [0, 0, 2],
    [NaN, 1],
    [Infinity, 2],
    [100_000, 100_000],
  ],
  attributes: (over) => ({ over: union(over) }),
});

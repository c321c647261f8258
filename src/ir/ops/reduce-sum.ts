/** Sums over dims. */
import { at } from "../fault.js";
import { numberTypes } from "./definition.js";
import { reduction } from "./reduction.js";

export const reduceSum = reduction({
  name: "reduce_sum",
  doc: "The sum over dims; over nothing 0. Reals may be added in any order; ints wrap.",
  dtypes: numberTypes,
  empty: () => 0,
  step: (sum, x, dtype) => (dtype === "i32" ? (sum + x) | 0 : sum + x),
  reverse: (_b, _node, t) => [t],
  forward: (b, node, [t]) =>
    t === null || t === undefined ? null : b.reduceSum(b.spread(t, at(node.operands, 0)), node.attributes.over),
  edges: [
    [0, 0],
    [NaN, 1],
    [Infinity, 1],
    [Infinity, -Infinity],
    [2_000_000_000, 2_000_000_000],
  ],
  attributes: (over) => ({ over }),
});

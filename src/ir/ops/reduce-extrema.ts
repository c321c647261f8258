/** The largest and the smallest entry over dims. */
import type { Builder } from "../builder.js";
import { at } from "../fault.js";
import type { DType, NodeOf, ValueId } from "../types.js";
import type { Contribution } from "./definition.js";
import { numberTypes } from "./definition.js";
import { reduction } from "./reduction.js";

const unspecified = ["NaN: the oracle passes it on, XLA on a CPU may swallow it", "which zero of 0 and -0"];
const edges = [[2, 2, 1], [-Infinity, -Infinity], [Infinity, Infinity], [-Infinity, 3, Infinity], [-3]];

type Extremum = NodeOf<"reduce_max"> | NodeOf<"reduce_min">;

/** Entries that tie for the extremum share equally; the others are left out (a strong zero). */
function share(b: Builder, node: Extremum, t: ValueId): { readonly value: ValueId; readonly mask: ValueId } {
  const x = at(node.operands, 0);
  const mask = b.eq(x, node.id);
  const ties = b.reduceSum(b.cast(mask, node.type.dtype), node.attributes.over);
  return { value: b.div(t, ties), mask };
}

function reverse(b: Builder, node: Extremum, t: ValueId): readonly Contribution[] {
  return [node.type.dtype === "i32" ? null : share(b, node, t)];
}

function forward(b: Builder, node: Extremum, t: ValueId | null | undefined): ValueId | null {
  if (t === null || t === undefined) return null;
  const part = b.masked(share(b, node, t));
  return part === null ? null : b.reduceSum(b.spread(part, at(node.operands, 0)), node.attributes.over);
}

const lowest = (dtype: DType): number => (dtype === "i32" ? -(2 ** 31) : -Infinity);
const highest = (dtype: DType): number => (dtype === "i32" ? 2 ** 31 - 1 : Infinity);

export const reduceMax = reduction({
  name: "reduce_max",
  doc: "The largest entry over dims; over nothing -inf (the least int). Ties share the derivative equally.",
  dtypes: numberTypes,
  empty: lowest,
  step: (most, x) => Math.max(most, x),
  reverse: (b, node, t) => reverse(b, node, t),
  forward: (b, node, [t]) => forward(b, node, t),
  unspecified,
  edges,
  ulps: 0,
  attributes: (over) => ({ over }),
});

export const reduceMin = reduction({
  name: "reduce_min",
  doc: "The smallest entry over dims; over nothing inf (the largest int). Ties share the derivative equally.",
  dtypes: numberTypes,
  empty: highest,
  step: (least, x) => Math.min(least, x),
  reverse: (b, node, t) => reverse(b, node, t),
  forward: (b, node, [t]) => forward(b, node, t),
  unspecified,
  edges,
  ulps: 0,
  attributes: (over) => ({ over }),
});

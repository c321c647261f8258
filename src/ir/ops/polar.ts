/**
 * Derivatives of what is made of a singular value decomposition as a whole. Both ops are their first operand; the others are what it was made
 * of: the matrix, its values, left and right vectors, and which values count (these are taken as constant). So equal values do no harm.
 */
import type { Builder } from "../builder.js";
import { at } from "../fault.js";
import type { DimId, NodeOf, ValueId } from "../types.js";
import type { OpDefinition } from "./definition.js";
import { defaults, realTypes, require, requireOperands, requireType, ulps } from "./definition.js";
import { SingularPairs } from "./singular-pairs.js";

interface Made {
  readonly pairs: SingularPairs;
  /** 1 where a value counts, else 0. */
  readonly counts: ValueId;
  /** The inverse of a value that counts, else 0. */
  readonly inverse: ValueId;
  /** For pairs of which one counts: 1 / |s_l - s_k|, else 0. */
  readonly apart: ValueId;
}

function made(b: Builder, node: NodeOf<"polar" | "projector">): Made {
  const { rows, columns, to } = node.attributes;
  const [values, left, right, isKept] = [2, 3, 4, 5].map((k) => at(node.operands, k)) as [
    number,
    number,
    number,
    number,
  ];
  const pairs = new SingularPairs(b, { rows, columns, to, values, left, right });
  const others = b.relabel(isKept, [to], [pairs.copy]);
  const one = b.number(1, values);
  const gap = b.abs(b.sub(b.relabel(values, [to], [pairs.copy]), values));
  return {
    pairs,
    counts: b.cast(isKept, b.dtypeOf(values)),
    inverse: quotientWhere(b, isKept, one, values),
    apart: quotientWhere(b, b.ne(b.cast(isKept, "i32"), b.cast(others, "i32")), one, gap),
  };
}

/** The quotient where the condition holds, else 0, whatever the denominator there. */
function quotientWhere(b: Builder, condition: ValueId, numerator: ValueId, denominator: ValueId): ValueId {
  return b.select(
    condition,
    b.div(numerator, b.select(condition, denominator, b.number(1, denominator))),
    b.number(0, denominator),
  );
}

/** (c_k + c_l) / (s_k + s_l) where one of the two counts, else 0. */
function opposite(b: Builder, { pairs, counts }: Made): ValueId {
  const { to, values } = pairs.of;
  const both = (x: ValueId): ValueId => b.add(x, b.relabel(x, [to], [pairs.copy]));
  const total = both(counts);
  return quotientWhere(b, b.gt(total, b.number(0, total)), total, both(values));
}

/** The derivative along D, and its own transpose, for Σ u v' is the slope of a sum of singular values. */
function polarAlong(b: Builder, node: NodeOf<"polar">, d: ValueId): ValueId {
  const whole = made(b, node);
  const { pairs, inverse, apart } = whole;
  const { rows, columns, to, left, right } = pairs.of;
  const inside = pairs.between(d);
  const turned = b.add(b.mul(apart, pairs.symmetric(inside)), b.mul(opposite(b, whole), pairs.antisymmetric(inside)));
  const outside = (along: DimId, vectors: ValueId, others: ValueId, over: DimId): ValueId | null =>
    pairs.isWider(along)
      ? b.contract([pairs.outside(b.contract([d, others], [over]), vectors, along), inverse, others], [to])
      : null;
  const total = b.sumOf([
    pairs.combined(turned, left, right),
    outside(rows, left, right, columns),
    outside(columns, right, left, rows),
  ]);
  return total ?? d;
}

export const polar: OpDefinition<"polar"> = {
  ...defaults,
  name: "polar",
  doc: "`(Σ u v', matrix, values, left, right, counts)`: the first operand, with the derivative of the sum over the values that count by the matrix.",
  dtypes: realTypes,
  infer(operands, { rows, columns }) {
    requireOperands("polar", operands, 6);
    const value = at(operands, 0);
    requireType("polar", value, realTypes);
    require(value.dims.includes(rows) && value.dims.includes(columns), "polar", "is over the dims of its matrix");
    return value;
  },
  evaluate: (operands) => at(operands, 0).data,
  reverse: (b, node, t) => [null, polarAlong(b, node, t), null, null, null, null],
  forward(b, node, [, t]) {
    if (t === null || t === undefined) return null;
    return polarAlong(b, node, b.spread(t, at(node.operands, 1)));
  },
  sample(s) {
    const [rows, columns, to] = [s.dim(3), s.dim(2), s.dim(2)];
    const matrix = s.tensor([rows, columns]);
    const vectors = [s.tensor([to]), s.tensor([to, rows]), s.tensor([to, columns])];
    const counts = { type: { dtype: "bool" as const, dims: [to] }, data: Float64Array.of(1, 0) };
    return {
      operands: [s.tensor([rows, columns]), matrix, ...vectors, counts],
      attributes: { rows, columns, to },
      declared: null,
    };
  },
  tolerance: ulps(0),
};

/** W over (k, l), k counts and l does not: how far v_l gets into the space of those that count, and of what in P. */
function crossing(b: Builder, { pairs, counts, apart }: Made): { readonly alike: ValueId; readonly opposite: ValueId } {
  const { to, values } = pairs.of;
  const others = b.relabel(counts, [to], [pairs.copy]);
  const isCrossing = b.gt(counts, others);
  const sum = b.add(values, b.relabel(values, [to], [pairs.copy]));
  const zero = b.number(0, values);
  return { alike: b.select(isCrossing, apart, zero), opposite: quotientWhere(b, isCrossing, b.number(1, values), sum) };
}

export const projector: OpDefinition<"projector"> = {
  ...defaults,
  name: "projector",
  doc: "`(I - Σ v v', matrix, values, left, right, counts)`: the first operand, over the columns and their copy, with the derivative of the sum over the values that count by the matrix.",
  dtypes: realTypes,
  infer(operands, { columns, second }) {
    requireOperands("projector", operands, 6);
    const value = at(operands, 0);
    requireType("projector", value, realTypes);
    require(value.dims.includes(columns) && value.dims.includes(second), "projector", "is over the columns twice");
    return value;
  },
  evaluate: (operands) => at(operands, 0).data,
  reverse(b, node, t) {
    const { columns, second: copy, to } = node.attributes;
    const whole = made(b, node);
    const { pairs, inverse } = whole;
    const { left, right } = pairs.of;
    const other = b.relabel(right, [columns], [copy]);
    const image = b.add(
      b.contract([t, other], [copy]),
      b.relabel(b.contract([t, right], [columns]), [copy], [columns]),
    );
    const h = pairs.products(right, image, columns);
    const weights = crossing(b, whole);
    const q = b.add(pairs.symmetric(b.mul(weights.alike, h)), pairs.antisymmetric(b.mul(weights.opposite, h)));
    const inside = pairs.combined(q, left, right);
    const outside = pairs.isWider(columns)
      ? b.contract([left, inverse, pairs.outside(image, right, columns)], [to])
      : null;
    const total = b.sumOf([inside, outside]);
    return [null, total === null ? null : b.neg(total), null, null, null, null];
  },
  forward(b, node, [, t]) {
    if (t === null || t === undefined) return null;
    const { rows, columns, second: copy, to } = node.attributes;
    const whole = made(b, node);
    const { pairs, inverse } = whole;
    const { left, right } = pairs.of;
    const d = b.spread(t, at(node.operands, 1));
    const p = pairs.between(d);
    const weights = crossing(b, whole);
    const w = b.add(b.mul(weights.alike, pairs.symmetric(p)), b.mul(weights.opposite, pairs.antisymmetric(p)));
    const other = b.relabel(right, [columns], [copy]);
    const inside = pairs.combined(w, right, other);
    const outside = pairs.isWider(columns)
      ? b.contract(
          [right, inverse, b.relabel(pairs.outside(b.contract([d, left], [rows]), right, columns), [columns], [copy])],
          [to],
        )
      : null;
    const half = b.sumOf([inside, outside]);
    if (half === null) return null;
    return b.neg(b.add(half, b.relabel(half, [columns, copy], [copy, columns])));
  },
  sample(s) {
    const { operands, attributes } = polar.sample(s);
    const second = s.dim(s.size(attributes.columns));
    return {
      operands: [s.tensor([attributes.columns, second]), ...operands.slice(1)],
      attributes: { ...attributes, second },
      declared: null,
    };
  },
  tolerance: ulps(0),
};

/** Running sums and products along a dim, the entry itself included. */
import type { Builder } from "../builder.js";
import { entryCount } from "../dims.js";
import { at } from "../fault.js";
import type { Sampler } from "../sampler.js";
import { between } from "../sampler.js";
import type { Tensor } from "../tensor.js";
import { walk } from "../tensor.js";
import type { DimId, NodeOf, ValueId, ValueType } from "../types.js";
import type { EvaluationContext, OpDefinition } from "./definition.js";
import { defaults, numberTypes, requireOperands, requireType, ulps } from "./definition.js";
import { requireOver } from "./reduction.js";

function infer(op: string, operands: readonly ValueType[], along: DimId): ValueType {
  requireOperands(op, operands, 1);
  const x = at(operands, 0);
  requireType(op, x, numberTypes);
  requireOver(op, [along], x.dims);
  return x;
}

function scan(
  x: Tensor,
  along: DimId,
  { sizes }: EvaluationContext,
  start: number,
  step: (soFar: number, x: number) => number,
): Float64Array {
  const out = new Float64Array(entryCount(x.dims, sizes));
  const rest = x.dims.filter((dim) => dim !== along);
  let soFar = start;
  walk([...rest, along], [x.dims], sizes, ([position], index) => {
    const here = at([position ?? 0], 0);
    soFar = step(at(index, rest.length) === 0 ? start : soFar, at(x.data, here));
    out[here] = soFar;
  });
  return out;
}

function sample(s: Sampler) {
  const dims = [s.dim(), ...s.dims(0, 2)];
  return {
    operands: [s.tensor(s.shuffle(dims), between(-2, 2))],
    attributes: { along: at(dims, 0) },
    declared: null,
  };
}

function edges(rows: readonly (readonly number[])[]) {
  return (s: Sampler) =>
    [...rows.filter((row) => s.dtype !== "i32" || row.every((v) => (v | 0) === v)), []].map((row) => {
      const x = s.listed(row);
      return { operands: [x], attributes: { along: at(x.type.dims, 0) }, declared: null };
    });
}

export const cumulativeSum: OpDefinition<"cumulative_sum"> = {
  ...defaults,
  name: "cumulative_sum",
  doc: "The sum of all entries up to this one along a dim; ints wrap.",
  dtypes: numberTypes,
  infer: (operands, { along }) => infer("cumulative_sum", operands, along),
  evaluate: (operands, node, context) =>
    scan(at(operands, 0), node.attributes.along, context, 0, (sum, x) =>
      node.type.dtype === "i32" ? (sum + x) | 0 : sum + x,
    ),
  // The sum of all from here on. The total less what comes before would be cheaper and lose digits.
  reverse(b, node, t) {
    if (node.type.dtype === "i32") return [null];
    const { along } = node.attributes;
    return [b.flip(b.cumulativeSum(b.flip(t, along), along), along)];
  },
  forward: (b, node, [t]) =>
    t === null || t === undefined ? null : b.cumulativeSum(b.spread(t, at(node.operands, 0)), node.attributes.along),
  sample,
  edges: edges([
    [1, NaN, 2],
    [1, Infinity, -Infinity, 2],
    [2_000_000_000, 2_000_000_000],
  ]),
  tolerance: ulps(32),
};

/** D[k, i] = the product of all entries up to i but k, for k <= i, else 0; k stands for `along`, i for the copy. */
function productWithout(b: Builder, node: NodeOf<"cumulative_prod">): { copy: DimId; slope: ValueId } {
  const { along } = node.attributes;
  const x = at(node.operands, 0);
  const copy = b.copyOf(along, `${b.dimName(along)}'`);
  const atOrAfter = b.ge(b.iota(copy), b.iota(along));
  const one = b.number(1, x);
  const others = b.select(b.eq(b.iota(copy), b.iota(along)), one, b.relabel(x, [along], [copy]));
  return { copy, slope: b.select(atOrAfter, b.cumulativeProd(others, copy), b.number(0, x)) };
}

export const cumulativeProd: OpDefinition<"cumulative_prod"> = {
  ...defaults,
  name: "cumulative_prod",
  doc: "The product of all entries up to this one along a dim; ints wrap. Its derivative is exact also where entries are 0.",
  dtypes: numberTypes,
  infer: (operands, { along }) => infer("cumulative_prod", operands, along),
  evaluate: (operands, node, context) =>
    scan(at(operands, 0), node.attributes.along, context, 1, (product, x) =>
      node.type.dtype === "i32" ? Math.imul(product, x) : product * x,
    ),
  reverse(b, node, t, mask) {
    if (node.type.dtype === "i32") return [null];
    const { along } = node.attributes;
    const { copy, slope } = productWithout(b, node);
    const product = b.mul(b.relabel(t, [along], [copy]), slope);
    if (mask === null) return [b.reduceSum(product, [copy])];
    const counts = b.dimsOf(mask).includes(along) ? b.relabel(mask, [along], [copy]) : mask;
    return [b.reduceSum(b.select(counts, product, b.number(0, t)), [copy])];
  },
  forward(b, node, [t]) {
    if (t === null || t === undefined) return null;
    const { along } = node.attributes;
    const { copy, slope } = productWithout(b, node);
    const sum = b.reduceSum(b.mul(b.spread(t, at(node.operands, 0)), slope), [along]);
    return b.relabel(sum, [copy], [along]);
  },
  sample,
  edges: edges([
    [2, 0, 3],
    [1, NaN, 2],
    [100_000, 100_000],
  ]),
  tolerance: ulps(32),
};

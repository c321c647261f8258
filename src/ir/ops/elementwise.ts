/** What the elementwise families share: types by broadcasting, evaluation entry by entry, samples and edge values. */
import type { Builder } from "../builder.js";
import { union } from "../dims.js";
import { at } from "../fault.js";
import type { Domain, OpSample, SampledOperand, Sampler } from "../sampler.js";
import { mapEntries } from "../tensor.js";
import type { DType, Nothing, OpAttributes, OpName, ValueId } from "../types.js";
import type { Contribution, OpDefinition } from "./definition.js";
import { defaults, numberTypes, realTypes, require, requireOperands, requireType, ulps } from "./definition.js";

/** The ops without attributes. */
export type PlainOp = { [K in OpName]: Nothing extends OpAttributes[K] ? K : never }[OpName];

/** Some operands drop some dims, so that every way of broadcasting is met. */
export function broadcastOperands(s: Sampler, domains: readonly Domain[], dtype?: DType): SampledOperand[] {
  const all = s.dims(0, 3);
  return domains.map((domain) => s.tensor(s.subset(all, 0.75), domain, dtype));
}

/** Rows of operand values become one-dimensional operands; rows that the dtype cannot hold are left out. */
export function edgeRows(s: Sampler, rows: readonly (readonly number[])[]): SampledOperand[] | null {
  const fitting = s.dtype === "i32" ? rows.filter((row) => row.every((v) => (v | 0) === v)) : rows;
  if (fitting.length === 0) return null;
  const dim = s.dim(fitting.length);
  const arity = Math.max(...fitting.map((row) => row.length));
  return Array.from({ length: arity }, (_, k) => ({
    type: { dtype: s.dtype, dims: [dim] },
    data: s.listed(fitting.map((row) => row[k] ?? 0)).data,
  }));
}

/** One sample of an op without attributes. */
export function plainSample<K extends PlainOp>(operands: readonly SampledOperand[]): OpSample<K> {
  return { operands, attributes: {}, declared: null };
}

/** The edge rows as samples; none where the dtype holds none of them. */
export function plainEdges<K extends PlainOp>(s: Sampler, rows: readonly (readonly number[])[]): OpSample<K>[] {
  const operands = edgeRows(s, rows);
  return operands === null ? [] : [plainSample<K>(operands)];
}

export interface UnaryRule<K extends PlainOp> {
  readonly name: K;
  readonly doc: string;
  readonly f: (x: number) => number;
  /** `t` times the derivative at x, where y = f(x); null where the derivative is 0. */
  readonly chain: ((b: Builder, t: ValueId, x: ValueId, y: ValueId) => ValueId) | null;
  readonly domain: Domain;
  readonly edges: readonly number[];
  readonly dtypes?: readonly DType[];
  /** The result's dtype where it is not the operand's. */
  readonly result?: DType;
  readonly unspecified?: readonly string[];
  readonly ulps?: number;
}

/** An op on one operand, entry by entry. */
export function unary<K extends PlainOp>(rule: UnaryRule<K>): OpDefinition<K> {
  const { name, f, chain } = rule;
  const dtypes = rule.dtypes ?? realTypes;
  return {
    ...defaults,
    name,
    doc: rule.doc,
    pointwise: true,
    dtypes,
    unspecified: rule.unspecified ?? [],
    infer(operands) {
      requireOperands(name, operands, 1);
      const x = at(operands, 0);
      requireType(name, x, dtypes);
      return { dtype: rule.result ?? x.dtype, dims: x.dims };
    },
    evaluate: (operands, node, { sizes }) => mapEntries(node.type.dims, operands, sizes, f),
    reverse(b, node, t) {
      const x = at(node.operands, 0);
      return [chain === null || b.typeOf(x).dtype === "i32" ? null : chain(b, t, x, node.id)];
    },
    forward(b, node, [t]) {
      const x = at(node.operands, 0);
      return chain === null || t === null || t === undefined ? null : chain(b, t, x, node.id);
    },
    sample: (s) => plainSample(broadcastOperands(s, [rule.domain])),
    edges: (s) =>
      plainEdges(
        s,
        rule.edges.map((x) => [x]),
      ),
    tolerance: ulps(rule.ulps ?? 8),
  };
}

export interface BinaryRule<K extends PlainOp> {
  readonly name: K;
  readonly doc: string;
  readonly f: (x: number, y: number, dtype: DType) => number;
  readonly semantics?: number;
  readonly commutative?: boolean;
  /** `t` times the partial derivatives at (x, y), where z = f(x, y); null where the op has derivative 0. */
  readonly chain:
    ((b: Builder, t: ValueId, x: ValueId, y: ValueId, z: ValueId) => readonly [Contribution, Contribution]) | null;
  /** The tangent where it is more than the sum of the two parts of `chain`. */
  readonly forward?: OpDefinition<K>["forward"];
  readonly domains: readonly [Domain, Domain];
  readonly edges: readonly (readonly [number, number])[];
  readonly dtypes?: readonly DType[];
  readonly result?: DType;
  readonly unspecified?: readonly string[];
  readonly ulps?: number;
  readonly neutral?: (dtype: DType) => number | null;
}

/** An op on two operands of one dtype that broadcast by label: the first operand's dims, then the second's new ones. */
export function binary<K extends PlainOp>(rule: BinaryRule<K>): OpDefinition<K> {
  const { name, f, chain } = rule;
  const dtypes = rule.dtypes ?? numberTypes;
  return {
    ...defaults,
    name,
    doc: rule.doc,
    semantics: rule.semantics ?? defaults.semantics,
    commutative: rule.commutative ?? false,
    pointwise: true,
    dtypes,
    unspecified: rule.unspecified ?? [],
    neutral: rule.neutral ?? defaults.neutral,
    infer(operands) {
      requireOperands(name, operands, 2);
      const x = at(operands, 0);
      const y = at(operands, 1);
      requireType(name, x, dtypes);
      require(x.dtype === y.dtype, name, `operands differ in type: ${x.dtype} and ${y.dtype}`);
      return { dtype: rule.result ?? x.dtype, dims: union(x.dims, y.dims) };
    },
    evaluate(operands, node, { sizes }) {
      const { dims, dtype } = node.type;
      return mapEntries(dims, operands, sizes, (x, y) => f(x, y, dtype));
    },
    reverse(b, node, t) {
      const x = at(node.operands, 0);
      if (chain === null || b.typeOf(x).dtype === "i32") return [null, null];
      return chain(b, t, x, at(node.operands, 1), node.id);
    },
    forward:
      rule.forward ??
      ((b, node, tangents) => {
        const x = at(node.operands, 0);
        const y = at(node.operands, 1);
        const parts = [0, 1].map((k) => {
          const t = tangents[k] ?? null;
          return chain === null || t === null ? null : b.masked(at(chain(b, t, x, y, node.id), k));
        });
        return b.sumOf(parts);
      }),
    sample: (s) => plainSample(broadcastOperands(s, rule.domains)),
    edges: (s) => plainEdges(s, rule.edges),
    tolerance: ulps(rule.ulps ?? 8),
  };
}

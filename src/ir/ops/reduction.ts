/** What the reductions share: types, evaluation as a fold, samples. */
import type { DimSizes } from "../dims.js";
import { entryCount, includesAll, union, without } from "../dims.js";
import { at } from "../fault.js";
import type { Domain, OpSample, Sampler } from "../sampler.js";
import { between } from "../sampler.js";
import type { Tensor } from "../tensor.js";
import { walk } from "../tensor.js";
import type { DimId, DType, OpAttributes, OpName, ValueType } from "../types.js";
import type { OpDefinition } from "./definition.js";
import { defaults, require, requireOperands, requireType, ulps } from "./definition.js";

export type Reduction = {
  [K in OpName]: OpAttributes[K] extends { readonly over: readonly DimId[]; readonly dim?: undefined } ? K : never;
}[OpName] &
  `reduce_${string}`;

/** Folds the product space of `dims` and `over`: `step` gets what an entry of the result holds so far and one entry of each operand. */
export function fold(
  dims: readonly DimId[],
  over: readonly DimId[],
  operands: readonly Tensor[],
  sizes: DimSizes,
  start: number,
  step: (soFar: number, values: readonly number[]) => number,
): Float64Array {
  const out = new Float64Array(entryCount(dims, sizes)).fill(start);
  walk([...dims, ...over], [dims, ...operands.map((operand) => operand.dims)], sizes, ([to, ...from]) => {
    const position = at([to ?? 0], 0);
    const values = operands.map((operand, k) => at(operand.data, at(from, k)));
    out[position] = step(at(out, position), values);
  });
  return out;
}

export interface ReductionRule<K extends Reduction> {
  readonly name: K;
  readonly doc: string;
  readonly dtypes: readonly DType[];
  /** The value over nothing. */
  readonly empty: (dtype: DType) => number;
  readonly step: (soFar: number, value: number, dtype: DType) => number;
  readonly reverse: OpDefinition<K>["reverse"];
  readonly forward: OpDefinition<K>["forward"];
  readonly domain?: Domain;
  readonly unspecified?: readonly string[];
  /** Rows to reduce. */
  readonly edges: readonly (readonly number[])[];
  readonly ulps?: number;
  /** Makes the attributes: the type checker does not follow for a generic op that they are just `over`. */
  readonly attributes: (over: readonly DimId[]) => OpAttributes[K];
}

export function reduction<K extends Reduction>(rule: ReductionRule<K>): OpDefinition<K> {
  const { name, dtypes } = rule;
  return {
    ...defaults,
    name,
    doc: rule.doc,
    dtypes,
    unspecified: rule.unspecified ?? [],
    neutral: rule.empty,
    infer(operands, { over }) {
      requireOperands(name, operands, 1);
      const x = at(operands, 0);
      requireType(name, x, dtypes);
      requireOver(name, over, x.dims);
      return { dtype: x.dtype, dims: without(x.dims, over) };
    },
    evaluate(operands, node, { sizes }) {
      const { dims, dtype } = node.type;
      const step = (soFar: number, values: readonly number[]) => rule.step(soFar, at(values, 0), dtype);
      return fold(dims, node.attributes.over, operands, sizes, rule.empty(dtype), step);
    },
    reverse: (b, node, t, mask) => rule.reverse(b, node, t, mask),
    forward: (b, node, tangents) => rule.forward(b, node, tangents),
    sample(s) {
      const dims = s.dims(0, 3);
      return {
        operands: [s.tensor(dims, rule.domain ?? between(-2, 2))],
        attributes: rule.attributes(s.subset(dims, 0.6)),
        declared: null,
      };
    },
    edges: (s) => [
      ...rule.edges.flatMap((row) => rowSample(s, row, rule.attributes)),
      ...[0, 1].map((place) => emptySample(s, place, rule.attributes)),
    ],
    tolerance: ulps(rule.ulps ?? 32),
  };
}

export function requireOver(op: string, over: readonly DimId[], dims: readonly DimId[]): void {
  require(includesAll(dims, over), op, "reduces over a dim that its operand lacks");
  require(union(over).length === over.length, op, "reduces twice over one dim");
}

function rowSample<A extends OpName>(
  s: Sampler,
  row: readonly number[],
  attributes: (over: readonly DimId[]) => OpAttributes[A],
): OpSample<A>[] {
  if (s.dtype === "i32" && row.some((v) => (v | 0) !== v)) return [];
  const x = s.listed(row);
  return [{ operands: [x], attributes: attributes(x.type.dims), declared: null }];
}

/** Over nothing: two entries of the result, or none at all. */
function emptySample<A extends OpName>(
  s: Sampler,
  place: number,
  attributes: (over: readonly DimId[]) => OpAttributes[A],
): OpSample<A> {
  const dims = [s.dim(0), s.dim(2)];
  const type: ValueType = { dtype: s.dtype, dims };
  return { operands: [{ type, data: new Float64Array(0) }], attributes: attributes([at(dims, place)]), declared: null };
}

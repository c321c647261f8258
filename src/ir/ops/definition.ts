/** What the compiler knows about an op. The table of all ops is in `index.ts`; an op or a family of ops is a file. */
import { roundingOf } from "../rounding.js";
import type { Builder } from "../builder.js";
import type { DimSizes } from "../dims.js";
import { IrFault } from "../fault.js";
import type { OpSample, Sampler } from "../sampler.js";
import type { Tensor } from "../tensor.js";
import type { DType, NodeOf, OpAttributes, OpName, ValueId, ValueType } from "../types.js";

/** A node's part of a derivative; null is zero. */
export type Contribution =
  | ValueId
  /**
   * Counts only where `mask` is true (it broadcasts by label; null: everywhere) and is a strong zero elsewhere, whatever `value` is there;
   * `exact` says that `value` itself is 0 there, and where the node's cotangent is a strong zero.
   */
  | { readonly value: ValueId; readonly mask: ValueId | null; readonly exact?: boolean }
  | null;

/** How far an engine may be from the oracle: `|a - b| <= relative * |b| + absolute`. */
export interface Tolerance {
  readonly relative: number;
  readonly absolute: number;
}

/** What the value of a source depends on. */
export interface EvaluationContext {
  readonly sizes: DimSizes;
  input(index: number): Float64Array;
  carried(index: number): Float64Array;
  readonly step: number;
}

export interface OpDefinition<K extends OpName> {
  readonly name: K;
  /** One sentence. */
  readonly doc: string;
  /** Raised by hand when the op's values change; part of every key. */
  readonly semantics: number;
  /** Whether operands may be exchanged. */
  readonly commutative: boolean;
  /** Whether an entry of the result depends only on the same (broadcast) entry of each operand. */
  readonly pointwise: boolean;
  /** The dtypes with which the op is tried; for most the dtype of all operands. */
  readonly dtypes: readonly DType[];
  /** Where engines may differ from the oracle and from one another. */
  readonly unspecified: readonly string[];
  /** What leaves a reduction unchanged, for masks and padding; null where the notion makes no sense. */
  neutral(dtype: DType): number | null;
  /** The result's type; throws an `IrFault` where the rule is broken. `declared` is what sources, cast and broadcast are told. */
  infer(
    operands: readonly ValueType[],
    attributes: OpAttributes[K],
    sizes: DimSizes,
    declared: ValueType | null,
  ): ValueType;
  /** The value in doubles. */
  evaluate(
    operands: readonly Tensor[],
    node: { readonly attributes: OpAttributes[K]; readonly type: ValueType },
    context: EvaluationContext,
  ): Float64Array;
  /**
   * What each operand's cotangent gains, given the result's (all dims of the result). It may have dims that the operand lacks (they are summed
   * by the driver) and may lack dims of the operand (it is constant along them). Where `mask` is false the cotangent is a strong zero
   * (null: nowhere): it is 0 there, and what it meets there must not count even if it is not finite.
   */
  reverse(b: Builder, node: NodeOf<K>, cotangent: ValueId, mask: ValueId | null): readonly Contribution[];
  /** The result's tangent, given the operands'; null is zero. It may lack dims of the result (it is constant along them). */
  forward(b: Builder, node: NodeOf<K>, tangents: readonly (ValueId | null)[]): ValueId | null;
  /** Random inputs, away from kinks, so that they also serve to test derivatives. */
  sample(s: Sampler): OpSample<K>;
  /** Values worth a test of their own, all specified. */
  edges(s: Sampler): readonly OpSample<K>[];
  tolerance(dtype: DType): Tolerance;
}

export const realTypes: readonly DType[] = ["f32", "f64"];
export const numberTypes: readonly DType[] = ["f32", "f64", "i32"];

export function isReal(type: ValueType): boolean {
  return type.dtype === "f32" || type.dtype === "f64";
}

/** A tolerance of some units in the last place, also in the absolute for values of magnitude one. */
export function ulps(count: number): (dtype: DType) => Tolerance {
  return (dtype) => {
    if (dtype === "i32" || dtype === "bool") return { relative: 0, absolute: 0 };
    const unit = count * roundingOf(dtype);
    return { relative: unit, absolute: unit };
  };
}

/** Throws unless the rule holds. */
export function require(condition: boolean, op: string, message: string): asserts condition {
  if (!condition) throw new IrFault(op, message);
}

export function requireOperands(op: string, operands: readonly ValueType[], count: number): void {
  require(operands.length === count, op, `takes ${count} operands, not ${operands.length}`);
}

export function requireType(op: string, type: ValueType, dtypes: readonly DType[]): void {
  require(dtypes.includes(type.dtype), op, `takes ${dtypes.join(", ")}, not ${type.dtype}`);
}

/** Defaults of what most ops have in common. */
export const defaults = {
  semantics: 1,
  commutative: false,
  pointwise: false,
  unspecified: [] as readonly string[],
  neutral: (_dtype: DType): number | null => null,
  edges: (_s: Sampler): readonly never[] => [],
  tolerance: ulps(8),
};

/** The node of an op, in a form that lets generic functions hand nodes to the definition of their op. */
export type NodeFor<K extends OpName = OpName> = { [P in K]: NodeOf<P> }[K];

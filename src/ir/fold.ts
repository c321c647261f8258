/**
 * What the builder simplifies at once: constants are folded in doubles, broadcasts move outwards, and a few identities are applied
 * that hold to the last bit for every float. What needs to see uses (dead code, fusions) is in `simplify.ts`.
 */
import type { Builder } from "./builder.js";
import { sameSet, union } from "./dims.js";
import { at, IrFault } from "./fault.js";
import { gatherRules } from "./gather-rules.js";
import { identities } from "./identities.js";
import type { EvaluationContext } from "./ops/definition.js";
import { ops } from "./ops/index.js";
import { structureRules } from "./structure-rules.js";
import { windowRules } from "./window-rules.js";
import type { OpAttributes, OpName, ValueId, ValueType } from "./types.js";

/** An application of an op that is about to be appended. */
export interface Application<K extends OpName> {
  readonly op: K;
  readonly operands: readonly ValueId[];
  readonly attributes: OpAttributes[K];
  /** The type that sources, cast and broadcast are told. */
  readonly declared: ValueType | null;
}

/** A simpler value that is equal to an application of the op, or null. */
export type Rule<K extends OpName> = (b: Builder, application: Application<K>) => ValueId | null;
export type Rules = { readonly [K in OpName]?: Rule<K> };

/** A simpler equal value, or null. It has the same dims as the op's result, perhaps in another order. */
export function simplified<K extends OpName>(b: Builder, application: Application<K>): ValueId | null {
  const { op } = application;
  const structural: Rule<K> | undefined =
    (structureRules as Rules)[op] ?? (windowRules as Rules)[op] ?? (gatherRules as Rules)[op];
  if (structural !== undefined) return structural(b, application);
  if (!ops[op].pointwise) return null;
  const folded = foldConstants(b, application) ?? moveBroadcastOut(b, application);
  if (folded !== null) return folded;
  const identity: Rule<K> | undefined = (identities as Rules)[op];
  return identity?.(b, application) ?? null;
}

/** The one number that a constant consists of, or null. */
export function splat(b: Builder, value: ValueId): number | null {
  const node = b.node(value);
  if (node.op !== "constant" || node.attributes.data.length !== 1) return null;
  return at(node.attributes.data, 0);
}

function foldConstants<K extends OpName>(
  b: Builder,
  { op, operands, attributes, declared }: Application<K>,
): ValueId | null {
  const values = operands.map((operand) => splat(b, operand));
  if (values.includes(null)) return null;
  const type = b.infer(op, operands, attributes, declared);
  const scalars = values.map((value) => ({ dims: [], data: Float64Array.of(value ?? 0) }));
  const scalar = { attributes, type: { dtype: type.dtype, dims: [] } };
  return b.constant(at(ops[op].evaluate(scalars, scalar, noSources(b)), 0), type.dtype, type.dims);
}

function noSources(b: Builder): EvaluationContext {
  const none = (): never => {
    throw new IrFault("fold", "a source is no constant");
  };
  return { sizes: b, input: none, carried: none, step: 0 };
}

/** The value before it was broadcast; a constant of one number becomes a scalar. */
function unbroadcast(b: Builder, value: ValueId): ValueId {
  const node = b.node(value);
  if (node.op === "broadcast") return at(node.operands, 0);
  const number = splat(b, value);
  return number === null || node.type.dims.length === 0 ? value : b.constant(number, node.type.dtype);
}

/** f(broadcast x, y) = broadcast f(x, y): computes each entry once, and operands broadcast by label anyway. */
function moveBroadcastOut<K extends OpName>(
  b: Builder,
  { op, operands, attributes, declared }: Application<K>,
): ValueId | null {
  const inner = operands.map((operand) => unbroadcast(b, operand));
  if (inner.every((operand, k) => operand === at(operands, k))) return null;
  const innerDims = union(...inner.map((operand) => b.dimsOf(operand)));
  const type = declared === null ? null : { dtype: declared.dtype, dims: innerDims };
  const result = b.apply(op, inner, attributes, type);
  const dims = union(...operands.map((operand) => b.dimsOf(operand)));
  return sameSet(b.dimsOf(result), dims) ? result : b.broadcast(result, dims);
}

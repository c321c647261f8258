/** Simplifications of labels and reductions, all exact but for the order of sums. */
import type { Builder } from "./builder.js";
import { entryCount, includesAll, sameOrder, union, without } from "./dims.js";
import { at } from "./fault.js";
import type { Application, Rules } from "./fold.js";
import { splat } from "./fold.js";
import type { DimId, ValueId } from "./types.js";

/** A value as it was before dims were added to it, and those dims. */
function source(b: Builder, value: ValueId): { readonly inner: ValueId; readonly added: readonly DimId[] } {
  const node = b.node(value);
  if (node.op === "broadcast") {
    const inner = at(node.operands, 0);
    return { inner, added: without(node.type.dims, b.dimsOf(inner)) };
  }
  const number = splat(b, value);
  if (number === null || node.type.dims.length === 0) return { inner: value, added: [] };
  return { inner: b.constant(number, node.type.dtype), added: node.type.dims };
}

/** A reduction that does not mind repetition: dims along which the operand is constant need no reducing unless they are empty. */
function idempotent(op: "reduce_max" | "reduce_min" | "reduce_any" | "reduce_all") {
  return (b: Builder, { operands, attributes }: Application<typeof op>): ValueId | null => {
    const x = at(operands, 0);
    const { over } = attributes;
    if (over.length === 0) return x;
    const { inner, added } = source(b, x);
    const [needless, needed] = [added.filter((dim) => b.size(dim) > 0), added.filter((dim) => b.size(dim) === 0)];
    if (needless.length === 0) return null;
    const rest = b.broadcast(inner, union(b.dimsOf(inner), needed));
    return b.broadcast(b.apply(op, [rest], { over: without(over, needless) }), without(b.dimsOf(x), over));
  };
}

/** The dims of `over` that only broadcasts gave to the operands: the sum along them is a multiplication by their sizes. */
function repeated(b: Builder, inner: readonly ValueId[], over: readonly DimId[]): readonly DimId[] {
  return without(over, union(...inner.map((value) => b.dimsOf(value))));
}

export const structureRules = {
  broadcast(b, { operands, declared }) {
    const x = at(operands, 0);
    if (declared === null) return null;
    if (sameOrder(b.dimsOf(x), declared.dims)) return x;
    const node = b.node(x);
    if (!includesAll(declared.dims, node.type.dims)) return null;
    if (node.op === "broadcast") return b.broadcast(at(node.operands, 0), declared.dims);
    const number = splat(b, x);
    return number === null ? null : b.constant(number, node.type.dtype, declared.dims);
  },
  relabel(b, { operands, attributes }) {
    const x = at(operands, 0);
    const moved = attributes.from
      .map((dim, k) => [dim, at(attributes.to, k)] as const)
      .filter(([from, to]) => from !== to);
    if (moved.length === 0) return x;
    if (moved.length < attributes.from.length) {
      const [from, to] = [moved.map(([dim]) => dim), moved.map(([, dim]) => dim)];
      return b.relabel(x, from, to);
    }
    const node = b.node(x);
    const number = splat(b, x);
    if (number !== null) {
      const dims = node.type.dims.map((dim) => new Map(moved).get(dim) ?? dim);
      return b.constant(number, node.type.dtype, dims);
    }
    if (node.op !== "relabel") return null;
    // Two renamings in a row are one.
    const source = at(node.operands, 0);
    const to = node.type.dims.map((dim) => new Map(moved).get(dim) ?? dim);
    return b.relabel(source, b.dimsOf(source), to);
  },
  reduce_max: idempotent("reduce_max"),
  reduce_min: idempotent("reduce_min"),
  reduce_any: idempotent("reduce_any"),
  reduce_all: idempotent("reduce_all"),
  reduce_prod: (_b, { operands, attributes }) => (attributes.over.length === 0 ? at(operands, 0) : null),
  reduce_sum(b, { operands, attributes }) {
    const x = at(operands, 0);
    const { over } = attributes;
    if (over.length === 0) return x;
    const { inner, added } = source(b, x);
    if (added.length === 0) return null;
    const times = repeated(b, [inner], over);
    const sum = multiplied(b, b.reduceSum(inner, without(over, times)), times);
    return b.broadcast(sum, without(b.dimsOf(x), over));
  },
  contract(b, { operands, attributes }) {
    const { over } = attributes;
    const factors = operands.map((operand) => source(b, operand).inner);
    const ones = factors.filter((factor) => splat(b, factor) === 1);
    const kept = factors.filter((factor) => splat(b, factor) !== 1);
    const dims = without(union(...operands.map((operand) => b.dimsOf(operand))), over);
    const [only] = kept;
    if (kept.length === 0) {
      const one = b.broadcast(at(ones, 0), dims);
      return multiplied(b, one, over);
    }
    const times = repeated(b, kept, over);
    const inner = without(over, times);
    const changed = ones.length > 0 || times.length > 0 || factors.some((factor, k) => factor !== at(operands, k));
    if (kept.length === 1 && only !== undefined) {
      return b.broadcast(multiplied(b, b.reduceSum(only, inner), times), dims);
    }
    return changed ? b.broadcast(multiplied(b, b.contract(kept, inner), times), dims) : null;
  },
} satisfies Rules;

/** The sum over dims along which a value is constant. Over an empty dim it is 0 even of what is not finite. */
function multiplied(b: Builder, value: ValueId, times: readonly DimId[]): ValueId {
  if (times.length === 0) return value;
  if (entryCount(times, b) === 0) return b.zeros(b.typeOf(value));
  return b.mul(value, b.entriesOf(times, b.dtypeOf(value)));
}

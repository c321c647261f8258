/**
 * Derivatives of programs: `gradient` (reverse mode) and `tangent` (forward mode). Both append to the builder, so they nest.
 * The rules of the ops are in `ops/`; summing over broadcast labels, adding up and strong zeros are here.
 */
import type { Builder } from "./builder.js";
import { union, without } from "./dims.js";
import { IrFault } from "./fault.js";
import { forwardLoop, reverseLoop } from "./derive-loops.js";
import type { LoopCotangents, LoopTangents, PullBack, Seed } from "./derive-loops.js";
import type { Contribution, NodeFor } from "./ops/definition.js";
import { isReal } from "./ops/definition.js";
import { ops } from "./ops/index.js";
import { supportOf } from "./support.js";
import { dependentsThroughLoops, Regions } from "./regions.js";
import type { DimId, Node, NodeOf, OpName, ValueId } from "./types.js";

/**
 * A cotangent counts where `mask` is true (null: everywhere) and is a strong zero elsewhere, whatever stands in `value` there: a quotient
 * by zero may, for what an excluded branch would contribute is computed and then left out. Masks are written out as late as possible.
 */
interface Cotangent {
  readonly value: ValueId;
  readonly mask: ValueId | null;
  /** Whether `value` itself is 0 wherever the mask is false. */
  readonly exact: boolean;
}

/**
 * The derivatives of a scalar by each of `wrt` (values that are cut: none is looked into). A value on which the output does not depend
 * gets zeros. An output with dims needs a `seed`, a cotangent with all its dims; dims that only the seed has are kept beside those of
 * each result, which with one-hot seeds gives a derivative for each entry.
 */
export function gradient(b: Builder, output: ValueId, wrt: readonly ValueId[], seed?: ValueId): ValueId[] {
  const missing = without(b.dimsOf(output), seed === undefined ? [] : b.dimsOf(seed));
  if (missing.length > 0)
    throw new IrFault("gradient", `value ${output} is not a scalar and has no seed over its dims`);
  if (!isReal(b.typeOf(output))) throw new IrFault("gradient", `value ${output} is ${b.dtypeOf(output)}`);
  const kept = seed === undefined ? [] : without(b.dimsOf(seed), b.dimsOf(output));
  const results = pullBack(b, [{ output, seed: seed ?? b.number(1, output) }], wrt, kept);
  return wrt.map((value) => {
    const type = b.typeOf(value);
    const result = results.get(value);
    return result ?? b.zeros({ dtype: type.dtype, dims: union(kept, type.dims) });
  });
}

/** The sums over the outputs of seed times derivative, by each of `wrt` on which one of them depends; `kept` are dims of the seeds that ride along. */
const pullBack: PullBack = (b, seeds, wrt, kept) => new ReversePass(b, wrt, kept).run(seeds);

class ReversePass {
  private readonly pending = new Map<ValueId, Cotangent[]>();
  private readonly loops = new Map<ValueId, LoopCotangents>();

  constructor(
    private readonly b: Builder,
    private readonly wrt: readonly ValueId[],
    /** Dims of the seed that ride along. */
    private readonly kept: readonly DimId[],
  ) {}

  run(seeds: readonly Seed[]): ReadonlyMap<ValueId, ValueId> {
    const { b } = this;
    const results = new Map<ValueId, ValueId>();
    const last = Math.max(...seeds.map(({ output }) => output));
    const regions = new Regions(b.nodes.slice(0, last + 1));
    const depends = dependents(b, this.wrt, last);
    for (const { output, seed } of seeds) this.gains(output, { value: seed, mask: null, exact: true }, depends);
    for (let id = last; id >= 0; id--) {
      const node = b.node(id);
      const given = this.loops.get(id);
      if (node.op === "loop" && given !== undefined) this.throughLoop(node, given, regions, depends);
      const parts = this.pending.get(id);
      if (parts === undefined) continue;
      const total = this.sum(parts);
      if (this.wrt.includes(id)) results.set(id, b.spread(this.written(total), id));
      else if (node.op === "loop_final" || node.op === "loop_stack") this.toLoop(node, total);
      else this.propagate(node, total, depends);
    }
    return results;
  }

  private gains(id: ValueId, part: Cotangent, depends: ReadonlySet<ValueId>): void {
    if (!depends.has(id)) return;
    const list = this.pending.get(id) ?? [];
    list.push(part);
    this.pending.set(id, list);
  }

  private toLoop(node: NodeOf<"loop_final" | "loop_stack">, cotangent: Cotangent): void {
    const [loop = -1] = node.operands;
    const value = this.b.spread(this.written(cotangent), node.id);
    const given = this.loops.get(loop) ?? [];
    given.push({ index: node.attributes.index, to: "to" in node.attributes ? node.attributes.to : null, value });
    this.loops.set(loop, given);
  }

  private throughLoop(
    node: NodeOf<"loop">,
    given: LoopCotangents,
    regions: Regions,
    depends: ReadonlySet<ValueId>,
  ): void {
    const task = { b: this.b, regions, depends: (id: ValueId) => depends.has(id), kept: this.kept };
    for (const { of, value } of reverseLoop(task, node, given, pullBack))
      this.gains(of, { value, mask: null, exact: true }, depends);
  }

  private propagate(node: Node, cotangent: Cotangent, depends: ReadonlySet<ValueId>): void {
    const { b } = this;
    const { value, mask } = cotangent;
    const { pointwise } = ops[node.op];
    // Entry by entry, what is left out stays apart; every other op mixes entries, so zeros are written out before it.
    const t = b.spread(pointwise ? value : this.written(cotangent), node.id);
    const contributions = contributionsOf<OpName>(b, node, t, mask);
    node.operands.forEach((operand, k) => {
      const part = contributions[k] ?? null;
      if (part === null || !depends.has(operand)) return;
      const support = mask === null || pointwise ? mask : supportOf(b, node, k, mask);
      const own = typeof part === "number" ? { value: part, mask: null } : part;
      // What mixes entries was given zeros and adds them up; only a product of all entries multiplies them by what may be infinite.
      const sums = !pointwise && node.op !== "reduce_prod";
      const exact = typeof part === "number" ? sums : part.exact === true;
      this.gains(
        operand,
        this.fitted({ value: own.value, mask: this.both(support, own.mask), exact }, operand),
        depends,
      );
    });
  }

  /** Sums over the labels along which the operand was broadcast: the one place where that happens. */
  private fitted(part: Cotangent, operand: ValueId): Cotangent {
    const { b } = this;
    const dims = union(b.dimsOf(operand), this.kept);
    const maskDims = part.mask === null ? [] : b.dimsOf(part.mask);
    const extra = without(union(b.dimsOf(part.value), maskDims), dims);
    if (extra.length === 0) return part;
    const value = b.reduceSum(this.written(part), extra);
    if (part.mask === null) return { value, mask: null, exact: true };
    const mask = b.reduceAny(
      part.mask,
      extra.filter((dim) => maskDims.includes(dim)),
    );
    return this.simplest({ value, mask, exact: true });
  }

  private sum(parts: readonly Cotangent[]): Cotangent {
    const { b } = this;
    const groups = new Map<ValueId | null, Cotangent>();
    for (const part of parts) {
      const before = groups.get(part.mask);
      const value = before === undefined ? part.value : b.add(before.value, part.value);
      groups.set(part.mask, { value, mask: part.mask, exact: part.exact && (before?.exact ?? true) });
    }
    const [first, second, ...more] = groups.values();
    if (first === undefined) throw new IrFault("gradient", "nothing to add up");
    if (second === undefined) return first;
    if (more.length === 0 && first.mask !== null && second.mask !== null && b.isComplement(first.mask, second.mask)) {
      return { value: b.select(first.mask, first.value, second.value), mask: null, exact: true };
    }
    const all = [...groups.values()];
    const value = all.map((part) => this.written(part)).reduce((sum, part) => b.add(sum, part));
    const masks = all.map(({ mask }) => mask);
    const either = masks.reduce((some, mask) => (some === null || mask === null ? null : b.or(some, mask)));
    return this.simplest({ value, mask: either, exact: true });
  }

  private both(x: ValueId | null, y: ValueId | null): ValueId | null {
    return x === null || y === null ? (x ?? y) : this.b.and(x, y);
  }

  /** Drops a mask that is true everywhere. */
  private simplest({ value, mask, exact }: Cotangent): Cotangent {
    const node = mask === null ? null : this.b.node(mask);
    const always = node?.op === "constant" && node.attributes.data.every((entry) => entry === 1);
    return { value, mask: always ? null : mask, exact };
  }

  /** The cotangent as a plain value. */
  private written({ value, mask, exact }: Cotangent): ValueId {
    return mask === null || exact ? value : this.b.select(mask, value, this.b.number(0, value));
  }
}

function contributionsOf<K extends OpName>(
  b: Builder,
  node: NodeFor<K>,
  t: ValueId,
  mask: ValueId | null,
): readonly Contribution[] {
  return ops[node.op].reverse(b, node, t, mask);
}

/** All values up to `last` that depend on one of `sources`, themselves included. */
function dependents(b: Builder, sources: readonly ValueId[], last: ValueId): Set<ValueId> {
  const found = new Set(sources);
  return dependentsThroughLoops(b.nodes.slice(0, last + 1), ({ id }) => found.has(id));
}

/**
 * The tangents of `outputs` when each `from` moves along its `tangent` (which has its dims; dims that only the tangent has are kept in
 * the results, which with one-hot tangents gives a Jacobian). Values that do not depend on any `from` get zeros.
 */
export function tangent(
  b: Builder,
  outputs: readonly ValueId[],
  directions: readonly { readonly from: ValueId; readonly tangent: ValueId }[],
): ValueId[] {
  const last = Math.max(...outputs);
  const regions = new Regions(b.nodes.slice(0, last + 1));
  const needed = ancestors(b, regions, outputs);
  const loops = new Map<ValueId, LoopTangents>();
  const kept = union(...directions.map((direction) => without(b.dimsOf(direction.tangent), b.dimsOf(direction.from))));
  const tangents = new Map(
    directions.map((direction) => [direction.from, b.spread(direction.tangent, direction.from)]),
  );
  for (let id = 0; id <= last; id++) {
    if (!needed.has(id) || tangents.has(id)) continue;
    const node = b.node(id);
    if (node.op === "loop") {
      const depends = (value: ValueId) => tangents.has(value);
      if (!regions.needs(node).some(depends)) continue;
      loops.set(id, forwardLoop({ b, regions, depends, kept }, node, tangents, tangent));
      continue;
    }
    if (node.op === "loop_final" || node.op === "loop_stack") {
      const moved = loops.get(node.operands[0] ?? -1)?.(node) ?? null;
      if (moved !== null) tangents.set(id, moved);
      continue;
    }
    const given = node.operands.map((operand) => tangents.get(operand) ?? null);
    if (given.every((t) => t === null)) continue;
    const t = tangentOf<OpName>(b, node, given);
    if (t !== null) tangents.set(id, b.spread(t, id));
  }
  return outputs.map((output) => {
    const type = b.typeOf(output);
    return tangents.get(output) ?? b.zeros({ dtype: type.dtype, dims: union(kept, type.dims) });
  });
}

function tangentOf<K extends OpName>(b: Builder, node: NodeFor<K>, given: readonly (ValueId | null)[]): ValueId | null {
  return ops[node.op].forward(b, node, given);
}

function ancestors(b: Builder, regions: Regions, values: readonly ValueId[]): Set<ValueId> {
  const found = new Set<ValueId>();
  const open = [...values];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    open.push(...regions.needs(b.node(id)));
  }
  return found;
}

/**
 * Sums over a state of which each iteration of a loop writes one entry: instead of being added up anew, the sum goes through the loop
 * beside the state and is corrected by what the entry changes. It pays wherever the other factors of the sum do not change in the loop
 * (a factor that is read at the position of the iteration does: such a sum is short already).
 */
import { without } from "./dims.js";
import { at } from "./fault.js";
import { loopOperands, loopParts } from "./ops/loop.js";
import type { Rebuilding } from "./rebuild.js";
import { rebuild } from "./rebuild.js";
import { Regions } from "./regions.js";
import type { DimId, DType, LoopId, Node, NodeOf, Program, ValueId } from "./types.js";

export function carrySums(program: Program): Program {
  const found = new Increments(program);
  return found.isEmpty ? program : rebuild(program, (copy, node) => found.rewrite(copy, node));
}

/** A state of which an iteration writes the entry at `position` along a dim. */
interface Written {
  readonly state: number;
  readonly source: ValueId;
  readonly along: DimId;
  readonly position: ValueId;
  readonly entry: ValueId;
}

/** A sum of products of the state, under other labels perhaps, and of values that do not change in the loop. */
interface Sum {
  readonly node: NodeOf<"contract" | "reduce_sum">;
  /** Which of the operands is the state. */
  readonly place: number;
  readonly written: Written;
  /** The state's labels in the sum. */
  readonly labels: ReadonlyMap<DimId, DimId>;
  /** What it is cast to. */
  readonly dtype: DType;
}

class Increments {
  private readonly sums = new Map<LoopId, Sum[]>();
  private readonly places = new Map<
    ValueId,
    { readonly loop: NodeOf<"loop">; readonly sum: Sum; readonly number: number }
  >();

  constructor(private readonly program: Program) {
    const regions = new Regions(program.nodes);
    const loops = program.nodes.filter((node) => node.op === "loop");
    for (const loop of loops) {
      const id = loop.attributes.loop;
      if (loops.some((other) => other !== loop && other.attributes.loop === id)) continue;
      const written = this.writtenStates(loop);
      if (written.length === 0) continue;
      const inside = (value: ValueId): boolean => regions.scope(value).has(id);
      for (const node of program.nodes) {
        if ((node.op !== "contract" && node.op !== "reduce_sum") || regions.scope(node.id).size !== 1) continue;
        if (!inside(node.id)) continue;
        const sum = this.sumOver(node, written, inside);
        if (sum === null) continue;
        const list = this.sums.get(id) ?? [];
        this.places.set(node.id, { loop, sum, number: list.length });
        list.push(sum);
        this.sums.set(id, list);
      }
    }
  }

  get isEmpty(): boolean {
    return this.places.size === 0;
  }

  private node(id: ValueId): Node {
    return at(this.program.nodes, id);
  }

  /** A value before its dims were put into order. */
  private inAnyOrder(id: ValueId): Node {
    const node = this.node(id);
    if (node.op !== "broadcast") return node;
    const inner = this.node(at(node.operands, 0));
    return inner.type.dims.length === node.type.dims.length ? inner : node;
  }

  /** `next = select(position == iota, entry, state)`. */
  private writtenStates(loop: NodeOf<"loop">): Written[] {
    return loopOperands(loop).next.flatMap((id, state): Written[] => {
      const next = this.inAnyOrder(id);
      if (next.op !== "select") return [];
      const [condition, entry, source] = [at(next.operands, 0), at(next.operands, 1), at(next.operands, 2)];
      const kept = this.node(source);
      const test = this.node(condition);
      if (kept.op !== "loop_state" || kept.attributes.loop !== loop.attributes.loop || kept.attributes.index !== state)
        return [];
      if (test.op !== "eq" || kept.type.dtype === "bool") return [];
      const iota = test.operands.find((operand) => this.node(operand).op === "iota");
      const position = test.operands.find((operand) => operand !== iota);
      const along = iota === undefined ? undefined : this.node(iota).type.dims[0];
      if (along === undefined || position === undefined || !kept.type.dims.includes(along)) return [];
      const lacks = [position, entry].every((value) => !this.node(value).type.dims.includes(along));
      return lacks ? [{ state, source, along, position, entry }] : [];
    });
  }

  private sumOver(
    node: NodeOf<"contract" | "reduce_sum">,
    written: readonly Written[],
    inside: (value: ValueId) => boolean,
  ): Sum | null {
    const changing = node.operands.flatMap((operand, place) => (inside(operand) ? [place] : []));
    const [place, ...others] = changing;
    if (place === undefined || others.length > 0) return null;
    const { source, labels, dtype } = this.renamed(at(node.operands, place));
    const state = written.find((each) => each.source === source);
    if (state === undefined) return null;
    const along = labels.get(state.along) ?? state.along;
    return node.attributes.over.includes(along) ? { node, place, written: state, labels, dtype } : null;
  }

  /** A value before it was renamed and cast. */
  private renamed(id: ValueId): { source: ValueId; labels: ReadonlyMap<DimId, DimId>; dtype: DType } {
    const node = this.node(id);
    const dtype = node.type.dtype;
    if (node.op === "cast") return { ...this.renamed(at(node.operands, 0)), dtype };
    if (node.op !== "relabel") return { source: id, labels: new Map(), dtype };
    const { source, labels } = this.renamed(at(node.operands, 0));
    const { from, to } = node.attributes;
    const last = new Map(from.map((dim, k) => [dim, at(to, k)]));
    const first = [...labels].map(([own, label]) => [own, last.get(label) ?? label] as const);
    const taken = new Set(labels.values());
    const rest = [...last].filter(([own]) => !taken.has(own));
    return { source, labels: new Map([...first, ...rest]), dtype };
  }

  rewrite(copy: Rebuilding, node: Node): ValueId | null {
    const { b } = copy;
    const place = this.places.get(node.id);
    if (place !== undefined) {
      const { loop } = place.loop.attributes;
      const type = { dtype: node.type.dtype, dims: node.type.dims.map(copy.dim) };
      return b.append("loop_state", [], { loop, index: place.loop.attributes.states + place.number }, type);
    }
    if (node.op !== "loop") return null;
    const sums = this.sums.get(node.attributes.loop);
    if (sums === undefined) return null;
    const { count, until, initial, next, stacked } = loopOperands(node);
    const all = (ids: readonly ValueId[]): ValueId[] => ids.map((id) => copy.value(id));
    const sized = (sum: Sum, value: ValueId): ValueId => b.broadcast(value, sum.node.type.dims.map(copy.dim));
    const parts = {
      count: copy.value(count),
      until: until === null ? null : copy.value(until),
      initial: [
        ...all(initial),
        ...sums.map((sum) => sized(sum, beginning(copy, sum, at(initial, sum.written.state)))),
      ],
      next: [...all(next), ...sums.map((sum) => sized(sum, corrected(copy, sum)))],
      stacked: all(stacked),
    };
    const { operands, attributes } = loopParts(parts, node.attributes.loop, node.attributes.most);
    return b.append("loop", operands, attributes, null);
  }
}

/** A value with the state's labels under those that it has in the sum. */
function labelled(copy: Rebuilding, { labels }: Sum, value: ValueId): ValueId {
  const { b } = copy;
  const moved = [...labels].filter(([from]) => b.dimsOf(value).includes(copy.dim(from)));
  return b.relabel(
    value,
    moved.map(([from]) => copy.dim(from)),
    moved.map(([, to]) => copy.dim(to)),
  );
}

/** The whole sum over the state as it begins. */
function beginning(copy: Rebuilding, sum: Sum, initial: ValueId): ValueId {
  const { node, place } = sum;
  const state = copy.b.cast(labelled(copy, sum, copy.value(initial)), sum.dtype);
  return summed(copy, node, (id, k) => (k === place ? state : copy.value(id)), node.attributes.over);
}

/** The sum after the entry was written. */
function corrected(copy: Rebuilding, sum: Sum): ValueId {
  const { b } = copy;
  const { node, place, written, labels } = sum;
  const before = b.gather(copy.value(written.source), copy.value(written.position), copy.dim(written.along));
  const change = b.cast(labelled(copy, sum, b.sub(copy.value(written.entry), before)), sum.dtype);
  const position = labelled(copy, sum, copy.value(written.position));
  const along = labels.get(written.along) ?? written.along;
  const factor = (id: ValueId, k: number): ValueId => {
    if (k === place) return change;
    const value = copy.value(id);
    return b.dimsOf(value).includes(copy.dim(along)) ? b.gather(value, position, copy.dim(along)) : value;
  };
  return b.add(copy.value(node.id), summed(copy, node, factor, without(node.attributes.over, [along])));
}

function summed(
  copy: Rebuilding,
  node: NodeOf<"contract" | "reduce_sum">,
  factor: (id: ValueId, k: number) => ValueId,
  over: readonly DimId[],
): ValueId {
  const { b } = copy;
  const factors = node.operands.map(factor);
  const dims = over.map(copy.dim);
  const [only] = factors;
  if (node.op === "reduce_sum" && only !== undefined) return b.reduceSum(only, dims);
  return dims.length === 0 ? factors.reduce((x, y) => b.mul(x, y)) : b.contract(factors, dims);
}

/**
 * The hash of a part of a program: equal for programs that compute the same in the same way, whatever their values and dims are called or
 * numbered. Draws are named by stream, sizes count, and so do the semantics numbers of the ops. Operands that may be exchanged are sorted.
 */
import { createHash } from "node:crypto";
import type { CanonicalOrder, SliceOf } from "./canonical-order.js";
import { canonicalOrder, hasLayout } from "./canonical-order.js";
import { at } from "./fault.js";
import { ops } from "./ops/index.js";
import type { DimId, InputSource, LoopId, Node, Program, ValueId } from "./types.js";
import { changingValues, neededBy } from "./uses.js";

export interface HashedSlice {
  /** SHA-256, in hex. */
  readonly hash: string;
  /** What was hashed, a node a line: two keys are compared by it. */
  readonly lines: readonly string[];
  /** For each line the value of the program that it tells of, or null. */
  readonly values: readonly (ValueId | null)[];
  /** The program's scalars that the slice uses, in the order of their numbers in it; their values belong to a key. */
  readonly scalars: readonly number[];
  /** The data sets that it uses, in the order of their numbers in it; their hashes belong to a key. */
  readonly datasets: readonly number[];
  /** Whether a draw depends on the sweep variable `seed`. */
  readonly usesSeed: boolean;
  /** What it uses of earlier phases; their keys belong to its own. */
  readonly results: readonly { readonly phase: string; readonly value: string }[];
}

/**
 * Hashes what the roots depend on. Where that changes from step to step, `stop` and all watched values belong to it, for they decide
 * how long a run goes on.
 */
export function hashSlice(program: Program, roots: readonly ValueId[]): HashedSlice {
  return new SliceHasher(program).hash(roots);
}

/** Hashes of several parts of a program. Most go through the loop and are the same part, seen from other roots: that is put in order once. */
export class SliceHasher {
  private readonly changing: ReadonlySet<ValueId>;
  private readonly ordered: { readonly slice: SliceOf; readonly order: CanonicalOrder }[] = [];
  private readonly known = new Map<string, HashedSlice>();

  constructor(private readonly program: Program) {
    this.changing = changingValues(program);
  }

  hash(roots: readonly ValueId[]): HashedSlice {
    const key = roots.join();
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const slice = sliceOf(this.program, this.changing, roots);
    const made = new Slice(this.program, slice, this.orderOf(slice)).run(roots);
    this.known.set(key, made);
    return made;
  }

  private orderOf(slice: SliceOf): CanonicalOrder {
    const found = this.ordered.find((other) => isSame(other.slice, slice));
    if (found !== undefined) return found.order;
    const order = canonicalOrder(this.program, slice);
    this.ordered.push({ slice, order });
    return order;
  }
}

/** Parts of one program; both list their nodes in its order. */
const isSame = (first: SliceOf, second: SliceOf): boolean =>
  first.nodes.length === second.nodes.length &&
  first.nodes.every((node, k) => node === second.nodes[k]) &&
  first.carried.join() === second.carried.join();

interface LoopSlice extends SliceOf {
  /** Whether a root changes from step to step. */
  readonly usesLoop: boolean;
}

/** The nodes and carried values that the roots depend on, through the loop. */
function sliceOf(program: Program, changing: ReadonlySet<ValueId>, roots: readonly ValueId[]): LoopSlice {
  const loop = program.loop;
  const usesLoop = loop !== null && roots.some((root) => changing.has(root));
  const all = new Set(roots);
  const carried = new Set<number>();
  const take = (k: number): void => {
    const { init, next } = at(loop?.carried ?? [], k);
    carried.add(k);
    all.add(init).add(next);
  };
  if (usesLoop) {
    if (loop.stop !== null) all.add(loop.stop);
    loop.carried.forEach(({ watched }, k) => {
      if (watched) take(k);
    });
  }
  for (;;) {
    const nodes = [...neededBy(program, [...all])].sort((x, y) => x - y).map((id) => at(program.nodes, id));
    const read = nodes.flatMap((node) => (node.op === "carried" ? [node.attributes.index] : []));
    const fresh = read.filter((k) => !carried.has(k));
    if (fresh.length === 0) return { nodes, carried: [...carried].sort((x, y) => x - y), usesLoop };
    fresh.forEach(take);
  }
}

class Slice {
  private readonly lines: string[] = [];
  private readonly lineValues: (ValueId | null)[] = [];
  private readonly values = new Map<ValueId, number>();
  private readonly dims = new Map<DimId, number>();
  private readonly carried = new Map<number, number>();
  private readonly loops = new Map<number, number>();
  private readonly scalars: number[] = [];
  private readonly datasets: number[] = [];
  private readonly results: { phase: string; value: string }[] = [];
  private usesSeed = false;

  constructor(
    private readonly program: Program,
    private readonly slice: LoopSlice,
    private readonly order: CanonicalOrder,
  ) {}

  run(roots: readonly ValueId[]): HashedSlice {
    const { slice, order } = this;
    const loop = this.program.loop;
    for (const root of roots) this.line(`root ${this.write(root)} ${this.dimList(root)}`);
    if (loop !== null && slice.usesLoop) {
      if (loop.stop !== null) this.line(`stop ${this.write(loop.stop)}`);
      // The order of the loop's values means nothing, so it must not show.
      const watched = slice.carried.filter((k) => at(loop.carried, k).watched).sort(order.compareCarried);
      for (const k of watched) this.line(`watched ${this.carriedNumber(k)}`);
      this.writeCarried();
    }
    return {
      hash: createHash("sha256").update(this.lines.join("\n")).digest("hex"),
      lines: this.lines,
      values: this.lineValues,
      scalars: this.scalars,
      datasets: this.datasets,
      usesSeed: this.usesSeed,
      results: this.results,
    };
  }

  /** What carried values start with and become; that may need further ones. */
  private writeCarried(): void {
    const done = new Set<number>();
    for (let open = [...this.carried.keys()]; open.length > 0;) {
      for (const k of open) {
        done.add(k);
        const { init, next, watched } = at(this.program.loop?.carried ?? [], k);
        const [from, to] = [this.write(init), this.write(next)];
        this.line(`carried ${this.carriedNumber(k)} ${from} ${to} ${watched ? "watched" : ""}`);
      }
      open = [...this.carried.keys()].filter((k) => !done.has(k));
    }
  }

  private line(text: string, value: ValueId | null = null): void {
    this.lines.push(text);
    this.lineValues.push(value);
  }

  /** Writes a value after all that it needs, once, and says its number. */
  private write(root: ValueId): number {
    const open: ValueId[] = [root];
    for (let id = open.at(-1); id !== undefined; id = open.at(-1)) {
      const node = at(this.program.nodes, id);
      const operands = this.order.operands(node);
      const missing = operands.filter((operand) => !this.values.has(operand));
      if (this.values.has(id)) open.pop();
      else if (missing.length > 0) open.push(...missing.toReversed());
      else this.writeNode(node, operands);
    }
    return this.values.get(root) ?? -1;
  }

  private writeNode(node: Node, operands: readonly ValueId[]): void {
    const number = this.values.size;
    const numbers = operands.map((operand) => this.values.get(operand) ?? -1).join(",");
    const attributes = this.attributes(node);
    const dims = this.typeText(node);
    this.line(
      `${number} ${node.op}.${ops[node.op].semantics}(${numbers}) ${attributes} ${node.type.dtype}[${dims}]`,
      node.id,
    );
    this.values.set(node.id, number);
  }

  /** The order of dims counts where data are laid out in it; elsewhere it has no meaning. */
  private typeText(node: Node): string {
    const layout = hasLayout(node);
    const dims = layout ? node.type.dims : [...node.type.dims].sort(this.order.compareDims);
    const numbers = dims.map((dim) => this.dimText(dim));
    return (layout ? numbers : numbers.sort()).join(",");
  }

  private dimList(value: ValueId): string {
    return `[${at(this.program.nodes, value)
      .type.dims.map((dim) => this.dimText(dim))
      .join(",")}]`;
  }

  private dimText(dim: DimId): string {
    const number = this.dims.get(dim) ?? this.dims.size;
    this.dims.set(dim, number);
    const { size, filled } = at(this.program.dims, dim);
    return `${number}:${size}${filled === undefined ? "" : ` filled ${place(this.scalars, filled)}`}`;
  }

  private attributes(node: Node): string {
    switch (node.op) {
      case "constant":
        return node.attributes.data.map(bits).join(",");
      case "carried":
        return String(this.carriedNumber(node.attributes.index));
      case "loop_position":
        return `loop=${this.loopNumber(node.attributes.loop)}`;
      case "loop_state":
        return `loop=${this.loopNumber(node.attributes.loop)} index=${node.attributes.index}`;
      case "loop": {
        const { loop, states, stacks, most, until } = node.attributes;
        return `loop=${this.loopNumber(loop)} ${states},${stacks} most=${most}${until ? " until" : ""}`;
      }
      case "loop_final":
        return `index=${node.attributes.index}`;
      case "loop_stack":
        return `index=${node.attributes.index} to=${this.dimText(node.attributes.to)}`;
      case "input":
        return this.source(at(this.program.inputs, node.attributes.index).source);
      default:
        return Object.entries(node.attributes)
          .map(([name, value]: [string, unknown]) => `${name}=${this.field(name, value)}`)
          .join(" ");
    }
  }

  private field(name: string, value: unknown): string {
    if (name === "start" || name === "exponent") return String(value);
    const dims = (Array.isArray(value) ? value : [value]).map((dim: DimId) => this.dimText(dim));
    // `from` and `to` belong together in their order; the dims of a sum are a set.
    return (name === "over" ? dims.sort() : dims).join(",");
  }

  private loopNumber(loop: LoopId): number {
    return numberIn(this.loops, loop);
  }

  private carriedNumber(index: number): number {
    return numberIn(this.carried, index);
  }

  private source(source: InputSource): string {
    switch (source.kind) {
      case "scalar":
        return `scalar ${place(this.scalars, source.index)}`;
      case "data":
        return `data ${place(this.datasets, source.dataset)} ${JSON.stringify(source.column)}`;
      case "result":
        this.results.push({ phase: source.phase, value: source.value });
        return `result ${this.results.length - 1}`;
      case "key": {
        if (source.by === null) this.usesSeed = true;
        const by = source.by?.map((index) => place(this.scalars, index)).join(",") ?? "seed";
        return `key ${JSON.stringify(source.stream)} ${source.word} by ${by}`;
      }
      case "draw": {
        if (source.by === null) this.usesSeed = true;
        const by = source.by?.map((index) => place(this.scalars, index)).join(",") ?? "seed";
        const { distribution } = source;
        const probability = "p" in distribution ? ` ${place(this.scalars, distribution.p)}` : "";
        const { kind, ...rest } = distribution;
        const details = "p" in distribution ? "" : Object.values(rest).map(String).join(",");
        const positions = source.positions === undefined ? "" : ` at ${JSON.stringify(source.positions)}`;
        return `draw ${JSON.stringify(source.stream)} ${kind}${probability} ${details} by ${by}${positions}`;
      }
    }
  }
}

function numberIn(numbers: Map<number, number>, key: number): number {
  const number = numbers.get(key) ?? numbers.size;
  numbers.set(key, number);
  return number;
}

/** The position of an entry, appended if it is new. */
function place(list: number[], entry: number): number {
  const found = list.indexOf(entry);
  return found < 0 ? list.push(entry) - 1 : found;
}

/** A double by its bits. */
function bits(value: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16);
}

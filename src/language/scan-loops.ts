/** Scans that are loops inside of a step: the body is checked once, for an iteration. */
import type { Span } from "../base/span.js";
import type { Name } from "../../grammar/tree.js";
import { int } from "./expressions/build.js";
import { read } from "./expressions/names.js";
import { freshAxes } from "./previous.js";
import type { Domain } from "./scan-domain.js";
import type { Tensor } from "./scopes.js";
import type { DefinitionId, Expr, Index, ScanId, ScanLoop, Subscript } from "./typed.js";
import type { World } from "./world.js";

/** What is kept of all iterations. */
export interface Stacked {
  readonly name: string;
  readonly tensor: Tensor;
  /** Where among its indices the scanned one stands. */
  readonly at: number;
  readonly span: Span;
}

interface LoopState {
  readonly name: string;
  readonly tensor: Tensor;
  readonly now: DefinitionId;
  readonly initial: DefinitionId;
}

export const subscriptOf = (index: Index): Subscript => ({ kind: "index", index, span: index.span });

export class LoopRound {
  /** Indices of the place where the scan stands: they are leading axes of all its values. */
  private readonly outer = new Map<number, Index>();
  private states: readonly LoopState[] = [];
  private position: DefinitionId = -1;
  private id: ScanId = -1;
  private until: DefinitionId | null = null;
  private loop: ScanLoop | null = null;

  constructor(
    private readonly world: World,
    private readonly tree: { readonly index: Name; readonly reverse: boolean },
    private readonly domain: Pick<Domain, "axis" | "count">,
  ) {}

  /** How many indices of the place were found so far. */
  get found(): number {
    return this.outer.size;
  }

  /** The names of the states get the meaning that they have in an iteration; the result is the position. */
  begin(now: Map<string, Tensor>): Expr {
    const { world, tree, domain } = this;
    const { span } = tree.index;
    this.id = world.newScanId();
    this.until = null;
    this.note(...now.values());
    this.states = [...now].map(([name, tensor]) => {
      const initial = this.whole(tensor, `${name} at the beginning`);
      const { axes, type } = world.definition(initial);
      const own = freshAxes(world, axes);
      const full = `${tree.index.text}.${name}`;
      const source = world.addDefinition(full, own, type, { kind: "turn", scan: this.id }, span);
      now.set(name, this.tensorOf(source, tensor));
      return { name, tensor, now: source, initial };
    });
    const type = domain.axis === null ? int : ({ kind: "index", axis: domain.axis } as const);
    this.position = world.addDefinition(tree.index.text, [], type, { kind: "turn", scan: this.id }, span);
    const position: Expr = { kind: "read", definition: this.position, subscripts: [], type, span };
    return domain.axis === null
      ? position
      : { kind: "apply", operation: "position", operands: [position], type: int, span };
  }

  endsWhen(until: Tensor): boolean {
    this.note(until);
    this.until = this.whole(until, "until");
    return true;
  }

  /** After the body: what the states have become. */
  end(now: ReadonlyMap<string, Tensor>, stacked: readonly Stacked[]): boolean {
    const { world, tree } = this;
    this.note(...now.values(), ...stacked.map(({ tensor }) => tensor));
    const states = this.states.map((state) => {
      const next = now.get(state.name) ?? state.tensor;
      return { now: state.now, initial: state.initial, next: this.whole(next, `${state.name} next`) };
    });
    this.loop = {
      id: this.id,
      count: this.domain.count,
      reverse: tree.reverse,
      position: this.position,
      until: this.until,
      states,
      stacked: stacked.map(({ name, tensor }) => this.whole(tensor, `${name} here`)),
    };
    world.scans.set(this.id, this.loop);
    return true;
  }

  results(stacked: readonly Stacked[]): ReadonlyMap<string, Tensor> {
    const { world, domain, loop } = this;
    const found = new Map<string, Tensor>();
    if (loop === null) return found;
    this.states.forEach(({ name, tensor, now }, state) => {
      const { axes, type } = world.definition(now);
      const body = { kind: "scanned", scan: loop.id, state } as const;
      const id = world.addDefinition(name, freshAxes(world, axes), type, body, tensor.span);
      found.set(name, this.tensorOf(id, tensor));
    });
    stacked.forEach(({ name, tensor, at, span }, place) => {
      const { axis } = domain;
      if (axis === null) return;
      const along = this.outer.size + at;
      const axes = [...freshAxes(world, world.definition(loop.stacked[place] ?? -1).axes)];
      axes.splice(along, 0, world.newIndex(this.tree.index.text, axis, span));
      const body = { kind: "scan stack", scan: loop.id, stacked: place, along } as const;
      const id = world.addDefinition(name, axes, tensor.type, body, span);
      const own = [...tensor.axes];
      own.splice(at, 0, { name: this.tree.index.text, axis, span });
      found.set(name, this.tensorOf(id, { ...tensor, axes: own, span }));
    });
    return found;
  }

  private note(...tensors: readonly Tensor[]): void {
    for (const { prefix } of tensors)
      for (const subscript of prefix)
        if (subscript.kind === "index") this.outer.set(subscript.index.id, subscript.index);
  }

  /** A definition with all indices of the place before its own. */
  private whole(tensor: Tensor, name: string): DefinitionId {
    const { world } = this;
    const given = this.prefix();
    const { source } = tensor;
    const same = tensor.prefix.length === given.length && tensor.prefix.every((part, k) => sameIndex(part, given[k]));
    if (source.kind === "definition" && same) return source.definition;
    const outer = [...this.outer.values()];
    const fresh = freshAxes(world, outer);
    const own = tensor.axes.map(({ name: written, axis, span }) => world.newIndex(written, axis, span));
    const prefix = tensor.prefix.map((part): Subscript => {
      const place = part.kind === "index" ? outer.findIndex(({ id }) => id === part.index.id) : -1;
      const index = fresh[place];
      return index === undefined ? part : subscriptOf(index);
    });
    const value = read({ ...tensor, prefix }, own.map(subscriptOf), tensor.span);
    return world.addDefinition(name, [...fresh, ...own], tensor.type, { kind: "equation", value }, tensor.span);
  }

  private prefix(): readonly Subscript[] {
    return [...this.outer.values()].map(subscriptOf);
  }

  private tensorOf(definition: DefinitionId, like: Tensor): Tensor {
    const { type } = this.world.definition(definition);
    return { ...like, type, prefix: this.prefix(), source: { kind: "definition", definition } };
  }
}

function sameIndex(a: Subscript, b: Subscript | undefined): boolean {
  return a.kind === "index" && b?.kind === "index" && a.index.id === b.index.id;
}

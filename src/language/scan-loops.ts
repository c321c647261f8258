/** Scans that are loops inside of a step: the body is checked once, for an iteration. */
import type { Span } from "../base/span.js";
import type { Name } from "../../grammar/tree.js";
import { int } from "./expressions/build.js";
import { OuterIndices } from "./outer-indices.js";
import { freshAxes } from "./previous.js";
import { positionAt, type Domain } from "./scan-domain.js";
import type { Tensor } from "./scopes.js";
import type { DefinitionId, Expr, ScanId, ScanLoop } from "./typed.js";
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

export class LoopRound {
  private readonly outer: OuterIndices;
  private states: readonly LoopState[] = [];
  private position: DefinitionId = -1;
  private id: ScanId = -1;
  private until: DefinitionId | null = null;
  private loop: ScanLoop | null = null;

  constructor(
    private readonly world: World,
    private readonly tree: { readonly index: Name; readonly reverse: boolean },
    private readonly domain: Pick<Domain, "axis" | "count">,
  ) {
    this.outer = new OuterIndices(world);
  }

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
    this.outer.note(...now.values());
    this.states = [...now].map(([name, tensor]) => {
      const initial = this.outer.whole(tensor, `${name} at the beginning`);
      const { axes, type } = world.definition(initial);
      const own = freshAxes(world, axes);
      const full = `${tree.index.text}.${name}`;
      const source = world.addDefinition(full, own, type, { kind: "turn", scan: this.id }, span);
      now.set(name, this.outer.tensorOf(source, tensor));
      return { name, tensor, now: source, initial };
    });
    const type = domain.axis === null ? int : ({ kind: "index", axis: domain.axis } as const);
    this.position = world.addDefinition(tree.index.text, [], type, { kind: "turn", scan: this.id }, span);
    return positionAt(world, domain.axis, { kind: "read", definition: this.position, subscripts: [], type, span });
  }

  endsWhen(until: Tensor): boolean {
    this.outer.note(until);
    this.until = this.outer.whole(until, "until");
    return true;
  }

  /** After the body: what the states have become. */
  end(now: ReadonlyMap<string, Tensor>, stacked: readonly Stacked[]): boolean {
    const { world, tree } = this;
    this.outer.note(...now.values(), ...stacked.map(({ tensor }) => tensor));
    const states = this.states.map((state) => {
      const next = now.get(state.name) ?? state.tensor;
      return { now: state.now, initial: state.initial, next: this.outer.whole(next, `${state.name} next`) };
    });
    this.loop = {
      id: this.id,
      count: this.domain.count,
      reverse: tree.reverse,
      position: this.position,
      until: this.until,
      states,
      stacked: stacked.map(({ name, tensor }) => this.outer.whole(tensor, `${name} here`)),
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
      found.set(name, this.outer.tensorOf(id, tensor));
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
      found.set(name, this.outer.tensorOf(id, { ...tensor, axes: own, span }));
    });
    return found;
  }
}

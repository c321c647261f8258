/** Which nodes belong to the region of an inner loop, and what a node needs where it is computed. */
import { loopOperands } from "./ops/loop.js";
import type { LoopId, Node, NodeOf, ValueId } from "./types.js";

const none: ReadonlySet<LoopId> = new Set();

export interface Region {
  /** In topological order; inner loops of it stand for themselves. */
  readonly nodes: readonly ValueId[];
  /** Values around it that it uses. */
  readonly captured: readonly ValueId[];
}

/** Looks at nodes in topological order; ids need not be positions. */
export class Regions {
  private readonly byId = new Map<ValueId, Node>();
  /** The loops whose iterations a value differs in. */
  private readonly scopes = new Map<ValueId, ReadonlySet<LoopId>>();
  private readonly regions = new Map<ValueId, Region>();
  private readonly keys = new Map<ValueId, string>();
  private readonly most = new Map<LoopId, number>();

  constructor(nodes: Iterable<Node>) {
    for (const node of nodes) this.add(node);
  }

  add(node: Node): void {
    this.byId.set(node.id, node);
    this.scopes.set(node.id, this.scopeOf(node));
    if (node.op === "loop") this.most.set(node.attributes.loop, node.attributes.most);
  }

  /** How often a value is computed in a step, at most. */
  mostTimes(id: ValueId): number {
    return [...this.scope(id)].reduce((times, loop) => times * (this.most.get(loop) ?? 1), 1);
  }

  private scopeOf(node: Node): ReadonlySet<LoopId> {
    if (node.op === "loop_position" || node.op === "loop_state") return new Set([node.attributes.loop]);
    let found = none;
    for (const operand of node.operands) {
      const scope = this.scope(operand);
      if (scope.size === 0 || scope === found) continue;
      found = found.size === 0 ? scope : new Set([...found, ...scope]);
    }
    if (node.op !== "loop" || !found.has(node.attributes.loop)) return found;
    return new Set([...found].filter((loop) => loop !== node.attributes.loop));
  }

  scope(id: ValueId): ReadonlySet<LoopId> {
    return this.scopes.get(id) ?? none;
  }

  /** The same text for values that change in the same loops. */
  scopeKey(id: ValueId): string {
    const scope = this.scope(id);
    if (scope.size === 0) return "";
    const known = this.keys.get(id) ?? [...scope].sort((a, b) => a - b).join();
    this.keys.set(id, known);
    return known;
  }

  /** The values that must be there before a node is computed: of a loop, what its region uses from around it. */
  needs(node: Node): readonly ValueId[] {
    if (node.op !== "loop") return node.operands;
    const { count, initial } = loopOperands(node);
    return [...new Set([count, ...initial, ...this.region(node).captured])];
  }

  region(node: NodeOf<"loop">): Region {
    const known = this.regions.get(node.id);
    if (known !== undefined) return known;
    const { until, next, stacked } = loopOperands(node);
    const inside = new Set<ValueId>();
    const captured = new Set<ValueId>();
    const open = [...(until === null ? [] : [until]), ...next, ...stacked];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (inside.has(id) || captured.has(id)) continue;
      if (this.scope(id).has(node.attributes.loop)) {
        inside.add(id);
        open.push(...this.needs(this.node(id)));
      } else captured.add(id);
    }
    const region = { nodes: this.sorted(inside), captured: this.sorted(captured) };
    this.regions.set(node.id, region);
    return region;
  }

  private sorted(ids: ReadonlySet<ValueId>): readonly ValueId[] {
    const order = this.order();
    return [...ids].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  }

  private places: Map<ValueId, number> | null = null;
  private order(): ReadonlyMap<ValueId, number> {
    if (this.places?.size !== this.byId.size) this.places = new Map([...this.byId.keys()].map((id, k) => [id, k]));
    return this.places;
  }

  node(id: ValueId): Node {
    const node = this.byId.get(id);
    if (node === undefined) throw new Error(`value ${id} is used before it is made`);
    return node;
  }
}

/**
 * All values that are one of these or computed from them, through loops: with one operand of a loop all of its states are,
 * for iterations may then end at different times.
 */
export function dependentsThroughLoops(nodes: readonly Node[], isOne: (node: Node) => boolean): Set<ValueId> {
  const found = new Set<ValueId>();
  const loops = new Set<LoopId>();
  for (let before = -1; before < loops.size;) {
    before = loops.size;
    for (const node of nodes) {
      const depends =
        isOne(node) ||
        (node.op === "loop_state" && loops.has(node.attributes.loop)) ||
        node.operands.some((operand) => found.has(operand));
      if (!depends) continue;
      found.add(node.id);
      if (node.op === "loop") loops.add(node.attributes.loop);
    }
  }
  return found;
}

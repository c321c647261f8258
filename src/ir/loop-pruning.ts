/**
 * Leaves out of loops inside of a step what nothing reads: stacks, and states that only feed themselves. Loops that differ only in what
 * they keep (derivatives keep the states beside) become one.
 */
import { at } from "./fault.js";
import { loopOperands, loopParts } from "./ops/loop.js";
import type { Rebuilding } from "./rebuild.js";
import { rebuild } from "./rebuild.js";
import type { LoopId, Node, NodeOf, Program, ValueId } from "./types.js";
import { neededBy } from "./uses.js";

export function pruneLoops(program: Program): Program {
  let current = program;
  for (;;) {
    const pruning = new Pruning(current);
    if (!pruning.changes) return current;
    current = rebuild(current, (copy, node) => pruning.rewrite(copy, node));
  }
}

/** All loops over one region, as one. */
interface Joined {
  readonly first: NodeOf<"loop">;
  readonly states: readonly number[];
  readonly stacked: readonly ValueId[];
}

class Pruning {
  readonly changes: boolean;
  private readonly joined = new Map<LoopId, Joined>();

  constructor(private readonly program: Program) {
    const groups = new Map<LoopId, NodeOf<"loop">[]>();
    for (const node of program.nodes) {
      if (node.op !== "loop") continue;
      const group = groups.get(node.attributes.loop) ?? [];
      group.push(node);
      groups.set(node.attributes.loop, group);
    }
    let changes = false;
    for (const [loop, group] of groups) {
      const joined = this.join(group);
      if (joined === null) continue;
      this.joined.set(loop, joined);
      const { states, stacks } = joined.first.attributes;
      changes ||= group.length > 1 || joined.states.length < states || joined.stacked.length < stacks;
    }
    this.changes = changes;
  }

  private join(group: readonly NodeOf<"loop">[]): Joined | null {
    const [first] = group;
    if (first === undefined) return null;
    const same = (node: NodeOf<"loop">): boolean => {
      const [a, b] = [loopOperands(first), loopOperands(node)];
      const all = ({ count, until, initial, next }: typeof a) => [count, until, ...initial, ...next].join();
      return all(a) === all(b) && node.operands.every((operand) => operand < first.id);
    };
    if (!group.every(same)) return null;
    const finals = new Set<number>();
    const stacked = new Set<ValueId>();
    for (const node of this.program.nodes) {
      if (node.op !== "loop_final" && node.op !== "loop_stack") continue;
      const of = group.find((loop) => loop.id === node.operands[0]);
      if (of === undefined) continue;
      if (node.op === "loop_final") finals.add(node.attributes.index);
      else stacked.add(at(loopOperands(of).stacked, node.attributes.index));
    }
    return { first, states: this.alive(first, finals, stacked), stacked: [...stacked].sort((a, b) => a - b) };
  }

  /** The states that are read after the loop, and those that they, the stacks and the end of the loop need. */
  private alive(loop: NodeOf<"loop">, finals: ReadonlySet<number>, stacked: ReadonlySet<ValueId>): readonly number[] {
    const { until, next } = loopOperands(loop);
    const alive = new Set(finals);
    for (let before = -1; before < alive.size;) {
      before = alive.size;
      const roots = [...(until === null ? [] : [until]), ...stacked, ...[...alive].map((k) => at(next, k))];
      for (const id of neededBy(this.program, roots)) {
        const node = at(this.program.nodes, id);
        if (node.op === "loop_state" && node.attributes.loop === loop.attributes.loop) alive.add(node.attributes.index);
      }
    }
    return [...alive].sort((a, b) => a - b);
  }

  rewrite(copy: Rebuilding, node: Node): ValueId | null {
    switch (node.op) {
      case "loop_state": {
        const joined = this.joined.get(node.attributes.loop);
        if (joined === undefined) return null;
        // Nobody reads a state that is left out, but it may be kept by a loop that is.
        const index = joined.states.indexOf(node.attributes.index);
        const { loop } = node.attributes;
        const type = { dtype: node.type.dtype, dims: node.type.dims.map(copy.dim) };
        return index < 0 ? copy.b.zeros(type) : copy.b.append("loop_state", [], { loop, index }, type);
      }
      case "loop":
        return this.loop(copy, node);
      case "loop_final":
      case "loop_stack":
        return this.result(copy, node);
      default:
        return null;
    }
  }

  private loop(copy: Rebuilding, node: NodeOf<"loop">): ValueId | null {
    const { loop, most } = node.attributes;
    const joined = this.joined.get(loop);
    if (joined === undefined) return null;
    const { count, until, initial, next } = loopOperands(joined.first);
    const kept = (values: readonly ValueId[]) => joined.states.map((k) => copy.value(at(values, k)));
    const parts = {
      count: copy.value(count),
      until: until === null ? null : copy.value(until),
      initial: kept(initial),
      next: kept(next),
      stacked: joined.stacked.map((id) => copy.value(id)),
    };
    const { operands, attributes } = loopParts(parts, loop, most);
    return copy.b.append("loop", operands, attributes, null);
  }

  private result(copy: Rebuilding, node: NodeOf<"loop_final" | "loop_stack">): ValueId | null {
    const of = at(this.program.nodes, at(node.operands, 0));
    const joined = of.op === "loop" ? this.joined.get(of.attributes.loop) : undefined;
    if (joined === undefined || of.op !== "loop") return null;
    const type = { dtype: node.type.dtype, dims: node.type.dims.map(copy.dim) };
    const loop = copy.value(of.id);
    const { index } = node.attributes;
    if (!("to" in node.attributes))
      return copy.b.append("loop_final", [loop], { index: joined.states.indexOf(index) }, type);
    const place = joined.stacked.indexOf(at(loopOperands(of).stacked, index));
    return copy.b.append("loop_stack", [loop], { index: place, to: copy.dim(node.attributes.to) }, type);
  }
}

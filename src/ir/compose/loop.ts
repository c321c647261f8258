/** Loops inside of a step, from a function that makes an iteration. */
import type { Builder } from "../builder.js";
import { loopOperands, loopParts } from "../ops/loop.js";
import type { DimId, NodeOf, ValueId, ValueType } from "../types.js";

export interface Iteration {
  /** By state: its value after the iteration; may lack dims of the state, never have others. */
  readonly next: readonly ValueId[];
  readonly stacked: readonly ValueId[];
  /** Of the states at the start of the iteration: true ends the loop before it. */
  readonly until: ValueId | null;
}

export interface LoopResults {
  /** Iterations done. */
  readonly done: ValueId;
  readonly finals: readonly ValueId[];
  /** By stacked value, the iterations along the dim `to`. */
  stack(index: number, to: DimId): ValueId;
}

/** `count` is an i32 scalar; iterations are numbered from 0. The states have the types that are given. */
export function makeLoop(
  b: Builder,
  count: ValueId,
  most: number,
  states: readonly { readonly type: ValueType; readonly initial: ValueId }[],
  iterate: (position: ValueId, states: readonly ValueId[]) => Iteration,
): LoopResults {
  const loop = b.loopId();
  const position = b.append("loop_position", [], { loop }, null);
  const sources = states.map(({ type }, index) => b.append("loop_state", [], { loop, index }, type));
  const { next, stacked, until } = iterate(position, sources);
  const spread = (value: ValueId, k: number): ValueId =>
    b.ordered(b.spread(value, sources[k] ?? value), states[k]?.type.dims ?? []);
  // No iteration at all: the region is nobody's, and goes.
  if (most === 0) return withoutIterations(b, states, stacked);
  const parts = {
    count,
    until,
    initial: states.map(({ initial }, k) => spread(initial, k)),
    next: next.map(spread),
    stacked,
  };
  const { operands, attributes } = loopParts(parts, loop, most);
  return resultsOf(b, b.append("loop", operands, attributes, null));
}

function withoutIterations(
  b: Builder,
  states: readonly { readonly type: ValueType; readonly initial: ValueId }[],
  stacked: readonly ValueId[],
): LoopResults {
  return {
    done: b.constant(0, "i32"),
    finals: states.map(({ type, initial }) => b.broadcast(initial, type.dims)),
    stack(index, to) {
      const value = stacked[index] ?? -1;
      return b.zeros({ dtype: b.dtypeOf(value), dims: [to, ...b.dimsOf(value)] });
    },
  };
}

export function resultsOf(b: Builder, done: ValueId): LoopResults {
  const node = b.node(done) as NodeOf<"loop">; // made by `makeLoop`, or handed in by who knows that it is one
  const { next, stacked } = loopOperands(node);
  return {
    done,
    finals: next.map((value, index) => b.append("loop_final", [done], { index }, b.typeOf(value))),
    stack(index, to) {
      const value = stacked[index] ?? done;
      const type = { dtype: b.dtypeOf(value), dims: [to, ...b.dimsOf(value)] };
      return b.append("loop_stack", [done], { index, to }, type);
    },
  };
}

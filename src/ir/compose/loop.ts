/** Loops inside of a step, from a function that makes an iteration. */
import type { Builder } from "../builder.js";
import { loopParts } from "../ops/loop.js";
import type { Check, DimId, ValueId, ValueType } from "../types.js";

export interface Iteration {
  /** By state: its value after the iteration; may lack dims of the state, never have others. */
  readonly next: readonly ValueId[];
  readonly stacked: readonly ValueId[];
  /** Of the states at the start of the iteration: true ends the loop before it. */
  readonly until: ValueId | null;
  /** Conditions that must hold in each iteration. */
  readonly checks?: readonly Check[];
}

export interface LoopResults {
  /** Iterations done. */
  readonly done: ValueId;
  readonly finals: readonly ValueId[];
  /** By stacked value, the iterations along the dim `to`. */
  stack(index: number, to: DimId): ValueId;
}

interface State {
  readonly type: ValueType;
  readonly initial: ValueId;
}

/** `count` is an i32 scalar, at most `most`; iterations are numbered from 0. The states have the types that are given. */
export function makeLoop(
  b: Builder,
  count: ValueId,
  most: number,
  states: readonly State[],
  iterate: (position: ValueId, states: readonly ValueId[]) => Iteration,
): LoopResults {
  const loop = b.loopId();
  const source = (type: ValueType, index: number): ValueId => b.append("loop_state", [], { loop, index }, type);
  const position = b.append("loop_position", [], { loop }, null);
  const sources = states.map(({ type }, index) => source(type, index));
  const { next, stacked, until, checks = [] } = iterate(position, sources);
  // No iteration at all: the region is nobody's, and goes.
  if (most === 0) return withoutIterations(b, states, stacked);
  const flag: ValueType = { dtype: "bool", dims: [] };
  const flags = checks.map(({ condition }, k) => b.and(source(flag, states.length + k), condition));
  const all = [...states, ...checks.map((): State => ({ type: flag, initial: b.constant(1, "bool") }))];
  const spread = (value: ValueId, k: number): ValueId => {
    const dims = all[k]?.type.dims ?? [];
    return b.broadcast(value, dims);
  };
  const parts = {
    count,
    until,
    initial: all.map(({ initial }, k) => spread(initial, k)),
    next: [...next, ...flags].map(spread),
    stacked,
  };
  const { operands, attributes } = loopParts(parts, loop, most);
  const done = b.append("loop", operands, attributes, null);
  const finals = all.map(({ type }, index) => b.append("loop_final", [done], { index }, type));
  checks.forEach(({ message, span }, k) => {
    b.check(finals[states.length + k] ?? done, message, span);
  });
  return {
    done,
    finals: finals.slice(0, states.length),
    stack(index, to) {
      const value = stacked[index] ?? done;
      const type = { dtype: b.dtypeOf(value), dims: [to, ...b.dimsOf(value)] };
      return b.append("loop_stack", [done], { index, to }, type);
    },
  };
}

function withoutIterations(b: Builder, states: readonly State[], stacked: readonly ValueId[]): LoopResults {
  return {
    done: b.constant(0, "i32"),
    finals: states.map(({ type, initial }) => b.broadcast(initial, type.dims)),
    stack(index, to) {
      const value = stacked[index] ?? -1;
      return b.zeros({ dtype: b.dtypeOf(value), dims: [to, ...b.dimsOf(value)] });
    },
  };
}

/** What a loop inside of a step means, iteration by iteration. */
import { at, IrFault } from "./fault.js";
import { loopOperands } from "./ops/loop.js";
import type { NodeOf, ValueId } from "./types.js";

/** Values around a loop, or in one of its iterations. */
export interface Values {
  value(id: ValueId): Float64Array;
  /** The values of one iteration: what depends on the loop's sources is computed anew, the rest is looked up here. */
  iteration(loop: number, position: number, states: readonly Float64Array[]): Values;
}

export interface LoopValues {
  readonly done: number;
  readonly finals: readonly Float64Array[];
  /** By stacked value: its entries in each iteration that was reached. */
  readonly stacks: readonly (readonly Float64Array[])[];
}

export function evaluateLoop(node: NodeOf<"loop">, around: Values): LoopValues {
  const { loop, most } = node.attributes;
  const { count, until, initial, next, stacked } = loopOperands(node);
  const times = at(around.value(count), 0);
  if (times > most) throw new IrFault("oracle", `a loop of at most ${most} iterations is asked for ${times}`);
  let states = initial.map((id) => around.value(id));
  const stacks: Float64Array[][] = stacked.map(() => []);
  let done = 0;
  for (; done < times; done++) {
    const now = around.iteration(loop, done, states);
    if (until !== null && at(now.value(until), 0) === 1) break;
    stacked.forEach((id, k) => at(stacks, k).push(now.value(id)));
    states = next.map((id) => now.value(id));
  }
  return { done, finals: states, stacks };
}

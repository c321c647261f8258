/**
 * Loops inside of a step. The region of a loop is what depends on its sources (`loop_position`, `loop_state`); it stands in the same list
 * of nodes. Evaluation and derivatives go through the region as a whole: `oracle-loops.ts`, `derive-loops.ts`.
 */
import { sameSet } from "../dims.js";
import { at, IrFault } from "../fault.js";
import type { DType, NodeOf, OpAttributes, OpName, ValueId, ValueType } from "../types.js";
import type { OpDefinition } from "./definition.js";
import { defaults, require, requireOperands } from "./definition.js";

const all: readonly DType[] = ["f32", "f64", "i32", "bool"];
const count: ValueType = { dtype: "i32", dims: [] };

function asWhole<K extends OpName>(name: K) {
  const whole = (): never => {
    throw new IrFault(name, "belongs to a loop, which is computed as a whole");
  };
  return { ...defaults, name, dtypes: all, evaluate: whole, reverse: whole, forward: whole };
}

export const loopPosition: OpDefinition<"loop_position"> = {
  ...asWhole("loop_position"),
  doc: "The number of iterations of a loop that are done, i32.",
  infer(operands) {
    requireOperands("loop_position", operands, 0);
    return count;
  },
  // Programs with loops are tried as programs.
  sample: () => ({ operands: [], attributes: { loop: 0 }, declared: null }),
};

export const loopState: OpDefinition<"loop_state"> = {
  ...asWhole("loop_state"),
  doc: "A state of a loop at the start of an iteration.",
  infer(operands, _attributes, _sizes, declared) {
    requireOperands("loop_state", operands, 0);
    return told("loop_state", declared);
  },
  sample: (s) => ({ operands: [], attributes: { loop: 0, index: 0 }, declared: { dtype: s.dtype, dims: [] } }),
};

export const loop: OpDefinition<"loop"> = {
  ...asWhole("loop"),
  doc: "Iterates over a region; its value is the number of iterations done.",
  infer(operands, attributes) {
    const { states, stacks, most, until } = attributes;
    requireOperands("loop", operands, 1 + Number(until) + 2 * states + stacks);
    require(Number.isInteger(most) && most >= 1, "loop", `at most ${most} iterations`);
    for (const [k, type] of operands.slice(0, 1 + Number(until)).entries())
      require(type.dims.length === 0 &&
        type.dtype === (k === 0 ? "i32" : "bool"), "loop", "count or condition is no scalar");
    for (let k = 0; k < states; k++) {
      const [from, to] = [at(operands, 1 + Number(until) + k), at(operands, 1 + Number(until) + states + k)];
      require(from.dtype === to.dtype && sameSet(from.dims, to.dims), "loop", `state ${k} changes its type`);
    }
    return count;
  },
  sample: () => ({
    operands: [],
    attributes: { loop: 0, states: 0, stacks: 0, most: 1, until: false },
    declared: null,
  }),
};

export const loopFinal: OpDefinition<"loop_final"> = {
  ...asWhole("loop_final"),
  doc: "A state of a loop after its last iteration.",
  infer(operands, _attributes, _sizes, declared) {
    requireOperands("loop_final", operands, 1);
    return told("loop_final", declared);
  },
  sample: (s) => ({ operands: [], attributes: { index: 0 }, declared: { dtype: s.dtype, dims: [] } }),
};

export const loopStack: OpDefinition<"loop_stack"> = {
  ...asWhole("loop_stack"),
  doc: "The values of all iterations of a loop along a dim, 0 where there was none.",
  infer(operands, { to }, _sizes, declared) {
    requireOperands("loop_stack", operands, 1);
    const type = told("loop_stack", declared);
    require(type.dims.includes(to), "loop_stack", "lacks the dim of the iterations");
    return type;
  },
  sample: (s) => ({ operands: [], attributes: { index: 0, to: 0 }, declared: { dtype: s.dtype, dims: [] } }),
};

function told(op: string, declared: ValueType | null): ValueType {
  require(declared !== null, op, "needs a type");
  return declared;
}

/** The operands of a loop by what they are. */
export interface LoopOperands {
  readonly count: ValueId;
  readonly until: ValueId | null;
  readonly initial: readonly ValueId[];
  readonly next: readonly ValueId[];
  readonly stacked: readonly ValueId[];
}

export function loopOperands({ operands, attributes }: NodeOf<"loop">): LoopOperands {
  const first = 1 + Number(attributes.until);
  const { states } = attributes;
  return {
    count: at(operands, 0),
    until: attributes.until ? at(operands, 1) : null,
    initial: operands.slice(first, first + states),
    next: operands.slice(first + states, first + 2 * states),
    stacked: operands.slice(first + 2 * states),
  };
}

export function loopParts(parts: LoopOperands, loop: number, most: number) {
  const { count: times, until, initial, next, stacked } = parts;
  const attributes: OpAttributes["loop"] = {
    loop,
    states: initial.length,
    stacks: stacked.length,
    most,
    until: until !== null,
  };
  return { operands: [times, ...(until === null ? [] : [until]), ...initial, ...next, ...stacked], attributes };
}

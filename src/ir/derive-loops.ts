/**
 * Derivatives of loops inside of a step. Forward: the same loop with the tangents of its states beside them. Reverse: the states of all
 * iterations are kept, and a loop goes through the iterations from the last, whose states are the cotangents and one sum for each value
 * that the region uses from around it.
 */
import type { Builder } from "./builder.js";
import { makeLoop } from "./compose/loop.js";
import { copyValues } from "./copy-values.js";
import { union } from "./dims.js";
import { isReal } from "./ops/definition.js";
import { loopOperands, loopParts } from "./ops/loop.js";
import type { Regions } from "./regions.js";
import type { DimId, NodeOf, ValueId, ValueType } from "./types.js";

/** A cotangent of a value. */
export interface Seed {
  readonly output: ValueId;
  readonly seed: ValueId;
}

/** `derive.ts` hands in how it derives what is inside. */
export type PullBack = (
  b: Builder,
  seeds: readonly Seed[],
  wrt: readonly ValueId[],
  kept: readonly DimId[],
) => ReadonlyMap<ValueId, ValueId>;
type PushForward = (
  b: Builder,
  outputs: readonly ValueId[],
  directions: readonly { readonly from: ValueId; readonly tangent: ValueId }[],
) => ValueId[];

/** What is known of the results' cotangents; `to` is null for a final state. */
export type LoopCotangents = { readonly index: number; readonly to: DimId | null; readonly value: ValueId }[];
/** The tangent of a result, null where it is zero. */
export type LoopTangents = (result: NodeOf<"loop_final" | "loop_stack">) => ValueId | null;

export interface LoopTask {
  readonly b: Builder;
  readonly regions: Regions;
  readonly depends: (id: ValueId) => boolean;
  /** Dims that ride along. */
  readonly kept: readonly DimId[];
}

export function reverseLoop(
  task: LoopTask,
  node: NodeOf<"loop">,
  given: LoopCotangents,
  pullBack: PullBack,
): { readonly of: ValueId; readonly value: ValueId }[] {
  const { b, kept } = task;
  const { initial, next, stacked } = loopOperands(node);
  const { most } = node.attributes;
  const { states, captured } = activeParts(task, node);
  const withDims = ({ dtype, dims }: ValueType): ValueType => ({ dtype, dims: union(kept, dims) });
  const finalCotangent = (k: number): ValueId => {
    const parts = given.flatMap(({ index, to, value }) => (to === null && index === k ? [value] : []));
    return b.sumOf(parts) ?? b.zeros(withDims(b.typeOf(at(initial, k))));
  };
  const past = withKeptStates(b, node);
  const begin = [
    ...states.map((k) => ({ type: withDims(b.typeOf(at(initial, k))), initial: finalCotangent(k) })),
    ...captured.map((id) => ({ type: withDims(b.typeOf(id)), initial: b.zeros(withDims(b.typeOf(id))) })),
  ];
  const { finals } = makeLoop(b, past.done, most, begin, (turn, now) => {
    const position = b.sub(b.sub(past.done, b.constant(1, "i32")), turn);
    const before = past.states(position);
    const value = iterationAt(task, node, position, before);
    const seeds = [
      ...states.map((k, place) => ({ output: value(at(next, k)), seed: at(now, place) })),
      ...given.flatMap(({ index, to, value: cotangent }) =>
        to === null ? [] : [{ output: value(at(stacked, index)), seed: b.gather(cotangent, position, to) }],
      ),
    ];
    // All states are cut, also those that are not active: they come from a loop that depends on what is captured.
    const wrt = [...before, ...captured];
    const gained = pullBack(b, seeds, wrt, kept);
    const sums = captured.map((id, place) => {
      const part = gained.get(id);
      const sum = at(now, states.length + place);
      return part === undefined ? sum : b.add(sum, part);
    });
    const zero = (k: number): ValueId => b.zeros(withDims(b.typeOf(at(initial, k))));
    return { next: [...states.map((k) => gained.get(at(before, k)) ?? zero(k)), ...sums], stacked: [], until: null };
  });
  return [
    ...states.map((k, place) => ({ of: at(initial, k), value: at(finals, place) })),
    ...captured.map((of, place) => ({ of, value: at(finals, states.length + place) })),
  ];
}

export function forwardLoop(
  task: LoopTask,
  node: NodeOf<"loop">,
  tangents: ReadonlyMap<ValueId, ValueId>,
  pushForward: PushForward,
): LoopTangents {
  const { b, kept } = task;
  const { count, until, initial, next, stacked } = loopOperands(node);
  const { states, captured } = activeParts(task, node);
  const moving = stacked.flatMap((id, index) => (isReal(b.typeOf(id)) ? [index] : []));
  const begin = [
    ...initial.map((id) => ({ type: b.typeOf(id), initial: id })),
    ...states.map((k) => {
      const { dtype, dims } = b.typeOf(at(initial, k));
      const type = { dtype, dims: union(kept, dims) };
      return { type, initial: tangents.get(at(initial, k)) ?? b.zeros(type) };
    }),
  ];
  const loop = makeLoop(b, count, node.attributes.most, begin, (position, now) => {
    const before = now.slice(0, initial.length);
    const value = iterationAt(task, node, position, before);
    const directions = [
      ...states.map((k, place) => ({ from: at(before, k), tangent: at(now, initial.length + place) })),
      ...captured.map((id) => ({ from: id, tangent: tangents.get(id) ?? b.zeros(b.typeOf(id)) })),
    ];
    const outputs = [...states.map((k) => value(at(next, k))), ...moving.map((index) => value(at(stacked, index)))];
    const moved = pushForward(b, outputs, directions);
    return {
      next: [...next.map(value), ...moved.slice(0, states.length)],
      stacked: moved.slice(states.length),
      until: until === null ? null : value(until),
    };
  });
  return ({ op, attributes }) => {
    const place = (op === "loop_final" ? states : moving).indexOf(attributes.index);
    if (place < 0) return null;
    return "to" in attributes ? loop.stack(place, attributes.to) : at(loop.finals, initial.length + place);
  };
}

/** The states and the values around the loop through which it depends on what it is derived by. */
function activeParts(task: LoopTask, node: NodeOf<"loop">) {
  const { b, regions, depends } = task;
  const { initial, next } = loopOperands(node);
  const real = (id: ValueId): boolean => isReal(b.typeOf(id));
  const region = regions.region(node);
  const captured = region.captured.filter((id) => depends(id) && real(id));
  const states = new Set(initial.flatMap((id, k) => (depends(id) && real(id) ? [k] : [])));
  for (let before = -1; before < states.size;) {
    before = states.size;
    const reached = new Set(captured);
    for (const k of states) reached.add(stateSource(b, node, k));
    for (const id of region.nodes)
      if (regions.needs(b.node(id)).some((operand) => reached.has(operand))) reached.add(id);
    next.forEach((id, k) => {
      if (reached.has(id) && real(id)) states.add(k);
    });
  }
  return { captured, states: [...states].sort((x, y) => x - y) };
}

function stateSource(b: Builder, node: NodeOf<"loop">, index: number): ValueId {
  const type = b.typeOf(at(loopOperands(node).initial, index));
  return b.append("loop_state", [], { loop: node.attributes.loop, index }, type);
}

/** The same loop, which keeps its states at the start of each iteration beside what it keeps. */
function withKeptStates(b: Builder, node: NodeOf<"loop">) {
  const parts = loopOperands(node);
  const { loop, most, stacks } = node.attributes;
  const sources = parts.initial.map((_, k) => stateSource(b, node, k));
  const { operands, attributes } = loopParts({ ...parts, stacked: [...parts.stacked, ...sources] }, loop, most);
  const done = b.append("loop", operands, attributes, null);
  const to = b.dim("iteration", most);
  const kept = sources.map((source, k) => {
    const { dtype, dims } = b.typeOf(source);
    return b.append("loop_stack", [done], { index: stacks + k, to }, { dtype, dims: [to, ...dims] });
  });
  return { done, states: (position: ValueId) => kept.map((stack) => b.gather(stack, position, to)) };
}

/** The values of the region in an iteration with these states. */
function iterationAt({ b, regions }: LoopTask, node: NodeOf<"loop">, position: ValueId, states: readonly ValueId[]) {
  const { loop } = node.attributes;
  const map = new Map<ValueId, ValueId>();
  map.set(b.append("loop_position", [], { loop }, null), position);
  states.forEach((value, k) => map.set(stateSource(b, node, k), value));
  copyValues(b, regions, regions.region(node).nodes, map);
  return (id: ValueId): ValueId => map.get(id) ?? id;
}

function at<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new Error(`a loop has no value ${index}`);
  return found;
}

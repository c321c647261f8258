/**
 * Loops inside of a step: a While whose body is the region of the loop. Where runs may end at iterations of their own a mask keeps
 * the states of those that have ended; the While goes on as long as one of them does.
 */
import { loopOperands } from "../../ir/ops/loop.js";
import type { NodeOf, ValueId } from "../../ir/types.js";
import { align, RUN, spread } from "./axes.js";
import type { Axis, Value } from "./axes.js";
import { whileLoop } from "./control-flow.js";
import type { Tensor } from "./function-builder.js";
import type { Region } from "./region.js";
import { any, binary, cast, compare, logical, not, reduce, scalar, select, writeRow } from "./tensors.js";

export interface LoopResults {
  /** Iterations done. */
  readonly done: Value;
  readonly finals: readonly Value[];
  /** By stacked value: rows, one for each iteration; the axes are those of a row. */
  readonly stacks: readonly Value[];
}

export function mapResults({ done, finals, stacks }: LoopResults, change: (value: Value) => Value): LoopResults {
  return { done: change(done), finals: finals.map(change), stacks: stacks.map(change) };
}

export function stackAlong(results: LoopResults, node: NodeOf<"loop_stack">): Value {
  const rows = results.stacks[node.attributes.index];
  if (rows === undefined) throw new Error("the loop has no such stack");
  return { tensor: rows.tensor, axes: [node.attributes.to, ...rows.axes] };
}

/** What a loop has at the start of an iteration. */
interface State {
  /** Iterations begun. */
  readonly position: Tensor;
  /** The most iterations that some run does. */
  readonly limit: Tensor;
  /** Whether some run goes on. */
  readonly going: Tensor;
  /** By run: how many iterations it does, and has done; scalars where all runs do the same. */
  readonly count: Value;
  readonly done: Value;
  /** By run: whether it goes on; null where only the position tells. */
  readonly alive: Value | null;
  readonly states: readonly Value[];
  readonly stacks: readonly Value[];
}

export function emitInnerLoop(region: Region, node: NodeOf<"loop">): LoopResults {
  const { f, view } = region;
  const { count, until, initial, next, stacked } = loopOperands(node);
  const { loop, most } = node.attributes;
  const varies = view.varying[node.id] === true;
  const ordered = (id: ValueId): readonly Axis[] => view.table.ordered(nodeOf(region, id).type.dims, varies);
  const runs: readonly Axis[] = view.table.ordered([], varies);
  const times = spread(f, view.table, region.get(count), runs);
  const first: State = {
    position: scalar(f, "i32", 0),
    limit: largest(region, times),
    going: f.constant("bool", [], 1),
    count: times,
    done: { tensor: f.constant("i32", view.table.shape(runs), 0), axes: runs },
    alive: until === null && !varies ? null : { tensor: f.constant("bool", view.table.shape(runs), 1), axes: runs },
    states: initial.map((id) => spread(f, view.table, region.get(id), ordered(id))),
    stacks: stacked.map((id): Value => {
      const axes = ordered(id);
      const shape = [most, ...view.table.shape(axes)];
      return { tensor: f.constant(nodeOf(region, id).type.dtype, shape, 0), axes };
    }),
  };
  const results = whileLoop(
    region,
    flatten(first),
    (test, values) => {
      const { position, limit, going } = unflatten(first, values);
      return logical(test.f, "LogicalAnd", compare(test.f, "Less", position, limit), going);
    },
    (body, values) => {
      const state = unflatten(first, values);
      body.bindIteration(loop, plain(state.position), state.states);
      const alive = aliveIn(body, state, until);
      const kept = (after: Value, before: Value): Value => {
        const made = spread(body.f, view.table, after, before.axes);
        if (alive === null) return made;
        const mask = align(body.f, view.table, alive, before.axes);
        return { tensor: select(body.f, mask, made.tensor, before.tensor), axes: before.axes };
      };
      const rows = stacked.map((id, k): Value => {
        const stack = valueOf(state.stacks, k);
        const row = spread(body.f, view.table, body.get(id), stack.axes);
        const zero: Value = { tensor: body.f.constant(row.tensor.type, row.tensor.shape, 0), axes: stack.axes };
        return { tensor: writeRow(body.f, stack.tensor, state.position, kept(row, zero).tensor), axes: stack.axes };
      });
      const one = scalar(body.f, "i32", 1);
      const counted = alive === null ? one : cast(body.f, alive.tensor, "i32");
      return flatten({
        ...state,
        position: binary(body.f, "AddV2", state.position, one),
        going: alive === null ? state.going : any(body.f, alive.tensor),
        done: { tensor: binary(body.f, "AddV2", state.done.tensor, counted), axes: runs },
        alive,
        states: next.map((id, k) => kept(body.get(id), valueOf(state.states, k))),
        stacks: rows,
      });
    },
    loop,
  );
  const { done, states, stacks } = unflatten(first, results);
  return { done, finals: states, stacks };
}

/** By run: whether it does this iteration; null where all do. */
function aliveIn(body: Region, state: State, until: ValueId | null): Value | null {
  const { f, view } = body;
  if (state.alive === null) return null;
  const { axes } = state.alive;
  const more = compare(f, "Less", state.position, state.count.tensor);
  const begun = logical(f, "LogicalAnd", state.alive.tensor, more);
  if (until === null) return { tensor: begun, axes };
  const ends = spread(f, view.table, body.get(until), axes);
  return { tensor: logical(f, "LogicalAnd", begun, not(f, ends.tensor)), axes };
}

function largest(region: Region, count: Value): Tensor {
  return count.axes.includes(RUN) ? reduce(region.f, "Max", count.tensor, [0]) : count.tensor;
}

function flatten(state: State): readonly Value[] {
  const { position, limit, going, count, done, alive, states, stacks } = state;
  return [
    plain(position),
    plain(limit),
    plain(going),
    count,
    done,
    ...(alive === null ? [] : [alive]),
    ...states,
    ...stacks,
  ];
}

function unflatten(like: State, values: readonly Value[]): State {
  const rest = [...values];
  const take = (): Value => {
    const value = rest.shift();
    if (value === undefined) throw new Error("a loop lost a value");
    return value;
  };
  return {
    position: take().tensor,
    limit: take().tensor,
    going: take().tensor,
    count: take(),
    done: take(),
    alive: like.alive === null ? null : take(),
    states: like.states.map(take),
    stacks: like.stacks.map(take),
  };
}

const plain = (tensor: Tensor): Value => ({ tensor, axes: [] });

function valueOf(values: readonly Value[], index: number): Value {
  const value = values[index];
  if (value === undefined) throw new Error(`a loop has no value ${index}`);
  return value;
}

function nodeOf(region: Region, id: ValueId) {
  const node = region.view.program.nodes[id];
  if (node === undefined) throw new Error(`the program has no value ${id}`);
  return node;
}

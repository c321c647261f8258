/**
 * Loops inside of a step: the region as a list of kernels of its own, with buffers for the states. Where runs may end at iterations of
 * their own, those that have ended keep their states.
 */
import { loopOperands } from "../../ir/ops/loop.js";
import type { DimId, NodeOf, ValueId } from "../../ir/types.js";
import { carriedValue } from "./carried.js";
import type { CarriedValue } from "./carried.js";
import { typeOf } from "./expand.js";
import { copyRow } from "./kernels/unary.js";
import type { Iteration, Lowered, LoweringTask } from "./lower-program.js";
import { lowerProgram } from "./lower-program.js";
import { rowKernel } from "./lowering-context.js";
import type { Kernel } from "./lowering-context.js";
import { allocate, denseView, lengthOf, newView, Pool } from "./storage.js";
import type { View } from "./storage.js";

export interface LoweredLoop {
  readonly run: Kernel;
  /** Iterations done. */
  readonly done: View;
  readonly finals: readonly View[];
  readonly stacks: readonly Stack[];
  /** To be done once for a block, after what is computed once. */
  readonly packs: readonly Kernel[];
}

/** The iterations of a value, one behind the other. */
interface Stack {
  readonly first: View;
  /** From one iteration to the next. */
  readonly stride: number;
}

export function finalView({ finals }: LoweredLoop, index: number): View {
  return nth(finals, index);
}

export function stateView({ states }: Iteration, index: number): View {
  return nth(states, index);
}

export function stackView({ stacks }: LoweredLoop, index: number, to: DimId): View {
  const { first, stride } = nth(stacks, index);
  return { ...first, strides: new Map([...first.strides, [to, stride]]) };
}

export function lowerLoop(task: LoweringTask, node: NodeOf<"loop">, around: Lowered): LoweredLoop {
  const { shape, expanded, sources } = task;
  const { loop, most } = node.attributes;
  const { count, until, initial, next, stacked } = loopOperands(node);
  const varies = task.varies(node.id);
  const region = expanded.regions.region(node);
  const inside = new Set(region.nodes);
  const scalar = { dtype: "i32", dims: [] } as const;
  const position = newView(shape, scalar, false);
  const states = initial.map((id) => newView(shape, typeOf(expanded.byId, id), varies));
  const begin = { once: expanded.once(node.id), isOutside: (id: ValueId) => !inside.has(id), packs: [] as Kernel[] };
  const body = lowerProgram({
    ...task,
    sources: { ...sources, iterations: new Map([...sources.iterations, [loop, { position, states }]]) },
    nodes: region.nodes.map((id) => nodeOf(task, id)),
    earlier: around,
    keep: new Set([...(until === null ? [] : [until]), ...next, ...stacked]),
    pool: new Pool(),
    begin,
  });
  const kernels = region.nodes.flatMap((id) => body.kernels(id));
  const values = states.map((own, k): CarriedValue => {
    const from = body.view(nth(next, k));
    const isState = states.some((view) => view.storage === from.storage);
    const kept = { name: `state ${k}`, type: typeOf(expanded.byId, nth(initial, k)), watched: false };
    return carriedValue(shape, kept, own, around.view(nth(initial, k)), from, isState);
  });
  const stacks = stacked.map((id) => stackOf(task, id, body.view(id), most, varies));
  const done = newView(shape, scalar, varies);
  const machine = {
    begin: begin.packs,
    kernels,
    values,
    stacks,
    position,
    done,
    times: around.view(count),
    until: until === null ? null : body.view(until),
  };
  return {
    run: varies ? () => runByRun(machine, shape.runs) : () => runTogether(machine),
    done,
    finals: states,
    stacks: stacks.map(({ stack }) => stack),
    packs: body.packs,
  };
}

interface Machine {
  readonly begin: readonly Kernel[];
  readonly kernels: readonly Kernel[];
  readonly values: readonly CarriedValue[];
  readonly stacks: readonly Rows[];
  readonly position: View;
  readonly done: View;
  readonly times: View;
  readonly until: View | null;
}

function start({ begin, values, stacks }: Machine): void {
  for (const kernel of begin) kernel();
  for (const value of values) value.start();
  for (const stack of stacks) stack.clear();
}

function commit({ values }: Machine, alive: Uint8Array | null): void {
  for (const { stage } of values) stage?.();
  for (const value of values) {
    if (alive === null) value.commit();
    else value.commitAlive(alive);
  }
}

function runTogether(machine: Machine): void {
  const { kernels, stacks, position, done, times, until } = machine;
  start(machine);
  const most = at(times, 0);
  let k = 0;
  for (; k < most; k++) {
    position.storage.data[0] = k;
    for (const kernel of kernels) kernel();
    if (until !== null && at(until, 0) !== 0) break;
    for (const stack of stacks) stack.keep(k, null);
    commit(machine, null);
  }
  done.storage.data[0] = k;
}

function runByRun(machine: Machine, runs: number): void {
  const { kernels, stacks, position, done, times, until } = machine;
  start(machine);
  const alive = new Uint8Array(runs).fill(1);
  done.storage.data.fill(0);
  for (let k = 0; someGoOn(alive, times, k); k++) {
    position.storage.data[0] = k;
    for (const kernel of kernels) kernel();
    if (until !== null) for (let run = 0; run < runs; run++) if (at(until, run) !== 0) alive[run] = 0;
    for (const stack of stacks) stack.keep(k, alive);
    commit(machine, alive);
    for (let run = 0; run < runs; run++) if (alive[run] === 1) done.storage.data[run] = k + 1;
  }
}

/** Ends the runs that have done all their iterations. */
function someGoOn(alive: Uint8Array, times: View, k: number): boolean {
  let some = false;
  for (let run = 0; run < alive.length; run++) {
    if (at(times, run) <= k) alive[run] = 0;
    if (alive[run] === 1) some = true;
  }
  return some;
}

function at({ storage, offset, lane }: View, run: number): number {
  return storage.data[offset + run * lane] ?? 0;
}

/** Where a value goes in each iteration. */
interface Rows {
  readonly stack: Stack;
  clear(): void;
  keep(iteration: number, alive: Uint8Array | null): void;
}

function stackOf(task: LoweringTask, id: ValueId, from: View, most: number, varies: boolean): Rows {
  const { shape } = task;
  const type = typeOf(task.expanded.byId, id);
  const stride = lengthOf(shape, type, varies);
  const all = { data: allocate(type.dtype, stride * most) };
  const first = denseView(shape, type, varies, all);
  const row = newView(shape, type, varies);
  const copy = rowKernel(shape, type.dims, row, from, copyRow);
  return {
    stack: { first, stride },
    clear: () => void all.data.fill(0),
    keep(iteration, alive) {
      copy();
      const { data } = row.storage;
      if (alive !== null) for (let k = 0; k < data.length; k++) if (alive[k % shape.runs] === 0) data[k] = 0;
      all.data.set(data, iteration * stride);
    },
  };
}

function nodeOf(task: LoweringTask, id: ValueId) {
  const node = task.expanded.byId.get(id);
  if (node === undefined) throw new Error(`value ${id} is used before it is made`);
  return node;
}

function nth<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new Error(`a loop has no value ${index}`);
  return found;
}

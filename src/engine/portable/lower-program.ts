/**
 * Lowers a list of nodes: gives each its view and its kernels, and buffers that are free again to later nodes.
 * Lists that leave nodes out may share the buffers, as long as they keep the order.
 */
import type { LoopId, Node, ValueId } from "../../ir/types.js";
import { typeOf } from "./expand.js";
import type { Expanded } from "./expand.js";
import { lowerLoop } from "./lower-loop.js";
import type { LoweredLoop } from "./lower-loop.js";
import { lowerNode } from "./lowering.js";
import type { Kernel, LoweringContext } from "./lowering-context.js";
import { denseView, lengthOf, newView } from "./storage.js";
import type { Pool, Shape, Storage, View } from "./storage.js";

/** Where a program's values come from. */
export interface Sources {
  readonly inputs: readonly View[];
  readonly carried: readonly View[];
  readonly step: View;
  /** Of the loops around, inside of a step. */
  readonly iterations: ReadonlyMap<LoopId, Iteration>;
}

export interface Iteration {
  readonly position: View;
  readonly states: readonly View[];
}

export interface Lowered {
  view(id: ValueId): View;
  kernels(id: ValueId): readonly Kernel[];
  loop(id: ValueId): LoweredLoop;
  /** What is to be done after the values that are computed once. */
  readonly packs: readonly Kernel[];
}

export interface LoweringTask {
  readonly shape: Shape;
  readonly expanded: Expanded;
  readonly sources: Sources;
  /** What to lower, in topological order. */
  readonly nodes: readonly Node[];
  /** Where to find the values of other nodes. */
  readonly earlier: Lowered | null;
  readonly varies: (id: ValueId) => boolean;
  /** Values that are read after the list has been run. */
  readonly keep: ReadonlySet<ValueId>;
  readonly pool: Pool;
  /** Of the region of a loop: what is done after its operands whenever the loop is begun. */
  readonly begin?: Beginning;
}

export interface Beginning {
  /** Whether the loop is computed once for a block. */
  readonly once: boolean;
  readonly isOutside: (id: ValueId) => boolean;
  readonly packs: Kernel[];
}

export function lowerProgram(task: LoweringTask): Lowered {
  const { shape, expanded, sources, earlier, pool } = task;
  const views = new Map<ValueId, View>();
  const kernels = new Map<ValueId, Kernel[]>();
  const loops = new Map<ValueId, LoweredLoop>();
  const packs: Kernel[] = [];
  const buffers = new Buffers(task, pool);

  const view = (id: ValueId): View => {
    const found = views.get(id) ?? earlier?.view(id);
    if (found === undefined) throw new Error(`value ${id} was not lowered`);
    return found;
  };
  const contextOf = (node: Node, own: Kernel[]): LoweringContext => ({
    shape,
    operand: view,
    dimsOf: (id) => typeOf(expanded.byId, id).dims,
    result() {
      const varying = task.varies(node.id);
      const { dtype } = node.type;
      const length = lengthOf(shape, node.type, varying);
      const storage = pool.take(dtype, length);
      return denseView(shape, node.type, varying, storage);
    },
    emit: (kernel) => own.push(kernel),
    emitFor(operand, kernel) {
      const { begin } = task;
      const isOnce = begin === undefined ? expanded.once(node.id) : begin.once;
      if (expanded.once(operand) && !isOnce) packs.push(kernel);
      else if (begin?.isOutside(operand) === true) begin.packs.push(kernel);
      else own.push(kernel);
    },
    fixed(single, fill) {
      const type = single ? { dtype: node.type.dtype, dims: [] } : node.type;
      const made = newView(shape, type, false);
      fill(made.storage.data);
      return made;
    },
    input: (index) => nth(sources.inputs, index),
    carried: (index) => nth(sources.carried, index),
    step: () => sources.step,
    iteration: (id) => iterationOf(sources, id),
    makeLoop(of) {
      const made = lowerLoop(task, of, lowered);
      packs.push(...made.packs);
      loops.set(of.id, made);
      return made;
    },
    loop,
  });
  const loop = (id: ValueId): LoweredLoop => {
    const made = loops.get(id) ?? earlier?.loop(id);
    if (made === undefined) throw new Error(`loop ${id} was not lowered`);
    return made;
  };
  const lowered: Lowered = {
    view,
    loop,
    kernels: (id) => kernels.get(id) ?? earlier?.kernels(id) ?? [],
    packs,
  };

  for (const node of task.nodes) {
    const own: Kernel[] = [];
    const made = lowerNode(node, contextOf(node, own));
    views.set(node.id, made);
    kernels.set(node.id, own);
    buffers.made(node, made, own.length > 0);
    for (const id of expanded.regions.needs(node)) buffers.used(view(id));
  }
  return lowered;
}

function iterationOf(sources: Sources, loop: LoopId): Iteration {
  const iteration = sources.iterations.get(loop);
  if (iteration === undefined) throw new Error(`loop ${loop} is read outside of it`);
  return iteration;
}

function nth(list: readonly View[], index: number): View {
  const view = list[index];
  if (view === undefined) throw new Error(`there is no source ${index}`);
  return view;
}

/** Counts who still reads a buffer, through all its views, and gives it back after the last. */
class Buffers {
  private readonly readers = new Map<ValueId, number>();
  private readonly pending = new Map<Storage, number>();

  private readonly keep: ReadonlySet<ValueId>;

  constructor(
    { nodes, expanded, keep }: LoweringTask,
    private readonly pool: Pool,
  ) {
    this.keep = keep;
    for (const node of nodes)
      for (const id of expanded.regions.needs(node)) this.readers.set(id, (this.readers.get(id) ?? 0) + 1);
  }

  /** A node has got its view; `own` when it is a buffer that was taken for it. */
  made(node: Node, view: View, own: boolean): void {
    const before = this.pending.get(view.storage);
    if (!own && before === undefined) return;
    const readers = this.keep.has(node.id) ? Infinity : (this.readers.get(node.id) ?? 0);
    this.pending.set(view.storage, (before ?? 0) + readers);
  }

  used(view: View): void {
    const pending = this.pending.get(view.storage);
    if (pending === undefined) return;
    if (pending > 1) {
      this.pending.set(view.storage, pending - 1);
      return;
    }
    this.pending.delete(view.storage);
    this.pool.give(view.dtype, view.storage);
  }
}

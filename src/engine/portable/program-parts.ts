/** Which values a program's parts need, and the lowering of all of them: once for a block, at each step, and at the last step. */
import type { Node, Program, ValueId } from "../../ir/types.js";
import type { Expanded } from "./expand.js";
import { lowerProgram } from "./lower-program.js";
import type { Lowered, Sources } from "./lower-program.js";
import type { Kernel } from "./lowering-context.js";
import { denseView, Pool } from "./storage.js";
import type { Shape } from "./storage.js";

/** The values that are read when a list has been run. */
export interface Roots {
  readonly init: readonly ValueId[];
  readonly next: readonly ValueId[];
  readonly stop: readonly ValueId[];
  readonly checks: readonly ValueId[];
  /** By record group. */
  readonly records: readonly (readonly ValueId[])[];
  /** Of a program without a loop. */
  readonly outputs: readonly ValueId[];
}

export function rootsOf(program: Program): Roots {
  const { loop } = program;
  const stop = loop?.stop ?? null;
  return {
    init: loop?.carried.map((value) => value.init) ?? [],
    next: loop?.carried.map((value) => value.next) ?? [],
    stop: stop === null ? [] : [stop],
    checks: program.checks.map((check) => check.condition),
    records: loop?.groups.map((group) => group.entries.map((entry) => entry.value)) ?? [],
    outputs: loop === null ? program.outputs.map((output) => output.value) : [],
  };
}

/** All values that these need, themselves included. */
export function needed(expanded: Expanded, ids: readonly ValueId[]): ReadonlySet<ValueId> {
  const found = new Set<ValueId>();
  const open = [...ids];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    const node = expanded.byId.get(id);
    if (node !== undefined) open.push(...expanded.regions.needs(node));
  }
  return found;
}

export interface Parts {
  /** Views of all values that are needed, kernels of those that are computed at each step. */
  readonly steps: Lowered;
  /** To be run once for a block, after the inputs were taken. */
  readonly setup: readonly Kernel[];
}

export function lowerParts(shape: Shape, expanded: Expanded, sources: Sources, roots: Roots): Parts {
  const all = [...roots.init, ...roots.next, ...roots.stop, ...roots.checks, ...roots.records.flat(), ...roots.outputs];
  const live = needed(expanded, all);
  const nodes = expanded.nodes.filter((node) => live.has(node.id));
  const onceNodes = nodes.filter((node) => expanded.once(node.id));
  const stepNodes = nodes.filter((node) => !expanded.once(node.id));
  const pool = new Pool();
  const common = { shape, expanded, sources, varies: expanded.varies, pool };
  const once = lowerProgram({
    ...common,
    nodes: onceNodes,
    earlier: null,
    keep: new Set([...all, ...stepNodes.flatMap((node) => expanded.regions.needs(node))]),
  });
  const steps = lowerProgram({ ...common, nodes: stepNodes, earlier: once, keep: new Set(all) });
  return { steps, setup: [...flatten(onceNodes, once), ...once.packs, ...steps.packs] };
}

/** The kernels of a visit that needs these values. */
export function listFor(expanded: Expanded, steps: Lowered, ids: readonly ValueId[]): Kernel[] {
  const live = needed(expanded, ids);
  return flatten(
    expanded.nodes.filter((node) => live.has(node.id) && !expanded.once(node.id)),
    steps,
  );
}

/** Values once more, with a number of updates for each run. */
export interface OwnSteps {
  readonly lowered: Lowered;
  readonly list: readonly Kernel[];
  /** By run: updates done. */
  readonly steps: Int32Array;
}

/** What needs the step varies here. All of it has buffers of its own: those of a step may be in use. */
export function lowerOwnSteps(
  shape: Shape,
  expanded: Expanded,
  sources: Sources,
  steps: Lowered,
  ids: readonly ValueId[],
): OwnSteps {
  const live = needed(expanded, ids);
  const counts = new Int32Array(shape.runs);
  const step = denseView(shape, { dtype: "i32", dims: [] }, true, { data: counts });
  const nodes = expanded.nodes.filter((node) => live.has(node.id) && !expanded.once(node.id));
  const lowered = lowerProgram({
    shape,
    expanded,
    sources: { ...sources, step },
    nodes,
    earlier: steps,
    varies: (id) => expanded.varies(id) || expanded.needsStep(id),
    keep: new Set(ids),
    pool: new Pool(),
  });
  return { lowered, list: [...lowered.packs, ...flatten(nodes, lowered)], steps: counts };
}

function flatten(nodes: readonly Node[], lowered: Lowered): Kernel[] {
  return nodes.flatMap((node) => lowered.kernels(node.id));
}

export function runAll(list: readonly Kernel[]): void {
  for (const kernel of list) kernel();
}

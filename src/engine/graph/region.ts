/**
 * The values of one function under construction: lowers nodes on demand, each once, and takes what exists in the function
 * around it as an argument. Which values are computed where is decided here; how a node is computed in `lowerings/`.
 */
import type { LoopId, Node, NodeOf, ValueId } from "../../ir/types.js";
import type { ProgramView } from "./analyse.js";
import type { AxisTable, Value } from "./axes.js";
import type { FunctionBuilder, Tensor } from "./function-builder.js";
import { emitInnerLoop, mapResults, stackAlong } from "./inner-loop.js";
import type { LoopResults } from "./inner-loop.js";
import { lowerNode } from "./lowerings/index.js";

/** Constants up to this many entries are made anew in an inner function instead of being handed to it. */
const smallConstant = 64;

/**
 * How a region stands to the one around it: a loop's body takes what does not change; a branch takes also what is there
 * already and dear to compute; a variant is in the same function, with another step.
 */
export type RegionKind = "body" | "branch" | "variant";

export class Region {
  private readonly values = new Map<ValueId, Value>();
  private readonly derived = new Map<string, Value>();
  private readonly pairs = new Map<string, readonly [Tensor, Tensor]>();
  private readonly loops = new Map<ValueId, LoopResults>();
  private readonly captured = new Map<string, { readonly inner: Tensor; readonly outer: Tensor }>();

  constructor(
    readonly f: FunctionBuilder,
    readonly view: ProgramView,
    private readonly parent: Region | null,
    private readonly kind: RegionKind = "body",
    /** Of a body: the loop inside of a step whose iteration it is. */
    private readonly loop: LoopId | null = null,
  ) {}

  get table(): AxisTable {
    return this.view.table;
  }

  /** Fixes what a source (an input, a carried value, the step) is here. */
  bind(id: ValueId, value: Value): void {
    this.values.set(id, value);
  }

  /** Fixes all nodes of a kind of source. */
  bindSteps(value: Value): void {
    for (const node of this.view.program.nodes) if (node.op === "step") this.bind(node.id, value);
  }
  bindInputs(values: readonly Value[]): void {
    for (const node of this.view.program.nodes)
      if (node.op === "input") this.bind(node.id, valueAt(values, node.attributes.index));
  }
  bindIteration(loop: LoopId, position: Value, states: readonly Value[]): void {
    for (const node of this.view.program.nodes) {
      if (node.op === "loop_position" && node.attributes.loop === loop) this.bind(node.id, position);
      if (node.op === "loop_state" && node.attributes.loop === loop)
        this.bind(node.id, valueAt(states, node.attributes.index));
    }
  }
  bindCarried(values: readonly Value[]): void {
    for (const node of this.view.program.nodes)
      if (node.op === "carried") this.bind(node.id, valueAt(values, node.attributes.index));
  }

  get(id: ValueId): Value {
    const known = this.values.get(id);
    if (known !== undefined) return known;
    for (const missing of this.missing(id)) this.values.set(missing, this.make(missing));
    return valueAt(this.values, id);
  }

  /** A value of the function around this one, handed in as one more argument. */
  capture(value: Value): Value {
    const known = this.captured.get(value.tensor.ref);
    if (known !== undefined) return { tensor: known.inner, axes: value.axes };
    const inner = this.f.argument(value.tensor);
    this.captured.set(value.tensor.ref, { inner, outer: value.tensor });
    return { tensor: inner, axes: value.axes };
  }

  /** Something that does not change in any loop, computed once outside of all, and known there by its name. */
  outside(name: string, compute: (outermost: Region) => Value): Value {
    const known = this.derived.get(name);
    if (known !== undefined) return known;
    const made = this.madeOutside(name, compute);
    this.derived.set(name, made);
    return made;
  }

  /** Two tensors that nodes of this function share, by a name. */
  pair(name: string, compute: () => readonly [Tensor, Tensor]): readonly [Tensor, Tensor] {
    const made = this.pairs.get(name) ?? compute();
    this.pairs.set(name, made);
    return made;
  }

  private madeOutside(name: string, compute: (outermost: Region) => Value): Value {
    if (this.parent === null) return compute(this);
    const outer = this.parent.outside(name, compute);
    return this.kind === "variant" ? outer : this.capture(outer);
  }

  /** What the function around must hand in behind the declared arguments, in this order, and what it is called here. */
  get captures(): readonly Tensor[] {
    return [...this.captured.values()].map((capture) => capture.outer);
  }
  get capturedArguments(): readonly Tensor[] {
    return [...this.captured.values()].map((capture) => capture.inner);
  }

  /** The same function with another step: shares all values that do not need the step. */
  withStep(step: Value): Region {
    const variant = new Region(this.f, this.view, this, "variant");
    variant.bindSteps(step);
    return variant;
  }

  /** The nodes that must be lowered for a value, operands first. */
  private missing(root: ValueId): ValueId[] {
    const found = new Set<ValueId>();
    const stack = [root];
    for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
      if (found.has(id) || this.values.has(id)) continue;
      found.add(id);
      if (!this.comesFromOutside(id)) stack.push(...this.view.regions.needs(this.node(id)));
    }
    return [...found].sort((a, b) => a - b);
  }

  private make(id: ValueId): Value {
    if (this.parent !== null && this.comesFromOutside(id)) {
      const outer = this.parent.get(id);
      return this.kind === "variant" ? outer : this.capture(outer);
    }
    const node = this.node(id);
    if (node.op === "loop") {
      const results = emitInnerLoop(this, node);
      this.loops.set(id, results);
      return results.done;
    }
    if (node.op === "loop_final") return valueAt(this.loopResults(node).finals, node.attributes.index);
    if (node.op === "loop_stack") return stackAlong(this.loopResults(node), node);
    return lowerNode(
      this,
      node,
      node.operands.map((operand) => valueAt(this.values, operand)),
    );
  }

  /** The results of a loop that was computed here or around. */
  private loopResults(node: NodeOf<"loop_final" | "loop_stack">): LoopResults {
    const id = valueAt(node.operands, 0);
    const known = this.loops.get(id);
    if (known !== undefined) return known;
    if (this.parent === null) throw new Error(`the loop ${id} was not computed`);
    const outer = this.parent.loopResults(node);
    if (this.kind === "variant") return outer;
    const captured = mapResults(outer, (value) => this.capture(value));
    this.loops.set(id, captured);
    return captured;
  }

  private comesFromOutside(id: ValueId): boolean {
    if (this.parent === null) return false;
    if (this.kind === "variant") return this.view.stepping[id] !== true;
    const node = this.node(id);
    if (isSmallConstant(node, this.table)) return false;
    if (this.loop !== null) return !this.view.regions.scope(id).has(this.loop);
    if (this.view.changing[id] !== true) return true;
    return this.kind === "branch" && (isSource(node) || (isDear(node) && this.parent.has(id)));
  }

  private has(id: ValueId): boolean {
    return this.values.has(id) || (this.kind === "variant" && this.parent?.has(id) === true);
  }

  private node(id: ValueId): Node {
    return valueAt(this.view.program.nodes, id);
  }
}

function valueAt<T>(values: readonly T[] | ReadonlyMap<number, T>, index: number): T {
  const value = "get" in values ? values.get(index) : values[index];
  if (value === undefined) throw new Error(`value ${index} has no definition here`);
  return value;
}

function isSmallConstant(node: Node, table: AxisTable): boolean {
  return (node.op === "constant" || node.op === "iota") && table.count(node.type.dims) <= smallConstant;
}

function isSource(node: Node): boolean {
  return node.op === "carried" || node.op === "step" || node.op === "input";
}

const dearOps: ReadonlySet<Node["op"]> = new Set<Node["op"]>([
  "contract",
  "threefry",
  "rank",
  "solve",
  "log_det",
  "cholesky",
  "eigh",
  "svd",
  "svd_values",
]);

/** Sums are in memory anyway; what is computed entry by entry fuses better when it is computed anew. */
function isDear(node: Node): boolean {
  return (
    node.op === "loop" || dearOps.has(node.op) || node.op.startsWith("reduce_") || node.op.startsWith("cumulative_")
  );
}

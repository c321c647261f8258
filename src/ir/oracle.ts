/**
 * The oracle: what a program means, in plain doubles, for one run. Every engine is tested against it.
 * It only rounds where the IR says so: constants, inputs and casts. It shares no code with any engine.
 */
import { dimSizes, entryCount } from "./dims.js";
import { at, IrFault } from "./fault.js";
import type { EvaluationContext, NodeFor } from "./ops/definition.js";
import { ops } from "./ops/index.js";
import { loopOperands } from "./ops/loop.js";
import { evaluateLoop, type LoopValues, type Values } from "./oracle-loops.js";
import { Regions } from "./regions.js";
import type { Tensor } from "./tensor.js";
import type { DimId, LoopId, NodeOf, OpName, Output, Program, StepLoop, ValueId } from "./types.js";
import { changingValues } from "./uses.js";

/** T, and for each record group the recorded steps, ascending. */
export interface OracleSchedule {
  readonly steps: number;
  readonly groups: readonly (readonly number[])[];
}

export interface OracleResult {
  /**
   * For each group and entry an array per slot of the schedule. Slots after the end of the run hold the values of its last step;
   * only the first `taken` of a group were really taken.
   */
  readonly groups: readonly { readonly taken: number; readonly entries: readonly (readonly Float64Array[])[] }[];
  /** Carried values at the end. */
  readonly carried: readonly Float64Array[];
  /** Updates done. */
  readonly steps: number;
  /** Whether `stop` ended the run. */
  readonly stopped: boolean;
  /** The step at which a watched value was first seen non-finite, or -1. */
  readonly diverged: number;
  /** The first check that failed and its step, or -1. */
  readonly failed: number;
  readonly failedAt: number;
  /** Each group's entries at the run's last step. */
  readonly last: readonly (readonly Float64Array[])[];
  /** The program's outputs. */
  readonly outputs: readonly Float64Array[];
}

const noLoop: StepLoop = { carried: [], stop: null, groups: [] };

export function evaluateProgram(
  program: Program,
  inputs: readonly Float64Array[],
  schedule: OracleSchedule = { steps: 0, groups: [] },
): OracleResult {
  const loop = program.loop ?? noLoop;
  const regions = new Regions(program.nodes);
  const changing = changingValues(program);
  const invariant = new Evaluation(program, inputs, null, 0, null, regions, changing);
  let state: readonly Float64Array[] = loop.carried.map(({ init }) => invariant.value(init));
  const startedNonFinite = state.map((value) => !allFinite(value));
  const slots = loop.groups.map(() => new Map<number, Float64Array[]>());
  // What cannot change is checked once, before anything else; the other checks before each update, after `stop`.
  const firstFailure = (now: Evaluation, changes: boolean): number =>
    program.checks.findIndex(
      ({ condition }) => changing.has(condition) === changes && at(now.value(condition), 0) !== 1,
    );
  let [t, stopped, diverged, failed] = [0, false, -1, firstFailure(invariant, false)];
  while (failed < 0) {
    const now = new Evaluation(program, inputs, state, t, invariant, regions, changing);
    stopped = loop.stop !== null && at(now.value(loop.stop), 0) === 1;
    const updates = program.loop !== null && !stopped && t < schedule.steps;
    if (updates) failed = firstFailure(now, true);
    loop.groups.forEach((group, g) => {
      if (schedule.groups[g]?.includes(t) === true) at(slots, g).set(t, now.all(group.entries));
    });
    if (!updates || failed >= 0) break;
    state = loop.carried.map(({ next }) => now.value(next));
    t++;
    const lost = loop.carried.some(({ watched }, k) => watched && !at(startedNonFinite, k) && !allFinite(at(state, k)));
    if (lost) {
      diverged = t;
      break;
    }
  }
  const end = new Evaluation(program, inputs, state, t, invariant, regions, changing);
  const last = loop.groups.map((group) => end.all(group.entries));
  const groups = loop.groups.map((group, g) => {
    const steps = schedule.groups[g] ?? [];
    const taken = steps.filter((step) => at(slots, g).has(step)).length;
    const entries = group.entries.map((_, e) => steps.map((step) => at(at(slots, g).get(step) ?? at(last, g), e)));
    return { taken, entries };
  });
  const outputs = invariant.all(program.outputs);
  return { groups, carried: state, steps: t, stopped, diverged, failed, failedAt: failed < 0 ? -1 : t, last, outputs };
}

function allFinite(values: Float64Array): boolean {
  return values.every((value) => Number.isFinite(value));
}

/** Values at one state of the loop, or in one iteration of a loop inside of a step, computed when first asked for. */
class Evaluation implements Values {
  private readonly known = new Map<ValueId, Float64Array>();
  private readonly loops = new Map<ValueId, LoopValues>();
  private readonly context: EvaluationContext;

  constructor(
    private readonly program: Program,
    private readonly inputs: readonly Float64Array[],
    /** Null outside the loop. */
    private readonly state: readonly Float64Array[] | null,
    private readonly step: number,
    /** What does not change from step to step is looked up here. */
    private readonly outer: Evaluation | null,
    private readonly regions: Regions,
    /** What may differ from step to step. */
    private readonly changing: ReadonlySet<ValueId>,
    private readonly turn: Turn | null = null,
  ) {
    this.context = {
      sizes: dimSizes(program.dims),
      input: (index) => at(inputs, index),
      carried: (index) => at(state ?? [], index),
      step,
    };
  }

  all(outputs: readonly Output[]): Float64Array[] {
    return outputs.map(({ value }) => this.value(value));
  }

  iteration(loop: LoopId, position: number, states: readonly Float64Array[]): Values {
    const turn = { loop, position, states, around: this };
    return new Evaluation(this.program, this.inputs, this.state, this.step, null, this.regions, this.changing, turn);
  }

  value(id: ValueId): Float64Array {
    // Operands come before their users, so a plain loop from the front fills in what is needed.
    const needed = new Set<ValueId>();
    const open = [id];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (needed.has(next) || this.known.has(next)) continue;
      needed.add(next);
      if (!this.isOutside(next)) open.push(...this.regions.needs(at(this.program.nodes, next)));
    }
    for (const each of [...needed].sort((a, b) => a - b)) this.known.set(each, this.compute(each));
    const found = this.known.get(id);
    if (found === undefined) throw new IrFault("oracle", `value ${id} was not computed`);
    return found;
  }

  private isOutside(id: ValueId): boolean {
    return this.turn !== null && !this.regions.scope(id).has(this.turn.loop);
  }

  private compute(id: ValueId): Float64Array {
    const { turn } = this;
    if (turn !== null && this.isOutside(id)) return turn.around.value(id);
    const node = at(this.program.nodes, id);
    if (this.outer !== null && (this.outer.known.has(id) || !this.changing.has(id))) return this.outer.value(id);
    if (this.state === null && (node.op === "carried" || node.op === "step")) {
      throw new IrFault("oracle", `value ${id} changes from step to step but is read outside the loop`);
    }
    switch (node.op) {
      case "loop_position":
        return Float64Array.of(turn?.position ?? this.outsideOf(id));
      case "loop_state":
        return at(turn?.states ?? this.outsideOf(id), node.attributes.index);
      case "loop": {
        const values = evaluateLoop(node, this);
        this.loops.set(id, values);
        return Float64Array.of(values.done);
      }
      case "loop_final":
        return this.inOrder(node, at(this.loopOf(node).finals, node.attributes.index), null);
      case "loop_stack":
        return this.stack(node);
      default: {
        const operands = node.operands.map((operand): Tensor => {
          return { dims: at(this.program.nodes, operand).type.dims, data: this.value(operand) };
        });
        return evaluateNode<OpName>(node, operands, this.context);
      }
    }
  }

  private outsideOf(id: ValueId): never {
    throw new IrFault("oracle", `value ${id} belongs to a loop and is read outside of it`);
  }

  private loopOf(node: NodeOf<"loop_final" | "loop_stack">): LoopValues {
    const id = at(node.operands, 0);
    const { turn } = this;
    if (turn !== null && this.isOutside(id)) return turn.around.loopOf(node);
    if (this.outer?.known.has(id) === true) return this.outer.loopOf(node);
    const found = this.loops.get(id);
    if (found === undefined) throw new IrFault("oracle", `loop ${id} was not computed`);
    return found;
  }

  private stack(node: NodeOf<"loop_stack">): Float64Array {
    const { index, to } = node.attributes;
    const rows = at(this.loopOf(node).stacks, index);
    const { sizes } = this.context;
    const length = entryCount(node.type.dims, sizes) / Math.max(1, sizes.size(to));
    const data = new Float64Array(sizes.size(to) * length);
    rows.forEach((row, k) => {
      data.set(row, k * length);
    });
    return this.inOrder(node, data, to);
  }

  /** Entries of a loop's value, brought into the order of the node's dims. */
  private inOrder(node: NodeOf<"loop_final" | "loop_stack">, data: Float64Array, to: DimId | null): Float64Array {
    const loop = at(this.program.nodes, at(node.operands, 0)) as NodeOf<"loop">; // by the verifier
    const { next, stacked } = loopOperands(loop);
    const value = at(to === null ? next : stacked, node.attributes.index);
    const own = at(this.program.nodes, value).type.dims;
    const tensor: Tensor = { dims: to === null ? own : [to, ...own], data };
    const { type } = node;
    return evaluateNode<OpName>({ ...node, op: "broadcast", attributes: {}, type }, [tensor], this.context);
  }
}

/** An iteration of a loop inside of a step. */
interface Turn {
  readonly loop: LoopId;
  readonly position: number;
  readonly states: readonly Float64Array[];
  readonly around: Evaluation;
}

function evaluateNode<K extends OpName>(node: NodeFor<K>, operands: readonly Tensor[], context: EvaluationContext) {
  return ops[node.op].evaluate(operands, node, context);
}

/**
 * The oracle: what a program means, in plain doubles, for one run. Every engine is tested against it.
 * It only rounds where the IR says so: constants, inputs and casts. It shares no code with any engine.
 */
import { dimSizes } from "./dims.js";
import { at, IrFault } from "./fault.js";
import type { EvaluationContext, NodeFor } from "./ops/definition.js";
import { ops } from "./ops/index.js";
import type { Tensor } from "./tensor.js";
import type { OpName, Output, Program, StepLoop, ValueId } from "./types.js";
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
  const invariant = new Evaluation(program, inputs, null, 0, null);
  let state: readonly Float64Array[] = loop.carried.map(({ init }) => invariant.value(init));
  const startedNonFinite = state.map((value) => !allFinite(value));
  const slots = loop.groups.map(() => new Map<number, Float64Array[]>());
  // What cannot change is checked once, before anything else; the other checks before each update, after `stop`.
  const changing = changingValues(program);
  const firstFailure = (now: Evaluation, changes: boolean): number =>
    program.checks.findIndex(
      ({ condition }) => changing.has(condition) === changes && at(now.value(condition), 0) !== 1,
    );
  let [t, stopped, diverged, failed] = [0, false, -1, firstFailure(invariant, false)];
  while (failed < 0) {
    const now = new Evaluation(program, inputs, state, t, invariant);
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
  const end = new Evaluation(program, inputs, state, t, invariant);
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

/** Values at one state of the loop, computed when first asked for. */
class Evaluation {
  private readonly known = new Map<ValueId, Float64Array>();
  private readonly context: EvaluationContext;

  constructor(
    private readonly program: Program,
    inputs: readonly Float64Array[],
    /** Null outside the loop. */
    private readonly state: readonly Float64Array[] | null,
    step: number,
    /** What does not change from step to step is looked up here. */
    private readonly outer: Evaluation | null,
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

  value(id: ValueId): Float64Array {
    // Operands come before their users, so a plain loop from the front fills in what is needed.
    const needed = new Set<ValueId>();
    const open = [id];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (needed.has(next) || this.known.has(next)) continue;
      needed.add(next);
      open.push(...at(this.program.nodes, next).operands);
    }
    for (const each of [...needed].sort((a, b) => a - b)) this.known.set(each, this.compute(each));
    const found = this.known.get(id);
    if (found === undefined) throw new IrFault("oracle", `value ${id} was not computed`);
    return found;
  }

  private compute(id: ValueId): Float64Array {
    const node = at(this.program.nodes, id);
    if (this.outer?.known.has(id) === true) return this.outer.value(id);
    if (this.state === null && (node.op === "carried" || node.op === "step")) {
      throw new IrFault("oracle", `value ${id} changes from step to step but is read outside the loop`);
    }
    const operands = node.operands.map((operand): Tensor => {
      return { dims: at(this.program.nodes, operand).type.dims, data: this.value(operand) };
    });
    return evaluateNode<OpName>(node, operands, this.context);
  }
}

function evaluateNode<K extends OpName>(node: NodeFor<K>, operands: readonly Tensor[], context: EvaluationContext) {
  return ops[node.op].evaluate(operands, node, context);
}

/** A block's program as calls of a session: states and schedules in, states and records out. Knows no TensorFlow. */
import type {
  BlockInputs,
  BlockProgram,
  BlockState,
  CallResult,
  Executable,
  Numbers,
  RecordedSlots,
  Schedule,
} from "../types.js";
import type { Port } from "./boundary.js";
import { planCall, rowsFilled, slotTable } from "./call-plan.js";
import type { CallPlan } from "./call-plan.js";
import { controlPlaces, controlSize } from "./emit.js";
import type { EmittedModel } from "./emit.js";
import { becameNonFinite, failedCheck, kindsOfEnd, running, stoppedByCondition } from "./step.js";

/** What runs a model: a session, or one that tries again another way when the first fails. */
export interface ModelRunner {
  readonly compiled: boolean;
  /** The first `kept` arrays are remembered, so that they are sent once, until `release`. */
  run(arrays: readonly Numbers[], kept: number): readonly Numbers[];
  release(): void;
  /** Runs the model without looking at the results. */
  compile(arrays: readonly Numbers[]): void;
  dispose(): void;
}

export class GraphExecutable implements Executable {
  constructor(
    private readonly block: BlockProgram,
    private readonly model: EmittedModel,
    private readonly runner: ModelRunner,
  ) {}

  get compiled(): boolean {
    return this.runner.compiled;
  }

  dispose(): void {
    this.runner.dispose();
  }

  call(inputs: BlockInputs, schedule: Schedule, state: BlockState | null, limit: number): CallResult {
    const once = this.block.program.loop === null;
    const result = once ? this.once(inputs) : this.advance(inputs, schedule, state, limit);
    // The next call is another block's.
    if (result.finished) this.runner.release();
    return result;
  }

  /** A call that makes no update, on zeros; nothing where there is no loop, for that would be the whole work. */
  warm(): void {
    if (this.block.program.loop === null) return;
    const arrays = this.model.inputs.map(emptyArray);
    const [control, table] = arrays.slice(-2);
    if (control === undefined || table === undefined) throw new Error("the model has no control");
    control[controlPlaces.last] = -1;
    table.fill(this.block.slotsPerCall, 1, 1 + this.block.program.loop.groups.length);
    this.runner.compile(arrays);
  }

  private once(inputs: BlockInputs): CallResult {
    const { runs } = this.block;
    const [failed, ...outputs] = this.runner.run(inputs.arrays, inputs.arrays.length);
    if (!(failed instanceof Int32Array)) throw new Error("the model does not tell which checks failed");
    const state: BlockState = {
      step: 0,
      carried: [],
      alive: new Uint8Array(runs),
      steps: new Int32Array(runs),
      diverged: new Int32Array(runs).fill(-1),
      failed: Int32Array.from({ length: runs }, (_, run) => failed[run] ?? -1),
      failedAt: Int32Array.from({ length: runs }, (_, run) => ((failed[run] ?? -1) < 0 ? -1 : 0)),
    };
    const spread = outputs.map((output, k) => repeat(output, this.model.outputs[k + 1], runs));
    return { state, recorded: { groups: [] }, finished: true, last: [], outputs: spread };
  }

  private advance(inputs: BlockInputs, schedule: Schedule, state: BlockState | null, limit: number): CallResult {
    const { slotsPerCall, program } = this.block;
    const plan = planCall(schedule, state?.step ?? 0, limit, slotsPerCall);
    const arrays = [
      ...inputs.arrays,
      ...(state?.carried ?? this.emptyState(inputs.arrays.length)),
      ...(this.model.early ? [this.marks(state)] : []),
      this.control(schedule, plan, state),
      slotTable(plan, slotsPerCall),
    ];
    const results = [...this.runner.run(arrays, inputs.arrays.length)];
    const carried = results.splice(0, program.loop?.carried.length ?? 0);
    const marks = this.model.early ? results.shift() : undefined;
    const [step, reached] = results.splice(0, 2).map((array) => array[0] ?? 0);
    const after = this.readState(step ?? 0, carried, marks ?? null);
    // What the loop did after the end of the last run does not count.
    const taken = plan.steps.slice(0, reached).filter((at) => at <= after.step).length;
    // Where all runs end exactly with the call, the slot at that step is still to come.
    const rest = after.alive.every((alive) => alive === 0) && after.step < plan.end;
    const finished = rest || (plan.complete && after.step === plan.end);
    const { recorded, last } = this.records(plan, taken, results);
    return { state: after, recorded, finished, last: finished ? last : null, outputs: null };
  }

  private control(schedule: Schedule, plan: CallPlan, state: BlockState | null): Int32Array {
    const control = new Int32Array(controlSize);
    control[controlPlaces.step] = state?.step ?? 0;
    control[controlPlaces.end] = plan.end;
    // The stop condition is judged at the last step only by the call that completes the schedule.
    control[controlPlaces.last] = plan.complete ? schedule.steps : -1;
    control[controlPlaces.slots] = plan.steps.length;
    control[controlPlaces.fresh] = state === null ? 1 : 0;
    return control;
  }

  /** Arrays of the right size for the first call, which does not read them. */
  private emptyState(inputs: number): readonly Numbers[] {
    const carried = this.block.program.loop?.carried ?? [];
    return this.model.inputs.slice(inputs, inputs + carried.length).map(emptyArray);
  }

  /** Each run's mark, from what is known of it. */
  private marks(state: BlockState | null): Int32Array {
    const { runs, program } = this.block;
    if (state === null) return new Int32Array(runs).fill(running);
    return Int32Array.from({ length: runs }, (_, run) => {
      if (state.alive[run] === 1) return running;
      const failed = state.failed[run] ?? -1;
      const broken = (state.diverged[run] ?? -1) >= 0;
      const reason = broken ? becameNonFinite : failed >= 0 ? failedCheck + failed : stoppedByCondition;
      return (state.steps[run] ?? 0) * kindsOfEnd(program) + reason;
    });
  }

  private readState(step: number, carried: readonly Numbers[], marks: Numbers | null): BlockState {
    const { runs, program } = this.block;
    const kinds = kindsOfEnd(program);
    const markOf = (run: number) => marks?.[run] ?? running;
    const by = (whileRunning: number, value: (end: number, why: number) => number) =>
      Int32Array.from({ length: runs }, (_, run) => {
        const mark = markOf(run);
        return mark < 0 ? whileRunning : value(Math.floor(mark / kinds), mark % kinds);
      });
    const alive = Uint8Array.from({ length: runs }, (_, run) => (markOf(run) < 0 ? 1 : 0));
    const steps = by(step, (end) => end);
    return {
      step: alive.includes(1) ? step : Math.max(...steps),
      carried,
      alive,
      steps,
      diverged: by(-1, (end, why) => (why === becameNonFinite ? end : -1)),
      failed: by(-1, (_end, why) => (why >= failedCheck ? why - failedCheck : -1)),
      failedAt: by(-1, (end, why) => (why >= failedCheck ? end : -1)),
    };
  }

  /** The filled rows of each buffer, and its spare row. */
  private records(plan: CallPlan, reached: number, buffers: readonly Numbers[]) {
    const { runs, slotsPerCall, program } = this.block;
    const ports = this.model.outputs.slice(this.model.outputs.length - buffers.length);
    const groups: RecordedSlots["groups"][number][] = [];
    const last: Numbers[][] = [];
    let place = 0;
    program.loop?.groups.forEach((group, number) => {
      const count = rowsFilled(plan, number, reached);
      const entries: Numbers[] = [];
      const spare: Numbers[] = [];
      for (let k = 0; k < group.entries.length; k++, place++) {
        const [buffer, port] = [buffers[place], ports[place]];
        if (buffer === undefined || port === undefined) throw new Error("the model returns too few records");
        const row = buffer.length / (slotsPerCall + 1);
        entries.push(repeat(buffer.subarray(0, count * row), port, runs));
        spare.push(repeat(buffer.slice(slotsPerCall * row), port, runs));
      }
      groups.push({ from: plan.groups[number]?.from ?? 0, count, entries });
      last.push(spare);
    });
    return { recorded: { groups }, last };
  }
}

/** The run added as last dimension where a value does not vary. */
function repeat(array: Numbers, port: Port | undefined, runs: number): Numbers {
  if (port?.varying === true || runs === 1) return array;
  const result = emptyLike(array, array.length * runs);
  array.forEach((value, k) => result.fill(value, k * runs, (k + 1) * runs));
  return result;
}

function emptyLike(array: Numbers, length: number): Numbers {
  if (array instanceof Float32Array) return new Float32Array(length);
  if (array instanceof Float64Array) return new Float64Array(length);
  return array instanceof Int32Array ? new Int32Array(length) : new Uint8Array(length);
}

function emptyArray(port: Port): Numbers {
  const length = port.shape.reduce((product, size) => product * size, 1);
  switch (port.dtype) {
    case "f32":
      return new Float32Array(length);
    case "f64":
      return new Float64Array(length);
    case "i32":
      return new Int32Array(length);
    case "bool":
      return new Uint8Array(length);
  }
}

/**
 * What the loop is: visits of steps t = 0 … T, each `stop`, records, checks, update; who is alive, who diverged, which check
 * failed, which slots a call fills. It knows a machine only by its interface.
 */
import type { BlockInputs, BlockState, CallResult, Numbers, Schedule } from "../types.js";
import type { StepMachine } from "./step-machine.js";

/** The slots that a call can fill in one record group. */
interface Slots {
  readonly group: number;
  readonly steps: readonly number[];
  /** Number of the first in the group's schedule. */
  readonly from: number;
  readonly room: number;
  readonly buffers: Numbers[];
  count: number;
}

export class BlockLoop {
  private readonly alive: Uint8Array;
  private readonly steps: Int32Array;
  private readonly diverged: Int32Array;
  private readonly failed: Int32Array;
  private readonly failedAt: Int32Array;
  private readonly marks: Uint8Array;
  private living = 0;

  constructor(
    private readonly machine: StepMachine,
    private readonly slotsPerCall: number,
  ) {
    const { runs } = machine;
    this.alive = new Uint8Array(runs);
    this.steps = new Int32Array(runs);
    this.diverged = new Int32Array(runs);
    this.failed = new Int32Array(runs);
    this.failedAt = new Int32Array(runs);
    this.marks = new Uint8Array(runs);
  }

  call(inputs: BlockInputs, schedule: Schedule, state: BlockState | null, limit: number): CallResult {
    this.machine.setup(inputs);
    this.begin(state);
    const first = state?.step ?? 0;
    const slots = schedule.groups.map((steps, group) => this.slotsFrom(steps, group, first, schedule.steps, limit));
    const { step, finished } = this.advance(first, slots, schedule.steps, limit);
    // First the state: it settles how many updates each run has done.
    const kept = this.stateAt(step);
    return {
      state: kept,
      recorded: { groups: slots.map(filled) },
      finished,
      last: finished ? this.recordLast(schedule.groups.length) : null,
      outputs: null,
    };
  }

  /** Visits steps until the schedule, the call or all runs have ended. Steps without slots allocate nothing. */
  private advance(first: number, slots: readonly Slots[], last: number, limit: number) {
    const { machine } = this;
    const plain = machine.section([], true);
    let next = nextSlot(slots);
    for (let step = first; ; step++) {
      const atEnd = step >= last || this.living === 0;
      const due = step === next ? slots.filter((group) => stepOf(group) === step) : none;
      if (due.some((group) => group.count === group.room)) return { step, finished: false };
      if (!atEnd && step >= limit) return { step, finished: false };
      machine.setStep(step);
      const section = due.length === 0 && !atEnd ? plain : machine.section(due.map(groupOf), !atEnd);
      section.run();
      this.stopRuns(step);
      for (const group of due) this.record(group, step);
      if (step === next) next = nextSlot(slots);
      if (!atEnd) this.checkRuns(step, false);
      if (atEnd || this.living === 0) return { step, finished: true };
      machine.commit(this.living === machine.runs ? null : this.alive);
      this.watchRuns(step + 1);
    }
  }

  /** All runs at their start, or as they were kept; what is checked once is checked at the start. */
  private begin(state: BlockState | null): void {
    const { runs } = this.machine;
    if (state === null) {
      this.alive.fill(1);
      this.steps.fill(0);
      for (const marks of [this.diverged, this.failed, this.failedAt]) marks.fill(-1);
      this.living = runs;
      this.checkRuns(0, true);
      return;
    }
    this.machine.restore(state.carried);
    this.alive.set(state.alive);
    this.steps.set(state.steps);
    this.diverged.set(state.diverged);
    this.failed.set(state.failed);
    this.failedAt.set(state.failedAt);
    this.living = state.alive.reduce((sum, alive) => sum + alive, 0);
  }

  /** Runs end in this order of reasons: the stop condition, a check, a value that is not finite. */
  private stopRuns(step: number): void {
    const { stop, runs } = this.machine;
    if (stop === null) return;
    for (let run = 0; run < runs; run++) if (this.alive[run] === 1 && stop.at(run)) this.end(run, step);
  }

  private checkRuns(step: number, once: boolean): void {
    const { checks, runs } = this.machine;
    for (let number = 0; number < checks.length; number++) {
      const check = checks[number];
      if (check?.once !== once) continue;
      for (let run = 0; run < runs; run++) {
        if (this.alive[run] === 0 || check.holds.at(run)) continue;
        this.failed[run] = number;
        this.failedAt[run] = step;
        this.end(run, step);
      }
    }
  }

  private watchRuns(step: number): void {
    const { machine, marks } = this;
    if (!machine.markNonFinite(marks)) return;
    for (let run = 0; run < machine.runs; run++) {
      if (marks[run] === 1 && this.alive[run] === 1) {
        this.diverged[run] = step;
        this.end(run, step);
      }
    }
    marks.fill(0);
  }

  private end(run: number, step: number): void {
    this.alive[run] = 0;
    this.steps[run] = step;
    this.living--;
  }

  private slotsFrom(steps: readonly number[], group: number, first: number, last: number, limit: number): Slots {
    const from = firstFrom(steps, first);
    const until = limit >= last ? firstFrom(steps, last + 1) : firstFrom(steps, limit + 1);
    const room = Math.min(this.slotsPerCall, Math.max(0, until - from));
    return { group, steps, from, room, buffers: this.machine.recordBuffers(group, room), count: 0 };
  }

  private record(slots: Slots, step: number): void {
    const own = this.living === this.machine.runs ? null : this.stepsAt(step);
    this.machine.record(slots.group, slots.buffers, slots.count, own);
    slots.count++;
  }

  /** Each group once more, at each run's own last step. */
  private recordLast(groups: number): Numbers[][] {
    const { machine, steps } = this;
    const all = Array.from({ length: groups }, (_, group) => group);
    machine.section(all, false).run();
    return all.map((group) => {
      const buffers = machine.recordBuffers(group, 1);
      machine.record(group, buffers, 0, steps.every((step) => step === steps[0]) ? null : steps);
      return buffers;
    });
  }

  /** By run: updates done when so many were done by the loop. */
  private stepsAt(step: number): Int32Array {
    return this.steps.map((own, run) => (this.alive[run] === 1 ? step : own));
  }

  private stateAt(step: number): BlockState {
    this.steps.set(this.stepsAt(step));
    return {
      step,
      carried: this.machine.snapshot(),
      alive: this.alive.slice(),
      steps: this.steps.slice(),
      diverged: this.diverged.slice(),
      failed: this.failed.slice(),
      failedAt: this.failedAt.slice(),
    };
  }
}

const none: readonly Slots[] = [];
const groupOf = (slots: Slots): number => slots.group;

/** The step of a group's next slot. */
function stepOf({ steps, from, count }: Slots): number {
  return steps[from + count] ?? Infinity;
}

function nextSlot(slots: readonly Slots[]): number {
  return slots.reduce((least, group) => Math.min(least, stepOf(group)), Infinity);
}

function filled({ from, count, room, buffers }: Slots) {
  const entries = buffers.map((buffer) => (count === room ? buffer : buffer.slice(0, (buffer.length / room) * count)));
  return { from, count, entries };
}

/** The position of the first step not below `bound`. */
function firstFrom(steps: readonly number[], bound: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle] ?? Infinity) < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

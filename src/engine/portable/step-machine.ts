/**
 * How a step is executed, as far as the loop needs to know. The loop (schedule.ts) knows neither ops nor buffers,
 * a machine neither slots nor who is alive: another way of executing steps is another machine.
 */
import type { BlockInputs, Numbers } from "../types.js";

/** A bool for each run. */
export interface Flags {
  readonly at: (run: number) => boolean;
}

export interface Check {
  readonly holds: Flags;
  /** Needs neither a carried value nor the step: judged at the start. */
  readonly once: boolean;
}

/** What one visit of a step computes; made once for each combination and kept. */
export interface Section {
  run(): void;
}

export interface StepMachine {
  readonly runs: number;
  /** Conditions that end a run; null without `stop when`. */
  readonly stop: Flags | null;
  /** One for each check of the program. */
  readonly checks: readonly Check[];

  /** Takes inputs, computes what is computed once; carried values are then as at the start. */
  setup(inputs: BlockInputs): void;
  /** Carried values as they were kept. */
  restore(carried: readonly Numbers[]): void;
  /** Copies of the carried values. */
  snapshot(): Numbers[];

  /** All that is needed at a step: stop and checks, the entries of these record groups, next values if there is an update. */
  section(groups: readonly number[], update: boolean): Section;
  /** The number of updates done, for all runs. */
  setStep(step: number): void;
  /** Next values become the carried ones, for the runs that are alive (null: for all). */
  commit(alive: Uint8Array | null): void;
  /**
   * Marks the runs in which a watched value is not finite; values that were so from the start do not count.
   * Returns false, quickly, when there is nothing to mark.
   */
  markNonFinite(marks: Uint8Array): boolean;

  /** Where the records of so many slots of a group go: for each entry an array [slot, ...dims, run]. */
  recordBuffers(group: number, slots: number): Numbers[];
  /**
   * Copies the entries of a group into a slot; a section with the group was run. Where runs have ended, `steps` are the
   * updates done by each run, and the entries are those of that step.
   */
  record(group: number, buffers: readonly Numbers[], slot: number, steps: Int32Array | null): void;
  /** The outputs of a program without a loop. */
  outputs(): Numbers[];
}

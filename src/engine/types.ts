/**
 * What an engine is: it takes a program for one run, is told which values vary over runs, and executes blocks of runs.
 * Engines know nothing of derivatives, sweeps, files or the language.
 */
import type { Program, ValueId } from "../ir/types.js";

export type EngineName = "graph" | "portable";
export type Numbers = Float32Array | Float64Array | Int32Array | Uint8Array;

/** A program made ready for blocks of a fixed number of runs. */
export interface BlockProgram {
  readonly program: Program;
  /** The values that differ between runs; all others are computed once for the block. */
  readonly varying: ReadonlySet<ValueId>;
  /** Runs in a block; 1 means that values get no run dimension at all. */
  readonly runs: number;
  /** Record slots of each group that one call can take: sizes the buffers, part of the plan. */
  readonly slotsPerCall: number;
}

/** Dense arrays in the order of the input's dims; a varying input has the run as its last dimension. */
export interface BlockInputs {
  readonly arrays: readonly Numbers[];
}

/** When to stop and what to record. */
export interface Schedule {
  /** T: the number of updates. */
  readonly steps: number;
  /** For each record group the recorded steps, ascending. */
  readonly groups: readonly (readonly number[])[];
}

/** Everything that a block needs to go on later: plain arrays, run as last dimension where varying. */
export interface BlockState {
  /** Updates done by the loop. */
  readonly step: number;
  readonly carried: readonly Numbers[];
  /** By run: 1 while running, 0 when stopped. */
  readonly alive: Uint8Array;
  /** By run: updates done. */
  readonly steps: Int32Array;
  /** By run: -1, or the step at which a watched value was first seen non-finite. */
  readonly diverged: Int32Array;
  /** By run: -1, or the number of the first check that failed. */
  readonly failed: Int32Array;
  /** By run: the step of that failure, -1 without. */
  readonly failedAt: Int32Array;
}

/** Records of some slots: for each group, for each entry, an array [slot, ...dims, run] (run always last, also when the entry does not vary). */
export interface RecordedSlots {
  readonly groups: readonly {
    /** Number of the first slot within the group's schedule. */
    readonly from: number;
    readonly count: number;
    readonly entries: readonly Numbers[];
  }[];
}

export interface CallResult {
  readonly state: BlockState;
  readonly recorded: RecordedSlots;
  /** True when no run goes on. */
  readonly finished: boolean;
  /** When finished: each group's entries at each run's own last state, [...dims, run]. */
  readonly last: readonly (readonly Numbers[])[] | null;
  /** `outputs` of the program, [...dims, run]; only from a program without a loop. */
  readonly outputs: readonly Numbers[] | null;
}

export interface Executable {
  /** One call: from `state` (null: the start) until `limit` updates are done, all slots of the call are filled, or no run goes on. */
  call(inputs: BlockInputs, schedule: Schedule, state: BlockState | null, limit: number): CallResult;
  /** Does ahead of the first call what it would spend on compiling, for inputs that are still being made. */
  warm?(): void;
  /** Whether the whole program was compiled by XLA. */
  readonly compiled: boolean;
  dispose(): void;
}

export interface Engine {
  readonly name: EngineName;
  /** For the manifest: library, version, whether XLA is used. */
  readonly description: { readonly library: string; readonly version: string; readonly xla: boolean };
  prepare(block: BlockProgram): Executable;
}

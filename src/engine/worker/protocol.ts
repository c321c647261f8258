/**
 * What parent and worker say to each other, over the channel of `child_process.fork` with advanced serialization: typed
 * arrays travel as they are. Types and small checks only, so that the parent can import it without starting anything.
 */
import type { Program } from "../../ir/types.js";
import type { BlockState, EngineName, Numbers, RecordedSlots, Schedule } from "../types.js";

/** A program for blocks of a fixed number of runs. The worker keeps what it made of it under `key`. */
export interface ProgramMessage {
  /** Tells programs apart, engine, runs and slots included; a program that the worker knows by its key may be left out. */
  readonly key: string;
  readonly engine: EngineName;
  readonly program: Program | null;
  readonly varying: readonly number[];
  readonly runs: number;
  readonly slotsPerCall: number;
}

export type ParentMessage =
  /** Make a program ready while the inputs are still being made. */
  | { readonly kind: "prepare"; readonly program: ProgramMessage }
  | RunMessage
  /** Something that several blocks read, a data set for instance: sent once, named in their inputs. */
  | { readonly kind: "share"; readonly name: string; readonly array: Numbers }
  | { readonly kind: "unshare"; readonly name: string }
  /** End a block after the call that is under way. */
  | { readonly kind: "cancel"; readonly block: string }
  /** Forget a program. */
  | { readonly kind: "forget"; readonly key: string }
  | { readonly kind: "exit" };

/** An array that came with `share`. */
export interface SharedInput {
  readonly shared: string;
}

export interface RunMessage {
  readonly kind: "run";
  /** The parent's name for the block. */
  readonly block: string;
  readonly program: ProgramMessage;
  readonly schedule: Schedule;
  readonly inputs: readonly (Numbers | SharedInput)[];
  /** Where to go on; null for the start. */
  readonly state: BlockState | null;
  /** How long a call should take; the clock chooses its steps. */
  readonly secondsPerCall: number;
  /** At least so many seconds between two states in `progress`; null: none are sent. */
  readonly secondsPerState: number | null;
}

export type WorkerMessage =
  /** Sent once, when the native library is loaded (or is not to be had). */
  | {
      readonly kind: "ready";
      /** Null where the graph engine cannot be used here; `why` says why. */
      readonly graph: { readonly library: string; readonly version: string; readonly xla: boolean } | null;
      readonly why: string | null;
      /** From the start of the process. */
      readonly seconds: number;
    }
  | { readonly kind: "prepared"; readonly key: string; readonly seconds: number }
  | {
      readonly kind: "progress";
      readonly block: string;
      readonly step: number;
      /** How many runs go on. */
      readonly alive: number;
      readonly recorded: RecordedSlots;
      readonly state: BlockState | null;
      readonly seconds: number;
    }
  | DoneMessage
  /** XLA's folder of compiled programs was damaged; it got this other name, and programs are compiled anew. */
  | { readonly kind: "aside"; readonly folder: string }
  | { readonly kind: "cancelled"; readonly block: string; readonly state: BlockState | null }
  /** `block` is null for a fault outside of any block; `key` names the program that could not be prepared. */
  | { readonly kind: "failed"; readonly block: string | null; readonly key: string | null; readonly message: string };

export interface DoneMessage {
  readonly kind: "done";
  readonly block: string;
  readonly state: BlockState;
  /** As in `CallResult`; the records of the last call came with the last `progress`. */
  readonly last: readonly (readonly Numbers[])[] | null;
  readonly outputs: readonly Numbers[] | null;
  readonly calls: number;
  /** All calls together, compilation included. */
  readonly seconds: number;
  /** The first call of a program, which compiles it, or its `prepare`; told with its first block, 0 with later ones. */
  readonly firstCallSeconds: number;
  readonly compiled: boolean;
  /** Programs made ready so far in this worker. */
  readonly programs: number;
  /** The worker's largest resident size so far, in bytes. */
  readonly peakBytes: number;
}

const parentKinds = ["prepare", "run", "share", "unshare", "cancel", "forget", "exit"];
const workerKinds = ["ready", "prepared", "progress", "done", "aside", "cancelled", "failed"];

/** Both ends are of one build, so the kind settles the rest. */
export function isParentMessage(value: unknown): value is ParentMessage {
  return hasKind(value, parentKinds);
}
export function isWorkerMessage(value: unknown): value is WorkerMessage {
  return hasKind(value, workerKinds);
}

function hasKind(value: unknown, kinds: readonly string[]): boolean {
  if (typeof value !== "object" || value === null || !("kind" in value)) return false;
  return typeof value.kind === "string" && kinds.includes(value.kind);
}

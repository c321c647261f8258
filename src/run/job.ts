/** What the scheduler needs to know of a block: it hands out messages and takes results. */
import type { BlockState } from "../engine/types.js";
import type { DoneMessage, ProgramMessage, RunMessage, WorkerMessage } from "../engine/worker/protocol.js";

export type Progress = Extract<WorkerMessage, { kind: "progress" }>;

/** A block to be computed. */
export interface Job {
  /** Names the block in messages. */
  readonly key: string;
  readonly program: ProgramMessage;
  /** Floating-point operations of the whole block, by the plan's model. */
  readonly work: number;
  /** Of the records that are held while it is under way. */
  readonly recordBytes: number;
  readonly steps: number;
  /** How often its state is wanted while it is under way. */
  readonly secondsPerState: number;
  /** Whether this process may compute it, another one does, or somebody has. */
  claim(): "mine" | "other" | "settled";
  /** Makes the inputs; called once for each try. Null: it had to be given up. */
  start(): Pick<RunMessage, "inputs" | "state" | "schedule"> | null;
  progress(message: Progress): void;
  /** `engine` is what the worker's graph engine said of itself; null where it has none. */
  done(message: DoneMessage, engine: EngineOfWorker | null): Promise<void>;
  /** The block was given up. */
  failed(reason: string, log: string): void;
  /** Ended on request after a call; the state is where to go on. */
  cancelled(state: BlockState | null): Promise<void>;
}

export interface EngineOfWorker {
  readonly library: string;
  readonly version: string;
  readonly xla: boolean;
}

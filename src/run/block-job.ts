/** One block on its way: inputs, records, checkpoints, and the file at the end. */
import type { BlockState } from "../engine/types.js";
import type { DoneMessage, RunMessage } from "../engine/worker/protocol.js";
import type { BlockPlan, PhasePlan, PointPlan, ProgramPlan } from "../plan/types.js";
import type { ColumnData, EngineNote, StoredPoint } from "../results/store/block-file.js";
import type { Checkpoint } from "../results/store/checkpoint-file.js";
import type { BlockLocks } from "../results/store/block-locks.js";
import type { Store } from "../results/store/store.js";
import type { Spent } from "./checkpoint.js";
import { fromCheckpoint, toCheckpoint } from "./checkpoint.js";
import type { InputMaker } from "./inputs.js";
import { LostInput } from "./inputs.js";
import { BlockRecorder } from "./recorder.js";
import { endingOf } from "./columns.js";
import { goOn } from "./go-on.js";
import type { EngineOfWorker, Job, Progress } from "./job.js";

export interface FinishedBlock {
  readonly engine: EngineNote;
  readonly spent: Spent;
  readonly points: readonly StoredPoint[];
  readonly columns: readonly ColumnData[];
  readonly message: DoneMessage;
}

/** What the run wants to know. */
export interface BlockListener {
  /** A call has done some updates of all runs of the block. */
  stepped(steps: number): void;
  finished(job: BlockJob, block: FinishedBlock): void;
  gaveUp(job: BlockJob, reason: string, log: string): void;
}

/** What all blocks of a run share. */
export interface BlockContext {
  readonly engine: "graph" | "portable";
  /** The engine with its version: another one does not go on from a checkpoint. */
  readonly engineTag: string;
  /** Who computes where no library does. */
  readonly portable: EngineOfWorker;
  readonly store: Store;
  readonly locks: BlockLocks;
  /** Whether a point, by its key, is still to be computed. */
  readonly isWanted: (key: string) => boolean;
  readonly inputs: InputMaker;
  readonly listener: BlockListener;
}

export class BlockJob implements Job {
  readonly key: string;
  readonly steps: number;
  readonly work: number;
  readonly recordBytes: number;
  readonly secondsPerState: number;
  readonly program: Job["program"];
  /** Only while the block is under way: it holds all its records. */
  private recorder: BlockRecorder | null = null;
  private spent: Spent = { calls: 0, seconds: 0 };
  /** Updates done. */
  private step = 0;
  /** Those that hold runs of their own. */
  private places: readonly number[] = [];
  /** The latest checkpoint, until it is on the disk. */
  private unwritten: Checkpoint | null = null;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly context: BlockContext,
    readonly phase: PhasePlan,
    readonly plan: ProgramPlan,
    readonly block: BlockPlan,
    /** Those that are missing and can be computed. */
    readonly points: readonly PointPlan[],
  ) {
    this.key = block.key;
    this.steps = plan.steps;
    this.work = workOf(plan);
    this.recordBytes = plan.runs * plan.cost.recordBytes;
    this.secondsPerState = secondsPerState(plan);
    const { key, program, varying, runs, slotsPerCall } = plan;
    this.program = { key, engine: context.engine, program, varying, runs, slotsPerCall };
  }

  claim(): ReturnType<Job["claim"]> {
    const { locks, store } = this.context;
    if (!locks.acquire(this.key)) return "other";
    if (store.hasNews(this.key)) store.refresh();
    if (this.points.some((point) => this.context.isWanted(point.key))) return "mine";
    locks.release(this.key);
    return "settled";
  }

  start(): Pick<RunMessage, "inputs" | "state" | "schedule"> | null {
    try {
      return this.begin();
    } catch (error) {
      if (!(error instanceof LostInput)) throw error;
      this.failed(error.message, "");
      return null;
    }
  }

  private begin(): Pick<RunMessage, "inputs" | "state" | "schedule"> {
    const recorder = new BlockRecorder(this.phase, this.plan);
    this.recorder = recorder;
    this.spent = { calls: 0, seconds: 0 };
    const checkpoint = this.unwritten ?? this.context.store.readCheckpoint(this.key, this.context.engineTag);
    const wanted = this.points.map(({ place }) => place);
    const before = checkpoint === undefined ? null : fromCheckpoint(checkpoint, recorder, wanted);
    if (before !== null) this.spent = before.spent;
    this.places = before?.places ?? this.context.inputs.readyPlaces(this.phase, this.block);
    const state = before?.state ?? goOn(this.phase, this.plan, this.block, this.context, recorder);
    this.step = state?.step ?? 0;
    return {
      inputs: this.context.inputs.make(this.phase, this.plan, this.block),
      state,
      schedule: { steps: this.plan.steps, groups: this.plan.groups },
    };
  }

  progress(message: Progress): void {
    this.recorder?.add(message.recorded);
    this.context.listener.stepped(message.step - this.step);
    this.step = message.step;
    this.spent = { calls: this.spent.calls + 1, seconds: this.spent.seconds + message.seconds };
    if (message.state !== null) this.save(message.state);
  }

  private save(state: BlockState): void {
    if (this.recorder === null) return;
    this.unwritten = toCheckpoint(this.key, this.context.engineTag, state, this.recorder, this.spent, this.places);
    this.writing = this.writing.then(() => this.writeCheckpoint());
  }

  /** One that cannot be written costs time after a kill, nothing else; of several that wait the latest counts. */
  private async writeCheckpoint(): Promise<void> {
    const checkpoint = this.unwritten;
    if (checkpoint === null) return;
    await this.context.store.writeCheckpoint(checkpoint).catch(() => undefined);
    if (this.unwritten === checkpoint) this.unwritten = null;
  }

  async done(message: DoneMessage, library: EngineOfWorker | null): Promise<void> {
    await this.writing;
    const { state, last, outputs, compiled } = message;
    if (this.recorder === null) throw new Error(`block ${this.key} ended before it began`);
    const { points, columns } = this.recorder.finish({ state, last, outputs }, this.points);
    const engine: EngineNote = { name: this.context.engine, ...(library ?? this.context.portable), compiled };
    const ending = endingOf(this.phase, this.plan);
    await this.context.store.addBlock({ block: this.key, program: this.plan.key, engine, points, ending }, columns);
    this.over();
    this.context.listener.finished(this, { engine, spent: this.spent, points, columns, message });
  }

  private over(): void {
    this.recorder = null;
    this.unwritten = null;
    this.context.locks.release(this.key);
  }

  failed(reason: string, log: string): void {
    this.over();
    this.context.listener.gaveUp(this, reason, log);
  }

  async cancelled(state: BlockState | null): Promise<void> {
    if (state !== null && this.spent.calls > 0) this.save(state);
    await this.writing;
    this.over();
  }
}

const SMALL_BYTES = 2e6;
const CHECKPOINT_BYTES_PER_SECOND = 10e6;
const MOST_SECONDS_PER_STATE = 30;

/** After every call where that costs little: a kill is to lose no more than the call under way. */
function secondsPerState({ runs, cost }: ProgramPlan): number {
  const bytes = runs * (cost.stateBytes + cost.recordBytes);
  return bytes < SMALL_BYTES ? 0 : Math.min(bytes / CHECKPOINT_BYTES_PER_SECOND, MOST_SECONDS_PER_STATE);
}

/** By the plan's model; a step costs something even when it computes next to nothing. */
export function workOf({ steps, runs, cost }: ProgramPlan): number {
  return (steps + 1) * (runs * Math.max(cost.flopsPerStep, 1) + 1000);
}

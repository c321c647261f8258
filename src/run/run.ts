/**
 * Completes the points of a plan: what is missing is cut into jobs, phase by phase, and computed by workers.
 * What is done already is found by its key and left alone.
 */
import { availableParallelism } from "node:os";
import type { Diagnostic } from "../base/diagnostic.js";
import { packageVersion } from "../base/package.js";
import type { PhasePlan, Plan, PointPlan } from "../plan/types.js";
import type { BlockNote, FailureNote } from "../results/store/manifest.js";
import { BlockLocks } from "../results/store/block-locks.js";
import type { Store } from "../results/store/store.js";
import type { BlockContext, BlockListener, FinishedBlock } from "./block-job.js";
import { BlockJob } from "./block-job.js";
import type { Whereabouts } from "./endings.js";
import { Endings } from "./endings.js";
import { folderSetAside } from "./faults.js";
import type { Outside } from "./inputs.js";
import { InputMaker } from "./inputs.js";
import type { Job } from "./job.js";
import { reusePoints } from "./reuse.js";
import { Scheduler } from "./scheduler.js";
import type { WorkerProcess } from "./worker-process.js";
import { leftToDo, standingOf } from "./standing.js";
import { startWorker } from "./worker-process.js";

export interface RunOptions {
  readonly store: Store;
  readonly outside: Outside;
  readonly where: Whereabouts;
  /** The most workers; null: as many as are worth it. */
  readonly jobs: number | null;
  /** Keys of the only points that are computed; failed ones are tried again. Null: all that are missing. */
  readonly only?: ReadonlySet<string> | null;
  /** A worker that was started ahead; it is used or let go here. */
  readonly first: WorkerProcess | null;
  /** Version of the engine's library where it is known, so that no other one goes on from a checkpoint. */
  readonly engineVersion: string;
  readonly progress: ProgressSink;
  /** Faults of points at once, summaries when a phase is over. */
  report(diagnostic: Diagnostic): void;
  /** Aborted on Ctrl-C: ends after the calls under way; a second time at once. */
  readonly interrupt: { onInterrupt(listener: (times: number) => void): void };
  /** Called now and then with what has been computed, so that a kill loses little of what is known of it. */
  save?(soFar: RunSoFar): Promise<unknown>;
  /** Another plan comes after this one. */
  readonly keepWorker?: boolean;
  /** The order in which blocks of a phase are begun; without it that of the plan. */
  readonly order?: (jobs: readonly Job[]) => readonly Job[];
  /** Another worker program: for tests. */
  readonly script?: string;
}

export interface ProgressSink {
  start(points: number): void;
  /** Share of the work that is done, points that are over, and the seconds that are left where something is known. */
  update(share: number, points: number, secondsLeft: number | null): void;
  end(): void;
}

export interface RunSoFar {
  /** Blocks that were computed now, by their keys. */
  readonly blocks: Readonly<Record<string, BlockNote>>;
  readonly failures: Readonly<Record<string, FailureNote>>;
  /** Points of earlier plans that were entered under their new keys. */
  readonly reused: number;
  readonly calls: number;
  /** Updates that were done, summed over blocks. */
  readonly steps: number;
  readonly seconds: number;
  readonly jobs: number;
  /** The largest resident size of a worker, in bytes. */
  readonly peakBytes: number;
}

export interface RunOutcome extends RunSoFar {
  readonly interrupted: boolean;
  /** With `keepWorker`: one that is ready for more. */
  readonly worker: WorkerProcess | null;
}

const SAVE_MILLISECONDS = 10_000;

export async function runPlan(plan: Plan, options: RunOptions): Promise<RunOutcome> {
  const run = new PlanRun(plan, options);
  await run.complete();
  return { ...run.soFar(), interrupted: run.interrupted, worker: run.worker };
}

const round = (seconds: number): number => Math.round(seconds * 1000) / 1000;

/** One run with what it has found out so far. */
class PlanRun implements BlockListener {
  interrupted = false;
  worker: WorkerProcess | null = null;
  private readonly blocks: Record<string, BlockNote> = {};
  private readonly failures: Record<string, FailureNote> = {};
  private calls = 0;
  private steps = 0;
  private jobs = 0;
  private peakBytes = 0;
  private over = 0;
  private readonly start = performance.now();
  private saved = performance.now();
  private saving: Promise<unknown> = Promise.resolve();
  private readonly scheduler: Scheduler;
  private readonly endings: Endings;
  private readonly context: BlockContext;
  private reused = 0;
  private total: { readonly work: number; readonly points: number } = { work: 0, points: 0 };

  constructor(
    private readonly plan: Plan,
    private readonly options: RunOptions,
  ) {
    const { store, outside, engineVersion, script } = options;
    const { engine } = plan;
    this.scheduler = new Scheduler(
      {
        engine,
        jobs: options.jobs,
        cores: availableParallelism(),
        start: (jobs) => startWorker({ engine, jobs, ...(script === undefined ? {} : { script }) }),
        tick: () => this.tick(),
        aside: (folder) => options.report(folderSetAside(folder)),
      },
      options.first,
    );
    this.endings = new Endings(plan, options.where, (diagnostic) => options.report(diagnostic));
    const inputs = new InputMaker(plan, store, outside);
    const portable = { library: "amemc", version: packageVersion(), xla: false };
    this.context = {
      engine,
      engineTag: `${engine} ${engineVersion}`,
      portable,
      store,
      inputs,
      isWanted: (key: string) => isWanted(store, key, options.only ?? null),
      locks: new BlockLocks(store.folder),
      listener: this,
    };
  }

  soFar(): RunSoFar {
    const { blocks, failures, reused, calls, steps, jobs, peakBytes } = this;
    return {
      blocks,
      failures,
      reused,
      calls,
      steps,
      jobs,
      peakBytes,
      seconds: round((performance.now() - this.start) / 1000),
    };
  }

  private save(): void {
    if (this.options.save === undefined || performance.now() - this.saved < SAVE_MILLISECONDS) return;
    this.saved = performance.now();
    this.saving = this.saving.then(() => this.options.save?.(this.soFar()));
  }

  async complete(): Promise<void> {
    const { progress, store, interrupt } = this.options;
    interrupt.onInterrupt((times) => this.interrupt(times));
    this.reused = await reusePoints(this.plan, store, this.context.locks);
    this.total = leftToDo(standingOf(this.plan, store, this.context.engineTag), this.context.isWanted);
    progress.start(this.total.points);
    try {
      for (const phases of together(this.plan.phases)) {
        await this.inTurn(phases);
        if (this.isInterrupted()) break;
        for (const phase of phases) this.endings.phaseOver(phase);
      }
    } finally {
      this.worker = this.scheduler.close(this.options.keepWorker === true && !this.interrupted);
      await store.saveIndex();
      await this.saving;
      progress.end();
    }
  }

  /** Phases that read each other's turns take theirs one after the other, until none is ready any more. */
  private async inTurn(phases: readonly PhasePlan[]): Promise<void> {
    const begun = new Set<string>();
    for (let before = -1; before < begun.size;) {
      before = begun.size;
      for (const phase of phases) {
        if (this.isInterrupted()) return;
        this.context.inputs.forgetColumns();
        const jobs = jobsOf(phase, this.context).filter(({ key }) => !begun.has(key));
        jobs.forEach(({ key }) => begun.add(key));
        await this.scheduler.run(this.options.order?.(jobs) ?? jobs);
      }
    }
  }

  private isInterrupted(): boolean {
    return this.interrupted;
  }

  /** Calls under way are awaited the first time, and not the second time. */
  private interrupt(times: number): void {
    this.interrupted = true;
    if (times === 1) this.scheduler.stop();
    else this.scheduler.kill();
  }

  private tick(): void {
    const { work, perSecond } = this.scheduler.pace;
    const { work: all } = this.total;
    const left = perSecond > 0 ? Math.max(0, all - work) / perSecond : null;
    this.options.progress.update(all === 0 ? 1 : Math.min(1, work / all), this.over, left);
  }

  stepped(steps: number): void {
    this.steps += steps;
  }

  finished(job: BlockJob, { engine, spent, points, columns, message }: FinishedBlock): void {
    const seconds = round(spent.seconds);
    const finished = new Date().toISOString();
    this.blocks[job.key] = {
      phase: job.phase.name,
      program: job.plan.key,
      engine,
      calls: spent.calls,
      seconds,
      finished,
    };
    this.calls += message.calls;
    this.peakBytes = Math.max(this.peakBytes, message.peakBytes);
    this.jobs = Math.max(this.jobs, this.scheduler.workers);
    this.over += points.length;
    this.endings.add(job, points, columns);
    this.save();
    this.tick();
  }

  gaveUp(job: BlockJob, reason: string, log: string): void {
    const points = job.points.map((point) => job.phase.points.indexOf(point));
    this.failures[job.key] = { phase: job.phase.name, points, reason, log };
    this.over += points.length;
    this.endings.gaveUp(job, reason, log);
  }
}

/** Each phase for itself, but for those of a sequence: a turn reads what later phases left behind in the turn before. */
function together(phases: readonly PhasePlan[]): readonly (readonly PhasePlan[])[] {
  const groups: PhasePlan[][] = [];
  let end = -1;
  phases.forEach((phase, number) => {
    const isInside = number <= end;
    end = Math.max(end, ...phase.after.map((name) => phases.findIndex((other) => other.name === name)), number);
    if (isInside) groups.at(-1)?.push(phase);
    else groups.push([phase]);
  });
  return groups;
}

/** Blocks with a point that is missing and whose inputs are there; they are computed whole. */
function jobsOf(phase: PhasePlan, context: BlockContext): readonly BlockJob[] {
  const wanted = (point: PointPlan): boolean => context.isWanted(point.key) && context.inputs.isReady(phase, point);
  return phase.programs.flatMap((program) =>
    program.blocks.flatMap((block) => {
      const points = block.points.flatMap((number) => phase.points[number] ?? []).filter(wanted);
      return points.length === 0 ? [] : [new BlockJob(context, phase, program, block, points)];
    }),
  );
}

/** What is missing; of points that were chosen, what has failed as well. */
function isWanted(store: Store, key: string, only: ReadonlySet<string> | null): boolean {
  const found = store.find(key);
  if (only === null) return found === undefined;
  return only.has(key) && (found === undefined || found.point.state === "failed");
}

/** Whether anything is left to do. */
export function isComplete(plan: Plan, store: Store): boolean {
  return plan.phases.every((phase) => phase.points.every((point) => store.find(point.key) !== undefined));
}

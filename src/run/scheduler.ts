/**
 * Blocks on workers: who gets which, when another worker is worth its start, what happens when one dies.
 * Knows nothing of files: jobs hand out messages and take results.
 */
import type { DoneMessage, WorkerMessage } from "../engine/worker/protocol.js";
import { JobQueue } from "./job-queue.js";
import { engineMissing, workerDoesNotStart } from "./faults.js";
import type { EngineOfWorker, Job, Progress } from "./job.js";
import { Throughput } from "./throughput.js";
import type { WorkerProcess } from "./worker-process.js";

export interface SchedulerOptions {
  readonly engine: "graph" | "portable";
  /** The most workers; null: as many as are worth their start, at most one a core. */
  readonly jobs: number | null;
  readonly cores: number;
  start(jobs: number): WorkerProcess;
  /** A worker found the folder of compiled programs damaged; it is kept under this name. */
  aside?(folder: string): void;
  /** After every message: for the progress bar. */
  tick(): void;
}

const SECONDS_PER_CALL = 1;
const START_SECONDS = 1.2;
const CHANCES = 2;
/** Blocks shorter than this are sent ahead, so that a worker never waits for its parent. */
const SHORT_SECONDS = 5;
/** What the only worker gets ahead before anything is known: about a second of a slow engine, and so many bytes of records. */
const AHEAD_JOBS = 4;
const AHEAD_WORK = 3e8;
const AHEAD_BYTES = 64 * 2 ** 20;

interface Member {
  readonly worker: WorkerProcess;
  engine: EngineOfWorker | null;
  ready: boolean;
  /** In the order in which the worker gets to them; the first one is under way. */
  readonly jobs: Job[];
  readonly known: Set<string>;
}

export class Scheduler {
  private readonly members = new Set<Member>();
  private queue = new JobQueue([]);
  private readonly deaths = new Map<string, number>();
  private readonly open = new Set<Promise<void>>();
  private failedStarts = 0;
  private fault: Error | null = null;
  private wake: () => void = () => undefined;
  private stopping = false;
  private readonly throughput = new Throughput<Job>();

  constructor(
    private readonly options: SchedulerOptions,
    /** Is taken over when the run begins: it may have said much already. */
    private first: WorkerProcess | null,
  ) {}

  get workers(): number {
    return this.members.size;
  }

  /** Runs jobs to their ends; returns early after `stop`. */
  async run(jobs: readonly Job[]): Promise<void> {
    this.queue = new JobQueue(jobs);
    if (this.first !== null) this.enlist(this.first);
    this.first = null;
    const timer = setInterval(() => this.guard(() => this.review()), 1000);
    try {
      this.dispatch();
      while (this.fault === null && this.isBusy) await new Promise<void>((wake) => (this.wake = wake));
      await Promise.all(this.open);
    } finally {
      clearInterval(timer);
    }
    if (this.fault !== null) throw this.fault;
  }

  private get isBusy(): boolean {
    const waiting = !this.queue.isEmpty && !this.stopping;
    return waiting || this.open.size > 0 || [...this.members].some((member) => member.jobs.length > 0);
  }

  /** Ends the blocks after the calls that are under way; nothing new is begun. */
  stop(): void {
    this.stopping = true;
    for (const member of this.members)
      for (const job of member.jobs) member.worker.send({ kind: "cancel", block: job.key });
    this.wake();
  }

  /** Lets all workers go, but for one that may be kept. Their ends are not awaited here, but by the end of the process. */
  close(keep: boolean): WorkerProcess | null {
    this.stopping = true;
    const members = [...this.members];
    const kept = keep ? members.find((member) => member.jobs.length === 0) : undefined;
    for (const member of members) {
      member.worker.listen(null);
      if (member !== kept) void member.worker.stop();
    }
    return kept?.worker ?? null;
  }

  /** Nobody waits for calls under way any more. */
  kill(): void {
    this.stopping = true;
    for (const member of this.members) member.worker.kill();
  }

  /** Work done so far, and how much is done in a second; for the remaining time. */
  get pace(): { readonly work: number; readonly perSecond: number } {
    const { work, perSecond } = this.throughput;
    return { work, perSecond: perSecond * Math.max(this.members.size, 1) };
  }

  private dispatch(): void {
    if (this.stopping) return;
    this.feed();
    while (this.queue.length > 0 && this.wantsAnother()) this.enlist(this.options.start(this.limit()));
    for (const member of this.members) if (member.jobs.length === 0 && this.queue.length > 0) this.assign(member);
    this.feed();
  }

  private feed(): void {
    for (const member of this.members) while (this.queue.length > 0 && this.isHungry(member)) this.assign(member);
  }

  private review(): void {
    this.queue.review();
    this.dispatch();
  }

  /** The first worker alone also gets little blocks ahead: its parent is busy for a while, and then it would wait. */
  private isHungry({ jobs }: Member): boolean {
    if (jobs.length < (this.throughput.blockSeconds < SHORT_SECONDS ? 2 : 1)) return true;
    if (this.options.jobs !== null || this.members.size > 1 || jobs.length >= AHEAD_JOBS) return false;
    const { next } = this.queue;
    const all = next === undefined ? jobs : [...jobs, next];
    return sumOf(all, ({ work }) => work) <= AHEAD_WORK && sumOf(all, ({ recordBytes }) => recordBytes) <= AHEAD_BYTES;
  }

  private limit(): number {
    return this.options.jobs ?? this.options.cores;
  }

  private wantsAnother(): boolean {
    const { size } = this.members;
    if (size === 0) return true;
    if (size >= this.limit()) return false;
    if (this.options.jobs !== null) return true;
    // Worth it when what is left takes longer than starting and compiling once more.
    const { perSecond } = this.pace;
    if (perSecond === 0) return false;
    const left = this.queue.work / perSecond;
    return left > 2 * (START_SECONDS + this.throughput.firstCallSeconds);
  }

  private enlist(worker: WorkerProcess): void {
    const member: Member = { worker, engine: null, ready: false, jobs: [], known: new Set() };
    this.members.add(member);
    worker.listen({
      message: (message) => this.guard(() => this.take(member, message)),
      end: ({ code, signal }) => this.guard(() => this.lost(member, signal ?? `exit code ${code ?? "unknown"}`)),
    });
  }

  /** A fault in here ends the run instead of vanishing in an event. */
  private guard(task: () => void): void {
    try {
      task();
      this.options.tick();
    } catch (error) {
      this.fault ??= asError(error);
    }
    this.wake();
  }

  private assign(member: Member): void {
    const job = this.queue.take();
    if (job === undefined) return;
    this.forget(member, job);
    const { program } = job;
    const known = member.known.has(program.key);
    // Compiling goes on there while the inputs are made here.
    if (!known) member.worker.send({ kind: "prepare", program });
    member.known.add(program.key);
    const begun = job.start();
    if (begun === null) return;
    member.jobs.push(job);
    member.worker.send({
      kind: "run",
      block: job.key,
      program: { ...program, program: null },
      secondsPerCall: SECONDS_PER_CALL,
      secondsPerState: job.secondsPerState,
      ...begun,
    });
  }

  /** Programs that nothing waits for need not stay in a worker's memory. */
  private forget(member: Member, next: Job): void {
    const needed = new Set([...this.queue.programs(), ...[...member.jobs, next].map((job) => job.program.key)]);
    for (const key of member.known) {
      if (needed.has(key)) continue;
      member.known.delete(key);
      member.worker.send({ kind: "forget", key });
    }
  }

  private take(member: Member, message: WorkerMessage): void {
    switch (message.kind) {
      case "ready":
        this.ready(member, message);
        return;
      case "prepared":
        return;
      case "progress":
        this.progress(member, message);
        return;
      case "done":
        this.done(member, message);
        return;
      case "cancelled": {
        const job = this.remove(member, message.block);
        if (job !== undefined) this.track(job.cancelled(message.state));
        return;
      }
      case "aside":
        this.options.aside?.(message.folder);
        return;
      case "failed":
        this.jobFailed(member, message);
        return;
    }
  }

  private ready(member: Member, { graph, why }: Extract<WorkerMessage, { kind: "ready" }>): void {
    member.ready = true;
    this.failedStarts = 0;
    if (this.options.engine === "portable") return;
    if (graph === null) throw engineMissing(why ?? "it could not be loaded");
    member.engine = graph;
  }

  private progress(member: Member, message: Progress): void {
    const job = member.jobs.find((candidate) => candidate.key === message.block);
    if (job === undefined) return;
    this.throughput.called(job, job.steps === 0 ? 0 : message.step / job.steps, message.seconds);
    job.progress(message);
  }

  private done(member: Member, message: DoneMessage): void {
    const job = this.remove(member, message.block);
    if (job === undefined) return;
    this.throughput.completed(job, message.seconds, message.firstCallSeconds);
    this.track(job.done(message, member.engine));
    this.dispatch();
  }

  private jobFailed(member: Member, { block, key, message }: Extract<WorkerMessage, { kind: "failed" }>): void {
    const log = member.worker.log();
    if (key !== null) member.known.delete(key);
    if (block !== null) {
      this.remove(member, block)?.failed(message, log);
    } else if (key !== null) {
      // The program cannot be made ready: no other worker could do it either.
      const jobs = [...member.jobs.filter((job) => job.program.key === key), ...this.queue.removeProgram(key)];
      for (const job of jobs) {
        this.remove(member, job.key);
        job.failed(message, log);
      }
    } else throw new Error(message);
    this.dispatch();
  }

  private remove(member: Member, key: string): Job | undefined {
    const at = member.jobs.findIndex((job) => job.key === key);
    const job = at < 0 ? undefined : member.jobs.splice(at, 1)[0];
    if (job !== undefined) this.throughput.dropped(job);
    return job;
  }

  /** A worker died: the block under way gets a second chance, those behind it just wait again. */
  private lost(member: Member, how: string): void {
    this.members.delete(member);
    if (!member.ready && !this.stopping) {
      this.failedStarts += 1;
      if (this.failedStarts >= CHANCES) throw workerDoesNotStart(how, member.worker.log());
    }
    const [current, ...others] = member.jobs;
    for (const job of member.jobs) this.throughput.dropped(job);
    if (this.stopping) {
      for (const job of member.jobs) this.track(job.cancelled(null));
      return;
    }
    this.queue.putBack(others);
    if (current === undefined) return;
    const deaths = (this.deaths.get(current.key) ?? 0) + Number(member.ready);
    this.deaths.set(current.key, deaths);
    if (deaths < CHANCES) this.queue.putBack([current]);
    else current.failed(`its worker died ${deaths} times (${how})`, member.worker.log());
    this.dispatch();
  }

  private track(task: Promise<void>): void {
    const tracked = task
      .catch((error: unknown) => void (this.fault ??= asError(error)))
      .then(() => {
        this.open.delete(tracked);
        this.wake();
      });
    this.open.add(tracked);
  }
}

const sumOf = (jobs: readonly Job[], amount: (job: Job) => number): number =>
  jobs.reduce((sum, job) => sum + amount(job), 0);

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

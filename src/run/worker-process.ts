/**
 * One worker process: started, spoken to, ended. What its messages mean is the scheduler's business.
 * Imported before anything else is loaded, so it may import nothing heavy.
 */
import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { readNative } from "../base/native.js";
import { distFile } from "../base/package.js";
import { workerEnvironment } from "../engine/worker/environment.js";
import type { ParentMessage, WorkerMessage } from "../engine/worker/protocol.js";

export interface WorkerSettings {
  readonly engine: "graph" | "portable";
  /** How many workers share the machine. */
  readonly jobs: number;
  /** Another program than the bundled worker: for tests. */
  readonly script?: string;
}

/** How a worker ended. */
export interface WorkerEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface WorkerListener {
  message(message: WorkerMessage): void;
  /** Comes once, after the last message. */
  end(end: WorkerEnd): void;
}

const LOG_CHARACTERS = 4_000;
const PATIENCE_MILLISECONDS = 2_000;
let started = 0;

export class WorkerProcess {
  private listener: WorkerListener | null = null;
  /** What came before anybody listened. */
  private readonly early: WorkerMessage[] = [];
  private over: WorkerEnd | null = null;
  private ready: WorkerMessage | null = null;

  constructor(
    readonly engine: "graph" | "portable",
    private readonly child: ChildProcess,
    /** A file without a name; null where none could be made. */
    private logFile: number | null,
  ) {
    // Both ends are of one build, so what comes is a message.
    child.on("message", (message) => this.take(message as WorkerMessage));
    child.on("error", () => this.ended({ code: null, signal: null }));
    // `close` comes after the channel has been emptied.
    child.on("close", (code, signal) => this.ended({ code, signal }));
  }

  /** Takes what came before; null: whoever comes next takes over, and hears `ready` again. */
  listen(listener: WorkerListener | null): void {
    this.listener = listener;
    if (listener === null) return;
    if (this.ready !== null) listener.message(this.ready);
    for (const message of this.early.splice(0)) listener.message(message);
    if (this.over !== null) listener.end(this.over);
  }

  private take(message: WorkerMessage): void {
    if (message.kind === "ready") this.ready = message;
    if (this.listener === null && message.kind !== "ready") this.early.push(message);
    else this.listener?.message(message);
  }

  private ended(end: WorkerEnd): void {
    if (this.over !== null) return;
    this.over = end;
    this.listener?.end(end);
  }

  get id(): number | undefined {
    return this.child.pid;
  }

  send(message: ParentMessage): void {
    // An error here means that the worker is gone, and `end` says so.
    if (this.child.connected) this.child.send(message, () => undefined);
  }

  /** The end of what it printed. */
  log(): string {
    if (this.logFile === null) return "";
    const { size } = fstatSync(this.logFile);
    const bytes = Buffer.alloc(Math.min(size, 4 * LOG_CHARACTERS));
    const read = readSync(this.logFile, bytes, 0, bytes.length, size - bytes.length);
    return bytes.toString("utf8", 0, read).trim().slice(-LOG_CHARACTERS);
  }

  kill(): void {
    this.child.kill("SIGKILL");
  }

  /** Lets it go; a worker that does not listen is killed. */
  async stop(): Promise<void> {
    if (this.over === null) {
      const ended = new Promise<void>((done) => this.child.once("close", () => done()));
      this.send({ kind: "exit" });
      const timer = setTimeout(() => this.kill(), PATIENCE_MILLISECONDS);
      await ended;
      clearTimeout(timer);
    }
    if (this.logFile !== null) closeSync(this.logFile);
    this.logFile = null;
  }
}

export function startWorker(settings: WorkerSettings): WorkerProcess {
  const log = openLog();
  const native = settings.engine === "graph" ? readNative() : null;
  const threads = Math.max(1, Math.floor(availableParallelism() / settings.jobs));
  const output = log ?? "ignore";
  const child = fork(settings.script ?? distFile("worker.mjs"), [settings.engine], {
    serialization: "advanced",
    stdio: ["ignore", output, output, "ipc"],
    env: workerEnvironment({ version: native?.version ?? null, threads, compilationCache: true }),
    execArgv: [],
    // In a group of its own: Ctrl-C is for the parent, which asks its workers for a checkpoint.
    detached: true,
  });
  return new WorkerProcess(settings.engine, child, log);
}

/** A new file that has no name any more: nobody finds it, and nothing is left behind when this process is killed. */
function openLog(): number | null {
  started += 1;
  const file = join(tmpdir(), `amemc-worker-${process.pid}-${started}-${randomBytes(6).toString("hex")}.log`);
  try {
    const log = openSync(file, "wx+", 0o600);
    rmSync(file, { force: true });
    return log;
  } catch {
    return null;
  }
}

/** A worker for tests: the built bundle, forked as the parent does it, its messages in order. */
import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { readNative } from "../../../src/base/native.js";
import { distFile } from "../../../src/base/package.js";
import { workerEnvironment } from "../../../src/engine/worker/environment.js";
import { isWorkerMessage } from "../../../src/engine/worker/protocol.js";
import type { ParentMessage, WorkerMessage } from "../../../src/engine/worker/protocol.js";

type Kind = WorkerMessage["kind"];

export class TestWorker {
  readonly messages: WorkerMessage[] = [];
  readonly foreign: unknown[] = [];
  readonly child: ChildProcess;
  private readonly waiting: (() => void)[] = [];
  private ended = false;

  constructor(engine: "graph" | "portable", cache: string | null = null) {
    const env = cache === null ? process.env : { ...process.env, AMEMC_CACHE: cache };
    const version = engine === "graph" ? (readNative()?.version ?? null) : null;
    this.child = fork(distFile("worker.mjs"), [engine], {
      serialization: "advanced",
      execArgv: [],
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      env: workerEnvironment({ version, threads: 1, compilationCache: cache !== null }, env),
    });
    this.child.on("message", (message: unknown) => {
      if (isWorkerMessage(message)) this.messages.push(message);
      else this.foreign.push(message);
      this.wake();
    });
    this.child.on("exit", () => {
      this.ended = true;
      this.wake();
    });
  }

  send(message: ParentMessage): void {
    this.child.send(message);
  }

  /** The next message of a kind that was not waited for yet; throws when the worker ends before, or says that it failed. */
  async next<K extends Kind>(kind: K): Promise<Extract<WorkerMessage, { readonly kind: K }>> {
    for (;;) {
      const index = this.messages.findIndex((message) => message.kind === kind);
      const [found] = index < 0 ? [] : this.messages.splice(index, 1);
      if (found !== undefined && isOfKind(found, kind)) return found;
      const failed = this.messages.find((message) => message.kind === "failed");
      if (failed?.kind === "failed") throw new Error(failed.message);
      if (this.ended) throw new Error(`the worker ended before it said ${kind}`);
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  async exit(): Promise<void> {
    if (!this.ended && this.child.connected) this.send({ kind: "exit" });
    while (!this.ended) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}

function isOfKind<K extends Kind>(
  message: WorkerMessage,
  kind: K,
): message is Extract<WorkerMessage, { readonly kind: K }> {
  return message.kind === kind;
}

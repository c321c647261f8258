/**
 * The worker process, forked by the parent: loads the native library at once, says `ready`, executes blocks. It holds no
 * compiler; it ends when its parent does.
 */
import { readNative } from "../base/native.js";
import { createGraphEngine } from "./graph/runtime.js";
import type { Engine, EngineName } from "./types.js";
import { BlockRunner } from "./worker/blocks.js";
import { isParentMessage } from "./worker/protocol.js";
import type { WorkerMessage } from "./worker/protocol.js";

function send(message: WorkerMessage): void {
  process.send?.(message);
}

function startGraph(): { readonly engine: Engine | null; readonly why: string | null } {
  const native = readNative();
  if (native === null) return { engine: null, why: "TensorFlow was not set up" };
  try {
    return { engine: createGraphEngine({ bindingPath: native.bindingPath, xla: native.xla !== false }), why: null };
  } catch (error) {
    return { engine: null, why: error instanceof Error ? error.message : String(error) };
  }
}

function startPortable(): Promise<Engine> {
  return Promise.reject(new Error("the portable engine is not part of this build"));
}

// Whoever loses its parent ends: at once between two calls, else after the call.
process.on("disconnect", () => process.exit(0));

const graph = startGraph();

async function engine(name: EngineName): Promise<Engine> {
  if (name === "portable") return startPortable();
  if (graph.engine === null) throw new Error(graph.why ?? "the graph engine cannot be used here");
  return Promise.resolve(graph.engine);
}

const runner = new BlockRunner({ engine, send });
process.on("message", (message: unknown) => {
  if (!isParentMessage(message)) return;
  if (message.kind === "exit") process.exit(0);
  runner.receive(message);
});
send({
  kind: "ready",
  graph: graph.engine?.description ?? null,
  why: graph.why,
  seconds: process.uptime(),
});

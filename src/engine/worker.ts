/**
 * The worker process, forked by the parent: loads the native library at once, says `ready`, executes blocks. It holds no
 * compiler; it ends when its parent does.
 */
import { readNativeRecord } from "../base/native.js";
import { createGraphEngine } from "./graph/runtime.js";
import type { Engine, EngineName } from "./types.js";
import { BlockRunner } from "./worker/blocks.js";
import { cacheVariable } from "./worker/environment.js";
import { isParentMessage } from "./worker/protocol.js";
import type { WorkerMessage } from "./worker/protocol.js";

function send(message: WorkerMessage): void {
  process.send?.(message);
}

function startGraph(): { readonly engine: Engine | null; readonly why: string | null } {
  // The parent names the engine that it will use; what is not used is not loaded.
  if (process.argv[2] === "portable") return { engine: null, why: "the worker was started for the portable engine" };
  const { info, why } = readNativeRecord();
  if (info === null) return { engine: null, why };
  const compilationFolder = process.env[cacheVariable] ?? null;
  try {
    const { bindingPath, xla } = info;
    const setAside = (folder: string): void => send({ kind: "aside", folder });
    return { engine: createGraphEngine({ bindingPath, xla, compilationFolder, setAside }), why: null };
  } catch (error) {
    return { engine: null, why: error instanceof Error ? error.message : String(error) };
  }
}

// Whoever loses its parent ends: at once between two calls, else after the call.
process.on("disconnect", () => process.exit(0));

const graph = startGraph();

async function engine(name: EngineName): Promise<Engine> {
  if (name === "portable") return (await import("./portable/index.js")).createPortableEngine();
  if (graph.engine === null) throw new Error(graph.why ?? "the graph engine cannot be used here");
  return graph.engine;
}

const runner = new BlockRunner({ engine, send });
process.on("message", (message: unknown) => {
  if (!isParentMessage(message)) return;
  if (message.kind === "exit") process.exit(0);
  runner.receive(message);
});
send({
  kind: "ready",
  graph: graph.engine === null ? null : { ...graph.engine.description },
  why: graph.why,
  seconds: process.uptime(),
});

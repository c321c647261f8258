/**
 * Starts the first worker before anything else is loaded: while it loads TensorFlow, this process parses the spec.
 * So nothing heavy may be imported here.
 */
import type { WorkerProcess } from "./worker-process.js";
import { startWorker } from "./worker-process.js";

const RUNNING = new Set(["run", "compile-and-run"]);

/** A worker for a command line that will run points, or null. */
export function startEarlyWorker(args: readonly string[]): WorkerProcess | null {
  const command = args.find((arg) => !arg.startsWith("-"));
  if (command === undefined || !RUNNING.has(command) || args.includes("--help") || args.includes("-h")) return null;
  const at = args.indexOf("--engine");
  const engine = at >= 0 ? args[at + 1] : args.find((arg) => arg.startsWith("--engine="))?.slice("--engine=".length);
  return startWorker({ engine: engine === "portable" ? "portable" : "graph", jobs: 1 });
}

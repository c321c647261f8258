/**
 * The environment that a worker needs before TensorFlow is loaded: threads, silence, and the folder where XLA keeps what
 * it compiled. For the parent; loads nothing. XLA_FLAGS is left alone: a flag that XLA does not know ends the process, and
 * of those tried none was worth it (without fusion emitters it compiles in 0.7 of the time and runs up to 3 times slower).
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { cacheFolder } from "../../base/package.js";

export interface WorkerOptions {
  /** TensorFlow's version, from `readNative()`; null where only the portable engine is used. */
  readonly version: string | null;
  /** Threads of one worker. */
  readonly threads: number;
  /** False: XLA compiles anew in each worker. */
  readonly compilationCache: boolean;
}

/** Names the folder of compiled programs for the worker itself, so that it can set a damaged one aside. */
export const cacheVariable = "AMEMC_XLA_CACHE";

/** The parent's environment with what a worker needs. */
export function workerEnvironment(options: WorkerOptions, env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const threads = String(Math.max(1, options.threads));
  const result: NodeJS.ProcessEnv = {
    ...env,
    TF_NUM_INTRAOP_THREADS: threads,
    TF_NUM_INTEROP_THREADS: threads,
    TF_CPP_MIN_LOG_LEVEL: env.TF_CPP_MIN_LOG_LEVEL ?? "3",
  };
  if (!options.compilationCache || options.version === null) return result;
  const folder = compilationFolder(options.version, env);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch {
    return result;
  }
  result.TF_XLA_FLAGS = prepend(env.TF_XLA_FLAGS, `--tf_xla_persistent_cache_directory=${folder}`);
  result[cacheVariable] = folder;
  return result;
}

/** Ours first: what the user says comes later and counts. */
function prepend(given: string | undefined, own: string): string {
  return given === undefined || given === "" ? own : `${own} ${given}`;
}

/** One folder for each TensorFlow and kind of processor: compiled code fits no other. */
export function compilationFolder(version: string, env: NodeJS.ProcessEnv = process.env): string {
  const processor = createHash("sha256").update(processorFeatures()).digest("hex").slice(0, 12);
  return join(cacheFolder(env), "xla", `${version}-${process.arch}-${processor}`);
}

function processorFeatures(): string {
  const model = cpus()[0]?.model ?? "unknown";
  try {
    const flags = /^(flags|Features)\s*:.*$/m.exec(readFileSync("/proc/cpuinfo", "utf8"));
    return `${model}\n${flags?.[0] ?? ""}`;
  } catch {
    return model;
  }
}

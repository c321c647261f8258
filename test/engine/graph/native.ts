/** The graph engine for tests. Where TensorFlow is missing they are skipped, unless AMEMC_REQUIRE_NATIVE=1. */
import { describe, it } from "vitest";
import { readNativeRecord } from "../../../src/base/native.js";
import { createPortableEngine } from "../../../src/engine/portable/index.js";
import { createGraphEngine } from "../../../src/engine/graph/runtime.js";
import { workerEnvironment } from "../../../src/engine/worker/environment.js";
import type { Engine } from "../../../src/engine/types.js";

let engine: Engine | undefined;

/** One engine for a test file. */
export function graphEngine(): Engine {
  const { info, why } = readNativeRecord();
  if (info === null) throw new Error(`there is no native TensorFlow: ${why ?? "unknown reason"}`);
  // As a worker has it, before the library reads it.
  Object.assign(process.env, workerEnvironment({ version: info.version, threads: 2, compilationCache: false }));
  engine ??= createGraphEngine({ bindingPath: info.bindingPath, xla: info.xla, compilationFolder: null });
  return engine;
}

/** A suite that needs native TensorFlow. */
export function describeNative(name: string, suite: () => void): void {
  const { info, why } = readNativeRecord();
  if (info !== null || process.env.AMEMC_REQUIRE_NATIVE === "1") {
    describe(name, suite);
    return;
  }
  describe(name, () => {
    it.skip(`needs native TensorFlow: ${why ?? "unknown reason"}`, () => undefined);
  });
}

/** The portable engine, and the graph engine where TensorFlow is there. */
export function enginesHere(): Readonly<Record<string, Engine>> {
  const portable = createPortableEngine();
  const { info } = readNativeRecord();
  return info === null && process.env.AMEMC_REQUIRE_NATIVE !== "1" ? { portable } : { portable, graph: graphEngine() };
}

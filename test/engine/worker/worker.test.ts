/** The worker process: its messages, its engines, and how it ends. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readNative } from "../../../src/base/native.js";
import type { EngineName } from "../../../src/engine/types.js";
import { compilationFolder } from "../../../src/engine/worker/environment.js";
import type { RunMessage } from "../../../src/engine/worker/protocol.js";
import { linearInputs, linearMemory } from "../graph/linear-memory.js";
import { describeNative } from "../graph/native.js";
import { TestWorker } from "./client.js";

const sizes = { tokens: 4, classes: 3, width: 2 };
const runs = 16;

function message(engine: EngineName, steps: number, more: Partial<RunMessage> = {}): RunMessage {
  const { program, varying } = linearMemory(sizes, { record: true });
  const groups = [Array.from({ length: steps + 1 }, (_, k) => k)];
  return {
    kind: "run",
    block: "first",
    program: { key: engine, engine, program, varying: [...varying], runs, slotsPerCall: 50 },
    schedule: { steps, groups },
    inputs: linearInputs(sizes, runs, 1),
    state: null,
    secondsPerCall: 1,
    secondsPerState: null,
    ...more,
  };
}

async function runBlock(worker: TestWorker, request: RunMessage) {
  worker.send(request);
  const done = await worker.next("done");
  const progress = worker.messages.splice(0).flatMap((each) => (each.kind === "progress" ? [each] : []));
  return { done, progress };
}

describe("worker with the portable engine", () => {
  it("says ready, runs a block in several calls, and ends when told to", async () => {
    const worker = new TestWorker("portable");
    expect(await worker.next("ready")).toMatchObject({ graph: null });
    const { done, progress } = await runBlock(worker, message("portable", 120));
    expect(done).toMatchObject({ block: "first", outputs: null, compiled: false, programs: 1 });
    expect(done.calls).toBe(progress.length);
    const counts = progress.map((each) => [each.recorded.groups[0]?.from, each.recorded.groups[0]?.count]);
    expect(counts).toEqual([
      [0, 50],
      [50, 50],
      [100, 21],
    ]);
    expect(done.last?.[0]?.[0]).toBeInstanceOf(Float32Array);
    expect(worker.foreign).toEqual([]);
    await worker.exit();
    expect(worker.child.exitCode).toBe(0);
  });

  it("keeps a program under its key, and says so when it does not know one", async () => {
    const worker = new TestWorker("portable");
    const first = message("portable", 10);
    worker.send({ kind: "prepare", program: first.program });
    expect(await worker.next("prepared")).toMatchObject({ key: "portable" });
    const { done } = await runBlock(worker, { ...first, program: { ...first.program, program: null } });
    expect(done.programs).toBe(1);
    worker.send({ ...first, program: { ...first.program, key: "other", program: null } });
    await expect(worker.next("done")).rejects.toThrow("does not know the program other");
    await worker.exit();
  });

  it("ends a block after the call that is under way, and goes on from the state", async () => {
    const worker = new TestWorker("portable");
    const whole = await runBlock(worker, message("portable", 120));
    worker.send(message("portable", 120));
    worker.send({ kind: "cancel", block: "first" });
    const { state } = await worker.next("cancelled");
    worker.messages.splice(0);
    const rest = await runBlock(worker, message("portable", 120, { state }));
    expect(rest.done.state).toEqual(whole.done.state);
    await worker.exit();
  });

  it("keeps arrays that several blocks read", async () => {
    const worker = new TestWorker("portable");
    const request = message("portable", 20);
    const whole = await runBlock(worker, request);
    const [embeddings, ...others] = request.inputs;
    if (!(embeddings instanceof Float32Array)) throw new Error("the first input is an array");
    worker.send({ kind: "share", name: "embeddings", array: embeddings });
    const again = await runBlock(worker, { ...request, inputs: [{ shared: "embeddings" }, ...others] });
    expect(again.done.state).toEqual(whole.done.state);
    worker.send({ kind: "unshare", name: "embeddings" });
    worker.send({ ...request, inputs: [{ shared: "embeddings" }, ...others] });
    await expect(worker.next("done")).rejects.toThrow("was not sent the array embeddings");
    await worker.exit();
  });

  it("ends when its parent is gone", async () => {
    const worker = new TestWorker("portable");
    await worker.next("ready");
    worker.child.disconnect();
    await worker.exit();
    expect(worker.child.exitCode).toBe(0);
  });
});

describeNative("worker with the graph engine", () => {
  it("says what it runs on and gives what the portable engine gives", async () => {
    const worker = new TestWorker("graph");
    const ready = await worker.next("ready");
    expect(ready.graph).toMatchObject({ library: "tensorflow", version: readNative()?.version });
    worker.send({ kind: "prepare", program: message("graph", 120).program });
    const graph = await runBlock(worker, message("graph", 120));
    expect(graph.done.firstCallSeconds).toBeGreaterThan(graph.done.seconds / 2);
    const portable = await runBlock(worker, message("portable", 120));
    expect(graph.done.compiled).toBe(ready.graph?.xla);
    const records = ({ progress }: typeof graph) =>
      progress.flatMap((each) => [...(each.recorded.groups[0]?.entries[0] ?? [])]);
    const expected = records(portable);
    expect(records(graph)).toHaveLength(expected.length);
    records(graph).forEach((value, k) => {
      expect(value).toBeCloseTo(expected[k] ?? NaN, 4);
    });
    await worker.exit();
  }, 120_000);

  it("sets a damaged folder of compiled programs aside", async () => {
    const cache = mkdtempSync(join(tmpdir(), "amemc-cache-"));
    try {
      const folder = compilationFolder(readNative()?.version ?? "", { AMEMC_CACHE: cache });
      const first = new TestWorker("graph", cache);
      const clean = await runBlock(first, message("graph", 5));
      await first.exit();
      const files = readdirSync(folder);
      expect(files.length).toBeGreaterThan(0);
      for (const file of files) writeFileSync(join(folder, file), "damaged");
      const second = new TestWorker("graph", cache);
      const again = await runBlock(second, message("graph", 5));
      await second.exit();
      expect(again.done.state).toEqual(clean.done.state);
      expect(again.done.compiled).toBe(true);
      expect(readdirSync(`${folder}.damaged`)).toEqual(files);
      expect(readdirSync(folder)).toEqual(files);
    } finally {
      rmSync(cache, { recursive: true, force: true });
    }
  }, 240_000);
});

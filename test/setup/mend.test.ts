// Damaged copies of what lies in the cache: each is found, told in a line, removed, and made again where it was in use.
import { existsSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bindingKey } from "../../scripts/native/binding.mjs";
import { findDamage, isMessage } from "../../scripts/native/damage.mjs";
import { ensureNative, nativeFile } from "../../scripts/native/ensure.mjs";
import { mendNative } from "../../scripts/native/setup.mjs";
import { sourcesFolder } from "../../scripts/native/sources.mjs";
import { fromWheel, unpackedFolder } from "../../scripts/native/wheel.mjs";
import { linearMemory } from "../engine/graph/linear-memory.js";
import { emitModel } from "../../src/engine/graph/emit.js";
import { write } from "./helpers.js";
import { machine } from "./helpers-native.js";

/** No process of this machine has this number. */
const GONE = 2 ** 30;
const program = { ...linearMemory({ tokens: 5, classes: 4, width: 3 }), runs: 16, slotsPerCall: 10 };
const message = emitModel(program, { xla: true }).bytes;

describe("a protobuf message", () => {
  it("is told from one that was cut, emptied or overwritten", () => {
    expect(isMessage(message)).toBe(true);
    expect(isMessage(message.subarray(0, message.length - 1))).toBe(false);
    expect(isMessage(message.subarray(0, 1))).toBe(false);
    expect(isMessage(new Uint8Array())).toBe(false);
    expect(isMessage(new Uint8Array(message.length))).toBe(false);
    expect(isMessage(new Uint8Array(100).fill(255))).toBe(false);
  });
});

describe("amemc doctor --fix", () => {
  const mend = (job: ReturnType<typeof machine>["job"]) => mendNative({ ...job, inUse: false, loads: false });

  it("leaves alone what is whole", async () => {
    const { job, said } = machine();
    await fromWheel(job);
    said.length = 0;
    write(join(job.cache, "xla/build/a.pb"), message);
    write(join(job.cache, `download/pip.${hostname()}-${process.pid}.tmp/part`), "somebody is at it");
    expect(await findDamage(job)).toEqual([]);
    expect(await mend(job)).toEqual({ mended: 0, native: null });
    expect(said).toEqual([]);
    expect(existsSync(join(job.cache, "xla/build/a.pb"))).toBe(true);
  });

  it("removes downloads and folders that were left unfinished", async () => {
    const { job, said, cached } = machine();
    write(cached, "half");
    const left = write(join(job.cache, `tensorflow/x.${hostname()}-${GONE}.tmp/part`), "");
    expect(await mend(job)).toEqual({ mended: 2, native: null });
    expect([existsSync(cached), existsSync(left)]).toEqual([false, false]);
    expect(said.join("\n")).toMatch(
      /^removed .*\.tmp: it was left unfinished\nremoved .*\.whl: the download is incomplete/,
    );
  });

  it("removes compiled programs that are cut short, and folders that a run set aside", async () => {
    const { job, said } = machine();
    const [whole, cut] = ["a", "b"].map((name) => write(join(job.cache, `xla/build/${name}.pb`), message));
    truncateSync(cut ?? "", message.length - 10);
    write(join(job.cache, "xla/build.damaged/c.pb"), message);
    expect((await mend(job)).mended).toBe(2);
    expect(existsSync(whole ?? "")).toBe(true);
    expect(existsSync(cut ?? "")).toBe(false);
    expect(existsSync(join(job.cache, "xla/build.damaged"))).toBe(false);
    expect(said).toHaveLength(2);
  });

  it("removes a binding and sources that are damaged", async () => {
    const { job } = machine();
    const binding = write(join(job.cache, "binding", bindingKey("1"), "tfjs_binding.node"), "x");
    write(join(binding, "../manifest.json"), '{"sha256":"0"}');
    const source = write(join(sourcesFolder(job.cache), "node_modules/@tensorflow/tfjs-node/binding/a.cc"), "x");
    const found = await findDamage(job);
    expect(found.map(({ what }) => what)).toEqual(["the sources of the binding are damaged", "the binding is damaged"]);
    await mend({ ...job, env: { ...job.env, AMEMC_NATIVE: "off" } });
    expect([existsSync(binding), existsSync(source)]).toEqual([false, false]);
  });

  it("unpacks a damaged TensorFlow again, although its size is right", async () => {
    const { job, said, downloads } = machine();
    const { libraries } = await fromWheel(job);
    const [library = ""] = libraries;
    const bytes = readFileSync(library);
    writeFileSync(library, Buffer.from(bytes).fill(0, 100, 101));
    const { native } = await mend(job);
    // The binding cannot be compiled here; what it is linked to is whole again.
    expect(native?.source).toBe("none");
    expect(downloads()).toBe(2);
    expect(readFileSync(library).equals(bytes)).toBe(true);
    expect(said.filter((line) => line.startsWith(`removed ${unpackedFolder(job)}: `))).toHaveLength(1);
  });

  it("writes a damaged record anew, and one that tells of files that are gone", async () => {
    const { job, said } = machine();
    const off = { ...job, env: { ...job.env, AMEMC_NATIVE: "off" } };
    const record = await ensureNative(off);
    for (const text of ['{"source": "wh', JSON.stringify({ ...record, source: "wheel", files: { "/gone": 1 } })]) {
      write(nativeFile(job.root), text);
      said.length = 0;
      const { mended, native } = await mend(off);
      expect([mended, native?.why]).toEqual([1, "AMEMC_NATIVE is off"]);
      expect(said[0]).toContain(`removed ${nativeFile(job.root)}: `);
      expect(JSON.parse(readFileSync(nativeFile(job.root), "utf8"))).toMatchObject({ source: "none" });
    }
  });
});

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ensureNative, nativeFile, settledNative } from "../../scripts/native/ensure.mjs";
import { readNativeRecord } from "../../src/base/native.js";
import { temporaryFolder, write } from "./helpers.js";

/** A clone without packages and a cache without TensorFlow. */
function clone(env: NodeJS.ProcessEnv) {
  const folder = temporaryFolder();
  const said: string[] = [];
  const job = {
    root: join(folder, "clone"),
    cache: join(folder, "cache"),
    env,
    say: (line: string) => void said.push(line),
    pips: [["no-such-pip"]],
    npm: ["no-such-npm"],
  };
  return { job, said, record: () => readNativeRecord([nativeFile(job.root)]) };
}

describe("a folder named by AMEMC_LIBTENSORFLOW", () => {
  it("is refused by name when it is not there", async () => {
    const { job } = clone({ AMEMC_LIBTENSORFLOW: "/no/such/folder" });
    await expect(ensureNative(job)).rejects.toThrow(
      /AMEMC_LIBTENSORFLOW is \/no\/such\/folder, but there is no such folder/,
    );
    expect(existsSync(nativeFile(job.root))).toBe(false);
  });

  it("is refused when it holds no library, or no headers", async () => {
    const folder = temporaryFolder();
    const { job } = clone({ AMEMC_LIBTENSORFLOW: folder });
    await expect(ensureNative(job)).rejects.toThrow("no libtensorflow lies there");
    write(join(folder, "lib/libtensorflow.so.2"), "");
    await expect(ensureNative(job)).rejects.toThrow("it has no include/tensorflow/c/eager/c_api.h");
  });

  it("stops the set-up when its library cannot be used", async () => {
    const folder = temporaryFolder();
    write(join(folder, "lib/libtensorflow.so"), "");
    write(join(folder, "include/tensorflow/c/eager/c_api.h"), "");
    const { job } = clone({ AMEMC_LIBTENSORFLOW: folder });
    await expect(ensureNative(job)).rejects.toThrow("cannot be used");
  });
});

describe("without native TensorFlow", () => {
  it("says in one line that the portable engine is used, and remembers it for a day", async () => {
    const { job, said, record } = clone({});
    const native = await ensureNative(job);
    expect(native.source).toBe("none");
    const lines = said.filter((line) => line.includes("the portable engine is used"));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain("no pip was found");
    expect(record().info).toBeNull();
    expect(record().why).toContain("no pip was found");
    expect(settledNative(job)?.source).toBe("none");
    expect(settledNative({ ...job, retry: true })).toBeNull();
    expect(settledNative({ ...job, env: { AMEMC_LIBTENSORFLOW: "/elsewhere" } })).toBeNull();
  });

  it("looks for none when AMEMC_NATIVE is off", async () => {
    const { job, said, record } = clone({ AMEMC_NATIVE: "off" });
    expect((await ensureNative(job)).why).toBe("AMEMC_NATIVE is off");
    expect(record().why).toBe("AMEMC_NATIVE is off");
    expect(said).toEqual(["AMEMC_NATIVE is off, so the portable engine is used"]);
  });
});

describe("the record of what is in use", () => {
  it("is read field by field", () => {
    const folder = temporaryFolder();
    const bindingPath = write(join(folder, "b.node"), "");
    const file = write(
      join(folder, "native.json"),
      JSON.stringify({ source: "wheel", version: "2.21.0", bindingPath, xla: true, why: null }),
    );
    const info = { source: "wheel", version: "2.21.0", bindingPath, xla: true };
    expect(readNativeRecord([join(folder, "absent.json"), file])).toEqual({ info, why: null });
  });

  it("is no reason to fail when it is damaged or tells of a file that is gone", () => {
    const folder = temporaryFolder();
    const cut = write(join(folder, "cut.json"), '{"source": "wh');
    expect(readNativeRecord([cut]).info).toBeNull();
    const text = JSON.stringify({ source: "wheel", version: "2.21.0", bindingPath: join(folder, "gone"), xla: true });
    expect(readNativeRecord([write(join(folder, "gone.json"), text)]).why).toContain("is gone");
    expect(readNativeRecord([]).why).toBe("it was not set up yet");
  });

  it("names a build with XLA where CI requires it", () => {
    if (process.env.AMEMC_REQUIRE_NATIVE !== "1") return;
    const { info } = readNativeRecord();
    expect(info?.xla).toBe(true);
    expect(readFileSync(info?.bindingPath ?? "").length).toBeGreaterThan(10_000);
  });
});

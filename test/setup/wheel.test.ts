import { appendFileSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fetchWheel, fromWheel, isWhole, unpackedFolder } from "../../scripts/native/wheel.mjs";
import { write } from "./helpers.js";
import { ARCHIVE, machine } from "./helpers-native.js";

describe("the wheel", () => {
  it("is fetched with the first pip that works, and once", async () => {
    const { job, cached, downloads } = machine(ARCHIVE);
    expect(await fetchWheel(job)).toBe(cached);
    expect(await fetchWheel(job)).toBe(cached);
    expect(downloads()).toBe(1);
  });

  it("is fetched again when the copy in the cache is damaged or cut short", async () => {
    const { job, cached, said, downloads } = machine(ARCHIVE);
    write(cached, ARCHIVE.subarray(0, 100));
    await fetchWheel(job);
    expect(said.join("\n")).toContain("damaged or incomplete");
    const flipped = Buffer.from(ARCHIVE);
    flipped[50] = 255 - (flipped[50] ?? 0);
    writeFileSync(cached, flipped);
    await fetchWheel(job);
    expect(downloads()).toBe(2);
    expect(readFileSync(cached).equals(ARCHIVE)).toBe(true);
  });

  it("is refused when what was fetched has another hash", async () => {
    const { job, cached } = machine(Buffer.from("something else"));
    await expect(fetchWheel(job)).rejects.toThrow("another SHA-256");
    expect(existsSync(cached)).toBe(false);
  });

  it("says so when there is no pip", async () => {
    const { job } = machine(ARCHIVE);
    await expect(fetchWheel({ ...job, pips: [["no-such-pip"]] })).rejects.toThrow("no pip was found");
  });

  it("is unpacked to the files that are needed, and thrown away", async () => {
    const { job, cached } = machine(ARCHIVE);
    const tensorflow = await fromWheel(job);
    const folder = unpackedFolder(job);
    expect(readFileSync(tensorflow.libraries[0] ?? "", "utf8")).toBe("the library".repeat(1000));
    expect(readFileSync(join(tensorflow.include, "tensorflow/c/c_api.h"), "utf8")).toBe("// a header");
    expect(statSync(join(tensorflow.include, "tensorflow/c/empty.h")).size).toBe(0);
    expect(existsSync(join(tensorflow.include, "tensorflow/core"))).toBe(false);
    expect(existsSync(cached)).toBe(false);
    expect(await isWhole(folder, true)).toBe(true);
  });

  it("is unpacked again when a file of it was damaged", async () => {
    const { job, downloads } = machine(ARCHIVE);
    const { libraries } = await fromWheel(job);
    await fromWheel(job);
    expect(downloads()).toBe(1);
    appendFileSync(libraries[0] ?? "", "!");
    expect(await isWhole(unpackedFolder(job), false)).toBe(false);
    await fromWheel(job);
    expect(downloads()).toBe(2);
    expect(await isWhole(unpackedFolder(job), true)).toBe(true);
  });
});

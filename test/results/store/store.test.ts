import { copyFileSync, existsSync, mkdirSync, readFileSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { filesBelow } from "../../../src/results/store/files.js";
import { hash, openStore, raggedPlan, storePoints, temporaryFolder } from "./fixture.js";

const plan = raggedPlan();
const keyOf = (point: number): string => plan.phases[0]?.points[point]?.key ?? "";
const stem = (folder: string): string => {
  const key = hash("block 2");
  return join(folder, "blocks", key.slice(0, 2), key);
};

async function filledFolder(): Promise<string> {
  const folder = temporaryFolder();
  const { store } = openStore(folder);
  await storePoints(
    store,
    plan,
    0,
    new Map([
      [0, { steps: 4 }],
      [1, { steps: 4 }],
    ]),
  );
  await store.saveIndex();
  return folder;
}

describe("blocks", () => {
  test("a point is done once a block file holds its key, in this process and in the next", async () => {
    const folder = await filledFolder();
    const { store, diagnostics } = openStore(folder);
    expect(store.find(keyOf(0))?.point).toMatchObject({ state: "done", steps: 4 });
    expect(store.find(keyOf(1))?.at).toBe(1);
    expect(store.find(keyOf(2))).toBeUndefined();
    expect(diagnostics).toEqual([]);
  });

  test("columns come back bit by bit", async () => {
    const { store } = openStore(await filledFolder());
    const found = store.find(keyOf(1));
    const reading = store.column(found?.stem ?? "", { kind: "record", group: 0, entry: 1 });
    expect(reading?.column).toMatchObject({ slots: 3, dims: [2], type: "f32" });
    expect(Array.from(reading?.data ?? []).slice(6)).toEqual([100.5, 101.5, 110.5, 111.5, 120.5, 121.5]);
  });

  test("the same block has the same bytes", async () => {
    const [first, second] = [await filledFolder(), await filledFolder()];
    for (const ending of [".json", ".bin"])
      expect(readFileSync(stem(first) + ending)).toEqual(readFileSync(stem(second) + ending));
  });

  test("a later part of a block leaves the earlier one as it is", async () => {
    const folder = temporaryFolder();
    const { store } = openStore(folder);
    await storePoints(store, plan, 0, new Map([[0, { steps: 4 }]]));
    const before = readFileSync(`${stem(folder)}.bin`);
    await storePoints(store, plan, 0, new Map([[1, { steps: 4 }]]));
    expect(readFileSync(`${stem(folder)}.bin`)).toEqual(before);
    expect(store.find(keyOf(1))?.stem).toMatch(/-1$/u);
    expect(openStore(folder).store.find(keyOf(1))).toBeDefined();
  });

  test("another process's blocks are seen after a refresh", async () => {
    const folder = temporaryFolder();
    const { store } = openStore(folder);
    await storePoints(openStore(folder).store, plan, 0, new Map([[0, { steps: 4 }]]));
    expect(store.find(keyOf(0))).toBeUndefined();
    store.refresh();
    expect(store.find(keyOf(0))).toBeDefined();
  });
});

describe("the index", () => {
  const damaged = ["AM7105"];
  test.each([
    ["emptied", () => "", damaged],
    ["damaged", (good: string) => good.replace('"done"', '"lost"'), damaged],
    ["foreign", (good: string) => `other\n${good}`, damaged],
    ["of another version", (good: string) => good.replace(/^amemc-index \d+/u, "amemc-index 1"), []],
  ])("%s: it is made again from the blocks", async (_, edit, codes) => {
    const folder = await filledFolder();
    const file = join(folder, "index");
    const good = readFileSync(file, "utf8");
    writeFileSync(file, edit(good));
    const { store, diagnostics } = openStore(folder);
    expect(store.find(keyOf(0))?.point.state).toBe("done");
    expect(diagnostics.map(({ code }) => code)).toEqual(codes);
    await store.saveIndex();
    expect(readFileSync(file, "utf8")).toBe(good);
  });
});

describe("damaged and foreign files", () => {
  test("a torn file counts as missing, and that is said", async () => {
    const folder = await filledFolder();
    truncateSync(`${stem(folder)}.bin`, 20);
    const { store, diagnostics } = openStore(folder);
    expect(store.find(keyOf(0))).toBeUndefined();
    expect(diagnostics.map(({ code }) => code)).toEqual(["AM7101"]);
    expect(diagnostics[0]?.message).toContain("20 of");
  });

  test("so does one with a changed byte, and one with half a header", async () => {
    const folder = await filledFolder();
    const bytes = readFileSync(`${stem(folder)}.bin`);
    bytes[5] = (bytes[5] ?? 0) ^ 1;
    writeFileSync(`${stem(folder)}.bin`, bytes);
    expect(openStore(folder).diagnostics.map(({ code }) => code)).toEqual(["AM7101"]);
    const header = readFileSync(`${stem(folder)}.json`, "utf8");
    writeFileSync(`${stem(folder)}.json`, header.replace('"steps":4', '"steps":5'));
    expect(openStore(folder).diagnostics[0]?.message).toContain("its header is not the one that was written");
    truncateSync(`${stem(folder)}.json`, 100);
    expect(openStore(folder).diagnostics.map(({ code }) => code)).toEqual(["AM7101"]);
  });

  test("a file that is no block is left alone", async () => {
    const folder = await filledFolder();
    const foreign = join(folder, "blocks", "ab", "notes.json");
    mkdirSync(join(folder, "blocks", "ab"), { recursive: true });
    writeFileSync(foreign, '{"hello": 1}');
    const { store, diagnostics } = openStore(folder);
    expect(diagnostics.map(({ code }) => code)).toEqual(["AM7102"]);
    expect(store.find(keyOf(0))).toBeDefined();
    expect(readFileSync(foreign, "utf8")).toBe('{"hello": 1}');
  });

  test("damage that is found on reading makes the points missing and leaves the way free", async () => {
    const folder = await filledFolder();
    const { store, diagnostics } = openStore(folder);
    const bytes = readFileSync(`${stem(folder)}.bin`);
    bytes[5] = (bytes[5] ?? 0) ^ 1;
    writeFileSync(`${stem(folder)}.bin`, bytes);
    const found = store.find(keyOf(0));
    expect(store.column(found?.stem ?? "", { kind: "record", group: 0, entry: 0 })).toBeUndefined();
    expect(store.find(keyOf(0))).toBeUndefined();
    expect(diagnostics.map(({ code }) => code)).toEqual(["AM7101"]);
    const next = openStore(folder);
    expect(next.diagnostics).toEqual([]);
    await storePoints(next.store, plan, 0, new Map([[0, { steps: 4 }]]));
    expect(openStore(folder).store.find(keyOf(0))).toBeDefined();
  });
});

describe("temporary files", () => {
  test("stale ones of dead processes go, all others stay", async () => {
    const folder = await filledFolder();
    const names = ["a.json.99999999-1.tmp", "b.json.99999999-2.tmp", `c.json.${process.pid}-3.tmp`];
    const paths = names.map((name) => join(folder, "blocks", name));
    for (const path of paths) writeFileSync(path, "half");
    const old = new Date(Date.now() - 2 * 3_600_000);
    for (const path of [paths[0] ?? "", paths[2] ?? ""]) utimesSync(path, old, old);
    expect(openStore(folder).store.sweep()).toBe(1);
    expect(paths.map((path) => existsSync(path))).toEqual([false, true, true]);
  });

  test("writing leaves none behind", async () => {
    expect(filesBelow(await filledFolder(), (name) => name.endsWith(".tmp"))).toEqual([]);
  });
});

describe("checkpoints", () => {
  const checkpoint = {
    block: hash("block 2"),
    engine: "portable 0.1.0",
    note: { step: 3, slots: [1, 2], limit: Infinity },
    arrays: [Float32Array.of(1, -0, NaN), Uint8Array.of(1, 0, 1), Float64Array.of(Math.PI), Int32Array.of(-5)],
  };

  test("come back bit by bit, and go when the block is done", async () => {
    const folder = temporaryFolder();
    const { store } = openStore(folder);
    await store.writeCheckpoint(checkpoint);
    expect(store.readCheckpoint(checkpoint.block, checkpoint.engine)).toEqual(checkpoint);
    await storePoints(store, plan, 0, new Map([[0, { steps: 4 }]]));
    expect(store.readCheckpoint(checkpoint.block, checkpoint.engine)).toBeUndefined();
  });

  test("of another engine, another block, or damaged ones are none", async () => {
    const folder = temporaryFolder();
    const { store, diagnostics } = openStore(folder);
    await store.writeCheckpoint(checkpoint);
    expect(store.readCheckpoint(checkpoint.block, "graph 2.21.0")).toBeUndefined();
    expect(diagnostics).toEqual([]);
    const file = `${stem(folder)}.checkpoint`;
    const other = hash("other");
    mkdirSync(join(folder, "blocks", other.slice(0, 2)), { recursive: true });
    copyFileSync(file, join(folder, "blocks", other.slice(0, 2), `${other}.checkpoint`));
    expect(store.readCheckpoint(other, checkpoint.engine)).toBeUndefined();
    const good = readFileSync(file, "latin1");
    for (const bad of [good.slice(0, -1), good.replace('"step":3', '"step":4'), ""]) {
      writeFileSync(file, bad, "latin1");
      expect(store.readCheckpoint(checkpoint.block, checkpoint.engine)).toBeUndefined();
    }
    expect(diagnostics.map(({ code }) => code)).toEqual(["AM7105", "AM7105", "AM7105"]);
  });
});

/** What goes wrong on a machine: workers that die, disks that are full or damaged, two commands at once. */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { readNative } from "../../src/base/native.js";
import type { Manifest } from "../../src/results/store/manifest.js";
import { filesBelow } from "../../src/results/store/files.js";
import { mapSpec, resultBytes, sabotaged, tableBytes } from "../run/whole.js";
import type { Ended } from "./helpers.js";
import { amemc, claim, descent, ended, folderWith, start } from "./helpers.js";

const run = ["run", "s.amem", "--engine", "portable"];
const wait = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));
const manifestIn = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as Manifest;
/** Four blocks of a few hundred kilobytes, and a phase after them. */
const fourBlocks = mapSpec({ rows: 100, columns: 32, etas: 4, seeds: 16 });
const codesOf = (text: string): readonly string[] =>
  [...text.matchAll(/\[(AM\d{4})\]/gu)].map(([, code]) => code ?? "");

describe("processes", () => {
  const runWith = (folder: string, at: "worker" | "twice"): Promise<Ended> =>
    amemc(folder, [...run, "--jobs", "2"], sabotaged(folder, { log: join(folder, "calls.log"), at }));

  test("a worker that is killed costs its block's call, and nobody notices", async () => {
    const [folder, quiet] = [folderWith({ "s.amem": fourBlocks }), folderWith({ "s.amem": fourBlocks })];
    const ran = await runWith(folder, "worker");
    expect(readdirSync(join(folder, "marks"))).toHaveLength(1);
    expect([ran.code, codesOf(ran.err)]).toEqual([0, []]);
    expect(ran.out).toBe((await amemc(quiet, run)).out);
    expect(resultBytes(folder)).toEqual(resultBytes(quiet));
  });

  test("a block that kills its worker twice has failed, with the log; the others go on", async () => {
    const folder = folderWith({ "s.amem": fourBlocks });
    const { code, out, err } = await runWith(folder, "twice");
    expect([code, codesOf(err)]).toEqual([3, ["AM7002"]]);
    expect(err).toContain("SIGABRT");
    expect(out).toContain("16 failed");
    const failures = Object.values(manifestIn(join(folder, "out/s/map")).failures);
    expect(failures).toMatchObject([{ phase: "fit", log: expect.stringContaining("out of luck") as unknown }]);
    const tables = join(folder, "out/s/map/tables");
    const lacking = join(folder, "lacking");
    cpSync(tables, lacking, { recursive: true });
    expect((await amemc(folder, run)).code).toBe(0);
    expect(manifestIn(join(folder, "out/s/map")).failures).toEqual({});
    const whole = tableBytes(folder);
    // As when that run had been killed before its tables were written.
    cpSync(lacking, tables, { recursive: true });
    expect(tableBytes(folder)).not.toEqual(whole);
    expect((await amemc(folder, run)).code).toBe(0);
    expect(tableBytes(folder)).toEqual(whole);
  });

  test("Ctrl-C twice ends at once", async () => {
    const folder = folderWith({
      "s.amem": mapSpec({ rows: 1000, columns: 1000, etas: 1, seeds: 16, steps: 1_000_000 }),
    });
    const child = start(folder, run);
    const ending = ended(child);
    while (filesBelow(join(folder, "out"), (name) => name.endsWith(".lock")).length === 0) await wait(20);
    await wait(500);
    child.kill("SIGINT");
    await wait(200);
    const pressed = performance.now();
    child.kill("SIGINT");
    const { code, err } = await ending;
    expect(performance.now() - pressed).toBeLessThan(5000);
    expect([code, err.includes("interrupted; what is done is kept")]).toEqual([130, true]);
    expect(filesBelow(folder, (name) => name.endsWith(".lock"))).toEqual([]);
  });

  test("two commands share a folder", async () => {
    const [folder, quiet] = [folderWith({ "s.amem": fourBlocks }), folderWith({ "s.amem": fourBlocks })];
    const both = await Promise.all([amemc(folder, run), amemc(folder, run), amemc(quiet, run)]);
    expect(both.map(({ code, err }) => [code, codesOf(err)])).toEqual([0, 0, 0].map((code) => [code, []]));
    expect(resultBytes(folder)).toEqual(resultBytes(quiet));
    expect(manifestIn(join(folder, "out/s/map"))).toMatchObject({ points: [{ done: 64 }, { done: 64 }], failures: {} });
  });

  test("without a place for temporary files it runs all the same", async () => {
    const folder = folderWith({ "s.amem": descent() });
    expect((await amemc(folder, run, { TMPDIR: "/no/such/folder" })).code).toBe(0);
  });
});

describe("disks", () => {
  /** A small disk of its own at `out`; false where this user may not mount one. */
  function mounted(folder: string, options: string): boolean {
    const out = join(folder, "out");
    mkdirSync(out);
    onTestFinished(() => void spawnSync("umount", [out]));
    return spawnSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", out]).status === 0;
  }
  const remount = (folder: string, options: string): void => {
    expect(spawnSync("mount", ["-o", `remount,${options}`, join(folder, "out")]).status).toBe(0);
  };

  test("that are full are named; finished blocks stay, and the next run goes on", async (context) => {
    const folder = folderWith({ "s.amem": fourBlocks });
    if (!mounted(folder, "size=2m")) context.skip("no disk can be mounted here");
    const full = await amemc(folder, [...run, "--jobs", "1"]);
    expect([full.code, codesOf(full.err)]).toEqual([2, ["AM8008"]]);
    expect(full.err).toContain("cannot be written: the disk is full");
    const blocks = filesBelow(join(folder, "out/s/map/blocks"), (name) => name.endsWith(".json"));
    const times = blocks.map((file) => statSync(file).mtimeMs);
    expect(blocks.length).toBeGreaterThan(0);
    expect(filesBelow(folder, (name) => name.endsWith(".tmp"))).toEqual([]);
    remount(folder, "size=30m");
    expect((await amemc(folder, run)).code).toBe(0);
    expect(blocks.map((file) => statSync(file).mtimeMs)).toEqual(times);
  });

  test("that cannot be written are named", async (context) => {
    const folder = folderWith({ "s.amem": descent() });
    if (!mounted(folder, "size=10m")) context.skip("no disk can be mounted here");
    await amemc(folder, run);
    remount(folder, "ro");
    writeFileSync(join(folder, "s.amem"), descent({ etas: "[0.1, 0.5, 0.7]" }));
    const { code, err } = await amemc(folder, run);
    expect([code, codesOf(err)]).toEqual([2, ["AM8008"]]);
    expect(err).toContain("lies on a disk that cannot be written");
  });
});

describe("damaged files", () => {
  const spec = descent({ claims: claim("falls", "fit.loss[step: last] < fit.loss[step: first]") });
  let [base, first] = ["", ""];
  beforeAll(async () => {
    base = mkdtempSync(join(tmpdir(), "amemc-damage-"));
    writeFileSync(join(base, "s.amem"), spec);
    first = (await ended(start(base, run, {}, false))).out;
  });
  afterAll(() => {
    rmSync(base, { recursive: true, force: true });
  });
  const copied = (): string => {
    const folder = folderWith({});
    cpSync(base, folder, { recursive: true, preserveTimestamps: true });
    return folder;
  };
  const found = (folder: string, name: RegExp): readonly string[] => {
    const files = filesBelow(join(folder, "out"), () => true).filter((file) => name.test(file));
    expect(files.length).toBeGreaterThan(0);
    return files;
  };

  const cut = (bytes: Buffer): Buffer => bytes.subarray(0, Math.floor(bytes.length / 2));
  const garbage = (): Buffer => Buffer.from('{"format":1,"run":[{}]}');
  test.each([
    ["a block's header, cut", /\/blocks\/.*\.json$/u, cut, ["AM7101"]],
    ["a block's header, replaced", /\/blocks\/.*\.json$/u, garbage, ["AM7102"]],
    ["a block's columns, cut", /\.bin$/u, cut, ["AM7101"]],
    ["a block's columns, emptied", /\.bin$/u, () => Buffer.alloc(0), ["AM7101"]],
    ["the index", /\/index$/u, cut, ["AM7105"]],
    ["the plan, cut", /\/plan\.json$/u, cut, ["AM7105"]],
    ["the plan, replaced", /\/plan\.json$/u, garbage, ["AM7105"]],
    ["the manifest, cut", /\/manifest\.json$/u, cut, ["AM7105"]],
    ["the manifest, replaced", /\/manifest\.json$/u, garbage, ["AM7105"]],
    ["what is made anew in any case", /\/(?:programs|tables)\/|claims\.json$|junit\.xml$|report\.html$/u, cut, []],
  ])("%s: said, and mended by the next run", async (_, name, damage, codes) => {
    const folder = copied();
    for (const file of found(folder, name)) writeFileSync(file, damage(readFileSync(file)));
    const { code, out, err } = await amemc(folder, run);
    expect([code, codesOf(err)]).toEqual([0, codes]);
    expect(out).toBe(first);
    expect(resultBytes(folder)).toEqual(name.source.includes("plan") ? expect.anything() : resultBytes(base));
  });

  test("all at once, also for a report", async () => {
    const folder = copied();
    for (const file of found(folder, /./u)) writeFileSync(file, garbage());
    const { code, err } = await amemc(folder, ["report", "out/s"]);
    expect([code, codesOf(err)]).toEqual([2, ["AM8007"]]);
    expect((await amemc(folder, run)).out).toBe(first);
  });

  test("earlier texts that are no texts are no reason to stop", async () => {
    const folder = copied();
    writeFileSync(join(folder, "s.amem"), spec.replace("[0.1, 0.5]", "[0.1, 0.7]"));
    await amemc(folder, ["compile", "s.amem"]);
    for (const file of found(folder, /\/revisions\//u)) writeFileSync(file, '{"revision":1,"spec":[],"modules":{}}');
    for (const args of [
      ["plan", "s.amem"],
      ["why", "s.amem", "eta=0.7"],
    ]) {
      const { code, err } = await amemc(folder, args);
      expect([args[0], code, codesOf(err)]).toEqual([args[0], 0, []]);
    }
  });

  test("files from the future: the clock was set back", async () => {
    const folder = copied();
    const tomorrow = new Date(Date.now() + 86_400_000);
    for (const file of found(folder, /./u)) utimesSync(file, tomorrow, tomorrow);
    expect(await amemc(folder, run)).toMatchObject({ code: 0, out: first });
    expect(manifestIn(join(folder, "out/s/small")).runs).toHaveLength(1);
    writeFileSync(join(folder, "s.amem"), spec.replace("[0.1, 0.5]", "[0.1, 0.5, 0.7]"));
    expect((await amemc(folder, run)).out).toContain("3 points expected, all done");
  });
});

test.skipIf(readNative()?.xla !== true)("compiled programs that are damaged are set aside, in one line", async () => {
  const folder = folderWith({ "s.amem": descent() });
  const cache = { AMEMC_CACHE: join(folder, "cache") };
  const args = ["run", "s.amem", "--engine", "graph"];
  const before = await amemc(folder, args, cache);
  const compiled = filesBelow(join(folder, "cache/xla"), () => true);
  expect(compiled.length).toBeGreaterThan(0);
  for (const file of compiled) writeFileSync(file, "damaged");
  rmSync(join(folder, "out"), { recursive: true });
  const { code, out, err } = await amemc(folder, args, cache);
  expect([code, out, codesOf(err)]).toEqual([0, before.out, ["AM7205"]]);
});

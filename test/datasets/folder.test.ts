/** Where files may lie, how large they may be, what is kept of them. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openDataset, openDatasets, readArray } from "../../src/datasets/index.js";
import type { ColumnKey } from "../../src/datasets/index.js";
import { decodeColumn, encodeColumn } from "../../src/language/datasets.js";
import type { DatasetReader } from "../../src/language/datasets.js";
import { faultOf, npy, testFolder } from "./support.js";

const outer = testFolder();
const folder = testFolder();
afterAll(() => {
  outer.remove();
  folder.remove();
});
const whole = { kind: "array" } as const;
const one = npy("<f8", [1], [1]);

describe("paths", () => {
  const datasets = openDatasets(folder.path);
  folder.write("data/emb.npy", one);
  folder.write("embeddings.csv", "a\n1\n");

  it("are relative to the spec's folder", () => {
    expect(datasets.header("data/emb.npy", "npy")).toMatchObject({ shape: [1] });
    expect(datasets.header("./data/../data/emb.npy", "npy")).toMatchObject({ shape: [1] });
    expect(datasets.header(join(folder.path, "data/emb.npy"), "npy")).toMatchObject({ shape: [1] });
  });

  it("that lead nowhere are answered with names that are near", () => {
    expect(faultOf(() => datasets.header("data/enb.npy", "npy"))).toBe(
      "AM5001 there is no file `data/enb.npy`; help: did you mean `emb.npy`?",
    );
    expect(faultOf(() => datasets.header("embedding.csv", "csv"))).toContain("did you mean `embeddings.csv`?");
    expect(faultOf(() => datasets.header("zzz.npy", "npy"))).toBe("AM5001 there is no file `zzz.npy`");
    expect(faultOf(() => datasets.header("none/emb.npy", "npy"))).toContain("its folder does not exist");
    expect(faultOf(() => datasets.header("data", "npy"))).toContain("AM5001 `data` is a folder");
  });

  it("may not lead out, whether or not there is a file", () => {
    const secret = outer.write("secret.npy", one);
    symlinkSync(secret, join(folder.path, "link.npy"));
    symlinkSync(outer.path, join(folder.path, "linked"));
    mkdirSync(join(folder.path, "data/deeper"), { recursive: true });
    symlinkSync("../emb.npy", join(folder.path, "data/deeper/inside.npy"));
    for (const path of [secret, "../other.npy", "data/../../x.npy", "/etc/passwd"])
      expect(faultOf(() => datasets.header(path, "npy"))).toContain(`AM5002 \`${path}\` lies outside`);
    for (const path of ["link.npy", "linked/secret.npy"])
      expect(faultOf(() => datasets.header(path, "npy"))).toContain(`AM5002 \`${path}\` is a link that leads out`);
    expect(datasets.header("data/deeper/inside.npy", "npy")).toMatchObject({ shape: [1] });
    // A folder whose name only begins alike is another one.
    expect(faultOf(() => datasets.header(`${folder.path}x/a.npy`, "npy"))).toContain("AM5002");
  });

  it("may lead to what the command line names", () => {
    const secret = join(outer.path, "secret.npy");
    for (const allowed of [[secret], [outer.path]]) {
      const open = openDatasets(folder.path, { allowed });
      expect(open.header(secret, "npy")).toMatchObject({ shape: [1] });
      expect(open.header("link.npy", "npy")).toMatchObject({ shape: [1] });
    }
    const other = openDatasets(folder.path, { allowed: [join(outer.path, "other.npy")] });
    expect(faultOf(() => other.header("link.npy", "npy"))).toContain("AM5002");
    expect(openDataset(secret)).toMatchObject({ format: "npy", shape: [1] });
    expect([...readArray(secret, whole).data]).toEqual([1]);
    expect(faultOf(() => openDataset(join(outer.path, "x.h5")))).toContain("AM5003");
  });

  it("do not wait for a pipe", () => {
    execFileSync("mkfifo", [join(folder.path, "pipe.csv")]);
    expect(faultOf(() => datasets.header("pipe.csv", "csv"))).toContain("AM5001 `pipe.csv` is no plain file");
  });
});

it("is what the checker asks for, and knows the checker's names of columns", () => {
  const reader: DatasetReader = openDatasets(folder.path);
  folder.write("kinds.csv", "kind\nb\na\n");
  expect(reader.header("kinds.csv", "csv")).toMatchObject({ rows: 2 });
  const key: ColumnKey = { kind: "category", name: "kind" };
  expect(decodeColumn(encodeColumn(key))).toEqual(key);
  expect([...openDatasets(folder.path).read("kinds.csv", "csv", key).data]).toEqual([1, 0]);
});

describe("sizes and hashes", () => {
  it("refuses files above the limit of their kind", () => {
    folder.write("large.csv", `a\n${"1\n".repeat(1000)}`);
    folder.write(
      "large.npy",
      npy(
        "<f8",
        [200],
        Array.from({ length: 200 }, () => 1),
      ),
    );
    const datasets = openDatasets(folder.path, { limits: { npy: 1500, csv: 1500 } });
    expect(faultOf(() => datasets.header("large.csv", "csv"))).toContain(
      "AM5007 `large.csv` has 2.0 kB; files of this kind may have 1.5 kB",
    );
    expect(faultOf(() => datasets.header("large.npy", "npy"))).toContain("AM5007");
  });

  it("tells the SHA-256 of the bytes", () => {
    const text = "a,b\n1,2\n";
    folder.write("hash.csv", text);
    const sha256 = createHash("sha256").update(text).digest("hex");
    expect(openDatasets(folder.path).header("hash.csv", "csv").sha256).toBe(sha256);
  });

  it("keeps headers by hash and notices a change", () => {
    const datasets = openDatasets(folder.path);
    folder.write("a.npy", npy("<f8", [2], [1, 2]));
    folder.write("b.npy", npy("<f8", [2], [1, 2]));
    const first = datasets.header("a.npy", "npy");
    expect(datasets.header("a.npy", "npy")).toBe(first);
    expect(datasets.header("b.npy", "npy")).toBe(first);
    const { sha256 } = first;
    const values = datasets.read("a.npy", "npy", whole, { sha256 });
    expect(datasets.read("b.npy", "npy", whole, { sha256 }).data).toBe(values.data);
    folder.write("a.npy", npy("<f8", [3], [1, 2, 3]));
    expect(datasets.header("a.npy", "npy")).toMatchObject({ shape: [3] });
    expect(faultOf(() => datasets.read("a.npy", "npy", whole, { sha256 }))).toContain("AM5010");
  });

  it("reads the same without room to keep anything", () => {
    const datasets = openDatasets(folder.path, { limits: { kept: 0 } });
    folder.write("c.csv", "a,b\n1,x\n2,y\n");
    expect([...datasets.read("c.csv", "csv", { kind: "column", name: "a" }).data]).toEqual([1, 2]);
    expect([...datasets.read("c.csv", "csv", { kind: "category", name: "b" }).data]).toEqual([0, 1]);
  });
});

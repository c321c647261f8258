/** Parquet files: tables as `hyparquet-writer` and pandas write them, damage, and columns that are no numbers. */
import { parquetWriteBuffer } from "hyparquet-writer";
import { afterAll, describe, expect, it } from "vitest";
import { openDatasets } from "../../src/datasets/index.js";
import { agreesWithOracle } from "../support/spec-runs.js";
import { faultOf, testFolder } from "./support.js";

const folder = testFolder();
afterAll(() => folder.remove());
const rows = 2500;
const along = <T>(f: (k: number) => T): T[] => Array.from({ length: rows }, (_, k) => f(k));
const written = (codec: "SNAPPY" | "UNCOMPRESSED" | "GZIP"): Uint8Array =>
  new Uint8Array(
    parquetWriteBuffer({
      codec: codec === "GZIP" ? "UNCOMPRESSED" : codec,
      rowGroupSize: 1000,
      columnData: [
        { name: "x", data: along((k) => k / 7 - 3), type: "DOUBLE" },
        { name: "f", data: along((k) => Math.fround(k / 3)), type: "FLOAT" },
        { name: "n", data: along((k) => k % 5), type: "INT32" },
        { name: "wide", data: along((k) => BigInt(k) * 10_000_000n), type: "INT64" },
        { name: "few", data: along((k) => BigInt(k % 3)), type: "INT64" },
        { name: "yes", data: along((k) => k % 4 === 1), type: "BOOLEAN" },
        { name: "kind", data: along((k) => ["b", "a", "ö"][k % 3] ?? ""), type: "STRING" },
        { name: "gap", data: along((k) => (k === 1234 ? null : k)), type: "DOUBLE", nullable: true },
        { name: "day", data: along(() => new Date(0)), type: "TIMESTAMP" },
      ],
    }),
  );
folder.write("t.parquet", written("SNAPPY"));
folder.write("plain.parquet", written("UNCOMPRESSED"));
const files = openDatasets(folder.path);

describe("a table", () => {
  it("has columns with their types", () => {
    const header = files.header("t.parquet", "parquet");
    if (!("columns" in header)) throw new Error("a table has columns");
    expect(header.rows).toBe(rows);
    expect(header.columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      "x real",
      "f real",
      "n int",
      "wide real",
      "few int",
      "yes bool",
      "kind text",
      "gap real",
    ]);
    expect(header.columns[6]?.categories).toEqual(["a", "b", "ö"]);
    expect(header.unread).toEqual([{ name: "day", why: "it holds timestamp values, no numbers or texts" }]);
  });

  it.each(["t.parquet", "plain.parquet"])("%s is read over all row groups", (path) => {
    const read = (name: string) => [...files.read(path, "parquet", { kind: "column", name }).data];
    expect(read("x")).toEqual(along((k) => k / 7 - 3));
    expect(read("f")).toEqual(along((k) => Math.fround(k / 3)));
    expect(read("n")).toEqual(along((k) => k % 5));
    expect(read("wide")).toEqual(along((k) => k * 1e7));
    expect(read("yes")).toEqual(along((k) => Number(k % 4 === 1)));
    const kinds = files.read(path, "parquet", { kind: "category", name: "kind" }).data;
    expect([...kinds].slice(0, 6)).toEqual([1, 0, 2, 1, 0, 2]);
    const both = files.read(path, "parquet", { kind: "columns", names: ["few", "n"] });
    expect(both.shape).toEqual([rows, 2]);
    expect([...both.data].slice(0, 8)).toEqual([0, 0, 1, 1, 2, 2, 0, 3]);
  });

  it("says what is wrong", () => {
    const fault = (name: string) => faultOf(() => files.read("t.parquet", "parquet", { kind: "column", name }));
    expect(fault("gap")).toMatch(/^AM5011 a number is missing in `t\.parquet` in `gap` at \[1234\]/u);
    expect(fault("kind")).toContain("AM5009 the column `kind` of `t.parquet` holds texts");
    expect(fault("y")).toContain("AM5009 `t.parquet` has no column `y`");
    folder.write("no.parquet", "a,b\n1,2\n");
    expect(faultOf(() => files.header("no.parquet", "parquet"))).toContain("AM5003");
    const whole = written("SNAPPY");
    folder.write("cut.parquet", whole.subarray(0, whole.length - 100));
    expect(faultOf(() => files.header("cut.parquet", "parquet"))).toMatch(/^AM5004 `cut\.parquet` is damaged/u);
  });
});

it("bytes that are changed at random give values or a fault, never another error", () => {
  const whole = written("SNAPPY");
  let told = 0;
  for (let k = 0; k < 60; k++) {
    const damaged = Uint8Array.from(whole);
    for (let j = 0; j < 4; j++) damaged[(k * 7919 + j * 104_729) % whole.length] = (k * 37 + j * 11) & 255;
    folder.write(`damaged${k}.parquet`, damaged);
    if (faultOf(() => files.header(`damaged${k}.parquet`, "parquet")).startsWith("AM500")) told++;
  }
  expect(told).toBeGreaterThan(5);
});

it.each(["portable", "graph"] as const)("runs on %s", async (engine) => {
  const spec = `experiment e {
    data t = dataset.parquet("t.parquet") { x[row] = column("x"), y[row] = column("yes"), k[row] in kind = category(column("kind")), both[row, f] = columns(["f", "n"]) }
    measure m { s[kind] = sum(row where t.k[row] == kind and t.y[row]) t.x[row]; b[f] = mean(row) t.both[row, f] }
  }`;
  await agreesWithOracle(spec, engine, 1e-5, folder.path);
});

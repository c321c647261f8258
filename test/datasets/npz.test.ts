import { afterAll, describe, expect, it } from "vitest";
import { openDatasets } from "../../src/datasets/index.js";
import { crc32 } from "../../src/datasets/zip.js";
import { zip, type ZipOptions } from "./packed.js";
import { faultOf, npy, testFolder } from "./support.js";

const folder = testFolder();
afterAll(() => folder.remove());
const datasets = openDatasets(folder.path);
const named = (name: string) => ({ kind: "named", name }) as const;

const emb = npy("<f8", [2, 3], [1, 2, 3, 4, 5, 6.5]);
const labels = npy("|u1", [4], [0, 200, 255, 1]);
const texts = npy("<f8", [1], [1], { header: "{'descr': '<U5', 'fortran_order': False, 'shape': (1,), }" });
const members = { "emb.npy": emb, "deep/labels.npy": labels, "notes.txt": Buffer.from("hello") };

const write = (content: Uint8Array): void => void folder.write("x.npz", content);
const read = (name: string) => datasets.read("x.npz", "npz", named(name));
const fault = (content: Uint8Array, name = "emb"): string => {
  write(content);
  const ofHeader = faultOf(() => datasets.header("x.npz", "npz"));
  return ofHeader === "nothing is wrong" ? faultOf(() => read(name)) : ofHeader;
};

it("has the checksum that everyone has", () => {
  expect(crc32(Buffer.from("123456789"))).toBe(0xcbf43926);
  expect(crc32(Buffer.of())).toBe(0);
});

describe.each<readonly [string, ZipOptions]>([
  ["stored", {}],
  ["deflated", { deflate: true }],
  ["with sizes of 64 bits", { deflate: true, wide: true }],
])("an archive %s", (_, options) => {
  it("tells names, shapes and types", () => {
    write(zip({ ...members, "t.npy": texts }, options));
    expect(datasets.header("x.npz", "npz")).toMatchObject({
      format: "npz",
      rows: null,
      arrays: [
        { name: "emb", shape: [2, 3], type: "real" },
        { name: "deep/labels", shape: [4], type: "int" },
      ],
      unread: [{ name: "notes.txt", why: "it is no `.npy` file" }, { name: "t" }],
    });
  });

  it("reads arrays by their names; bytes stay bytes", () => {
    write(zip(members, options));
    expect(read("emb")).toMatchObject({ shape: [2, 3], data: Float64Array.of(1, 2, 3, 4, 5, 6.5) });
    expect(read("deep/labels")).toMatchObject({ shape: [4], data: Uint8Array.of(0, 200, 255, 1) });
    expect(faultOf(() => read("enb"))).toBe("AM5009 `x.npz` has no array `enb`; help: it has `emb`");
  });

  it("sees a wrong sum", () => {
    expect(fault(zip(members, { ...options, sumOff: 1 }))).toBe(
      "AM5004 `x.npz` is damaged: the checksum of `emb.npy` is wrong",
    );
  });
});

it("reads a header that is longer than usual, and an array that is packed to little", () => {
  const long = `{'descr': '<f4', 'fortran_order': False, 'shape': (50000,), ${" ".repeat(9000)}}`;
  const values = Array.from({ length: 50_000 }, (_, k) => k % 3);
  write(zip({ "long.npy": npy("<f4", [50_000], values, { header: long }) }, { deflate: true }));
  expect(datasets.header("x.npz", "npz")).toMatchObject({ arrays: [{ name: "long", shape: [50_000] }] });
  expect([...read("long").data]).toEqual(values);
});

describe("what is wrong with an archive", () => {
  const good = zip(members, { deflate: true });
  it("is cut off anywhere", () => {
    for (let length = 1; length < good.length; length += 7) {
      const told = fault(good.subarray(0, length));
      expect([length, told.slice(0, 6)]).toEqual([length, length < 2 ? "AM5003" : "AM5004"]);
    }
  });

  it("is changed anywhere: the numbers are right, or a fault is told", () => {
    for (let at = 0; at < good.length; at++) {
      const changed = Uint8Array.from(good, (byte, k) => (k === at ? byte ^ 0x41 : byte));
      write(changed);
      const told = faultOf(() => expect([...read("emb").data]).toEqual([1, 2, 3, 4, 5, 6.5]));
      expect(told === "nothing is wrong" || told.startsWith("AM50")).toBe(true);
    }
  });

  it("is another file", () => {
    expect(fault(emb)).toContain("AM5003 `x.npz` is no `.npz` file: it is an `.npy` file: read it by `dataset.npy`");
    expect(fault(Buffer.of())).toContain("it is empty");
  });

  it("is encrypted, packed otherwise, or holds a damaged array", () => {
    expect(fault(zip(members, { flags: 1 }))).toContain("AM5004 `x.npz` is damaged: `emb.npy` is encrypted");
    expect(fault(zip(members, { method: 12 }))).toContain("AM5005");
    expect(fault(zip({ "emb.npy": emb.subarray(0, emb.length - 1) }))).toContain("AM5004 `x.npz/emb.npy` is cut off");
  });

  it("is larger unpacked than may be", () => {
    const small = openDatasets(folder.path, { limits: { npz: 2000 } });
    write(
      zip(
        {
          "emb.npy": npy(
            "<f8",
            [1000],
            Array.from({ length: 1000 }, () => 0),
          ),
        },
        { deflate: true },
      ),
    );
    expect(faultOf(() => small.read("x.npz", "npz", named("emb")))).toContain(
      "AM5007 `emb.npy` in `x.npz` has 8.1 kB; arrays may have 2.0 kB",
    );
  });
});

it("names the array in which a number is missing", () => {
  expect(fault(zip({ "emb.npy": npy("<f8", [2, 2], [1, NaN, 3, 4]) }))).toContain(
    "AM5011 there is a NaN in `x.npz` in `emb` at [0, 1]",
  );
});

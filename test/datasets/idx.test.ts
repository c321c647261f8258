import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { formatOf, openDatasets } from "../../src/datasets/index.js";
import { idx } from "./packed.js";
import { faultOf, testFolder } from "./support.js";

const folder = testFolder();
afterAll(() => folder.remove());
const datasets = openDatasets(folder.path, { limits: { idx: 1000 } });
const whole = { kind: "array" } as const;
const images = idx([2, 2, 3], [0, 1, 2, 3, 4, 5, 250, 251, 252, 253, 254, 255]);

function fault(content: Uint8Array): string {
  folder.write("x", content);
  const ofHeader = faultOf(() => datasets.header("x", "idx"));
  return ofHeader === "nothing is wrong" ? faultOf(() => datasets.read("x", "idx", whole)) : ofHeader;
}

describe.each([
  ["plain", (content: Uint8Array) => content],
  ["packed", (content: Uint8Array) => gzipSync(content)],
])("%s", (_, pack) => {
  it("tells the shape and reads the bytes as bytes", () => {
    folder.write("x", pack(images));
    expect(datasets.header("x", "idx")).toMatchObject({ format: "idx", shape: [2, 2, 3], type: "int" });
    const { shape, data } = datasets.read("x", "idx", whole);
    expect([shape, data]).toEqual([[2, 2, 3], Uint8Array.of(0, 1, 2, 3, 4, 5, 250, 251, 252, 253, 254, 255)]);
  });

  it("reads the other types, whose bytes lie the large one first", () => {
    folder.write("x", pack(idx([2], [0xff, 0xfe, 0x01, 0x00], 0x0b)));
    expect([...datasets.read("x", "idx", whole).data]).toEqual([-2, 256]);
    folder.write("x", pack(idx([1], [0x3f, 0xc0, 0, 0], 0x0d)));
    expect([...datasets.read("x", "idx", whole).data]).toEqual([1.5]);
    folder.write("x", pack(idx([1], [0x80], 0x09)));
    expect([...datasets.read("x", "idx", whole).data]).toEqual([-128]);
  });

  it("sees a file that is cut off or goes on", () => {
    expect(fault(pack(images.subarray(0, images.length - 1)))).toContain("AM5004 `x` is cut off");
    expect(fault(pack(Buffer.concat([images, Buffer.of(1)])))).toContain("AM5004 `x` goes on behind its array");
    expect(fault(pack(images.subarray(0, 7)))).toContain("AM5004 `x` is cut off: it has 7 bytes");
  });

  it("sees a foreign file", () => {
    expect(fault(pack(Buffer.from("hello")))).toContain(
      "AM5003 `x` is no `.idx` file: it does not begin with two bytes",
    );
    expect(fault(pack(idx([1], [1], 7)))).toContain("its third byte is 7");
    expect(fault(pack(Buffer.of()))).toContain("AM5003 `x` is no `.idx` file: it is empty");
  });
});

it("sees damage and size of what is packed", () => {
  const packed = gzipSync(images);
  packed[packed.length - 6] = (packed[packed.length - 6] ?? 0) ^ 1;
  expect(fault(packed)).toContain("AM5004 `x` is damaged: gzip cannot unpack it");
  expect(fault(gzipSync(images).subarray(0, 12))).toContain("AM5004");
  expect(
    fault(
      gzipSync(
        idx(
          [2000],
          Array.from({ length: 2000 }, () => 0),
        ),
      ),
    ),
  ).toContain("AM5007 `x` has 2.0 kB unpacked; files of this kind may have 1.0 kB");
});

it("knows its files by their names", () => {
  expect(["train-images-idx3-ubyte", "a-ubyte.gz", "a.idx", "a.idx.gz"].map(formatOf)).toEqual(
    Array.from({ length: 4 }, () => "idx"),
  );
});

/** Texts: units, their order, padding; pictures of all formats against their values. */
import { encode as encodePng } from "fast-png";
import jpeg from "jpeg-js";
import { afterAll, describe, expect, it } from "vitest";
import { openDatasets } from "../../src/datasets/index.js";
import { checkText, oneLine } from "../language/support.js";
import { agreesWithOracle, runText } from "../support/spec-runs.js";
import { faultOf, testFolder } from "./support.js";

const folder = testFolder();
afterAll(() => folder.remove());
folder.write("a1.txt", "abba\n");
folder.write("a2.txt", "Don’t stop — it's a well-known 3.5!");
folder.write("a10.txt", "ä😀");
folder.write("raw.bin", Uint8Array.of(0, 255, 7, 255));
const files = openDatasets(folder.path);
const texts = (path: string, format: "text-character" | "text-word" | "text-byte") => {
  const header = files.header(path, format);
  if (!("spellings" in header)) throw new Error("no text");
  const read = (name: string) => [...files.read(path, format, { kind: "named", name }).data];
  return { ...header, symbol: read("symbol"), length: read("length") };
};

describe("texts", () => {
  it("are cut into characters, the files in the order of their names, numbers by value", () => {
    const { documents, longest, spellings, symbol, length } = texts("a*.txt", "text-character");
    expect([documents, longest, length]).toEqual([3, 35, [5, 35, 2]]);
    expect(spellings.slice(0, 3)).toEqual(["\n", " ", "!"]);
    expect(spellings.slice(-4)).toEqual(["ä", "—", "’", "😀"]);
    const spelt = (k: number) =>
      symbol
        .slice(k * longest, k * longest + (length[k] ?? 0))
        .map((at) => spellings[at])
        .join("");
    expect([0, 1, 2].map(spelt)).toEqual(["abba\n", "Don’t stop — it's a well-known 3.5!", "ä😀"]);
    expect(symbol.slice(5, 35)).toEqual(Array(30).fill(0));
    expect(files.read("a*.txt", "text-character", { kind: "named", name: "symbol" }).data).toBeInstanceOf(Uint8Array);
  });

  it("are cut into words and signs", () => {
    const { spellings, symbol } = texts("a2.txt", "text-word");
    expect(symbol.map((at) => spellings[at])).toEqual([
      "Don’t",
      "stop",
      "—",
      "it's",
      "a",
      "well-known",
      "3",
      ".",
      "5",
      "!",
    ]);
  });

  it("are read as bytes whatever they are", () => {
    const { spellings, symbol } = texts("raw.bin", "text-byte");
    expect([spellings.length, symbol]).toEqual([256, [0, 255, 7, 255]]);
    expect(faultOf(() => files.header("raw.bin", "text-character"))).toMatch(/^AM5006 .*unit: "byte"/u);
    expect(faultOf(() => files.header("*.md", "text-word"))).toBe("AM5001 no files in `.` fit `*.md`");
    expect(faultOf(() => files.header("../*.txt", "text-word"))).toContain("AM5002");
    expect(faultOf(() => files.header("none/*.txt", "text-word"))).toContain("AM5001");
  });
});

const spec = (call: string, body: string): string => `experiment e {\n  data d = ${call}\n  ${body}\n}\n`;
const faults = (call: string): readonly string[] =>
  checkText(spec(call, "measure m { y = 1 }"), { datasets: files }).diagnostics.map(oneLine);

it.each(["portable", "graph"] as const)("bigrams of a text are counted on %s", async (engine) => {
  const text = spec(
    'dataset.text("a1.txt", doc, time, token, unit: "character")',
    `measure m {
      pairs[token, token'] = count(doc, time where time + 1 < d.length[doc]) (d.symbol[doc, time] == token and d.symbol[doc, time + 1] == token')
      first = d.symbol[0, 0]
      name[token] = d.spelling[token]
    }`,
  );
  await agreesWithOracle(text, engine, 1e-6, folder.path);
  await runText(
    text,
    engine,
    (results) => {
      // a b b a \n with \n a b as symbols.
      expect([...(results.cells("m", "pairs")?.values ?? [])]).toEqual([0, 0, 0, 1, 0, 1, 0, 1, 1]);
      expect([...(results.cells("m", "name")?.values ?? [])]).toEqual([0, 1, 2]);
    },
    folder.path,
  );
});

it.each([
  ['dataset.text("a1.txt", doc, time, token)', "AM3010", "`unit` is missing"],
  ['dataset.text("a1.txt", doc, time, token, unit: "words")', "AM3010", "no unit"],
  ['dataset.text("a1.txt", doc, time, unit: "word")', "AM3010", "three axes"],
  ['dataset.text(doc, time, token, unit: "word")', "AM3010", "a path"],
  ['dataset.text("b.txt", doc, time, token, unit: "word")', "AM5001", "there is no file"],
  ['dataset.images("pics", image, row)', "AM3010", "three axes, or four"],
  ['dataset.images("none", image, row, column)', "AM5001", "there is no file"],
])("%s is told", (call, code, message) => {
  const found = faults(call);
  expect(found).toHaveLength(1);
  expect(found[0]?.startsWith(code)).toBe(true);
  expect(found[0]).toContain(message);
});

const [width, height] = [5, 3];
const grey = Uint8Array.from({ length: width * height }, (_, k) => (k * 37) % 256);
const pgm = (kind: "P2" | "P5"): Uint8Array =>
  kind === "P2"
    ? Buffer.from(`P2\n# made\n${width} ${height}\n255\n${[...grey].join(" ")}\n`)
    : Buffer.concat([Buffer.from(`P5 ${width} ${height} 255\n`), grey]);
const rgb = Uint8Array.from({ length: 3 * width * height }, (_, k) => (k * 11) % 256);

describe("pictures", () => {
  folder.write("grey/1.pgm", pgm("P5"));
  folder.write("grey/2.pgm", pgm("P2"));
  folder.write("grey/3.png", encodePng({ width, height, data: grey, channels: 1, depth: 8 }));
  folder.write(
    "grey/10.png",
    encodePng({ width, height, data: Uint8Array.from(grey).reverse(), channels: 1, depth: 8 }),
  );
  folder.write("grey/notes.md", "not a picture");
  folder.write("colour/1.png", encodePng({ width, height, data: rgb, channels: 3, depth: 8 }));
  folder.write("colour/2.ppm", Buffer.concat([Buffer.from(`P6\n${width} ${height}\n255\n`), rgb]));
  const flat = Uint8Array.from({ length: 4 * 64 }, (_, k) => (k % 4 === 3 ? 255 : 90));
  folder.write("jpeg/1.jpg", jpeg.encode({ width: 8, height: 8, data: flat }, 95).data);
  folder.write(
    "deep/1.png",
    encodePng({ width: 2, height: 1, data: Uint16Array.of(300, 65_535), channels: 1, depth: 16 }),
  );
  folder.write("sizes/1.pgm", pgm("P5"));
  folder.write("sizes/2.pgm", "P2 1 1 255 7");
  folder.write(
    "clear/1.png",
    encodePng({ width: 1, height: 1, data: Uint8Array.of(1, 2, 3, 100), channels: 4, depth: 8 }),
  );
  folder.write("bad/1.png", encodePng({ width, height, data: grey, channels: 1, depth: 8 }).slice(0, 50));
  // Two rows of three pixels of one bit, by hand: 101, 010.
  folder.write(
    "bits/1.png",
    encodePng({ width: 3, height: 2, data: Uint8Array.of(0b1010_0000, 0b0100_0000), channels: 1, depth: 1 }),
  );
  const read = (place: string, format: "images" | "images-colour") => files.read(place, format, { kind: "array" });

  it("are read in the order of their names, as the bytes that they are", () => {
    const { shape, data } = read("grey", "images");
    expect(shape).toEqual([4, height, width]);
    expect(data).toBeInstanceOf(Uint8Array);
    const back = Uint8Array.from(grey).reverse();
    expect([...data]).toEqual([...grey, ...grey, ...grey, ...back]);
    expect([...read("deep", "images").data]).toEqual([300, 65_535]);
    expect([...read("bits", "images").data]).toEqual([1, 0, 1, 0, 1, 0]);
  });

  it("have three colours where a fourth axis is there", () => {
    const { shape, data } = read("colour", "images-colour");
    expect(shape).toEqual([2, height, width, 3]);
    expect([...data]).toEqual([...rgb, ...rgb]);
    expect([...read("grey", "images-colour").data].slice(0, 6)).toEqual([0, 0, 0, 37, 37, 37]);
    const lossy = [...read("jpeg", "images").data];
    expect(lossy.every((value) => Math.abs(value - 90) <= 2)).toBe(true);
  });

  it("say what is wrong", () => {
    const told = (place: string) => faultOf(() => files.header(place, "images"));
    expect(told("colour")).toMatch(/^AM5022 `colour\/1\.png` is in colour/u);
    expect(told("sizes")).toContain(
      "AM5022 the pictures have different sizes: `sizes/1.pgm` 5 × 3, `sizes/2.pgm` 1 × 1",
    );
    expect(told("clear")).toContain("AM5022 `clear/1.png` has pixels that are transparent");
    expect(told("bad")).toContain("AM5004 `bad/1.png` is damaged");
    folder.write("empty/notes.md", "");
    expect(told("empty")).toBe("AM5001 no files in `empty` end in .png, .jpg, .jpeg, .pgm or .ppm");
    folder.write("wrong/1.png", "hello");
    expect(told("wrong")).toContain("AM5003");
    folder.write("short/1.pgm", "P5 100 100 255\nabc");
    expect(told("short")).toContain("AM5004 `short/1.pgm` is cut off");
  });

  it("are in specs what they are in files", async () => {
    const text = spec(
      'dataset.images("grey", image, row, column)',
      "measure m { v[image] = mean(row, column) d.x[image, row, column]; corner = d.x[3, 0, 0] }",
    );
    await agreesWithOracle(text, "portable", 1e-6, folder.path);
  });
});

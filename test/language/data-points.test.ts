/** Paths and keys with names in braces: which file a point reads, its sizes, and what is said where files do not fit. */
import { afterAll, describe, expect, test } from "vitest";
import { openDatasets } from "../../src/datasets/index.js";
import { npy, testFolder } from "../datasets/support.js";
import { agreesWithOracle, runText } from "../support/spec-runs.js";
import { checkText, oneLine } from "./support.js";

const folder = testFolder();
afterAll(() => folder.remove());
folder.write("small.npy", npy("<f8", [2], [1, 2]));
folder.write("large.npy", npy("<f8", [4], [10, 20, 30, 40]));
folder.write("table2.npy", npy("<f8", [2, 3], [1, 2, 3, 4, 5, 6]));
folder.write("table3.npy", npy("<i4", [3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9]));
folder.write("flat.npy", npy("<f8", [], [1]));
folder.write("runs.json", '{"a": {"n2": [1, 2], "n3": [3, 4, 5]}, "b": {"n2": [6, 7], "n3": [8, 9, 10]}}');
folder.write("kinds2.csv", "kind,x\nb,1\na,2\n");
folder.write("kinds3.csv", "kind,x\nb,1\nc,2\na,4\n");

folder.write("talk-a.txt", "b a b c");
folder.write("talk-b.txt", "a c b a c");
folder.write("talk-c.txt", "x y");
const picture = (width: number, numbers: readonly number[]): string =>
  `P2\n${width} ${numbers.length / width}\n255\n${numbers.join(" ")}\n`;
folder.write("wide/1.pgm", picture(3, [1, 2, 3, 4, 5, 6]));
folder.write("tall/1.pgm", picture(1, [10, 20]));
folder.write("tall/2.pgm", picture(1, [30, 40]));

const spec = (body: string): string => `experiment e {\n${body}\n}\n`;
const faults = (body: string): readonly string[] =>
  checkText(spec(body), { datasets: openDatasets(folder.path) }).diagnostics.map(oneLine);

const ragged = spec(`
  sweep set in {small, large}
  sweep d in [2, 3]
  sweep scale in [1, 5]
  let n = d
  data v = dataset.npy("{set}.npy") { x[item] = "" }
  data t = dataset.npy("table{d}.npy") { y[row, column] = "" }
  data r = dataset.json("runs.json") { z[entry] = "{key}.n{n}" }
  sweep key in {a, b}
  measure m { vs = sum(item) scale * v.x[item]; size = size(item); ts = sum(row, column) t.y[row, column] * (row + 1) }
  measure k { zs = sum(entry) r.z[entry] }`);

describe.each(["portable", "graph"] as const)("%s", (engine) => {
  test("reads each point's own file, with its own sizes", async () => {
    await agreesWithOracle(ragged, engine, 1e-6, folder.path);
    await runText(
      ragged,
      engine,
      (results) => {
        const of = (phase: string, name: string): number[] => [...(results.cells(phase, name)?.values ?? [])];
        // Over set, d, scale.
        expect(of("m", "vs")).toEqual([3, 15, 3, 15, 100, 500, 100, 500]);
        expect(of("m", "size")).toEqual([2, 2, 2, 2, 4, 4, 4, 4]);
        expect(of("m", "ts")).toEqual([36, 36, 108, 108, 36, 36, 108, 108]);
        expect(of("k", "zs")).toEqual([3, 13, 12, 27]);
      },
      folder.path,
    );
  });
});

const called = (text: string, extra = ""): string =>
  spec(`
  sweep who in {${text}}
  sweep shape in {wide, tall}
  data talk = dataset.text("talk-{who}.txt", doc, time, word, unit: "word")
  data faces = dataset.images("{shape}", image, row, column)
  measure m {
    used = sum(doc, time where time < talk.length[doc]) (position(talk.symbol[doc, time]) + 1) * (time + 1)
    words = size(word)
    longest = size(time)
  }
  measure f { total[image] = sum(row, column) faces.x[image, row, column] * (row + 1); columns = size(column) }
  ${extra}`);

describe.each(["portable", "graph"] as const)("calls on %s", (engine) => {
  test("read each point's own text and its own pictures", async () => {
    await agreesWithOracle(called("a, c"), engine, 1e-6, folder.path);
    await runText(
      called("a, c"),
      engine,
      (results) => {
        const of = (phase: string, name: string): number[] => [...(results.cells(phase, name)?.values ?? [])];
        // Words in alphabetical order.
        expect(of("m", "words")).toEqual([3, 2]);
        expect(of("m", "longest")).toEqual([4, 2]);
        expect(of("m", "used")).toEqual([2 * 1 + 1 * 2 + 2 * 3 + 3 * 4, 1 * 1 + 2 * 2]);
        expect(of("f", "total")).toEqual([1 + 2 + 3 + 2 * (4 + 5 + 6), NaN, 10 + 40, 30 + 80]);
        expect(of("f", "columns")).toEqual([3, 1]);
      },
      folder.path,
    );
  });
});

test("the spellings of texts with other symbols are refused, where they are asked for", () => {
  const check = (text: string, extra: string): readonly string[] =>
    checkText(called(text, extra), { datasets: openDatasets(folder.path) }).diagnostics.map(oneLine);
  const asks = "measure s { first[word] = talk.spelling[word] }";
  expect(check("a, c", "")).toEqual([]);
  expect(check("a", asks)).toEqual([]);
  expect(check("a, c", asks)).toEqual([expect.stringMatching(/^AM2003 .* `talk` has no `spelling`/u)]);
  expect(check("a, d", "").every((line) => line.startsWith("AM5001"))).toBe(true);
});

test("only the variables in the braces make programs of their own", () => {
  const { experiments, diagnostics } = checkText(ragged, { datasets: openDatasets(folder.path) });
  expect(diagnostics.map(oneLine)).toEqual([]);
  expect(experiments[0]?.experiment.datasets.map(({ path }) => path)).toEqual([
    "small.npy",
    "large.npy",
    "table2.npy",
    "table3.npy",
    "runs.json",
  ]);
});

test.each([
  ["a file that is missing", "sweep d in [2, 9]", '"table{d}.npy") { y[row, column] = "" }', "AM5001"],
  [
    "a declared axis of one file's size",
    "sweep d in [2, 3]\naxis row = 2",
    '"table{d}.npy") { y[row, column] = "" }',
    "AM4018",
  ],
  ["files of other axes", "sweep set in {small, flat}", '"{set}.npy") { y[row] = "" }', "AM4018"],
  ["a name that means nothing", "", '"{set}.npy") { y[row] = "" }', "AM2001"],
  ["a tensor", "set[i: i2] = 1\naxis i2 = 2", '"{set}.npy") { y[row] = "" }', "AM"],
])("%s is told", (_, before, data, code) => {
  const found = faults(
    `${before}\ndata t = dataset.npy(${data}\nmeasure m { s = sum(row) t.y[row] }`.replace(
      /sum\(row\) t\.y\[row\]/u,
      data.includes("column") ? "sum(row, column) t.y[row, column]" : "sum(row) t.y[row]",
    ),
  );
  expect(found.length).toBeGreaterThan(0);
  expect(found.every((line) => line.startsWith(code))).toBe(true);
});

test("declared axes may follow the files", () => {
  expect(
    faults(
      'sweep d in [2, 3]\naxis row = d\ndata t = dataset.npy("table{d}.npy") { y[row, column] = "" }\nmeasure m { s = sum(row, column) t.y[row, column] }',
    ),
  ).toEqual([]);
});

test("categories are the same in all files, or their axis is declared", () => {
  const body = (axis: string): string =>
    `sweep d in [2, 3]\n${axis}\ndata t = dataset.csv("kinds{d}.csv") { kind[row] in sort = category(column("kind")) }\nmeasure m { s[sort] = count(row) (t.kind[row] == sort) }`;
  expect(faults(body(""))[0]).toMatch(/^AM4018 .* the files have different categories/u);
  expect(faults(body("axis sort = 3"))).toEqual([]);
});

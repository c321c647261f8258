import { describe, expect, test } from "vitest";
import { UserError } from "../../src/base/diagnostic.js";
import { decodeColumn, type DatasetHeader, type DatasetReader } from "../../src/language/datasets.js";
import { checkedText, checkText, faultsIn, oneLine, printed } from "./support.js";

const files: Readonly<Record<string, DatasetHeader>> = {
  "emb.npy": { format: "npy", sha256: "aa", shape: [5, 3], type: "real" },
  "labels.npy": { format: "npy", sha256: "bb", shape: [5], type: "int" },
  "iris.csv": {
    format: "csv",
    sha256: "cc",
    rows: 6,
    columns: [
      { name: "length", type: "real", categories: [] },
      { name: "width", type: "real", categories: [] },
      { name: "count", type: "int", categories: ["1", "2"] },
      { name: "kind", type: "text", categories: ["setosa", "virginica"] },
    ],
  },
};
const datasets: DatasetReader = {
  header(path) {
    const found = files[path];
    if (found !== undefined) return found;
    throw new UserError({ code: "AM5001", severity: "error", span: null, message: `there is no file \`${path}\`` });
  },
};
const spec = (body: string): string => `experiment e {\n${body}\n}\n`;
const faults = (body: string): readonly string[] => faultsIn(spec(body), { datasets });
const lines = (body: string, start: RegExp): readonly string[] =>
  printed(spec(body), { datasets }).filter((line) => start.test(line));

describe("axes that nothing declares come from the file", () => {
  test("with its sizes, wherever they are used first", () => {
    const body =
      'x[token] = sum(dim) d.e[token, dim] * d.e[token, dim\' : 0]\ndata d = dataset.npy("emb.npy") { e[token, dim] = "" }'.replace(
        "dim' : 0",
        "0",
      );
    expect(lines(body, /^(?:axis|d\.)/u)).toEqual([
      "axis token = 5",
      "axis dim = 3",
      'd.e[token: token, dim: dim]: real = data 0 "{"kind":"array"}"',
    ]);
    expect(checkedText(spec(body), { datasets }).experiment.datasets).toMatchObject([
      { path: "emb.npy", format: "npy", sha256: "aa" },
    ]);
  });
  test("declared ones have to agree", () => {
    expect(faults('axis token = 5\naxis dim = 4\ndata d = dataset.npy("emb.npy") { e[token, dim] = "" }')).toEqual([
      "AM4018 dim",
    ]);
    expect(faults('axis token = 5\naxis dim = 3\ndata d = dataset.npy("emb.npy") { e[token, dim] = "" }')).toEqual([]);
    expect(faults('data d = dataset.npy("emb.npy") { e[token] = "" }')).toEqual(["AM4018 e[token]"]);
    expect(
      faults(
        'data a = dataset.npy("emb.npy") { e[token, dim] = "" }\ndata b = dataset.npy("labels.npy") { y[dim] = "" }',
      ),
    ).toEqual(["AM4018 dim"]);
  });
  test("positions of another axis", () => {
    expect(
      lines('axis class = 2\ndata d = dataset.npy("labels.npy") { y[token] in class = "" }', /^d\.y/u)[0],
    ).toContain("index(class)");
    expect(faults('axis class = 2\ndata d = dataset.npy("emb.npy") { y[token, dim] in class = "" }')).toEqual([
      'AM4018 ""',
    ]);
    expect(faults('data d = dataset.npy("labels.npy") { y[token] in class = "" }')).toEqual(["AM2004 class"]);
  });
});

describe("tables", () => {
  test("columns", () => {
    const body =
      'data d = dataset.csv("iris.csv") {\n x[flower] = column("length")\n f[flower, part] = columns("length" .. "count")\n g[flower, rest] = columns(except ["kind", "count"])\n kind[flower] in species = category(column("kind"))\n k[flower] = category(column("kind"))\n}';
    const experiment = checkedText(spec(body), { datasets }).experiment;
    const columns = [...experiment.definitions.values()].flatMap(({ name, body: data, type }) =>
      data.kind === "data" ? [[name, type.kind, decodeColumn(data.column)]] : [],
    );
    expect(columns).toEqual([
      ["d.x", "real", { kind: "column", name: "length" }],
      ["d.f", "real", { kind: "columns", names: ["length", "width", "count"] }],
      ["d.g", "real", { kind: "columns", names: ["length", "width"] }],
      ["d.kind", "index", { kind: "category", name: "kind" }],
      ["d.k", "int", { kind: "category", name: "kind" }],
    ]);
    expect(lines(body, /^axis/u)).toEqual([
      "axis flower = 6",
      "axis part = 3",
      "axis rest = 2",
      "axis species in {setosa, virginica}",
    ]);
  });
  test("faults", () => {
    expect(faults('data d = dataset.csv("iris.csv") { x[flower] = column("lenght") }')).toEqual(['AM4018 "lenght"']);
    expect(faults('data d = dataset.csv("iris.csv") { x[flower] = column("kind") }')).toEqual(['AM4018 "kind"']);
    expect(faults('data d = dataset.csv("iris.csv") { x[flower, a] = columns("length" .. "kind") }')).toEqual([
      'AM4018 columns("length" .. "kind")',
    ]);
    expect(faults('data d = dataset.csv("none.csv") { x[flower] = column("a") }\ny[flower] = d.x[flower]')).toEqual([
      'AM5001 "none.csv"',
    ]);
  });
});

test("without a reader, and for sets that are not known, one fault says so", () => {
  expect(
    checkText(
      spec('data d = dataset.npy("emb.npy") { e[token, dim] = "" }\nx[token] = sum(dim) d.e[token, dim]'),
    ).diagnostics.map(oneLine),
  ).toEqual(["AM4017 spec.amem:36 `emb.npy` cannot be opened here"]);
  expect(faults("data d = dataset.digitz(image, pixel, class)\nx[image] = sum(pixel) d.x[image, pixel]")).toEqual([
    "AM2003 dataset.digitz(image, pixel, class)",
  ]);
});

test("axes that a file brings along are visible where the file that reads it is used, and have parts", () => {
  const text = `use ring\n${spec("axis few = token[0 .. 1]\nx[few] = ring.e[few, 0]\nmeasure m { y = sum(few) x[few] }")}`;
  const beside = { ring: 'data ring = dataset.npy("emb.npy") { e[token, dim] = "" }\n' };
  expect(faultsIn(text, { datasets, files: beside })).toEqual([]);
  expect(printed(text, { datasets, files: beside }).filter((line) => line.startsWith("axis"))).toEqual([
    "axis token = 5",
    "axis few = token[0..1]",
    "axis dim = 3",
  ]);
  const both = { ...beside, other: 'data other = dataset.npy("labels.npy") { y[token] = "" }\n' };
  expect(faultsIn(`use other\n${text}`, { datasets, files: both })).toContain("AM2007 use ring");
});

import { afterAll, describe, expect, it } from "vitest";
import { openDatasets } from "../../src/datasets/index.js";
import type { ColumnKey } from "../../src/datasets/index.js";
import { faultOf, testFolder } from "./support.js";

const folder = testFolder();
afterAll(() => folder.remove());
const datasets = openDatasets(folder.path);

function header(text: string | Uint8Array) {
  folder.write("x.csv", text);
  const found = datasets.header("x.csv", "csv");
  if (found.format !== "csv") throw new Error("no table");
  return found;
}
function read(text: string, key: ColumnKey, allowNaN = false) {
  folder.write("x.csv", text);
  const { shape, data, hasNaN } = datasets.read("x.csv", "csv", key, { allowNaN });
  return { shape, values: [...data], ints: data instanceof Int32Array, hasNaN };
}
const column = (name: string): ColumnKey => ({ kind: "column", name });
const category = (name: string): ColumnKey => ({ kind: "category", name });
const fault = (text: string | Uint8Array): string => faultOf(() => header(text));

const iris = `length,width,count,kind
5.1,3.5,2,setosa
4.9,3,10,virginica
6.2,-.5e1,2,setosa
`;

describe("tables", () => {
  it("finds out what the columns hold", () => {
    expect(header(iris)).toMatchObject({
      rows: 3,
      columns: [
        { name: "length", type: "real", categories: [] },
        { name: "width", type: "real", categories: [] },
        { name: "count", type: "int", categories: ["2", "10"] },
        { name: "kind", type: "text", categories: ["setosa", "virginica"] },
      ],
    });
  });

  it("reads columns, categories and several columns", () => {
    expect(read(iris, column("width"))).toEqual({ shape: [3], values: [3.5, 3, -5], ints: false, hasNaN: false });
    expect(read(iris, column("count"))).toMatchObject({ values: [2, 10, 2], ints: true });
    expect(read(iris, category("kind"))).toEqual({ shape: [3], values: [0, 1, 0], ints: true, hasNaN: false });
    expect(read(iris, category("count"))).toMatchObject({ values: [0, 1, 0] });
    expect(read(iris, { kind: "columns", names: ["count", "length"] })).toEqual({
      shape: [3, 2],
      values: [2, 5.1, 10, 4.9, 2, 6.2],
      ints: false,
      hasNaN: false,
    });
    expect(read(iris, { kind: "columns", names: [] })).toMatchObject({ shape: [3, 0], values: [] });
  });

  it("sorts categories, whatever comes first in the file", () => {
    const text = "kind,code\nzebra,10\nApe,9\nmole,-1\nape,010\n";
    expect(header(text).columns.map((each) => each.categories)).toEqual([
      ["Ape", "ape", "mole", "zebra"],
      ["-1", "9", "10"],
    ]);
    expect(read(text, category("kind")).values).toEqual([3, 0, 2, 1]);
    expect(read(text, category("code")).values).toEqual([2, 1, 0, 2]);
  });

  it("knows quotes, line breaks of all kinds, blank lines and a byte order mark", () => {
    const text = '\ufeff"a, b" ,  "say ""hi""", c \r\n1, "two\nlines" ,x\r\n\r\n2,"",  y z \n3,plain,"  kept  "';
    const { columns, rows } = header(text);
    expect([rows, columns.map(({ name }) => name)]).toEqual([3, ["a, b", 'say "hi"', "c"]]);
    expect(columns[1]?.categories).toEqual(["", "plain", "two\nlines"]);
    expect(columns[2]?.categories).toEqual(["  kept  ", "x", "y z"]);
    expect(read(text, column("a, b")).values).toEqual([1, 2, 3]);
    expect(read("x\r1\r2\r", column("x")).values).toEqual([1, 2]);
  });

  it("takes a table without rows", () => {
    expect(header("a,b\n")).toMatchObject({ rows: 0, columns: [{ name: "a" }, { name: "b" }] });
    expect(read("a,b\n", column("b"))).toMatchObject({ shape: [0], values: [] });
    expect(read("a,b\n", category("b"))).toMatchObject({ shape: [0], values: [] });
  });

  it("reads numbers in every notation, and large ones as reals", () => {
    const text = "x,y\n+1.,3000000000\n.5e-3,1\n-Infinity,2\n";
    expect(read(text, column("x")).values).toEqual([1, 5e-4, -Infinity]);
    expect(header(text).columns[1]?.type).toBe("real");
    expect(header("x\n1_000\n").columns[0]?.type).toBe("text");
    expect(header("x\n0x10\n").columns[0]?.type).toBe("text");
  });
});

describe("missing numbers", () => {
  const text = 'id,x,kind\n1,0.5,NA\n2,,a\n3,NA,""\n';
  it("are an error that names line and column, unless they are allowed", () => {
    expect(header(text).columns.map(({ type }) => type)).toEqual(["int", "real", "text"]);
    expect(faultOf(() => read(text, column("x")))).toBe(
      "AM5011 a number is missing in `x.csv` in the column `x` on line 3 (row 1); help: leave those rows out, or fill them in; 2 in all",
    );
    expect(read(text, column("x"), true)).toMatchObject({ values: [0.5, NaN, NaN], hasNaN: true });
    expect(faultOf(() => read(text, { kind: "columns", names: ["id", "x"] }))).toContain(
      "column `x` on line 3 (row 1)",
    );
  });
  it("make no difference among texts", () => {
    expect(header(text).columns[2]?.categories).toEqual(["", "NA", "a"]);
    expect(read(text, category("kind")).values).toEqual([1, 2, 0]);
  });
  it("make an int column real", () => {
    expect(header("n\n1\nNaN\n3\n").columns[0]?.type).toBe("real");
  });
});

describe("what is wrong with a table", () => {
  it("is said with its line", () => {
    expect(fault("")).toContain("AM5006 `x.csv` is empty");
    expect(fault("a,b\n1,2\n\n3\n")).toContain("line 4 of `x.csv` has 1 fields, its first line names 2 columns");
    expect(fault('a\n"x\ny"\n"open\n\n')).toContain("the quote on line 4 of `x.csv` is not closed");
    expect(fault('a\n"x"y\n')).toContain("line 2 of `x.csv` goes on behind a closing quote");
    expect(fault("a,b,a\n")).toContain("two columns named `a`");
    expect(fault("a;b\n1;2\n")).toContain("its first line holds `;`");
    expect(fault("a\tb\n1\t2\n")).toContain("its first line holds tabs");
    expect(fault(Uint8Array.of(97, 10, 0xff, 10))).toContain("no text in UTF-8");
  });
  it("concerns columns", () => {
    expect(faultOf(() => read(iris, column("lenght")))).toBe(
      "AM5009 `x.csv` has no column `lenght`; help: it has `length`",
    );
    expect(faultOf(() => read(iris, column("kind")))).toContain('holds texts; help: `category(column("kind"))`');
    expect(faultOf(() => read(iris, category("width")))).toContain("holds real numbers, which are no categories");
    expect(faultOf(() => read(iris, { kind: "array" }))).toContain("is a table");
    const many = `x\n${Array.from({ length: 20_001 }, (_, k) => `t${k}`).join("\n")}\n`;
    expect(header(many).columns[0]?.categories).toEqual([]);
    expect(faultOf(() => read(many, category("x")))).toContain("more than 20000 different values");
  });
});

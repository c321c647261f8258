import { afterAll, describe, expect, it } from "vitest";
import type { ColumnKey } from "../../src/datasets/index.js";
import { openDatasets } from "../../src/datasets/index.js";
import { faultOf, testFolder } from "./support.js";

const folder = testFolder();
afterAll(() => folder.remove());
const datasets = openDatasets(folder.path);
const write = (content: unknown): void =>
  void folder.write("x.json", typeof content === "string" ? content : JSON.stringify(content));
const read = (key: ColumnKey) => datasets.read("x.json", "json", key);
const named = (name: string) => read({ kind: "named", name });
const header = () => datasets.header("x.json", "json");
const unread = (content: unknown): unknown => {
  write(content);
  const found = header();
  return "unread" in found ? found.unread : null;
};
const fault = (content: unknown, key: ColumnKey = { kind: "named", name: "a" }): string => {
  write(content);
  return faultOf(() => read(key));
};

describe("nested lists by their keys", () => {
  it("tells shapes and types; `1.0` is a real number", () => {
    write(
      '{"a": [[1, 2], [3, 4], [5, 6]], "b": {"c": [1.0, 2], "d": {"e": [true, false]}}, "n": 7, "t": ["y", "x", "y"]}',
    );
    expect(header()).toMatchObject({
      format: "json",
      rows: null,
      arrays: [
        { name: "a", shape: [3, 2], type: "int", categories: [] },
        { name: "b.c", shape: [2], type: "real", categories: [] },
        { name: "b.d.e", shape: [2], type: "bool" },
        { name: "n", shape: [], type: "int", categories: [] },
        { name: "t", shape: [3], type: "text", categories: ["x", "y"] },
      ],
      unread: [],
    });
    expect(named("a")).toMatchObject({ shape: [3, 2], data: Int32Array.of(1, 2, 3, 4, 5, 6) });
    expect(named("b.c").data).toEqual(Float64Array.of(1, 2));
    expect([...named("b.d.e").data]).toEqual([1, 0]);
    expect(read({ kind: "category", name: "t" })).toMatchObject({ shape: [3], data: Int32Array.of(1, 0, 1) });
    expect(fault('{"t": ["x"]}', { kind: "named", name: "t" })).toContain("AM5009 `t` in `x.json` holds texts");
  });

  it("a file that is one list is called by the empty name", () => {
    write("[[1e-3, -2.5], [3, 4]]\n");
    expect(header()).toMatchObject({ arrays: [{ name: "", shape: [2, 2], type: "real" }] });
    expect([...named("").data]).toEqual([0.001, -2.5, 3, 4]);
  });

  it("large ints are real numbers, `null` is a missing number", () => {
    write({ a: [3e9, 1], b: [1, null] });
    expect(header()).toMatchObject({ arrays: [{ type: "real" }, { type: "real" }] });
    expect(
      fault({
        a: [
          [1, 2],
          [3, null],
        ],
      }),
    ).toBe("AM5011 a number is missing in `x.json` in `a` at [1, 1]; help: leave those rows out, or fill them in");
  });
});

describe("lists of objects are columns", () => {
  it("numbers, texts, lists", () => {
    write([
      { size: 1.5, count: 2, kind: "b", at: [1, 2] },
      { size: 2.5, count: 3, kind: "a", at: [3, 4] },
    ]);
    expect(header()).toMatchObject({
      rows: 2,
      arrays: [
        { name: "size", shape: [2], type: "real" },
        { name: "count", shape: [2], type: "int" },
        { name: "kind", shape: [2], type: "text", categories: ["a", "b"] },
        { name: "at", shape: [2, 2], type: "int" },
      ],
    });
    expect(read({ kind: "columns", names: ["count", "size"] })).toMatchObject({
      shape: [2, 2],
      data: Float64Array.of(2, 1.5, 3, 2.5),
    });
    expect([...read({ kind: "column", name: "count" }).data]).toEqual([2, 3]);
    expect([...read({ kind: "category", name: "kind" }).data]).toEqual([1, 0]);
  });

  it("deeper ones too; a key that an object lacks is missing there", () => {
    write({ runs: [{ x: 1, of: { y: 2 } }, { of: { y: 3 } }] });
    expect(header()).toMatchObject({ rows: null, arrays: [{ name: "runs.x" }, { name: "runs.of.y", type: "int" }] });
    expect([...named("runs.of.y").data]).toEqual([2, 3]);
    expect(faultOf(() => named("runs.x"))).toContain("AM5011 a number is missing in `x.json` in `runs.x` at [1]");
  });
});

describe("what is wrong", () => {
  it("with a list is told when it is asked for", () => {
    expect(unread('{"a": [[1, 2],\n[3]], "b": [1]}')).toEqual([
      { name: "a", why: "it is ragged: the list on line 2 has 1 entries, the first one has 2" },
    ]);
    const why = (content: unknown): string => {
      const told = fault(content);
      expect(told).toContain("AM5013 `a` in `x.json` is no array: ");
      return told.replace(/^.*is no array: /u, "");
    };
    expect(why({ a: [1, [2]] })).toContain("a list lies where its first row has a single value");
    expect(why({ a: [[1], 2] })).toContain("side by side");
    expect(why({ a: [[[1]], [2]] })).toContain("numbers lie where its first row has lists");
    expect(why({ a: [1, "x"] })).toBe("it mixes texts and numbers");
    expect(why({ a: [true, 1] })).toBe("it mixes bools and other values");
    expect(why({ a: ["x", null] })).toBe("it mixes texts and `null`");
    expect(why({ a: [{ b: 1 }, 2] })).toContain("objects");
  });

  it("with the text, at its line and column", () => {
    expect(fault('{"a": [1,\n 2,]}')).toBe("AM5012 `x.json` is no JSON: a value is expected, on line 2, column 4");
    expect(fault('{"a": [1, NaN]}')).toContain(
      "AM5012 `x.json` is no JSON: `NaN` is no JSON, on line 1, column 14; help: write `null`",
    );
    expect(fault('{"a": [1, 2')).toContain("it is cut off");
    expect(fault('{"a": [1] "b": 2}')).toContain("`,` or `}` is expected");
    expect(fault('{"a": [1], "a": [2]}')).toContain("the key `a` occurs twice in one object");
    expect(fault('{"a": "x')).toContain("is not closed");
    expect(fault("{a: 1}")).toContain("a key in quotes is expected");
    expect(fault("[1] 2")).toContain("there is something behind its end");
    expect(fault("")).toContain("it is cut off");
    expect(fault("[01]")).toContain("`,` or `]` is expected");
    expect(fault("[".repeat(100_000))).toContain("more than 100 deep");
    expect(fault("\ufeff[1]", { kind: "named", name: "" })).toBe("nothing is wrong");
  });

  it("two ways to one name", () => {
    expect(unread('{"a.b": [1], "a": {"b": [2]}}')).toEqual([
      { name: "a.b", why: "two ways lead to it, since a key has a dot in it" },
    ]);
  });
});

it("reads long texts and long lists", () => {
  const long = "x".repeat(20_000_000);
  write(JSON.stringify({ a: [long], b: Array.from({ length: 200_000 }, (_, k) => k) }));
  expect(header()).toMatchObject({ arrays: [{ type: "text" }, { name: "b", shape: [200_000], categories: [] }] });
  expect(faultOf(() => read({ kind: "category", name: "b" }))).toContain("too many different values");
  expect(fault('{"a": "x\\q"}')).toContain("an escape that JSON does not allow");
});

it("reads what `JSON.parse` reads", () => {
  const values = { a: ['é\n\u0001\\"', "\ud83d\ude00"], b: [-0.5, 1e21, 5e-324, 123456789] };
  write(JSON.stringify(values, null, 2));
  expect(header()).toMatchObject({ arrays: [{ categories: [...values.a].sort() }, { type: "real" }] });
  expect([...named("b").data]).toEqual(values.b);
});

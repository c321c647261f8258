import { describe, expect, it } from "vitest";
import { loadValidator } from "../../src/report/vega/compile.js";
import { drawAny } from "../../src/report/vega/index.js";
import { namedTables } from "../../src/report/vega/named-tables.js";
import { readRaw } from "../../src/report/vega/raw.js";

const validate = await loadValidator();
const tables = namedTables([
  {
    name: "ends",
    title: null,
    doc: null,
    axes: ["eta", "method"],
    columns: [
      ["1", "gd"],
      ["10", "gd"],
    ],
    rows: [
      {
        title: "loss",
        cells: [
          { text: "0.5", value: 0.5, state: "valid" },
          { text: "", value: null, state: "absent" },
        ],
      },
    ],
    notes: [],
  },
]);
const read = (spec: object): ReturnType<typeof readRaw> => readRaw(JSON.stringify(spec), tables, validate);
const faultsOf = (spec: object): readonly string[] => {
  const reading = read(spec);
  return reading.kind === "faults" ? reading.faults.map(({ message }) => message) : [];
};
const bar = (changes: object = {}): object => ({
  data: { name: "ends" },
  mark: "bar",
  encoding: { x: { field: "eta", type: "ordinal" }, y: { field: "value", type: "quantitative" } },
  ...changes,
});

describe("charts written as Vega-Lite", () => {
  it("read tables by name, one row a cell", () => {
    expect(tables).toEqual({ ends: [{ eta: 1, method: "gd", row: "loss", value: 0.5 }] });
    expect(read(bar())).toMatchObject({ kind: "spec", reads: ["ends"], remarks: [] });
  });

  it("are drawn without evaluating what they say", async () => {
    const text = JSON.stringify(bar({ transform: [{ calculate: "datum.value * 2", as: "twice" }] }));
    const { picture, faults } = await drawAny(
      { kind: "vegalite", name: "r", title: "R", doc: null, text, notes: [] },
      tables,
      "r-",
      validate,
    );
    expect(faults).toEqual([]);
    expect(picture?.svg).toContain('aria-label="R"');
  });

  it("load nothing", () => {
    expect(faultsOf(bar({ data: { url: "https://a.b/c.json" } }))).toEqual(["`data.url` would be loaded"]);
    expect(faultsOf(bar({ encoding: { href: { value: "https://a.b" } } }))).toEqual([
      "`encoding.href` leads out of the report",
    ]);
    expect(faultsOf(bar({ mark: { type: "image", url: "http://a.b/c.png" } }))).toEqual(["`mark.url` would be loaded"]);
    expect(faultsOf(bar({ mark: "image", encoding: { url: { field: "method" } } }))).toEqual([
      "`encoding.url` would be loaded",
    ]);
    expect(
      faultsOf(bar({ transform: [{ lookup: "eta", from: { data: { url: "x.csv" }, key: "k", fields: ["v"] } }] })),
    ).toEqual(["`transform.0.from.data.url` would be loaded"]);
  });

  it("name tables and fields that there are", () => {
    expect(faultsOf(bar({ data: { name: "end" } }))).toEqual(["no table is called `end`"]);
    expect(read(bar({ encoding: { x: { field: "etta", type: "ordinal" } } }))).toMatchObject({
      kind: "spec",
      remarks: [
        {
          message: "no table that the chart reads has a field `etta`",
          help: "fields: `eta`, `method`, `row`, `value`",
        },
      ],
    });
  });

  it("are told what is wrong with them", () => {
    expect(readRaw('{ "mark":\n "bar" "x" }', tables, validate)).toMatchObject({
      kind: "faults",
      faults: [{ message: expect.stringContaining("line 2 of it, column 8") as string }],
    });
    expect(readRaw("[]", tables, validate)).toMatchObject({ kind: "faults" });
    expect(faultsOf(bar({ mark: "barr" })).join()).toContain("not Vega-Lite: `mark`");
    expect(faultsOf(bar({ encoding: { x: { field: "eta", type: "quant" } } })).join()).toContain("encoding.x.type");
  });

  it("that Vega cannot draw are a fault of theirs", async () => {
    const text = JSON.stringify(bar({ transform: [{ calculate: "datum.value +* 2", as: "twice" }] }));
    const { picture, faults } = await drawAny(
      { kind: "vegalite", name: "r", title: null, doc: null, text, notes: [] },
      tables,
      "r-",
      validate,
    );
    expect(picture).toBeNull();
    expect(faults[0]?.message).toMatch(/^Vega-Lite could not draw it: /u);
  });
});

import { describe, expect, it } from "vitest";
import type { MarksChart } from "../../src/report/vega/chart.js";
import { drawChart } from "../../src/report/vega/chart.js";
import { compileSpec, loadValidator, specFaults } from "../../src/report/vega/compile.js";
import { describeChart } from "../../src/report/vega/describe.js";
import { drawAny } from "../../src/report/vega/index.js";
import { isObject } from "../../src/report/vega/json.js";
import { MARKS } from "../../src/report/vega/marks.js";
import { rowsOf } from "../../src/report/vega/rows.js";
import { axis, category, chart, field, layer } from "./charts.js";
import { gallery } from "./gallery.js";

const charts = gallery().filter((own): own is MarksChart => own.kind === "marks");
const validate = await loadValidator();
const golden = (name: string): string => `../golden/charts/${name}.json`;

describe("specs", () => {
  it("the gallery shows every mark", () => {
    const shown = new Set(charts.flatMap((own) => own.layers.map(({ mark }) => mark)));
    expect([...shown].sort()).toEqual(Object.keys(MARKS).sort());
  });

  it.each(charts.map((own) => [own.name, own] as const))(
    "%s fits Vega-Lite's schema and compiles without a warning",
    (_, own) => {
      const { spec } = drawChart(own);
      expect(specFaults(spec, validate)).toEqual([]);
      expect(compileSpec(spec).warnings).toEqual([]);
    },
  );

  it("lines that are told apart by dashes have bands, which have none", () => {
    const own = charts.find(({ name }) => name === "losses");
    const [line] = own?.layers ?? [];
    if (own === undefined || line === undefined) throw new Error("the gallery has no losses");
    expect(line.band).not.toBeNull();
    const both = { ...own, layers: ["alone", "together"].map((label) => ({ ...line, label })) };
    const { spec } = drawChart(both);
    expect(JSON.stringify(spec)).toContain('"strokeDash"');
    expect(specFaults(spec, validate)).toEqual([]);
    expect(compileSpec(spec).warnings).toEqual([]);
  });

  it.each(charts.map((own) => [own.name, own] as const))("%s names only columns that its rows have", (_, own) => {
    const { spec, parts, panels } = drawChart(own);
    const columns = new Set(rowsOf(parts, panels).flatMap((row) => Object.keys(row)));
    expect([...fieldsOf(spec)].filter((name) => !columns.has(name))).toEqual([]);
  });

  it.each(["losses", "bars", "contours", "labels", "panels", "histogram"])("%s stays as it is", async (name) => {
    const own = charts.find((candidate) => candidate.name === name);
    if (own === undefined) throw new Error(name);
    const { config: _, ...spec } = drawChart(own).spec;
    await expect(`${JSON.stringify(spec, null, 1)}\n`).toMatchFileSnapshot(golden(name));
  });

  it("aggregates nothing", () => {
    for (const own of charts)
      expect(JSON.stringify(drawChart(own).spec)).not.toMatch(/"(aggregate|bin|timeUnit|impute|errorband|errorbar)"/u);
  });
});

function fieldsOf(value: unknown): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (own: unknown): void => {
    if (Array.isArray(own)) own.forEach(visit);
    if (!isObject(own)) return;
    if (typeof own.field === "string") found.add(own.field);
    Object.values(own).forEach(visit);
  };
  visit(value);
  return found;
}

describe("pictures", () => {
  it("are the same twice, say what they show, and stand beside each other", async () => {
    for (const own of charts) {
      const first = await drawAny(own, {}, "p1-", validate);
      const second = await drawAny(own, {}, "p1-", validate);
      expect(first.picture?.svg).toBe(second.picture?.svg);
      expect(first.faults).toEqual([]);
      const svg = first.picture?.svg ?? "";
      expect(svg).toMatch(/^<svg [^>]*role="img" aria-label="[^"]{10,}">/u);
      for (const [, id = ""] of svg.matchAll(/\bid="([^"]*)"/gu)) expect(id).toMatch(/^p1-/u);
      for (const [, id = ""] of svg.matchAll(/url\(#([^)]*)\)/gu)) expect(svg).toContain(`id="${id}"`);
    }
  });

  it("keep a repeated layer in every panel", () => {
    const own = charts.find(({ name }) => name === "panels");
    const drawn = own === undefined ? undefined : drawChart(own);
    const rules = rowsOf(drawn?.parts ?? [], drawn?.panels ?? { row: 0, column: 0 }).filter(({ part }) => part === 1);
    expect(rules).toHaveLength(9);
    expect(new Set(rules.map(({ row, column }) => `${String(row)} ${String(column)}`)).size).toBe(9);
  });

  it("have no panel and no line for rows without a category", () => {
    const rows = [
      { x: 0, y: 1, color: "a", column: 1 },
      { x: 1, y: 2, color: "a", column: 1 },
      { x: 2, y: null, color: null, column: null },
    ];
    const channels = {
      x: axis("x", "n"),
      y: field("y", "v"),
      color: category("color", "m", ["a"]),
      column: category("column", "d", [1]),
    };
    const { parts, panels } = drawChart(chart("lost", null, layer("line", channels, rows)) as MarksChart);
    expect(rowsOf(parts, panels)).toHaveLength(2);
  });

  it("of nothing are none, with a reason", async () => {
    const empty = chart("empty", null, layer("line", { x: axis("x", "step"), y: field("y", "loss") }, []));
    expect(await drawAny(empty, {}, "e-", validate)).toMatchObject({
      picture: null,
      notes: ["there is nothing to draw yet"],
    });
  });

  it("of too many marks are none, with a reason", async () => {
    const rows = Array.from({ length: 160_000 }, (_, k) => ({ x: k, y: k % 7 }));
    const large = chart("large", null, layer("point", { x: axis("x", "n"), y: field("y", "v") }, rows));
    const { picture, notes } = await drawAny(large, {}, "l-", validate);
    expect(picture).toBeNull();
    expect(notes.join()).toContain("160000 marks are too many");
  });

  it("have no line where all values are missing, and no scale that fails", async () => {
    const rows = [0, 1, 2].map((x) => ({ x, y: null, color: 1 }));
    const missing = chart(
      "missing",
      null,
      layer(
        "line",
        { x: axis("x", "n"), y: field("y", "v", { scale: "log" }), color: category("color", "a", [1]) },
        rows,
      ),
    );
    expect((await drawAny(missing, {}, "m-", validate)).picture).not.toBeNull();
    const same = chart(
      "same",
      null,
      layer("line", { x: axis("x", "n"), y: field("y", "v") }, [
        { x: 1, y: 0 },
        { x: 2, y: 0 },
      ]),
    );
    const { picture } = await drawAny(same, {}, "s-", validate);
    expect(picture?.svg).not.toMatch(/NaN|Infinity/u);
  });
});

describe("descriptions", () => {
  it("name marks, axes with their ranges, colours, panels and bands", () => {
    expect(charts.map((own) => `${describeChart(own)}\n`).join("")).toMatchInlineSnapshot(`
      "Loss. Line chart of fit.loss from 0.02047 to 1.42 (log scale) against step from 0 to 100 by eta (1, 3, 10) with a band (95 % confidence interval of the mean over seed).
      log10 of the first right step. Heatmap of log10(fit.steps) from 0.01349 to 2.724 over eta from 0.1 to 10 (log scale) and alpha from 0.5 to 1. A panel for each ratio (0.316, 0.408, 0.527, 0.681, 0.88, 1.14, 1.47, 1.9, 2.45, 3.16).
      The path over the landscape: loss as lines, accuracy as colour. Heatmap of landscape.accuracy_at from 0 to 1 over g1 from −1 to 8 and g2 from −17 to 10. Contour lines of landscape.loss_at from 2.516e-4 to 3.485 over g1 from −1 to 8 and g2 from −17 to 10. Paths through a plane of fit.gamma[dim: 1] from −17.14 to 0 against fit.gamma[dim: 0] from −0.1971 to 7.749 by eta (1, 10). A panel for each alpha (0, 0.5, 0.95).
      Final loss. Scatter plot of loss from 0.1333 to 0.5 against d from 3 to 10 by method (gd, adam) with a band (95 % confidence interval of the mean over seed). Straight lines (chance) of loss at 0.25.
      Share of seeds whose loss rises. Bar chart of rises from 0.015 to 0.3333 against d (3, 5, 10) by eta (3, 10, 20) with a band (95 % confidence interval of the mean over seed).
      Margins. Histogram of margin from −0.9714 to 1.997 by when (first, last).
      Patterns. Images of xi from 1.125e-7 to 1 over col from 0 to 11 and row from 0 to 11. A panel for each pattern (0, 1, 2, 3).
      A field. Arrows of g2 from 0 to 5 against g1 from 0 to 5 by side (a, b).
      Embeddings. Words at places of e[1] from −0.9589 to 0.9093 against e[0] from −0.99 to 1.
      Contours over uneven coordinates, with a hole. Contour lines of loss from −0.9943 to 2.994 over lr from 0.1 to 10 (log scale) and beta from 0 to 2.
      Fifteen loads. Line chart of gain from 1 to 58.32 against step from 1 to 60 (log scale) by load from 1 to 16384 (log scale).
      Labels. Line chart (M) of M from 0 to 19 against n from 0 to 19. Line chart (W) of W from 0 to 38 against n from 0 to 19. Line chart (theory) of theory from 4 to 61 against n from 0 to 19 by d (2, 3).
      Margins, mean over the seeds. Line chart of fit.margin from −1 to 6.361 against step from 0 to 39 by token (0, 1, 2, 3, 4). Straight lines of 0 at 0. A panel for each eta (3, 10, 20), a panel for each d (3, 5, 10).
      A line with a gap, over many decades. Line chart of error from 1e-7 to 0.004094 (log scale) against n from 0 to 29.
      single. Line chart of error at 2 against n at 3.
      "
    `);
  });
});

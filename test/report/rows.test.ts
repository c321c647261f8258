import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvOf, tableOf } from "../../src/report/page/table-of.js";
import { contourRows } from "../../src/report/vega/contour.js";
import { binned } from "../../src/report/vega/histogram.js";
import { levelsOf } from "../../src/report/vega/levels.js";
import { pack, unpack } from "../../src/report/vega/rows.js";
import { seriesOf, thinned } from "../../src/report/vega/series.js";
import { tidySvg } from "../../src/report/vega/svg.js";
import { chartTextWidth } from "../../src/report/vega/text-width.js";

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, k) => k);

describe("columns", () => {
  it("come back from packing", () => {
    const cell = fc.oneof(fc.constantFrom(1, 2, null), fc.string(), fc.boolean());
    fc.assert(
      fc.property(fc.array(cell), (column) => {
        expect(unpack(pack(column))).toEqual(column);
      }),
    );
  });

  it("with long runs are short", () => {
    expect(pack([1, 1, 1, 1, 1, 1, 2, 2, 2])).toEqual({ of: [1, 6, 2, 3] });
    expect(pack([1, 2, 3, 1, 2, 3, 1])).toEqual({ cycle: [1, 2, 3], count: 7 });
  });
});

describe("series", () => {
  const rows = { count: 6, columns: { color: [0, 0, 1, 1, 1, 0], x: [0, 1, 0, 1, 2, 0] } };

  it("are stretches of equal keys", () => {
    expect(seriesOf(rows, ["color"])).toEqual([
      { start: 0, end: 2 },
      { start: 2, end: 5 },
      { start: 5, end: 6 },
    ]);
    expect(seriesOf(rows, [])).toEqual([{ start: 0, end: 6 }]);
    expect(seriesOf({ count: 0, columns: {} }, ["color"])).toEqual([]);
  });

  it("are thinned without losing ends, extremes and gaps", () => {
    const count = 50_000;
    const y = range(count).map((k) => (k === 31_313 ? 99 : k === 777 ? null : Math.sin(k)));
    const { rows: few, thinned: isThinned } = thinned({ count, columns: { x: range(count), y } }, []);
    expect(isThinned).toBe(true);
    expect(few.count).toBeLessThan(2500);
    expect(few.columns.y).toContain(99);
    expect(few.columns.y).toContain(null);
    expect([few.columns.x?.[0], few.columns.x?.at(-1)]).toEqual([0, count - 1]);
    expect([...(few.columns.x ?? [])].sort((a, b) => Number(a) - Number(b))).toEqual(few.columns.x);
  });

  it("stay as they are when they are short", () => {
    expect(thinned(rows, ["color"])).toEqual({ rows, thinned: false });
  });
});

describe("contours", () => {
  const logs = { x: false, y: false };
  const grid = (x: readonly number[], y: readonly number[], value: (x: number, y: number) => number | null) => ({
    count: x.length * y.length,
    columns: { color: y.flatMap((b) => x.map((a) => value(a, b))) },
  });

  it("of a plane lie where the plane has the level, on uneven coordinates too", () => {
    const x = [0, 1, 1.5, 4, 10];
    const y = [-3, 0, 0.1, 2];
    const rows = contourRows(
      grid(x, y, (a, b) => 2 * a - b),
      [],
      { x, y, levels: [1, 5], logs },
    );
    expect(rows.count).toBeGreaterThan(6);
    rows.columns.x?.forEach((a, k) => {
      expect(2 * Number(a) - Number(rows.columns.y?.[k])).toBeCloseTo(Number(rows.columns.level?.[k]), 10);
    });
  });

  it("end at the border instead of running along it", () => {
    const x = range(5);
    const y = range(4);
    const rows = contourRows(
      grid(x, y, (a) => a),
      [],
      { x, y, levels: [1.5], logs },
    );
    expect(rows.columns.x).toEqual([1.5, 1.5, 1.5, 1.5]);
    expect([...(rows.columns.y ?? [])].sort()).toEqual([0, 1, 2, 3]);
  });

  it("close around a hill, and stop at a hole", () => {
    const x = range(9);
    const hill = (a: number, b: number): number => 10 - (a - 4) ** 2 - (b - 4) ** 2;
    const whole = contourRows(grid(x, x, hill), [], { x, y: x, levels: [5], logs });
    expect(whole.columns.x?.[0]).toBe(whole.columns.x?.at(-1));
    expect(new Set(whole.columns.line).size).toBe(1);
    const torn = contourRows(
      grid(x, x, (a, b) => (a === 6 && b === 4 ? null : hill(a, b))),
      [],
      { x, y: x, levels: [5], logs },
    );
    expect(torn.columns.y?.[0]).not.toBe(torn.columns.y?.at(-1));
  });

  it("interpolate by the logarithm along a log axis", () => {
    const x = [1, 100];
    const y = [0, 1];
    const rows = contourRows(
      grid(x, y, (a) => Math.log10(a)),
      [],
      { x, y, levels: [1], logs: { x: true, y: false } },
    );
    rows.columns.x?.forEach((a) => expect(a).toBeCloseTo(10, 10));
  });

  it("have about fifteen round levels, spaced by the logarithm where values spread far", () => {
    expect(levelsOf([0, 15], false)).toEqual(range(14).map((k) => k + 1));
    expect(levelsOf([0.011, 9], false)).toEqual([0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5]);
    expect(levelsOf([1e-12, 1], false).length).toBeLessThan(16);
    expect(levelsOf([3, 3], false)).toEqual([]);
    expect(levelsOf([], true)).toEqual([]);
  });
});

describe("histograms", () => {
  it("count every value once, in the same intervals for all series", () => {
    const x = range(100).map((k) => Math.cos(k));
    const rows = { count: 100, columns: { x, color: range(100).map((k) => Math.floor(k / 50)) } };
    const bins = binned(rows, ["color"], false);
    expect(bins.columns.y?.reduce((sum: number, n) => sum + Number(n), 0)).toBe(100);
    bins.columns.x_low?.forEach((low, k) =>
      expect(Number(bins.columns.x_high?.[k]) - Number(low)).toBeCloseTo(0.2, 10),
    );
  });

  it("of one value have one bin", () => {
    expect(binned({ count: 2, columns: { x: [3, 3] } }, [], false).columns).toEqual({
      x_low: [2.5],
      x_high: [3.5],
      y: [2],
    });
  });
});

describe("tables", () => {
  it("hold values instead of places, and every row once", () => {
    const live = {
      name: "c",
      vega: {},
      panels: { row: 0, column: 0 },
      parts: [
        { count: 2, columns: { x: [0, 1], color: [1, 0] } },
        { count: 1, columns: { x: [0], color: [1] }, extra: true as const },
      ],
      layerOfPart: [0, 0],
      layers: [
        {
          label: null,
          fields: [
            { column: "color", title: "method", domain: ["gd", "=1+1"] },
            { column: "x", title: 'step, as "it" is', domain: null },
          ],
        },
      ],
      tables: {},
    };
    expect(csvOf(tableOf(live))).toBe('method,"step, as ""it"" is"\r\n\'=1+1,0\r\ngd,1\r\n');
  });
});

describe("svg", () => {
  const names = { prefix: "a-", description: 'x "y" <z>' };
  const svg = (body: string): string =>
    `<svg xmlns="http://www.w3.org/2000/svg" class="marks" width="30" height="20" viewBox="0 0 30 20">${body}</svg>`;

  it("merges cells of one colour, rounds, and keeps texts", () => {
    const cells =
      '<g class="mark-rect role-mark m"><path d="M0,0h4.0799999v4h-4.0799999Z" fill="rgb(1, 2, 3)" stroke-width="0"/><path d="M4.0799999,0h4v4h-4Z" fill="rgb(1, 2, 3)" stroke-width="0"/></g><text>1.23456 id="q"</text>';
    const { svg: tidy, width, height } = tidySvg(svg(cells), names);
    expect([width, height]).toEqual([30, 20]);
    expect(tidy).toContain('<g shape-rendering="crispEdges"><path d="M0,0h8.08v4h-8.08Z" fill="#010203"/></g>');
    expect(tidy).toContain('<text>1.23456 id="q"</text>');
    expect(tidy).toContain('aria-label="x &quot;y&quot; &lt;z&gt;"');
  });

  it("keeps one of several equal clips, under a name of its own", () => {
    const clips =
      '<g clip-path="url(#clip1)">a</g><g clip-path="url(#clip2)">b</g><defs><clipPath id="clip1"><rect width="3"/></clipPath><clipPath id="clip2"><rect width="3"/></clipPath></defs>';
    expect(tidySvg(svg(clips), names).svg).toContain(
      '<g clip-path="url(#a-clip1)">a</g><g clip-path="url(#a-clip1)">b</g><defs><clipPath id="a-clip1"><rect width="3"/></clipPath></defs>',
    );
  });
});

describe("text", () => {
  it("is as wide as Helvetica sets it", () => {
    expect(chartTextWidth("0123456789", 10, false)).toBeCloseTo(55.6, 6);
    expect(chartTextWidth("il", 100, false)).toBeCloseTo(44.4, 6);
    expect(chartTextWidth("W", 100, true)).toBeGreaterThan(94.4);
  });
});

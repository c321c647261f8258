/** Heatmaps over refined sweeps: what stands where nothing was run. */
import { expect, test } from "vitest";
import { fillGrid } from "../../src/results/charts/grid.js";
import type { ChannelField } from "../../src/results/chart-types.js";

const field = (name: string, log = false): ChannelField => ({
  field: name,
  title: name,
  type: "quantitative",
  domain: null,
  scale: log ? "log" : "linear",
  integer: false,
  source: "axis",
});
const row = (x: number, y: number, color: number | null) => ({ cells: { x, y, color }, along: 0 });
const colours = (grid: ReturnType<typeof fillGrid>): readonly unknown[] => grid.rows.map(({ cells }) => cells.color);

// At y = 1 nothing was run but at x = 1 and x = 100; what is missing at (10, 2) stays so.
const rows = [row(1, 1, 5), row(100, 1, 7), row(1, 2, 1), row(3, 2, 2), row(10, 2, null), row(100, 2, 4)];
const fields = (log: boolean) => ({ x: field("x", log), y: field("y"), color: field("color") });

test("without refined axes they are holes", () => {
  expect(colours(fillGrid(rows, fields(false)))).toEqual([5, null, null, 7, 1, 2, null, 4]);
});

test("along a refined axis the nearest point is drawn, as far as the scale shows it", () => {
  const refined = { x: true, y: false };
  expect(colours(fillGrid(rows, fields(false), refined))).toEqual([5, 5, 5, 7, 1, 2, null, 4]);
  const more = [...rows, row(20, 2, 9)];
  expect(colours(fillGrid(more, fields(false), refined))).toEqual([5, 5, 5, 5, 7, 1, 2, null, 9, 4]);
  expect(colours(fillGrid(more, fields(true), refined))).toEqual([5, 5, 5, 7, 7, 1, 2, null, 9, 4]);
});

test("on a plane it may be in another row", () => {
  const plane = [row(0, 0, 1), row(10, 0, 2), row(0, 10, 3), row(10, 10, 4), row(5, 9, 8)];
  const { rows: filled } = fillGrid(plane, fields(false), { x: true, y: true });
  expect(filled.find(({ cells }) => cells.x === 5 && cells.y === 10)?.cells).toEqual({ x: 5, y: 10, color: 8 });
  expect(filled).toHaveLength(9);
});

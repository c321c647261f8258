/** Histograms: how many values lie in each of some intervals of equal width. The chart counts before scales are made. */
import type { Cell } from "../../results/chart-types.js";
import type { LayerView, Drawing, DrawnRows } from "./drawing.js";
import { along, TOOLTIP } from "./drawing.js";
import { FIRST_HUE } from "./palette.js";
import { pick, seriesOf } from "./series.js";

const MOST_BINS = 40;
const FEWEST_BINS = 8;

export function drawHistogram(view: LayerView): Drawing {
  const { rows } = view;
  const several = new Set(rows.columns.color).size > 1 && view.colored;
  return {
    pieces: [
      {
        rows,
        units: [
          {
            mark: {
              type: "rect",
              clip: true,
              opacity: several ? 0.55 : 0.9,
              tooltip: TOOLTIP,
              ...(view.colored ? {} : { color: FIRST_HUE }),
            },
            encoding: {
              x: along(view, "x", "x_low"),
              x2: { field: "x_high" },
              y: along(view, "y", "y"),
              y2: { datum: 0 },
              ...view.look,
            },
          },
        ],
      },
    ],
    notes: several ? ["counts of different colours overlap, they are not stacked"] : [],
  };
}

/** The same intervals in all panels and series; equal ones under a logarithm on a log scale. */
export function binned(rows: DrawnRows, keys: readonly string[], log: boolean): DrawnRows {
  const cells = rows.columns.x ?? [];
  const to = log ? Math.log : (value: number): number => value;
  const from = log ? Math.exp : (value: number): number => value;
  const values = cells.filter((cell) => typeof cell === "number").map(to);
  const edges = edgesFor(values).map(from);
  const columns: Record<string, Cell[]> = { x_low: [], x_high: [], y: [] };
  const places: number[] = [];
  for (const { start, end } of seriesOf(rows, keys)) {
    const counts = new Array<number>(Math.max(0, edges.length - 1)).fill(0);
    for (let k = start; k < end; k++) {
      const cell = cells[k];
      if (typeof cell !== "number") continue;
      const bin = Math.min(counts.length - 1, Math.max(0, upper(edges, cell) - 1));
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    counts.forEach((count, bin) => {
      if (count === 0) return;
      places.push(start);
      columns.x_low?.push(edges[bin] ?? null);
      columns.x_high?.push(edges[bin + 1] ?? null);
      columns.y?.push(count);
    });
  }
  const kept = pick(
    {
      count: rows.count,
      columns: Object.fromEntries(
        keys.flatMap((key) => (rows.columns[key] === undefined ? [] : [[key, rows.columns[key]]])),
      ),
    },
    places,
  );
  return { count: places.length, columns: { ...kept.columns, ...columns } };
}

/** The number of edges that are not greater than a value. */
function upper(edges: readonly number[], value: number): number {
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edges[middle] ?? Infinity) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Round edges, about as many intervals as the cube root of the number of values asks for (Rice's rule). */
function edgesFor(values: readonly number[]): readonly number[] {
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  if (low > high) return [];
  if (low === high) return [low - 0.5, low + 0.5];
  const wanted = Math.max(FEWEST_BINS, Math.min(MOST_BINS, Math.ceil(2 * Math.cbrt(values.length))));
  const rough = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const width = ([1, 2, 5, 10].find((step) => step * power >= rough) ?? 10) * power;
  const first = Math.floor(low / width);
  const count = Math.floor(high / width) - first + 1;
  return Array.from({ length: count + 1 }, (_, k) => (first + k) * width);
}

/** Contour lines of a grid of values, also of uneven ones; they end where the grid ends, or where values are missing. */
import { contours } from "d3-contour";
import type { Cell } from "../../results/chart-types.js";
import type { LayerView, Drawing, DrawnRows } from "./drawing.js";
import { TOOLTIP } from "./drawing.js";
import { INK, OVER_HEATMAP } from "./palette.js";
import { levelsOf } from "./levels.js";
import { seriesOf } from "./series.js";

export function drawContour(view: LayerView): Drawing {
  const { x = [], y = [] } = view.layer.grid ?? {};
  const panels = ["row", "column"].filter((name) => name in view.rows.columns);
  const values = (view.rows.columns.color ?? []).filter((cell) => typeof cell === "number");
  const levels = levelsOf(values, view.layer.channels.color?.scale === "log");
  const lines = contourRows(view.rows, [...panels, "label"], { x, y, levels, logs: view.logs });
  // Alone, the level is the colour; over something else it is told by the pointer.
  const { level = [], ...others } = lines.columns;
  const rows = { count: lines.count, columns: { ...others, level, ...(view.alone ? { color: level } : {}) } };
  const plain = view.colored ? {} : { color: view.overHeatmap ? OVER_HEATMAP : INK };
  const opacity = view.colored ? 1 : 0.55;
  const detail = [{ field: "line", type: "nominal" }];
  return {
    pieces: [
      {
        rows,
        units: [
          {
            mark: { type: "line", order: false, clip: true, strokeWidth: view.colored ? 1.4 : 0.9, opacity, ...plain },
            encoding: { ...view.encode("x", "y"), ...view.look, detail },
          },
          {
            hover: true,
            mark: { type: "line", order: false, strokeWidth: 7, opacity: 0, tooltip: TOOLTIP },
            encoding: { ...view.encode("x", "y"), detail },
          },
        ],
      },
    ],
    notes: levels.length === 0 ? [] : [`contours at ${levelWords(levels)}`],
  };
}

function levelWords(levels: readonly number[]): string {
  const words = levels.map((level) => String(Number(level.toPrecision(6))).replace(/^-/u, "\u2212"));
  return words.length <= 16 ? words.join(", ") : `${words.slice(0, 8).join(", ")}, …, ${words.at(-1) ?? ""}`;
}

export interface ContourGrid {
  readonly x: readonly Cell[];
  readonly y: readonly Cell[];
  readonly levels: readonly number[];
  readonly logs: { readonly x: boolean; readonly y: boolean };
}

/** One row a corner of a line; `line` numbers the lines. `copied` columns are constant in each panel. */
export function contourRows(rows: DrawnRows, copied: readonly string[], grid: ContourGrid): DrawnRows {
  const panels = copied.filter((name) => name in rows.columns);
  const columns: Record<string, Cell[]> = { x: [], y: [], level: [], line: [] };
  for (const name of panels) columns[name] = [];
  let count = 0;
  let line = 0;
  const values = rows.columns.color ?? [];
  for (const { start, end } of seriesOf(rows, panels)) {
    const field = values.slice(start, end);
    for (const level of grid.levels) {
      for (const points of linesOf(field, level, grid)) {
        for (const [px, py] of points) {
          columns.x?.push(px);
          columns.y?.push(py);
          columns.level?.push(level);
          columns.line?.push(line);
          for (const name of panels) columns[name]?.push(rows.columns[name]?.[start] ?? null);
          count++;
        }
        line++;
      }
    }
  }
  return { count, columns };
}

type Place = readonly [number, number];

/**
 * The lines of one level. d3-contour finds which edges of the grid they cross (its rings, not smoothed, lie half-way
 * between samples, and run around the border); where on the edge is told by the values at its ends.
 */
function linesOf(field: readonly Cell[], level: number, { x, y, logs }: ContourGrid): readonly (readonly Place[])[] {
  const [width, height] = [x.length, y.length];
  if (width < 2 || height < 2 || field.length !== width * height) return [];
  const numbers = field.map((cell) => (typeof cell === "number" ? cell : NaN));
  const { coordinates } = contours().size([width, height]).smooth(false).contour(numbers, level);
  const at = (column: number, row: number): number =>
    column < 0 || row < 0 || column >= width || row >= height ? NaN : (numbers[row * width + column] ?? NaN);
  const place = ([px = 0, py = 0]: readonly number[]): Place | null => {
    // Sample (i, j) lies at (i + 1/2, j + 1/2): a whole px is an edge along x, a whole py one along y.
    const alongX = Number.isInteger(px);
    const [i, j] = alongX ? [px - 1, py - 0.5] : [px - 0.5, py - 1];
    const [a, b] = [at(i, j), alongX ? at(i + 1, j) : at(i, j + 1)];
    if (!Number.isFinite(a) || !Number.isFinite(b) || a === b) return null;
    const share = Math.max(0, Math.min(1, (level - a) / (b - a)));
    return alongX
      ? [between(x[i], x[i + 1], share, logs.x), coordinate(y[j], j)]
      : [coordinate(x[i], i), between(y[j], y[j + 1], share, logs.y)];
  };
  return coordinates.flatMap((polygon) => polygon.flatMap((ring) => openLines(ring.slice(0, -1).map(place))));
}

/** Categories lie at whole numbers. */
const coordinate = (cell: Cell | undefined, place: number): number => (typeof cell === "number" ? cell : place);

function between(a: Cell | undefined, b: Cell | undefined, share: number, log: boolean): number {
  const [low, high] = [coordinate(a, 0), coordinate(b, 1)];
  return log ? low * (high / low) ** share : low + share * (high - low);
}

/** A ring without the places that are none: whole (and closed), or in pieces. */
function openLines(ring: readonly (Place | null)[]): readonly (readonly Place[])[] {
  const gap = ring.indexOf(null);
  if (gap < 0) {
    const [first] = ring;
    return first === undefined || first === null ? [] : [[...ring.filter((place) => place !== null), first]];
  }
  const lines: Place[][] = [[]];
  for (const place of [...ring.slice(gap + 1), ...ring.slice(0, gap + 1)]) {
    if (place === null) lines.push([]);
    else lines.at(-1)?.push(place);
  }
  return lines.filter((line) => line.length > 1);
}

/** Heatmaps, contours and images: the full grid of cells in each panel, and the edges of the cells. */
import type { Cell, ChannelField, EvaluatedLayer } from "../chart-types.js";
import type { Row } from "./join.js";
import { nearestRow } from "./nearest.js";

type Fields = Readonly<Partial<Record<string, ChannelField>>>;

export interface Grid {
  readonly rows: readonly Row[];
  readonly grid: NonNullable<EvaluatedLayer["grid"]>;
}

/** Completes the grid with empty cells, or with the nearest ones along `refined` axes; rows are sorted by panel, y, x. */
export function fillGrid(
  rows: readonly Row[],
  fields: Fields,
  refined: { readonly x: boolean; readonly y: boolean } = { x: false, y: false },
): Grid {
  const x = coordinatesOf(rows, fields.x);
  const y = coordinatesOf(rows, fields.y);
  const panels = new Map<string, { readonly cells: Record<string, Cell>; readonly rows: Map<string, Row> }>();
  for (const row of rows) {
    const { row: panelRow = null, column = null } = row.cells;
    const key = keyOf(panelRow, column);
    const panel = panels.get(key) ?? {
      cells: { ...("row" in row.cells ? { row: panelRow } : {}), ...("column" in row.cells ? { column } : {}) },
      rows: new Map<string, Row>(),
    };
    panels.set(key, panel);
    const place = keyOf(row.cells.x ?? null, row.cells.y ?? null);
    if (!panel.rows.has(place) || row.cells.color !== null) panel.rows.set(place, row);
  }
  const names = Object.keys(rows[0]?.cells ?? {});
  const empty = Object.fromEntries(names.map((name) => [name, null]));
  const axis = (name: "x" | "y", coordinates: readonly Cell[]) => ({
    coordinates,
    log: fields[name]?.scale === "log",
    refined: refined[name],
  });
  const filled = [...panels.values()].flatMap((panel) => {
    const isRefined = refined.x || refined.y;
    const near = isRefined ? nearestRow([...panel.rows.values()], axis("x", x), axis("y", y)) : null;
    const at = (across: Cell, down: Cell): Row => ({
      cells: { ...empty, ...near?.(across, down)?.cells, ...panel.cells, x: across, y: down },
      along: 0,
    });
    return y.flatMap((down) => x.map((across) => panel.rows.get(keyOf(across, down)) ?? at(across, down)));
  });
  return { rows: filled, grid: { x, y } };
}

function keyOf(first: Cell, second: Cell): string {
  return `${String(first)}\u0000${String(second)}`;
}

function coordinatesOf(rows: readonly Row[], field: ChannelField | undefined): readonly Cell[] {
  if (field === undefined) return [];
  if (field.domain !== null) return field.domain;
  const cells = new Set(rows.map((row) => row.cells[field.field]));
  return [...cells].filter((cell) => typeof cell === "number").sort((a, b) => a - b);
}

/** Adds the edges of each cell to the rows, along axes with numbers. */
export function addEdges(
  rows: readonly Row[],
  fields: Fields,
  grid: Grid["grid"],
): NonNullable<EvaluatedLayer["cells"]> {
  const along = (name: "x" | "y"): { readonly low: string; readonly high: string } | null => {
    const field = fields[name];
    if (field?.type !== "quantitative") return null;
    const edges = edgesOf(
      grid[name].filter((cell) => typeof cell === "number"),
      field.scale === "log",
    );
    for (const { cells } of rows) {
      const [low = null, high = null] = edges.get(cells[name] ?? null) ?? [];
      cells[`${name}_low`] = low;
      cells[`${name}_high`] = high;
    }
    return { low: `${name}_low`, high: `${name}_high` };
  };
  return { x: along("x"), y: along("y") };
}

/** Midpoints between neighbours (geometric on a log scale); at the ends as wide as on the inner side. */
function edgesOf(coordinates: readonly number[], log: boolean): ReadonlyMap<Cell, readonly [number, number]> {
  const to = log ? Math.log : (v: number): number => v;
  const from = log ? Math.exp : (v: number): number => v;
  const values = coordinates.map(to);
  return new Map(
    values.map((value, k) => {
      const before = values[k - 1];
      const after = values[k + 1];
      const low = before === undefined ? value - ((after ?? value + 1) - value) / 2 : (before + value) / 2;
      const high = after === undefined ? value + (value - (before ?? value - 1)) / 2 : (value + after) / 2;
      return [coordinates[k] ?? null, [from(low), from(high)]];
    }),
  );
}

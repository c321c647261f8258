/**
 * The rows of a chart as they travel to Vega and into the page: columns in parts (one part a mark), repeated in every
 * panel where a part has none of its own. The page's script shares this file, so nothing of Node is imported here.
 */
import type { Cell } from "../../results/chart-types.js";

/**
 * A column; long runs of one value are kept as `{ of: [value, times, value, times, …] }`, and what comes again and
 * again in the same order (steps of every run, coordinates of every row of a grid) as `{ cycle, count }`.
 */
export type Packed =
  readonly Cell[] | { readonly of: readonly Cell[] } | { readonly cycle: readonly Cell[]; readonly count: number };

export interface Part {
  readonly count: number;
  readonly columns: Readonly<Record<string, Packed>>;
  /** Repeats rows of another part (where a path starts and ends): in no table. */
  readonly extra?: true;
}

export interface PanelCounts {
  /** Panels along `row` and `column`; 0 without that channel. */
  readonly row: number;
  readonly column: number;
}

export type DrawnRow = Record<string, Cell>;

export function pack(column: readonly Cell[]): Packed {
  const runs: Cell[] = [];
  let times = 0;
  column.forEach((cell, k) => {
    times++;
    if (k + 1 < column.length && column[k + 1] === cell) return;
    runs.push(cell, times);
    times = 0;
  });
  if (runs.length < column.length / 2) return { of: runs };
  const period = periodOf(column);
  return period === null ? column : { cycle: column.slice(0, period), count: column.length };
}

/** The length after which the column begins again, if it is at most half of it. */
function periodOf(column: readonly Cell[]): number | null {
  const [first] = column;
  if (first === undefined) return null;
  const period = column.indexOf(first, 1);
  if (period < 0 || period > column.length / 2) return null;
  return column.every((cell, k) => k < period || cell === column[k - period]) ? period : null;
}

export function unpack(column: Packed): readonly Cell[] {
  if ("cycle" in column) {
    const { cycle, count } = column;
    return Array.from({ length: count }, (_, k) => cycle[k % cycle.length] ?? null);
  }
  if (!("of" in column)) return column;
  const cells: Cell[] = [];
  for (let k = 0; k < column.of.length; k += 2) {
    const cell = column.of[k] ?? null;
    for (let n = 0; n < Number(column.of[k + 1]); n++) cells.push(cell);
  }
  return cells;
}

/** The rows as Vega reads them: the number of their part, their columns, and a copy for each panel a part stands in. */
export function rowsOf(parts: readonly Part[], panels: PanelCounts): DrawnRow[] {
  return parts.flatMap((part, number) => {
    const columns = Object.entries(part.columns).map(([name, column]) => [name, unpack(column)] as const);
    const copies = repeated("row" in part.columns ? 0 : panels.row, "column" in part.columns ? 0 : panels.column);
    return copies.flatMap((place) =>
      Array.from({ length: part.count }, (_, k) => {
        const row: DrawnRow = { part: number, ...place };
        for (const [name, column] of columns) row[name] = column[k] ?? null;
        return row;
      }),
    );
  });
}

function repeated(rows: number, columns: number): readonly DrawnRow[] {
  const down: DrawnRow[] = rows === 0 ? [{}] : Array.from({ length: rows }, (_, row) => ({ row }));
  return down.flatMap((place) =>
    columns === 0 ? [place] : Array.from({ length: columns }, (_, column) => ({ ...place, column })),
  );
}

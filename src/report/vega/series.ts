/** Series: stretches of rows that belong to one line or path. Rows come sorted by series. */
import type { Cell } from "../../results/chart-types.js";
import type { Columns, DrawnRows } from "./drawing.js";

export interface Stretch {
  readonly start: number;
  readonly end: number;
}

export function seriesOf({ count, columns }: DrawnRows, keys: readonly string[]): readonly Stretch[] {
  const own = keys.map((key) => columns[key]).filter((column) => column !== undefined);
  const stretches: Stretch[] = [];
  let start = 0;
  for (let k = 1; k <= count; k++) {
    if (k < count && own.every((column) => column[k] === column[k - 1])) continue;
    stretches.push({ start, end: k });
    start = k;
  }
  return count === 0 ? [] : stretches;
}

/** The rows at the places given. */
export function pick({ columns }: DrawnRows, places: readonly number[]): DrawnRows {
  return {
    count: places.length,
    columns: mapColumns(columns, (column) => places.map((place) => column[place] ?? null)),
  };
}

export function mapColumns(columns: Columns, change: (column: readonly Cell[]) => readonly Cell[]): Columns {
  return Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, change(column)]));
}

/** Points of one line, and of all, beyond which more can not be seen. */
const MOST = 1200;
const MOST_TOGETHER = 40_000;
const LEAST = 120;

/**
 * Fewer points of long lines: of each of some hundred bins along the line the first, least, greatest and last; the
 * picture is the same to a pixel.
 */
export function thinned(
  rows: DrawnRows,
  keys: readonly string[],
): { readonly rows: DrawnRows; readonly thinned: boolean } {
  const stretches = seriesOf(rows, keys);
  const most = Math.max(LEAST, Math.min(MOST, Math.floor(MOST_TOGETHER / Math.max(1, stretches.length))));
  if (stretches.every(({ start, end }) => end - start <= most)) return { rows, thinned: false };
  const kept = stretches.flatMap((stretch) => thinnedPlaces(rows, stretch, most));
  return { rows: pick(rows, kept), thinned: true };
}

function thinnedPlaces({ columns }: DrawnRows, { start, end }: Stretch, most: number): readonly number[] {
  const size = end - start;
  if (size <= most) return Array.from({ length: size }, (_, k) => start + k);
  const bins = Math.floor(most / 4);
  return Array.from({ length: bins }, (_, bin) => {
    const from = start + Math.floor((bin * size) / bins);
    const to = start + Math.floor(((bin + 1) * size) / bins);
    const places = new Set([from, to - 1]);
    for (const name of ["x", "y"] as const) {
      const cells = columns[name] ?? [];
      let [least, greatest] = [from, from];
      for (let k = from; k < to; k++) {
        const cell = cells[k] ?? null;
        // A gap is kept: the line is broken there.
        if (cell === null) places.add(k);
        else {
          if (Number(cell) < Number(cells[least] ?? Infinity)) least = k;
          if (Number(cell) > Number(cells[greatest] ?? -Infinity)) greatest = k;
        }
      }
      places.add(least).add(greatest);
    }
    return [...places].sort((a, b) => a - b);
  }).flat();
}

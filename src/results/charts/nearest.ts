/** Over refined sweeps most places of the full grid were never run: each is drawn like the nearest point that was. */
import type { Cell } from "../chart-types.js";
import type { Row } from "./join.js";

/** An axis of the grid. One that is not refined is never left: a place is like points of its own row or column only. */
export interface NearAxis {
  readonly coordinates: readonly Cell[];
  readonly log: boolean;
  readonly refined: boolean;
}

/** Beyond this many pairs of a place and a point the places stay empty. */
const MOST_PAIRS = 50_000_000;

export function nearestRow(
  rows: readonly Row[],
  x: NearAxis,
  y: NearAxis,
): ((across: Cell, down: Cell) => Row | undefined) | null {
  if (rows.length * x.coordinates.length * y.coordinates.length > MOST_PAIRS) return null;
  const [alongX, alongY] = [distanceAlong(x), distanceAlong(y)];
  return (across, down) => {
    let [best, least]: [Row | undefined, number] = [undefined, Infinity];
    for (const row of rows) {
      const distance = Math.max(alongX(row.cells.x ?? null, across), alongY(row.cells.y ?? null, down));
      if (distance < least) [best, least] = [row, distance];
    }
    return best;
  };
}

/** As a share of the axis, as it is drawn. */
function distanceAlong({ coordinates, log, refined }: NearAxis): (a: Cell, b: Cell) => number {
  if (!refined) return (a, b) => (a === b ? 0 : Infinity);
  const place = (cell: Cell): number => (typeof cell === "number" ? (log ? Math.log(cell) : cell) : NaN);
  const places = coordinates.map(place);
  const width = Math.max(...places) - Math.min(...places);
  return (a, b) => Math.abs(place(a) - place(b)) / (width || 1);
}

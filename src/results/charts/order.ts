/** The order of rows: panel by panel, series by series, along the line; and gaps that are none. */
import type { MarkName } from "../../language/results/index.js";
import type { Cell, ChannelField } from "../chart-types.js";
import type { Row } from "./join.js";

const grouping = ["row", "column", "color", "shape"] as const;

export interface Sorting {
  readonly mark: MarkName;
  readonly fields: Readonly<Partial<Record<string, ChannelField>>>;
  readonly detail: readonly ChannelField[];
  /** Whether `Row.along` orders the rows. */
  readonly along: boolean;
}

/** Fields that tell one series from another: a line is drawn for each of their combinations. */
function seriesFields({ fields, detail }: Sorting): readonly ChannelField[] {
  const groups = grouping
    .flatMap((name) => fields[name] ?? [])
    .filter((field) => field.type !== "quantitative" || field.source === "axis");
  return [...groups, ...detail];
}

export function sortRows(rows: readonly Row[], sorting: Sorting): readonly Row[] {
  const { mark, fields, along } = sorting;
  const isGrid = mark === "heatmap" || mark === "contour" || mark === "image";
  const isPath = mark === "line" || mark === "trajectory";
  const keys = isGrid
    ? [fields.row, fields.column, fields.y, fields.x]
    : [...seriesFields(sorting), ...(isPath ? [fields.order] : []), ...(along ? [] : [fields.x])];
  const ranks = keys.flatMap((field) => (field === undefined ? [] : [{ field: field.field, rank: rankOf(field) }]));
  const sorted = rows
    .map((row, place) => ({ row, place, keys: ranks.map(({ field, rank }) => rank(row.cells[field] ?? null)) }))
    .sort((a, b) => {
      for (const [k, key] of a.keys.entries()) {
        const other = b.keys[k] ?? 0;
        if (key !== other) return key - other;
      }
      return (along && a.row.along !== b.row.along ? a.row.along - b.row.along : 0) || a.place - b.place;
    })
    .map(({ row }) => row);
  return isPath ? withoutLooseGaps(sorted, sorting) : sorted;
}

function rankOf(field: ChannelField): (cell: Cell) => number {
  const places = new Map((field.domain ?? []).map((cell, place) => [cell, place]));
  return (cell) => (cell === null ? Number.MAX_VALUE : (places.get(cell) ?? (typeof cell === "number" ? cell : 0)));
}

/** A row without a value is kept between two of its series that have one: there the line is broken. */
function withoutLooseGaps(rows: readonly Row[], sorting: Sorting): readonly Row[] {
  const series = seriesFields(sorting);
  const keyOf = (row: Row): string => series.map(({ field }) => String(row.cells[field])).join("\u0000");
  const isGap = (row: Row): boolean => row.cells.x === null || row.cells.y === null;
  const kept: Row[] = [];
  let gap: Row | null = null;
  for (const row of rows) {
    const last = kept.at(-1);
    if (isGap(row)) {
      if (last !== undefined && keyOf(last) === keyOf(row)) gap ??= row;
      continue;
    }
    if (gap !== null && last !== undefined && keyOf(last) === keyOf(row)) kept.push(gap);
    gap = null;
    kept.push(row);
  }
  return kept;
}

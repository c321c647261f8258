/** Tables of an experiment as the rows that raw Vega-Lite charts read: one a cell, with its axes, `row` and `value`. */
import type { EvaluatedTable } from "../../results/chart-types.js";
import type { DrawnRow } from "./rows.js";

export function namedTables(tables: readonly EvaluatedTable[]): Record<string, DrawnRow[]> {
  return Object.fromEntries(tables.map((table) => [table.name, rowsOfTable(table)]));
}

function rowsOfTable({ axes, columns, rows }: EvaluatedTable): DrawnRow[] {
  return rows.flatMap(({ title, cells }) =>
    cells.flatMap((cell, k): DrawnRow[] => {
      if (cell.state === "absent") return [];
      const coordinates = (columns[k] ?? []).map((words, axis) => [axes[axis] ?? "", numberOr(words)] as const);
      return [{ ...Object.fromEntries(coordinates), row: title, value: cell.value }];
    }),
  );
}

/** Coordinates come as words; numbers are meant as numbers. */
function numberOr(words: string): number | string {
  const value = Number(words);
  return words.trim() === "" || !Number.isFinite(value) ? words : value;
}

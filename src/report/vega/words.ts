/** Words of the spec inside of Vega-Lite: cleaned for titles, quoted for expressions. */
import { visible } from "../../base/visible.js";
import { formatNumber } from "../../results/analysis/words.js";
import type { Cell } from "../../results/chart-types.js";

/**
 * On one line, without control characters, and without backslashes: Vega-Lite copies titles into expressions as they
 * are, where a backslash would begin an escape.
 */
export function plainTitle(text: string): string {
  return visible(text).replace(/\s+/gu, " ").replaceAll("\\", "\u2216").trim();
}

export function cellWords(cell: Cell): string {
  if (cell === null) return "\u2013";
  if (typeof cell === "number") return formatNumber(cell).replace(/^-/u, "\u2212");
  return typeof cell === "string" ? visible(cell).replace(/\s+/gu, " ") : cell ? "yes" : "no";
}

/** `["3", "10"][datum.value]`: the words of a category, whose value is its place. */
export function labelExpression(labels: readonly string[]): string {
  return `${JSON.stringify(labels.map((label) => visible(label).replace(/\s+/gu, " ")))}[datum.value]`;
}

/** The words of several values: as short as tells them apart. */
export function distinctWords(cells: readonly Cell[]): readonly string[] {
  for (const digits of [3, 4, 6, 10]) {
    const list = cells.map((cell) =>
      typeof cell === "number" ? formatNumber(cell, digits).replace(/^-/u, "\u2212") : cellWords(cell),
    );
    if (new Set(list).size === cells.length) return list;
  }
  return cells.map((cell) => (typeof cell === "number" ? String(cell) : cellWords(cell)));
}

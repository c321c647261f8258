/** The rows of a chart in the user's words: for the table in the page, and for CSV. Shared with the page's script. */
import type { Cell } from "../../results/chart-types.js";
import type { LiveChart, LiveField } from "../vega/live.js";
import { unpack } from "../vega/rows.js";

export interface ChartTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

export function tableOf(chart: LiveChart): ChartTable {
  if (chart.layers.length === 0) return tableOfNamed(chart);
  const titles = [...new Set(chart.layers.flatMap(({ fields }) => fields.map(({ title }) => title)))];
  const several = chart.layers.length > 1;
  const rows = chart.parts.flatMap((part, number): readonly (readonly Cell[])[] => {
    const layerNumber = chart.layerOfPart[number] ?? 0;
    const layer = chart.layers[layerNumber];
    if (layer === undefined || part.extra === true) return [];
    const readers = titles.map((title) =>
      reader(
        layer.fields.find((field) => field.title === title),
        part.columns,
      ),
    );
    const name = layer.label ?? `${layerNumber + 1}`;
    return Array.from({ length: part.count }, (_, k) => [
      ...(several ? [name] : []),
      ...readers.map((read) => read(k)),
    ]);
  });
  return { head: [...(several ? ["layer"] : []), ...titles], rows };
}

function reader(field: LiveField | undefined, columns: LiveChart["parts"][number]["columns"]): (row: number) => Cell {
  const column = field === undefined ? undefined : columns[field.column];
  if (field === undefined || column === undefined) return () => null;
  const cells = unpack(column);
  return (row) => meaning(field, cells[row] ?? null);
}

/** The value behind the place of a category. */
export function meaning({ domain }: LiveField, cell: Cell): Cell {
  return domain === null || typeof cell !== "number" ? cell : (domain[cell] ?? null);
}

function tableOfNamed({ tables }: LiveChart): ChartTable {
  const all = Object.values(tables).flat();
  const head = [...new Set(all.flatMap((row) => Object.keys(row)))];
  return { head, rows: all.map((row) => head.map((name) => row[name] ?? null)) };
}

/** RFC 4180; words that a spreadsheet would take for a formula are kept words. */
export function csvOf({ head, rows }: ChartTable): string {
  return `${[head, ...rows].map((row) => row.map(csvCell).join(",")).join("\r\n")}\r\n`;
}

function csvCell(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell !== "string") return String(cell);
  const text = /^[=+\-@\t\r]/u.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** What the columns of a table hold: numbers, ints or texts, and their values as arrays. */
import type { CsvText } from "./csv-text.js";
import { fault, nearestNames, quoted } from "./faults.js";
import type { ColumnHeader, ColumnKey, DataArray } from "./types.js";

export interface CsvTable {
  readonly text: CsvText;
  readonly columns: readonly ColumnHeader[];
}

/** A column with more different values has no categories. */
export const mostCategories = 20_000;

const missing = new Set(["", "NA", "N/A", "n/a", "NaN", "nan", "NAN", "null", "NULL", "None"]);
const numeral = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|inf|Inf|INF|infinity|Infinity)$/u;
const whole = /^[+-]?\d+$/u;

export function csvTable(text: CsvText): CsvTable {
  return { text, columns: text.names.map((name, k) => headerOf(name, text.fields[k] ?? [])) };
}

/** Numbers if all fields are that are not missing; what counts as missing in numbers is a text like others in texts. */
function headerOf(name: string, fields: readonly string[]): ColumnHeader {
  if (!fields.every((field) => missing.has(field) || numeral.test(field)))
    return { name, type: "text", categories: few([...new Set(fields)].sort()) };
  const isInt = fields.every((field) => whole.test(field) && Math.abs(Number(field)) <= 2147483647);
  if (!isInt) return { name, type: "real", categories: [] };
  const values = [...new Set(fields.map(Number))].sort((a, b) => a - b);
  return { name, type: "int", categories: few(values.map(String)) };
}

const few = (values: readonly string[]): readonly string[] => (values.length > mostCategories ? [] : values);

function numberOf(field: string): number {
  if (missing.has(field)) return NaN;
  if (!/inf/iu.test(field)) return Number(field);
  return field.startsWith("-") ? -Infinity : Infinity;
}

export function csvValues(table: CsvTable, key: ColumnKey, path: string): DataArray {
  const rows = table.text.lines.length;
  switch (key.kind) {
    case "array":
    case "named":
      throw fault("AM5009", `\`${path}\` is a table: name the column that is wanted`);
    case "category": {
      const { column, fields } = find(table, key.name, path);
      return { shape: [rows], data: positions(column, fields, path), hasNaN: false };
    }
    case "column":
      return { ...numbers(table, [key.name], path), shape: [rows] };
    case "columns":
      return numbers(table, key.names, path);
  }
}

/** Columns of numbers side by side, row-major. */
function numbers(table: CsvTable, names: readonly string[], path: string): DataArray {
  const found = names.map((name) => find(table, name, path));
  for (const { column } of found)
    if (column.type === "text")
      throw fault("AM5009", `the column \`${column.name}\` of \`${path}\` holds texts`, {
        help: `\`category(column("${column.name}"))\` numbers them`,
      });
  const rows = table.text.lines.length;
  const size = rows * found.length;
  const data = found.every(({ column }) => column.type === "int") ? new Int32Array(size) : new Float64Array(size);
  let hasNaN = false;
  for (const [c, { fields }] of found.entries())
    for (let row = 0; row < rows; row++) {
      const value = numberOf(fields[row] ?? "");
      data[row * found.length + c] = value;
      hasNaN ||= Number.isNaN(value);
    }
  return { shape: [rows, found.length], data, hasNaN };
}

function positions(column: ColumnHeader, fields: readonly string[], path: string): Int32Array {
  if (column.categories.length === 0 && fields.length > 0)
    throw fault(
      "AM5009",
      column.type === "real"
        ? `the column \`${column.name}\` of \`${path}\` holds real numbers, which are no categories`
        : `the column \`${column.name}\` of \`${path}\` has more than ${mostCategories} different values`,
    );
  const place = new Map(column.categories.map((category, k) => [category, k]));
  const text = column.type === "int" ? (field: string) => String(Number(field)) : (field: string) => field;
  return Int32Array.from(fields, (field) => place.get(text(field)) ?? 0);
}

function find(table: CsvTable, name: string, path: string) {
  const at = table.text.names.indexOf(name);
  const column = table.columns[at];
  const fields = table.text.fields[at];
  if (column !== undefined && fields !== undefined) return { column, fields };
  const near = nearestNames(name, table.text.names);
  const names = near.length > 0 ? near : table.text.names.slice(0, 12);
  throw fault("AM5009", `\`${path}\` has no column \`${name}\``, { help: `it has ${quoted(names)}` });
}

/** Where the first number is missing, in words. */
export function missingPlace(table: CsvTable, names: readonly string[], data: DataArray["data"]): string {
  const at = data.findIndex(Number.isNaN);
  const row = Math.floor(at / Math.max(1, names.length));
  const name = names[at % Math.max(1, names.length)] ?? "";
  return `in the column \`${name}\` on line ${table.text.lines[row] ?? 0} (row ${row})`;
}

/** `.parquet` files: flat columns of numbers, bools and texts. What of them hyparquet decodes is put into arrays here. */
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import type { Compressors, FileMetaData, SchemaElement } from "hyparquet";
import { parquetMetadata, parquetSchema } from "hyparquet";
import { readColumn } from "hyparquet/src/column.js";
import { DEFAULT_PARSERS } from "hyparquet/src/convert.js";
import { getTreePath, isFlatColumn } from "hyparquet/src/schema.js";
import { mostCategories } from "./csv-columns.js";
import { fault, nearestNames, quoted } from "./faults.js";
import type { ColumnHeader, ColumnKey, DataArray, Numbers, UnreadArray } from "./types.js";

export interface ParquetTable {
  readonly rows: number;
  readonly columns: readonly ParquetColumn[];
  readonly unread: readonly UnreadArray[];
  readonly bytes: number;
}

interface ParquetColumn extends ColumnHeader {
  /** NaN where a number is missing; of texts their positions among the categories. */
  readonly values: Numbers;
}

const compressors: Compressors = {
  GZIP: (input) => gunzipSync(input),
  BROTLI: (input) => brotliDecompressSync(input),
};

export function parquetTable(content: Uint8Array, path: string): ParquetTable {
  const start = new TextDecoder("latin1").decode(content.subarray(0, 4));
  if (start !== "PAR1")
    throw fault(
      "AM5003",
      `\`${path}\` is no \`.parquet\` file: ${content.length === 0 ? "it is empty" : "it does not begin with `PAR1`"}`,
    );
  const buffer = content.buffer.slice(content.byteOffset, content.byteOffset + content.byteLength);
  if (!(buffer instanceof ArrayBuffer)) throw new Error("files are read into plain buffers");
  try {
    const metadata = parquetMetadata(buffer);
    const columns: ParquetColumn[] = [];
    const unread: UnreadArray[] = [];
    for (const { element } of parquetSchema(metadata).children) {
      const why = whyUnread(metadata, element);
      if (why !== null) unread.push({ name: element.name, why });
      else columns.push(columnOf(element, valuesOf(buffer, metadata, element.name)));
    }
    const rows = Number(metadata.num_rows);
    const short = columns.find(({ values }) => values.length !== rows);
    if (short !== undefined) throw new Error(`\`${short.name}\` has ${short.values.length} entries of ${rows}`);
    const size = columns.reduce((sum, { values }) => sum + values.byteLength, 0);
    return { rows, columns, unread, bytes: size };
  } catch (error) {
    // The decoder tells of damage by whatever error comes first.
    throw fault("AM5004", `\`${path}\` is damaged: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** What is said of a column that cannot be read; null for the others. */
function whyUnread(metadata: FileMetaData, element: SchemaElement): string | null {
  if (!isFlatColumn(getTreePath(parquetSchema(metadata), [element.name]))) return "it is nested";
  const kind = element.logical_type?.type ?? element.converted_type ?? "";
  if (/^(?:DATE|TIME|INTERVAL|JSON|BSON|UUID|VARIANT|GEO)/u.test(kind))
    return `it holds ${kind.toLowerCase().replace(/_.*$/u, "")} values, no numbers or texts`;
  if (element.type === "INT96") return "it holds time values, no numbers or texts";
  const codecs = metadata.row_groups.flatMap(({ columns }) =>
    columns.flatMap(({ meta_data: data }) => (data?.path_in_schema.join(".") === element.name ? [data.codec] : [])),
  );
  const codec = codecs.find((name) => !["UNCOMPRESSED", "SNAPPY", "GZIP", "BROTLI"].includes(name));
  return codec === undefined ? null : `it is packed by ${codec}: write it with snappy or gzip`;
}

/** The entries of a column, row group by row group; null is missing. */
function valuesOf(buffer: ArrayBuffer, metadata: FileMetaData, name: string): readonly unknown[] {
  const schemaPath = getTreePath(parquetSchema(metadata), [name]);
  const element = schemaPath.at(-1)?.element;
  const out: unknown[] = [];
  for (const { columns, num_rows: count } of metadata.row_groups) {
    const data = columns.find(({ meta_data: found }) => found?.path_in_schema.join(".") === name)?.meta_data;
    if (data === undefined || element === undefined) throw new Error(`\`${name}\` is missing in a row group`);
    const start = Number(data.dictionary_page_offset ?? 0n) || Number(data.data_page_offset);
    const view = new DataView(buffer, start, Number(data.total_compressed_size));
    const rows = Number(count);
    const { data: chunks } = readColumn(
      { view, offset: 0 },
      { groupStart: 0, selectStart: 0, selectEnd: rows, groupRows: rows },
      { pathInSchema: [name], element, schemaPath, ...data, parsers: DEFAULT_PARSERS, compressors },
    );
    for (const chunk of chunks) for (const value of chunk) out.push(value);
  }
  return out;
}

function columnOf({ name, type }: SchemaElement, entries: readonly unknown[]): ParquetColumn {
  if (entries.some((entry) => typeof entry === "string")) {
    const texts = entries.map((entry) => (typeof entry === "string" ? entry : ""));
    const categories = [...new Set(texts)].sort();
    const place = new Map(categories.map((category, k) => [category, k]));
    const values = Int32Array.from(texts, (text) => place.get(text) ?? 0);
    return { name, type: "text", categories: few(categories), values };
  }
  const numbers = Float64Array.from(entries, (entry) => (entry === null || entry === undefined ? NaN : Number(entry)));
  if (type === "BOOLEAN" && !numbers.some(Number.isNaN))
    return { name, type: "bool", categories: [], values: Uint8Array.from(numbers) };
  const isInt =
    type !== "FLOAT" && type !== "DOUBLE" && numbers.every((x) => Number.isInteger(x) && Math.abs(x) <= 2147483647);
  if (!isInt) return { name, type: "real", categories: [], values: numbers };
  const different = [...new Set(numbers)].sort((a, b) => a - b);
  return { name, type: "int", categories: few(different.map(String)), values: Int32Array.from(numbers) };
}

const few = (values: readonly string[]): readonly string[] => (values.length > mostCategories ? [] : values);

export function parquetValues(table: ParquetTable, key: ColumnKey, path: string): DataArray {
  switch (key.kind) {
    case "array":
    case "named":
      throw fault("AM5009", `\`${path}\` is a table: name the column that is wanted`);
    case "category": {
      const { type, values, categories } = find(table, key.name, path);
      if (type === "text") return { shape: [table.rows], data: values, hasNaN: false };
      const place = new Map(categories.map((category, k) => [category, k]));
      return { shape: [table.rows], data: Int32Array.from(values, (x) => place.get(String(x)) ?? 0), hasNaN: false };
    }
    case "column":
      return { ...numbersOf(table, [key.name], path), shape: [table.rows] };
    case "columns":
      return numbersOf(table, key.names, path);
  }
}

function numbersOf(table: ParquetTable, names: readonly string[], path: string): DataArray {
  const found = names.map((name) => find(table, name, path));
  const text = found.find(({ type }) => type === "text");
  if (text !== undefined) throw fault("AM5009", `the column \`${text.name}\` of \`${path}\` holds texts`);
  const [only] = found;
  const shape = [table.rows, found.length];
  const isReal = found.some(({ type }) => type === "real");
  if (only !== undefined && found.length === 1)
    return { shape, data: only.values, hasNaN: isReal && only.values.some(Number.isNaN) };
  const data = isReal ? new Float64Array(table.rows * found.length) : new Int32Array(table.rows * found.length);
  for (const [c, { values }] of found.entries())
    for (const [row, value] of values.entries()) data[row * found.length + c] = value;
  return { shape, data, hasNaN: isReal && data.some(Number.isNaN) };
}

function find({ columns }: ParquetTable, name: string, path: string): ParquetColumn {
  const found = columns.find((column) => column.name === name);
  if (found !== undefined) return found;
  const names = columns.map((column) => column.name);
  const near = nearestNames(name, names);
  throw fault("AM5009", `\`${path}\` has no column \`${name}\``, {
    help: `it has ${quoted(near.length > 0 ? near : names.slice(0, 12))}`,
  });
}

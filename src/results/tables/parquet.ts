/** Writes one table as a Parquet file, a chunk of rows at a time. Same content, same bytes. */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { SchemaElement } from "hyparquet";
import { asyncBufferFromFile, parquetMetadataAsync } from "hyparquet";
import { ByteWriter, ParquetWriter } from "hyparquet-writer";

export type TableType = "INT32" | "FLOAT" | "DOUBLE" | "BOOLEAN" | "STRING";
export type TableValue = number | boolean | string | null;

export interface TableColumn {
  readonly name: string;
  readonly type: TableType;
  /** Coordinates repeat, measured values do not: looking for repetitions in them costs more than writing them. */
  readonly repeats: boolean;
  /** The values of some rows, `from` up to but without `to`. */
  rows(from: number, to: number): TableValue[];
}

export interface Table {
  /** Name of the file without ending. */
  readonly name: string;
  readonly rows: number;
  readonly columns: readonly TableColumn[];
}

const CHUNK_ROWS = 100_000;
/** Pages of texts may be cut; a chunk of numbers fits one page (800 kB), and cutting it would cost a look at each value. */
const TEXT_PAGE_BYTES = 2 ** 20;
const ONE_PAGE = 0;

export function writeParquet(file: string, table: Table, metadata: Readonly<Record<string, string>>): void {
  const temporary = `${file}.${process.pid}-0.tmp`;
  mkdirSync(dirname(file), { recursive: true });
  const handle = openSync(temporary, "w");
  try {
    writeChunks(handle, table, metadata);
    fsyncSync(handle);
    closeSync(handle);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function writeChunks(handle: number, table: Table, metadata: Readonly<Record<string, string>>): void {
  const writer = new ByteWriter();
  // ByteWriter grows without end; after each chunk its bytes go to the file.
  const flush = (): void => {
    const bytes = new Uint8Array(writer.buffer, 0, writer.index);
    for (let at = 0; at < bytes.length;) at += writeSync(handle, bytes, at);
    writer.index = 0;
  };
  const parquet = new ParquetWriter({
    writer,
    schema: [{ name: "root", num_children: table.columns.length }, ...table.columns.map(schemaOf)],
    kvMetadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    createdBy: "amemc",
    statistics: false,
  });
  const pageSize = table.columns.some(({ type }) => type === "STRING") ? TEXT_PAGE_BYTES : ONE_PAGE;
  for (let from = 0; from < table.rows; from += CHUNK_ROWS) {
    const to = Math.min(from + CHUNK_ROWS, table.rows);
    const columnData = table.columns.map((column) => ({
      name: column.name,
      data: column.rows(from, to),
      offsetIndex: false,
      ...(column.repeats || column.type === "BOOLEAN" ? {} : { encoding: "PLAIN" as const }),
    }));
    void parquet.write({ columnData, rowGroupSize: CHUNK_ROWS, pageSize });
    flush();
  }
  void parquet.finish();
  flush();
}

function schemaOf({ name, type }: TableColumn): SchemaElement {
  return type === "STRING"
    ? { name, type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" }
    : { name, type, repetition_type: "OPTIONAL" };
}

/** Whether a file is a table with just these notes. */
export async function hasMetadata(file: string, metadata: Readonly<Record<string, string>>): Promise<boolean> {
  try {
    const found = await parquetMetadataAsync(await asyncBufferFromFile(file));
    const notes = Object.fromEntries((found.key_value_metadata ?? []).map(({ key, value }) => [key, value]));
    return (
      Object.keys(notes).length === Object.keys(metadata).length &&
      Object.entries(metadata).every(([key, value]) => notes[key] === value)
    );
  } catch {
    return false;
  }
}

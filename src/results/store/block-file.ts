/**
 * The records of a block as two files: `<stem>.bin` holds raw little-endian columns, `<stem>.json` says what they are.
 * The header is written last: without it the columns do not exist. A header names the length and the hash of every
 * column, and its own hash, so a torn or foreign file is noticed.
 */
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { codeOf, sha256, readText, writeDurably } from "./files.js";
import { fromJson, toJson } from "./json.js";

export type StoredType = "f32" | "f64" | "i32" | "u8";
export type StoredArray = Float32Array | Float64Array | Int32Array | Uint8Array;

/** What a column holds, as the plan names it. */
export type Place =
  /** [point][slot][...dims] */
  | { readonly kind: "record"; readonly group: number; readonly entry: number }
  /** The extra slot at each run's own last state, [point][...dims] */
  | { readonly kind: "last"; readonly group: number; readonly entry: number }
  | { readonly kind: "carried"; readonly index: number }
  | { readonly kind: "output"; readonly entry: number };

/** What a column's numbers are, apart from which point's: the same in every plan that has them. */
export interface StoredMeaning {
  readonly slice: string;
  /** When they were taken: `at 0-99/1`, `after 100`, or nothing. */
  readonly schedule: string;
  /** Which of a point's `reads` belongs to them. */
  readonly reads: number;
}

export interface ColumnData {
  readonly place: Place;
  readonly meaning: StoredMeaning;
  /** Null without slots. */
  readonly slots: number | null;
  /** Sizes of the own axes. */
  readonly dims: readonly number[];
  readonly data: StoredArray;
}

export interface StoredColumn {
  readonly place: Place;
  readonly meaning: StoredMeaning;
  readonly type: StoredType;
  readonly slots: number | null;
  readonly dims: readonly number[];
  readonly offset: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** How a point of the block ended. */
export interface StoredPoint {
  readonly key: string;
  /** Keys of what its columns read of it. */
  readonly reads: readonly string[];
  /** Its place in the block. */
  readonly place: number;
  readonly state: "done" | "diverged" | "failed";
  /** Updates done. */
  readonly steps: number;
  /** Whether `stop when` ended the run. */
  readonly stopped: boolean;
  /** -1, or the step at which it became non-finite. */
  readonly diverged: number;
  /** Why and where it failed. */
  readonly failure: { readonly check: number; readonly step: number; readonly reason: string } | null;
}

/** Who computed a block. */
export interface EngineNote {
  readonly name: "graph" | "portable";
  readonly library: string;
  readonly version: string;
  readonly xla: boolean;
  /** Whether the whole program was compiled by XLA. */
  readonly compiled: boolean;
}

export interface BlockHeader {
  readonly format: 3;
  /** The key of the block in the plan. */
  readonly block: string;
  /** The key of its program. */
  readonly program: string;
  readonly engine: EngineNote;
  readonly points: readonly StoredPoint[];
  readonly columns: readonly StoredColumn[];
  /** What the endings of its points rest on; null without a loop. */
  readonly ending: StoredMeaning | null;
  /** Length of the file with the columns. */
  readonly bytes: number;
}

/** A header without what is known of the columns when they are written. */
export type BlockHead = Omit<BlockHeader, "format" | "columns" | "bytes">;

const ALIGNMENT = 8;

/** Writes columns and header; the block is there from the moment the header is. */
export async function writeBlockFile(
  stem: string,
  head: BlockHead,
  columns: readonly ColumnData[],
): Promise<BlockHeader> {
  const parts: Uint8Array[] = [];
  const stored: StoredColumn[] = [];
  let offset = 0;
  for (const { place, meaning, slots, dims, data } of columns) {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const type = typeOf(data);
    stored.push({ place, meaning, type, slots, dims, offset, bytes: bytes.length, sha256: sha256(bytes) });
    const padding = (ALIGNMENT - (bytes.length % ALIGNMENT)) % ALIGNMENT;
    parts.push(bytes, new Uint8Array(padding));
    offset += bytes.length + padding;
  }
  const header: BlockHeader = { format: 3, ...head, columns: stored, bytes: offset };
  await writeDurably(`${stem}.bin`, parts);
  await writeHeader(`${stem}.json`, toJson({ ...header, sha256: sha256(toJson(header)) }));
  return header;
}

const HEADER_ATTEMPTS = 20;
const HEADER_MILLISECONDS = 50;

/** What another block was about to write when the disk ran full is taken away: then there is room for this header, and a block is kept. */
async function writeHeader(file: string, text: string): Promise<void> {
  for (let attempt = 1; ; attempt++)
    try {
      await writeDurably(file, text);
      return;
    } catch (error) {
      if (codeOf(error) !== "ENOSPC" || attempt === HEADER_ATTEMPTS) throw error;
      await setTimeout(HEADER_MILLISECONDS);
    }
}

export function typeOf(data: StoredArray): StoredType {
  if (data instanceof Float32Array) return "f32";
  if (data instanceof Float64Array) return "f64";
  return data instanceof Int32Array ? "i32" : "u8";
}

export type HeaderReading =
  | { readonly ok: true; readonly header: BlockHeader }
  | { readonly ok: false; readonly fault: "missing" | "foreign" | "torn"; readonly reason: string };

/** Reads a header; with `verify`, every column's hash as well. */
export function readBlockHeader(stem: string, verify: boolean): HeaderReading {
  const text = readText(`${stem}.json`);
  if (text === undefined) return { ok: false, fault: "missing", reason: "it is not there" };
  let data: unknown;
  try {
    data = fromJson(text);
  } catch {
    return { ok: false, fault: "torn", reason: "its header is no JSON" };
  }
  if (!isHeader(data)) return { ok: false, fault: "foreign", reason: "its header is not one of a block" };
  const { sha256: hash, ...header } = data;
  if (sha256(toJson(header)) !== hash)
    return { ok: false, fault: "torn", reason: "its header is not the one that was written" };
  const length = statSync(`${stem}.bin`, { throwIfNoEntry: false })?.size;
  if (length !== data.bytes)
    return { ok: false, fault: "torn", reason: `it has ${length ?? 0} of ${data.bytes} bytes` };
  if (!verify) return { ok: true, header };
  const bad = header.columns.find((column) => readColumn(stem, column) === undefined);
  return bad === undefined
    ? { ok: true, header }
    : { ok: false, fault: "torn", reason: "its bytes are not those that were written" };
}

/** A column's numbers; undefined where the file is damaged. */
export function readColumn(stem: string, column: StoredColumn): StoredArray | undefined {
  const buffer = new ArrayBuffer(column.bytes);
  const bytes = new Uint8Array(buffer);
  try {
    const handle = openSync(`${stem}.bin`, "r");
    try {
      for (let at = 0; at < bytes.length;) {
        const got = readSync(handle, bytes, at, bytes.length - at, column.offset + at);
        if (got === 0) return undefined;
        at += got;
      }
    } finally {
      closeSync(handle);
    }
  } catch {
    return undefined;
  }
  if (sha256(bytes) !== column.sha256) return undefined;
  return viewOf(column.type, buffer);
}

/** The numbers that a buffer holds. */
export function viewOf(type: StoredType, buffer: ArrayBuffer): StoredArray {
  switch (type) {
    case "f32":
      return new Float32Array(buffer);
    case "f64":
      return new Float64Array(buffer);
    case "i32":
      return new Int32Array(buffer);
    case "u8":
      return new Uint8Array(buffer);
  }
}

/** A text for comparing places. */
export function placeKey(place: Place): string {
  switch (place.kind) {
    case "record":
    case "last":
      return `${place.kind} ${place.group} ${place.entry}`;
    case "carried":
      return `carried ${place.index}`;
    case "output":
      return `output ${place.entry}`;
  }
}

type Fields = Readonly<Record<string, unknown>>;
const isFields = (data: unknown): data is Fields => typeof data === "object" && data !== null && !Array.isArray(data);
const isCount = (data: unknown): boolean => typeof data === "number" && Number.isInteger(data) && data >= 0;

/** A header as it stands in its file, with the hash of the rest. */
type SealedHeader = BlockHeader & { readonly sha256: string };

function isHeader(data: unknown): data is SealedHeader {
  if (!isFields(data) || data.format !== 3 || typeof data.sha256 !== "string") return false;
  const { block, program, engine, points, columns } = data;
  if (typeof block !== "string" || typeof program !== "string" || !isFields(engine)) return false;
  if (!Array.isArray(points) || !Array.isArray(columns) || !isCount(data.bytes)) return false;
  if (data.ending !== null && !isMeaning(data.ending)) return false;
  return points.every(isPoint) && columns.every(isColumn) && fits(data as unknown as BlockHeader);
}

/** Whether every column lies inside the file and is as long as its shape says. */
function fits(header: BlockHeader): boolean {
  return header.columns.every(({ type, slots, dims, offset, bytes }) => {
    const entries = dims.reduce((size, dim) => size * dim, header.points.length * (slots ?? 1));
    return bytes === entries * BYTES[type] && offset + bytes <= header.bytes;
  });
}

function isPoint(data: unknown): boolean {
  if (!isFields(data) || typeof data.key !== "string" || !isCount(data.place)) return false;
  if (!Array.isArray(data.reads) || !data.reads.every((key) => typeof key === "string")) return false;
  const ended = data.state === "done" || data.state === "diverged" || data.state === "failed";
  return ended && isCount(data.steps) && typeof data.stopped === "boolean" && typeof data.diverged === "number";
}

const isMeaning = (data: unknown): boolean =>
  isFields(data) && typeof data.slice === "string" && typeof data.schedule === "string" && isCount(data.reads);

const BYTES: Readonly<Record<StoredType, number>> = { f32: 4, f64: 8, i32: 4, u8: 1 };

function isColumn(data: unknown): boolean {
  if (!isFields(data) || !isFields(data.place) || typeof data.sha256 !== "string") return false;
  if (!isMeaning(data.meaning)) return false;
  if (!Array.isArray(data.dims) || !data.dims.every(isCount)) return false;
  if (typeof data.type !== "string" || !(data.type in BYTES)) return false;
  return isCount(data.offset) && isCount(data.bytes) && (data.slots === null || isCount(data.slots));
}

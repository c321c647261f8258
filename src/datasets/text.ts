/** Texts as numbers: each unit of a document by its position among all different ones. */
import { fault } from "./faults.js";
import type { DataArray, Numbers } from "./types.js";

export const textUnits = ["character", "word", "byte"] as const;
export type TextUnit = (typeof textUnits)[number];

export interface TextTable {
  /** Units in each document. */
  readonly lengths: Int32Array;
  readonly longest: number;
  /** What each symbol stands for; sorted by code points. */
  readonly spellings: readonly string[];
  /** Documents by units, row-major; behind the end of a document stands 0. */
  readonly symbols: Numbers;
}

/** Most entries of documents by units. */
const most = 2 ** 28;

/** A run of letters, digits and marks, with single apostrophes and hyphens inside; any other sign that is no blank. */
const word = /[\p{L}\p{N}\p{M}_]+(?:['’-][\p{L}\p{N}\p{M}_]+)*|[^\s\p{L}\p{N}\p{M}_]/gu;

export function textTable(contents: readonly Uint8Array[], paths: readonly string[], unit: TextUnit): TextTable {
  if (unit === "byte") return byteTable(contents);
  const documents = contents.map((content, k) => {
    const text = decoded(content, paths[k] ?? "");
    return unit === "word" ? (text.match(word) ?? []) : Array.from(text);
  });
  const spellings = [...new Set(documents.flat())].sort(byCodePoints);
  const place = new Map(spellings.map((spelling, k) => [spelling, k]));
  return padded(
    documents.length,
    (k) => documents[k] ?? [],
    (each) => place.get(each) ?? 0,
    spellings,
  );
}

export const byteSpelling = (byte: number): string =>
  byte > 32 && byte < 127 ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`;

/** A byte is its own number, so there are always 256. */
function byteTable(contents: readonly Uint8Array[]): TextTable {
  const spellings = Array.from({ length: 256 }, (_, byte) => byteSpelling(byte));
  return padded(
    contents.length,
    (k) => contents[k] ?? new Uint8Array(),
    (byte) => byte,
    spellings,
  );
}

function padded<T>(
  count: number,
  document: (k: number) => ArrayLike<T>,
  symbol: (unit: T) => number,
  spellings: readonly string[],
): TextTable {
  const lengths = Int32Array.from({ length: count }, (_, k) => document(k).length);
  const longest = lengths.reduce((longer, length) => Math.max(longer, length), 0);
  if (count * longest > most)
    throw fault("AM5007", `${count} documents of up to ${longest} units are too many: ${most} entries are the limit`, {
      help: "leave out the longest ones, or cut them into several files",
    });
  const symbols = spellings.length <= 256 ? new Uint8Array(count * longest) : new Int32Array(count * longest);
  for (let k = 0; k < count; k++) {
    const units = document(k);
    for (let at = 0; at < units.length; at++) {
      const unit = units[at];
      if (unit !== undefined) symbols[k * longest + at] = symbol(unit);
    }
  }
  return { lengths, longest, spellings, symbols };
}

/** By name of the member. */
export function textArray(table: TextTable, name: string): DataArray {
  const { lengths, longest, spellings, symbols } = table;
  switch (name) {
    case "length":
      return { shape: [lengths.length], data: lengths, hasNaN: false };
    case "spelling":
      return { shape: [spellings.length], data: Int32Array.from(spellings, (_, k) => k), hasNaN: false };
    default:
      return { shape: [lengths.length, longest], data: symbols, hasNaN: false };
  }
}

function decoded(content: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(content);
  } catch {
    throw fault("AM5006", `\`${path}\` is no text in UTF-8`, {
      help: 'save it as UTF-8, or read it by `unit: "byte"`',
    });
  }
}

function byCodePoints(a: string, b: string): number {
  const [x, y] = [Array.from(a), Array.from(b)];
  for (let k = 0; k < Math.min(x.length, y.length); k++) {
    const difference = (x[k]?.codePointAt(0) ?? 0) - (y[k]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return x.length - y.length;
}

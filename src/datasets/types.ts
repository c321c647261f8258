/** What is known of a data file, and what is read from it. Knows no language: names of columns and positions only. */

export type FileFormat = "npy" | "idx" | "npz" | "json" | "csv" | "parquet";
/** Files that are read together: texts by their unit, pictures in grey or in three colours. */
export type SeveralFormat = "text-character" | "text-word" | "text-byte" | "images" | "images-colour";
export type DatasetFormat = FileFormat | SeveralFormat;

/** What is known of a file before its values are read; small, and the same for the same bytes. */
export type DatasetHeader =
  | {
      readonly format: "npy" | "idx";
      readonly sha256: string;
      readonly shape: readonly number[];
      readonly type: "real" | "int" | "bool";
    }
  | {
      readonly format: "images" | "images-colour";
      readonly sha256: string;
      /** Pictures, rows, columns, and three colours. */
      readonly sizes: readonly number[];
    }
  | {
      readonly format: "text-character" | "text-word" | "text-byte";
      readonly sha256: string;
      readonly documents: number;
      /** Units of the longest document. */
      readonly longest: number;
      readonly spellings: readonly string[];
    }
  | {
      readonly format: "npz" | "json";
      readonly sha256: string;
      /** In the order of the file. */
      readonly arrays: readonly NamedArray[];
      readonly unread: readonly UnreadArray[];
      /** How many objects there are where the whole file is a list of objects, so that its lists are columns; else null. */
      readonly rows: number | null;
    }
  | {
      readonly format: "csv" | "parquet";
      readonly sha256: string;
      readonly rows: number;
      readonly columns: readonly ColumnHeader[];
      /** Columns of other things than numbers, bools and texts. */
      readonly unread?: readonly UnreadArray[];
    };

/** An array of a file with several of them. */
export interface NamedArray {
  /** In `.json` the keys on the way to it, with dots between them. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: "real" | "int" | "bool" | "text";
  /** As those of a column, of lists of ints or texts in `.json`. */
  readonly categories: readonly string[];
}

/** What has a name in the file and is no array of numbers or texts. */
export interface UnreadArray {
  readonly name: string;
  /** "row 3 has 4 entries, the rows before it have 5". */
  readonly why: string;
}

export interface ColumnHeader {
  readonly name: string;
  /** A column with a missing number is `real`. */
  readonly type: "real" | "int" | "bool" | "text";
  /** The different values of an `int` or `text` column, sorted (ints by size, texts by their characters' codes); empty if there are too many. */
  readonly categories: readonly string[];
}

/** What to take from a file. */
export type ColumnKey =
  /** The one array of an `.npy` or `.idx` file. */
  | { readonly kind: "array" }
  /** An array of an `.npz` or `.json` file. */
  | { readonly kind: "named"; readonly name: string }
  | { readonly kind: "column"; readonly name: string }
  /** Each row's position in the column's `categories`. */
  | { readonly kind: "category"; readonly name: string }
  /** Several columns of numbers beside each other: the second dimension. */
  | { readonly kind: "columns"; readonly names: readonly string[] };

/** Unsigned bytes stay bytes, all other ints have 32 bits. */
export type Numbers = Float64Array | Int32Array | Uint8Array;

export interface DataArray {
  /** Row-major. */
  readonly shape: readonly number[];
  /** Bools are 0 and 1. */
  readonly data: Numbers;
  /** Only where the caller allows it. */
  readonly hasNaN: boolean;
}

export interface ReadOptions {
  /** The hash that the file had when its header was asked for. */
  readonly sha256?: string;
  /** NaN and missing numbers are let through; else they are an error. */
  readonly allowNaN?: boolean;
}

/** The largest files that are read, in bytes. */
export interface DatasetLimits {
  readonly npy: number;
  readonly idx: number;
  /** Of the archive, and of each array in it. */
  readonly npz: number;
  readonly json: number;
  readonly csv: number;
  readonly parquet: number;
  /** All texts, or all pictures, together. */
  readonly text: number;
  readonly images: number;
  /** Bytes of arrays and tables that are kept for the next time. */
  readonly kept: number;
}

/** A text must fit into memory several times, an array twice. */
export const defaultLimits: DatasetLimits = {
  npy: 2 ** 31,
  idx: 2 ** 31,
  npz: 2 ** 31,
  json: 2 ** 28,
  csv: 2 ** 28,
  parquet: 2 ** 28,
  text: 2 ** 28,
  images: 2 ** 31,
  kept: 2 ** 28,
};

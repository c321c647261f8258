/** What is known of a data file, and what is read from it. Knows no language: names of columns and positions only. */

export type DatasetFormat = "npy" | "csv";

/** What is known of a file before its values are read; small, and the same for the same bytes. */
export type DatasetHeader =
  | {
      readonly format: "npy";
      readonly sha256: string;
      readonly shape: readonly number[];
      readonly type: "real" | "int" | "bool";
    }
  | {
      readonly format: "csv";
      readonly sha256: string;
      readonly rows: number;
      readonly columns: readonly ColumnHeader[];
    };

export interface ColumnHeader {
  readonly name: string;
  /** A column with a missing number is `real`. */
  readonly type: "real" | "int" | "text";
  /** The different values of an `int` or `text` column, sorted (ints by size, texts by their characters' codes); empty if there are too many. */
  readonly categories: readonly string[];
}

/** What to take from a file. */
export type ColumnKey =
  /** The array of an `.npy` file. */
  | { readonly kind: "array" }
  | { readonly kind: "column"; readonly name: string }
  /** Each row's position in the column's `categories`. */
  | { readonly kind: "category"; readonly name: string }
  /** Several columns of numbers beside each other: the second dimension. */
  | { readonly kind: "columns"; readonly names: readonly string[] };

export interface DataArray {
  /** Row-major. */
  readonly shape: readonly number[];
  /** Ints and bools (0 and 1) as 32-bit ints. */
  readonly data: Float64Array | Int32Array;
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
  readonly csv: number;
  /** Bytes of arrays and tables that are kept for the next time. */
  readonly kept: number;
}

/** A text must fit into memory several times, an array twice. */
export const defaultLimits: DatasetLimits = { npy: 2 ** 31, csv: 2 ** 28, kept: 2 ** 28 };

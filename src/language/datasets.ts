/** What the checker asks of data files: shapes and columns, never values. The reader itself is `src/datasets`. */

/** What is known of a file before its values are read. */
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
  readonly type: "real" | "int" | "text";
  /** The different values as written, in the order in which categories are numbered. */
  readonly categories: readonly string[];
}

/** Opens files by the path as written in the spec; throws a `UserError` where it cannot. */
export interface DatasetReader {
  header(path: string, format: "npy" | "csv"): DatasetHeader;
}

/** What a tensor takes from a file: the text in a definition's `column`. */
export type DataColumn =
  /** The array of an `.npy` file. */
  | { readonly kind: "array" }
  | { readonly kind: "column"; readonly name: string }
  /** Numbers of the different values, in the order of the header's `categories`. */
  | { readonly kind: "category"; readonly name: string }
  /** Several columns beside each other: the second axis. */
  | { readonly kind: "columns"; readonly names: readonly string[] };

export function encodeColumn(column: DataColumn): string {
  return JSON.stringify(column);
}

export function decodeColumn(text: string): DataColumn {
  return JSON.parse(text) as DataColumn;
}

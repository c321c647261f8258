/** What the checker asks of data files: shapes and columns, never values. The reader itself is `src/datasets`. */

import type { MemberKey, ColumnKey, DatasetFormat, DatasetHeader } from "../datasets/index.js";

export type { ColumnHeader, DatasetFormat, DatasetHeader, FileFormat, NamedArray } from "../datasets/index.js";

/** Opens files by the path as written in the spec; throws a `UserError` where it cannot. */
export interface DatasetReader {
  header(path: string, format: DatasetFormat): DatasetHeader;
}

/** What a tensor takes from a file: the text in a definition's `column`. */
export type DataColumn = ColumnKey | MemberKey;

export function encodeColumn(column: DataColumn): string {
  return JSON.stringify(column);
}

export function decodeColumn(text: string): DataColumn {
  return JSON.parse(text) as DataColumn;
}

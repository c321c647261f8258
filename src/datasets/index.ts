/** Data files: headers, shapes, hashes and readers. Knows no language and no engine. */
export { formatOf, openDataset, openDatasets, readArray } from "./folder.js";
export type { DatasetFolder, FolderOptions } from "./folder.js";
export { defaultLimits } from "./types.js";
export type {
  ColumnHeader,
  ColumnKey,
  DataArray,
  DatasetFormat,
  DatasetHeader,
  DatasetLimits,
  NamedArray,
  Numbers,
  ReadOptions,
  UnreadArray,
} from "./types.js";

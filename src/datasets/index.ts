/** Data files: headers, shapes, hashes and readers. Knows no language and no engine. */
export { bytes } from "./faults.js";
export { formatOf, openDataset, openDatasets, readArray } from "./folder.js";
export type { DatasetFolder, FolderOptions } from "./folder.js";
export { builtInSet, builtInSets, packageOf, partNamed } from "./sets/catalogue.js";
export type { BuiltInSet, Package } from "./sets/catalogue.js";
export { corpora, corpusNamed, textNamed } from "./sets/corpora.js";
export type { Corpus } from "./sets/corpora.js";
export { CorpusReader } from "./sets/corpus.js";
export { absentSet, BuiltInReader, isThere, setFolder } from "./sets/read.js";
export type { MemberKey } from "./sets/read.js";
export { textUnits } from "./text.js";
export type { TextUnit } from "./text.js";
export { defaultLimits } from "./types.js";
export type {
  ColumnHeader,
  ColumnKey,
  DataArray,
  DatasetFormat,
  DatasetHeader,
  DatasetLimits,
  FileFormat,
  NamedArray,
  Numbers,
  ReadOptions,
  UnreadArray,
} from "./types.js";

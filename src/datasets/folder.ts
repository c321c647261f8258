/** The data files of a spec: their headers at check time, their arrays at run time. What was read is kept by its hash. */
import { csvTable, csvValues, missingPlace } from "./csv-columns.js";
import type { CsvTable } from "./csv-columns.js";
import { splitCsv } from "./csv-text.js";
import { fault } from "./faults.js";
import { locate, OpenFile } from "./files.js";
import { idxHeader, idxValues } from "./idx.js";
import { jsonArrays, jsonValues } from "./json-arrays.js";
import type { JsonArrays } from "./json-arrays.js";
import { parseJson } from "./json-text.js";
import { Kept } from "./kept.js";
import { longestHeader, parseNpyHeader } from "./npy-header.js";
import type { NpyHeader } from "./npy-header.js";
import { npyValues, verifyLength } from "./npy-values.js";
import { parquetTable, parquetValues, type ParquetTable } from "./parquet.js";
import { npzArrays, npzValues } from "./npz.js";
import { isSeveral, SeveralReader } from "./several-reader.js";
import { defaultLimits } from "./types.js";
import type {
  ColumnKey,
  DataArray,
  DatasetFormat,
  DatasetHeader,
  DatasetLimits,
  FileFormat,
  ReadOptions,
} from "./types.js";

export interface DatasetFolder {
  /** What is known of a file without its values; throws a `UserError`. Of an `.npy`, `.npz` or `.idx` file only headers are interpreted. */
  header(path: string, format: DatasetFormat): DatasetHeader;
  /** The values of an array or of columns; throws a `UserError`. The array is shared with later callers: it must not be changed. */
  read(path: string, format: DatasetFormat, key: ColumnKey, options?: ReadOptions): DataArray;
}

export interface FolderOptions {
  /** Files and folders elsewhere that the command line names. */
  readonly allowed?: readonly string[];
  readonly limits?: Partial<DatasetLimits>;
}

/** The data files beneath a folder: that of the spec. */
export function openDatasets(folder: string, options: FolderOptions = {}): DatasetFolder {
  return new Folder(folder, options.allowed ?? [], { ...defaultLimits, ...options.limits });
}

/** One file by its path on the command line. */
export function openDataset(path: string, format: DatasetFormat = formatOf(path)): DatasetHeader {
  return openDatasets(".", { allowed: [path] }).header(path, format);
}

/** The values of one file by its path on the command line. */
export function readArray(path: string, key: ColumnKey, options: ReadOptions = {}): DataArray {
  return openDatasets(".", { allowed: [path] }).read(path, formatOf(path), key, options);
}

export function formatOf(path: string): DatasetFormat {
  if (path.endsWith(".npy")) return "npy";
  if (path.endsWith(".csv")) return "csv";
  if (path.endsWith(".npz")) return "npz";
  if (path.endsWith(".json")) return "json";
  if (path.endsWith(".parquet")) return "parquet";
  if (/[.-](?:idx|ubyte)(?:\.gz)?$/u.test(path)) return "idx";
  throw fault("AM5003", `\`${path}\` is no \`.npy\`, \`.npz\`, \`.csv\`, \`.parquet\`, \`.json\` or \`.idx\` file`);
}

class Folder implements DatasetFolder {
  /** By the file's stamp. */
  private readonly hashes = new Map<string, string>();
  /** By format and hash. */
  private readonly headers = new Map<string, DatasetHeader>();
  private readonly tables: Kept<CsvTable>;
  private readonly parquets: Kept<ParquetTable>;
  private readonly trees: Kept<JsonArrays>;
  private readonly arrays: Kept<DataArray>;

  private readonly several: SeveralReader;

  constructor(
    private readonly folder: string,
    private readonly allowed: readonly string[],
    private readonly limits: DatasetLimits,
  ) {
    this.tables = new Kept(limits.kept);
    this.parquets = new Kept(limits.kept);
    this.trees = new Kept(limits.kept);
    this.arrays = new Kept(limits.kept);
    this.several = new SeveralReader(folder, allowed, limits);
  }

  header(path: string, format: DatasetFormat): DatasetHeader {
    if (isSeveral(format)) return this.several.header(path, format);
    return this.open(path, format, (file) => {
      const sha256 = this.hashOf(file);
      const key = `${format} ${sha256}`;
      const known = this.headers.get(key);
      if (known !== undefined) return known;
      const header = this.describe(file, path, format, sha256);
      this.headers.set(key, header);
      return header;
    });
  }

  read(path: string, format: DatasetFormat, key: ColumnKey, options: ReadOptions = {}): DataArray {
    if (isSeveral(format)) return this.several.read(path, format, key, options);
    return this.open(path, format, (file) => {
      const sha256 = this.hashOf(file);
      if (options.sha256 !== undefined && options.sha256 !== sha256)
        throw fault("AM5010", `\`${path}\` is not the file that was checked: it has changed`, {
          help: "check the spec again",
        });
      const name = `${format} ${sha256} ${JSON.stringify(key)}`;
      const array = this.arrays.get(name) ?? this.load(file, path, format, key, sha256);
      this.arrays.set(name, array, array.data.byteLength);
      if (array.hasNaN && options.allowNaN !== true) throw this.missing(file, path, format, key, sha256, array);
      return array;
    });
  }

  private describe(file: OpenFile, path: string, format: FileFormat, sha256: string): DatasetHeader {
    switch (format) {
      case "npy":
        return { format, sha256, ...shapeAndType(npyHeaderOf(file, path)) };
      case "idx":
        return { format, sha256, ...shapeAndType(idxHeader(file, this.limits.idx, path)) };
      case "npz":
        return { format, sha256, ...npzArrays(file, path), rows: null };
      case "json": {
        const { arrays, unread, rows } = this.tree(file, path, sha256);
        return { format, sha256, arrays, unread, rows };
      }
      case "csv": {
        const { columns, text } = this.table(file, path, sha256);
        return { format, sha256, rows: text.lines.length, columns };
      }
      case "parquet": {
        const { rows, columns, unread } = this.columns(file, path, sha256);
        const headers = columns.map(({ name, type, categories }) => ({ name, type, categories }));
        return { format, sha256, rows, columns: headers, unread };
      }
    }
  }

  private load(file: OpenFile, path: string, format: FileFormat, key: ColumnKey, sha256: string): DataArray {
    if (format === "csv") return csvValues(this.table(file, path, sha256), key, path);
    if (format === "parquet") return parquetValues(this.columns(file, path, sha256), key, path);
    if (format === "json") return jsonValues(this.tree(file, path, sha256), key, path);
    if (format === "npz") {
      if (key.kind !== "named") throw fault("AM5009", `\`${path}\` holds arrays and no columns`);
      return npzValues(file, key.name, this.limits.npz, path);
    }
    if (key.kind !== "array") throw fault("AM5009", `\`${path}\` holds one array and no columns`);
    if (format === "idx") return idxValues(file, this.limits.idx, path);
    const header = npyHeaderOf(file, path);
    const data = npyValues(header, file.read(header.offset, file.size - header.offset), path);
    const hasNaN = data instanceof Float64Array && data.some(Number.isNaN);
    return { shape: header.shape, data, hasNaN };
  }

  private missing(
    file: OpenFile,
    path: string,
    format: FileFormat,
    key: ColumnKey,
    sha256: string,
    { data, shape }: DataArray,
  ) {
    const names = key.kind === "columns" ? key.names : key.kind === "array" ? [] : [key.name];
    const inside = key.kind === "named" || key.kind === "column" ? `in \`${key.name}\` ` : "";
    const place =
      format === "csv"
        ? missingPlace(this.table(file, path, sha256), names, data)
        : `${inside}at [${indexOf(data.findIndex(Number.isNaN), shape).join(", ")}]`;
    let count = 0;
    for (const value of data) if (Number.isNaN(value)) count++;
    const what =
      format === "csv" || format === "json" || format === "parquet" ? "a number is missing" : "there is a NaN";
    return fault("AM5011", `${what} in \`${path}\` ${place}`, {
      help: "leave those rows out, or fill them in",
      ...(count > 1 ? { notes: [`${count} in all`] } : {}),
    });
  }

  private table(file: OpenFile, path: string, sha256: string): CsvTable {
    const known = this.tables.get(sha256);
    if (known !== undefined) return known;
    const table = csvTable(splitCsv(decode(file.read(0, file.size), path), path));
    // Strings take some four times their text.
    this.tables.set(sha256, table, 4 * file.size);
    return table;
  }

  private columns(file: OpenFile, path: string, sha256: string): ParquetTable {
    const known = this.parquets.get(sha256);
    if (known !== undefined) return known;
    const table = parquetTable(file.read(0, file.size), path);
    this.parquets.set(sha256, table, table.bytes);
    return table;
  }

  private tree(file: OpenFile, path: string, sha256: string): JsonArrays {
    const known = this.trees.get(sha256);
    if (known !== undefined) return known;
    const tree = jsonArrays(parseJson(decode(file.read(0, file.size), path), path));
    this.trees.set(sha256, tree, 2 * file.size);
    return tree;
  }

  private hashOf(file: OpenFile): string {
    const known = this.hashes.get(file.stamp);
    if (known !== undefined) return known;
    const hash = file.sha256();
    this.hashes.set(file.stamp, hash);
    return hash;
  }

  private open<T>(path: string, format: FileFormat, body: (file: OpenFile) => T): T {
    return OpenFile.use(locate(this.folder, path, this.allowed), path, this.limits[format], body);
  }
}

function npyHeaderOf(file: OpenFile, path: string) {
  const header = parseNpyHeader(file.read(0, longestHeader + 12), file.size, path);
  verifyLength(header, file.size, path);
  return header;
}

function shapeAndType({ shape, numbers }: NpyHeader) {
  const type =
    numbers.kind === "float" ? ("real" as const) : numbers.kind === "bool" ? ("bool" as const) : ("int" as const);
  return { shape, type };
}

function decode(data: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
  } catch {
    throw fault("AM5006", `\`${path}\` is no text in UTF-8`, { help: "save it as UTF-8" });
  }
}

/** The index of an entry of a row-major array. */
function indexOf(at: number, shape: readonly number[]): number[] {
  let rest = at;
  return shape
    .toReversed()
    .map((size) => {
      const position = rest % size;
      rest = Math.floor(rest / size);
      return position;
    })
    .reverse();
}

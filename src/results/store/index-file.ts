/**
 * The index of a folder of blocks: the headers that were read and verified, with the marks of their files.
 * It only saves time: what it lacks, or what changed since, is read from the blocks again.
 */
import { statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { BlockHeader } from "./block-file.js";
import { readBlockHeader } from "./block-file.js";
import { filesBelow, readText, sha256, writeDurably } from "./files.js";
import { fromJson, toJson } from "./json.js";

const TITLE = "amemc-index 2";

export interface IndexEntry {
  /** Sizes and times of both files when they were verified. */
  readonly mark: string;
  readonly header: BlockHeader;
}

/** A block whose files are there but cannot be used. */
export interface BadBlock {
  readonly file: string;
  readonly fault: "foreign" | "torn";
  readonly reason: string;
}

/** The blocks of a folder by stem (relative, without ending), with what could not be read. */
export interface Blocks {
  readonly entries: Map<string, IndexEntry>;
  readonly bad: readonly BadBlock[];
  /** Whether there was an index that is not what was written. */
  readonly damagedIndex: boolean;
}

/** Lists the blocks, trusting the index where files did not change since. */
export function loadBlocks(folder: string): Blocks {
  const index = readIndex(join(folder, "index"));
  const known = index ?? new Map<string, IndexEntry>();
  const entries = new Map<string, IndexEntry>();
  const bad: BadBlock[] = [];
  for (const file of filesBelow(join(folder, "blocks"), isHeaderName)) {
    const path = file.slice(0, -".json".length);
    const stem = relative(folder, path).split(sep).join("/");
    const mark = markOf(path);
    const old = known.get(stem);
    if (old !== undefined && mark !== null && old.mark === mark) {
      entries.set(stem, old);
      continue;
    }
    const reading = readBlockHeader(path, true);
    if (reading.ok) entries.set(stem, { mark: mark ?? "", header: reading.header });
    else if (reading.fault !== "missing") bad.push({ file, fault: reading.fault, reason: reading.reason });
  }
  return { entries, bad, damagedIndex: index === null };
}

const isHeaderName = (name: string): boolean => name.endsWith(".json") && !name.includes(".checkpoint.");

/** What tells whether the files of a block are those that were verified; null where one is not there. */
export function markOf(path: string): string | null {
  const marks = [".json", ".bin"].map((ending) => {
    const status = statSync(path + ending, { throwIfNoEntry: false });
    return status === undefined ? null : `${status.size}@${status.mtimeMs}`;
  });
  return marks.includes(null) ? null : marks.join(" ");
}

export async function writeIndex(folder: string, entries: ReadonlyMap<string, IndexEntry>): Promise<void> {
  const body = toJson(Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1))));
  await writeDurably(join(folder, "index"), `${TITLE} ${sha256(body)}\n${body}\n`);
}

/** A missing index, or one of another version, is an empty one; null: it is damaged. */
function readIndex(file: string): ReadonlyMap<string, IndexEntry> | null {
  const text = readText(file);
  if (text === undefined || (/^amemc-index \d+ [0-9a-f]{64}\n/u.test(text) && !text.startsWith(`${TITLE} `)))
    return new Map();
  const end = text.indexOf("\n");
  const body = text.slice(end + 1, -1);
  if (text.slice(0, Math.max(end, 0)) !== `${TITLE} ${sha256(body)}`) return null;
  return new Map(Object.entries(fromJson(body) as Readonly<Record<string, IndexEntry>>));
}

/**
 * The folder of one experiment: which points are done, their columns, checkpoints of what is unfinished.
 * A point is done when a block file holds its key, whatever plan it was computed for.
 */
import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import type { Diagnostic } from "../../base/diagnostic.js";
import type {
  BlockHead,
  BlockHeader,
  ColumnData,
  Place,
  StoredArray,
  StoredColumn,
  StoredPoint,
} from "./block-file.js";
import { placeKey, readColumn, writeBlockFile } from "./block-file.js";
import type { Checkpoint } from "./checkpoint-file.js";
import { readCheckpointFile, removeCheckpointFile, writeCheckpointFile } from "./checkpoint-file.js";
import { damagedFile } from "./damage.js";
import { sweepTemporaries } from "./files.js";
import type { BadBlock, IndexEntry } from "./index-file.js";
import { loadBlocks, markOf, writeIndex } from "./index-file.js";

/** Where a point's results lie. */
export interface Found {
  readonly stem: string;
  /** Its number among the points of the file. */
  readonly at: number;
  readonly point: StoredPoint;
}

/** A column, or the ending, of a point in some file, found by its meaning. */
export interface Kept {
  readonly stem: string;
  readonly at: number;
  /** Null for the ending. */
  readonly column: StoredColumn | null;
  readonly schedule: string;
}

const INDEX_MILLISECONDS = 2_000;

export class Store {
  private entries: Map<string, IndexEntry>;
  private readonly points = new Map<string, Found>();
  /** By meaning; made when it is first asked for, since only an edit of the spec asks. */
  private meanings: Map<string, Kept[]> | null = null;
  private indexed: number | null = null;
  private stale = true;

  private constructor(
    readonly folder: string,
    entries: Map<string, IndexEntry>,
    bad: readonly BadBlock[],
    private readonly report: (diagnostic: Diagnostic) => void,
  ) {
    this.entries = entries;
    this.enterAll();
    for (const block of bad) report(badBlock(block));
  }

  /** Reads what is there; `report` gets damaged and foreign files, now and later. Nothing is written yet. */
  static open(folder: string, report: (diagnostic: Diagnostic) => void): Store {
    const { entries, bad, damagedIndex } = loadBlocks(folder);
    if (damagedIndex)
      report(
        damagedFile(join(folder, "index"), "it is damaged", "it is made again from the blocks, which takes a while"),
      );
    return new Store(folder, entries, bad, report);
  }

  /** Reads the folder again: another process may have finished blocks. */
  refresh(): void {
    const { entries } = loadBlocks(this.folder);
    this.entries = entries;
    this.enterAll();
  }

  /** Whether another process has written the block since this one looked. */
  hasNews(block: string): boolean {
    const stem = `blocks/${block.slice(0, 2)}/${block}`;
    return !this.entries.has(stem) && existsSync(join(this.folder, `${stem}.json`));
  }

  /** Removes what dead processes left half-written. */
  sweep(): number {
    return sweepTemporaries(this.folder);
  }

  find(pointKey: string): Found | undefined {
    return this.points.get(pointKey);
  }

  /** Whether nothing was ever finished here. */
  get isEmpty(): boolean {
    return this.entries.size === 0;
  }

  /** All that is stored of a meaning for a point with this key of what it reads, at whatever schedule. */
  kept(slice: string, reads: string): readonly Kept[] {
    if (this.meanings === null) {
      this.meanings = new Map();
      for (const [stem, { header }] of this.entries) enterMeanings(this.meanings, stem, header);
    }
    return this.meanings.get(`${slice}:${reads}`) ?? [];
  }

  header(stem: string): BlockHeader | undefined {
    return this.entries.get(stem)?.header;
  }

  /** A column of a file, [point][slot][...dims]; undefined when it is not stored, or damaged (then the block is dropped). */
  column(stem: string, place: Place): { readonly column: StoredColumn; readonly data: StoredArray } | undefined {
    const wanted = placeKey(place);
    const column = this.header(stem)?.columns.find((candidate) => placeKey(candidate.place) === wanted);
    if (column === undefined) return undefined;
    const data = readColumn(join(this.folder, stem), column);
    if (data !== undefined) return { column, data };
    this.drop(stem);
    return undefined;
  }

  /** Writes finished points of a block; what was there before stays as it is. */
  async addBlock(head: BlockHead, columns: readonly ColumnData[]): Promise<void> {
    const stem = this.freeStem(head.block);
    const path = join(this.folder, stem);
    const header = await writeBlockFile(path, head, columns);
    this.entries.set(stem, { mark: markOf(path) ?? "", header });
    this.enter(stem, header);
    this.stale = true;
    await removeCheckpointFile(this.checkpointFile(head.block));
    if (Date.now() - (this.indexed ?? 0) > INDEX_MILLISECONDS) await this.saveIndex();
  }

  /** A later part of a block gets a name of its own; damaged files are written over. */
  private freeStem(block: string): string {
    const base = `blocks/${block.slice(0, 2)}/${block}`;
    for (let part = 0; ; part++) {
      const stem = part === 0 ? base : `${base}-${part}`;
      if (!this.entries.has(stem)) return stem;
    }
  }

  private enterAll(): void {
    this.points.clear();
    this.meanings = null;
    for (const [stem, entry] of this.entries) this.enter(stem, entry.header);
  }

  private enter(stem: string, header: BlockHeader): void {
    if (this.meanings !== null) enterMeanings(this.meanings, stem, header);
    header.points.forEach((point, at) => {
      if (!this.points.has(point.key)) this.points.set(point.key, { stem, at, point });
    });
  }

  /** Takes a damaged block out of the way, so that the next run computes it again. */
  private drop(stem: string): void {
    const file = join(this.folder, `${stem}.json`);
    this.report(badBlock({ file, fault: "torn", reason: "its bytes are not those that were written" }));
    this.entries.delete(stem);
    this.enterAll();
    this.stale = true;
    try {
      renameSync(file, `${file}.damaged`);
    } catch {
      // In a folder that cannot be written it stays; the warning has been given.
    }
  }

  async saveIndex(): Promise<void> {
    if (!this.stale) return;
    this.stale = false;
    await writeIndex(this.folder, this.entries);
    this.indexed = Date.now();
  }

  private checkpointFile(block: string): string {
    return join(this.folder, `blocks/${block.slice(0, 2)}/${block}.checkpoint`);
  }

  async writeCheckpoint(checkpoint: Checkpoint): Promise<void> {
    await writeCheckpointFile(this.checkpointFile(checkpoint.block), checkpoint);
  }

  readCheckpoint(block: string, engine: string): Checkpoint | undefined {
    const file = this.checkpointFile(block);
    const checkpoint = readCheckpointFile(file, block, engine);
    if (checkpoint === null) this.report(damagedFile(file, "it is damaged", "its block starts from the beginning"));
    return checkpoint ?? undefined;
  }
}

function enterMeanings(meanings: Map<string, Kept[]>, stem: string, { points, columns, ending }: BlockHeader): void {
  const all = columns.map((column) => ({ column, meaning: column.meaning }));
  const ended = ending === null ? [] : [{ column: null, meaning: ending }];
  for (const { column, meaning } of [...all, ...ended])
    points.forEach((point, at) => {
      const key = `${meaning.slice}:${point.reads[meaning.reads] ?? ""}`;
      const list = meanings.get(key) ?? [];
      list.push({ stem, at, column, schedule: meaning.schedule });
      meanings.set(key, list);
    });
}

function badBlock({ file, fault, reason }: BadBlock): Diagnostic {
  const torn = fault === "torn";
  return {
    code: torn ? "AM7101" : "AM7102",
    severity: "warning",
    message: torn ? `\`${file}\` is damaged: ${reason}` : `\`${file}\` is no file of this version of amemc: ${reason}`,
    span: null,
    help: torn
      ? "its points count as missing; `amemc run` computes them again"
      : "its points count as missing; it is left alone unless a block needs its name",
  };
}

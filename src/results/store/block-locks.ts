/**
 * Which process computes which block, when several work on one folder. A lock outlives no crash: one whose process is
 * gone, or that nobody refreshed for a minute, is free. Losing one is harmless: blocks have the same bytes whoever
 * computes them.
 */
import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { codeOf, isAlive } from "./files.js";

const STALE_MILLISECONDS = 60_000;
const NAMELESS_MILLISECONDS = 1_000;
const REFRESH_MILLISECONDS = 10_000;

export class BlockLocks {
  private readonly held = new Set<string>();
  private timer: NodeJS.Timeout | null = null;
  private readonly owner = `${hostname()} ${process.pid}`;

  constructor(private readonly folder: string) {}

  /** False where another process has it. */
  acquire(block: string): boolean {
    const file = this.fileOf(block);
    if (this.held.has(file)) return true;
    mkdirSync(dirname(file), { recursive: true });
    if (!this.create(file)) {
      if (!this.isFree(file)) return false;
      rmSync(file, { force: true });
      if (!this.create(file)) return false;
    }
    this.held.add(file);
    this.timer ??= setInterval(() => this.refresh(), REFRESH_MILLISECONDS).unref();
    return true;
  }

  release(block: string): void {
    const file = this.fileOf(block);
    if (this.held.delete(file)) rmSync(file, { force: true });
    if (this.held.size > 0 || this.timer === null) return;
    clearInterval(this.timer);
    this.timer = null;
  }

  private fileOf(block: string): string {
    return join(this.folder, `blocks/${block.slice(0, 2)}/${block}.lock`);
  }

  private create(file: string): boolean {
    try {
      writeFileSync(file, this.owner, { flag: "wx" });
      return true;
    } catch (error) {
      if (codeOf(error) === "EEXIST") return false;
      throw error;
    }
  }

  private isFree(file: string): boolean {
    const status = statSync(file, { throwIfNoEntry: false });
    // A time in the future is no better: the clock was set back since.
    if (status === undefined || Math.abs(Date.now() - status.mtimeMs) > STALE_MILLISECONDS) return true;
    const owner = ownerOf(file);
    // Whoever made it was killed before it could write its name, or did so just now.
    if (owner === null) return Math.abs(Date.now() - status.mtimeMs) > NAMELESS_MILLISECONDS;
    return owner.host === hostname() && !isAlive(owner.id);
  }

  private refresh(): void {
    const now = new Date();
    for (const file of this.held) {
      try {
        utimesSync(file, now, now);
      } catch {
        // Somebody took it for stale; that costs a block computed twice.
      }
    }
  }
}

function ownerOf(file: string): { readonly host: string; readonly id: number } | null {
  try {
    const [, host = "", id = ""] = /^(\S+) ([1-9]\d*)$/u.exec(readFileSync(file, "utf8")) ?? [];
    return host === "" ? null : { host, id: Number(id) };
  } catch {
    return null;
  }
}

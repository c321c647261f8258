/**
 * Files that a kill at any moment leaves whole: written under a temporary name, flushed to the disk, renamed.
 * Knows nothing of what the files hold.
 */
import { createHash } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writevSync,
} from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Temporary files end in `.<process>-<number>.tmp`. */
const TEMPORARY = /\.(\d+)-\d+\.tmp$/u;
const STALE_MILLISECONDS = 3_600_000;
let counter = 0;

function temporaryName(file: string): string {
  counter += 1;
  return `${file}.${process.pid}-${counter}.tmp`;
}

/** Writes the parts one after the other as one file; the file is there wholly or not at all. */
export async function writeDurably(file: string, parts: readonly Uint8Array[] | string): Promise<void> {
  const temporary = temporaryName(file);
  await mkdir(dirname(file), { recursive: true });
  try {
    const handle = await open(temporary, "wx");
    try {
      for (const part of bytesOf(parts)) await handle.writeFile(part);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** The same, for small files and for moments when nothing may happen in between. */
export function writeDurablySync(file: string, text: string): void {
  const temporary = temporaryName(file);
  mkdirSync(dirname(file), { recursive: true });
  try {
    const handle = openSync(temporary, "wx");
    try {
      writeAll(handle, Buffer.from(text));
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function writeAll(handle: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writevSync(handle, [bytes.subarray(at)]);
}

function bytesOf(parts: readonly Uint8Array[] | string): readonly Uint8Array[] {
  return typeof parts === "string" ? [Buffer.from(parts)] : parts;
}

/** Removes temporary files below a folder whose process is gone and which are older than an hour; says how many. */
export function sweepTemporaries(folder: string, now: number = Date.now()): number {
  let swept = 0;
  for (const file of filesBelow(folder, (name) => TEMPORARY.test(name))) {
    const process = Number(TEMPORARY.exec(file)?.[1]);
    const status = statSync(file, { throwIfNoEntry: false });
    if (status === undefined || now - status.mtimeMs < STALE_MILLISECONDS || isAlive(process)) continue;
    rmSync(file, { force: true });
    swept += 1;
  }
  return swept;
}

/** Whether a process of this machine runs; one that may not be signalled does. */
export function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

/** All files below a folder whose name is accepted, in order; none where there is no folder. */
export function filesBelow(folder: string, accept: (name: string) => boolean): readonly string[] {
  return entriesOf(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path, accept);
    return accept(entry.name) ? [path] : [];
  });
}

/** The entries of a folder in order; none where there is no folder. */
export function entriesOf(folder: string): readonly { readonly name: string; isDirectory(): boolean }[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return [];
    throw error;
  }
}

/** The text of a file, or undefined where there is none. */
export function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR") return undefined;
    throw error;
  }
}

/** The system's name of an error: `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

export function sha256(...parts: readonly (Uint8Array | string)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

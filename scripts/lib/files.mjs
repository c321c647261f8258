// Small helpers on files: hashing, walking, writing so that a kill at any moment leaves no half file.
import { createHash } from "node:crypto";
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";

const HOUR = 3_600_000;

/** @param {string | Uint8Array} data */
export const sha256 = (data) => createHash("sha256").update(data).digest("hex");

/** @param {string} file */
export async function sha256OfFile(file) {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest("hex");
}

/** A name beside the final one that tells who is writing. @param {string} path */
export const temporaryName = (path) => `${path}.${hostname()}-${process.pid}.tmp`;

/** @param {number} pid */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Whether a path is what a killed process left behind: it is gone, or nothing was written for an hour. @param {string} path */
export function isUnfinished(path) {
  const [, host, pid] = /\.([^./]+)-(\d+)\.tmp$/.exec(path) ?? [];
  if (pid === undefined) return false;
  const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
  return (host === hostname() && !isAlive(Number(pid))) || age > HOUR;
}

/**
 * Removes what killed processes left behind.
 * @param {string} folder
 */
export function sweepTemporaries(folder) {
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const path = join(folder, name);
    if (isUnfinished(path)) rmSync(path, { recursive: true, force: true });
  }
}

/** @param {string} file @param {string | Uint8Array} data */
export function writeAtomic(file, data) {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = temporaryName(file);
  writeFileSync(temporary, data);
  renameSync(temporary, file);
}

/**
 * Moves a finished folder to its place; when another process was quicker, its folder is kept.
 * @param {string} from @param {string} to
 */
export function moveFolder(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
    rmSync(from, { recursive: true, force: true });
  }
}

/** @param {string} text @returns {unknown} */
export const parseJson = (text) => JSON.parse(text);

/**
 * The JSON in a file; undefined when there is none or it cannot be read.
 * @param {string} file @returns {unknown}
 */
export function readJson(file) {
  try {
    return parseJson(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * All files below a folder that a test accepts, sorted.
 * @param {string} folder @param {(name: string) => boolean} accept @returns {string[]}
 */
export function walk(folder, accept) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return walk(path, accept);
      return accept(entry.name) ? [path] : [];
    });
}

// One at a time: two commands started together in a fresh clone must not install over each other.
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive } from "./files.mjs";

/** @param {string} file */
function tryLock(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** The process that holds the lock; 0 while it is not yet written down. @param {string} file */
function holder(file) {
  try {
    return Number(readFileSync(file, "utf8"));
  } catch {
    return 0;
  }
}

/** @param {string} file @param {number} pid */
function isAbandoned(file, pid) {
  if (pid !== 0) return !isAlive(pid);
  return Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > 5000;
}

/**
 * Runs the action while holding a lock file; a lock whose process is gone is taken over.
 * @template T
 * @param {string} file @param {import("./say.mjs").Say} say @param {() => Promise<T>} action
 * @returns {Promise<T>}
 */
export async function withLock(file, say, action) {
  mkdirSync(dirname(file), { recursive: true });
  for (let turn = 0; !tryLock(file); turn++) {
    const pid = holder(file);
    if (isAbandoned(file, pid)) rmSync(file, { force: true });
    else if (turn === 0) say(`waiting for process ${pid}, which sets up the same`);
    await sleep(200);
  }
  try {
    return await action();
  } finally {
    rmSync(file, { force: true });
  }
}

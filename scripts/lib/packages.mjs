// The packages in node_modules: installed exactly as package-lock.json says, without their install scripts.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readJson, sha256, writeAtomic } from "./files.mjs";
import { npmCi } from "./npm.mjs";
import { seconds } from "./say.mjs";

/**
 * @typedef {{ version?: string, optional?: boolean, optionalDependencies?: Record<string, string> }} LockEntry
 * @typedef {{ packages?: Record<string, LockEntry> }} Lock
 */

/** @param {string} root */
const stampFile = (root) => join(root, "node_modules/.amemc.json");
/** @param {string} root */
const lockHash = (root) => sha256(readFileSync(join(root, "package-lock.json")));

/**
 * Whether npm's own record of node_modules agrees with the lock file. Optional packages may be missing (most are for
 * other systems), but not those that we name ourselves.
 * @param {string} root
 */
export function agrees(root) {
  const wanted = /** @type {Lock | undefined} */ (readJson(join(root, "package-lock.json")))?.packages;
  const present = /** @type {Lock | undefined} */ (readJson(join(root, "node_modules/.package-lock.json")))?.packages;
  if (wanted === undefined || present === undefined) return false;
  const named = Object.keys(wanted[""]?.optionalDependencies ?? {}).map((name) => `node_modules/${name}`);
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === "") return true;
    const found = present[path];
    if (found === undefined) return entry.optional === true && !named.includes(path);
    return found.version === entry.version;
  });
}

/** @param {string} root */
export function packagesSettled(root) {
  const stamp = /** @type {{ lock?: string } | undefined} */ (readJson(stampFile(root)));
  return stamp?.lock === lockHash(root);
}

/**
 * @param {{ root: string, env: NodeJS.ProcessEnv, say: import("./say.mjs").Say }} job
 */
export async function ensurePackages({ root, env, say }) {
  if (packagesSettled(root)) return;
  if (!agrees(root)) {
    const start = Date.now();
    say("installing the packages that package-lock.json names");
    const beat = setInterval(() => say(`  still installing (${seconds(start)})`), 15_000);
    try {
      await npmCi(root, env, { flags: ["--include=dev", "--include=optional"] });
    } finally {
      clearInterval(beat);
    }
    say(`installed in ${seconds(start)}`);
  }
  writeAtomic(stampFile(root), JSON.stringify({ lock: lockHash(root) }));
}

// Whether the bundles in dist/ are newer than everything they are made from: names, sizes and times, no contents.
import { existsSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { readJson, sha256, walk, writeAtomic } from "./files.mjs";
import { dist, root } from "./paths.mjs";

const stampFile = join(dist, "build.json");

/** Names, sizes and times of all sources, as one hash. */
export function sourcesHash() {
  const isSource = (/** @type {string} */ name) =>
    /\.(ts|mjs|json|amem|proto|css|html)$/.test(name) && !name.includes(".validate.");
  const files = ["grammar", "src", "scripts"].flatMap((folder) => walk(join(root, folder), isSource));
  const lines = [...files, join(root, "package-lock.json")].map((file) => {
    const { size, mtimeMs } = statSync(file);
    return `${relative(root, file)} ${size} ${mtimeMs}`;
  });
  return sha256(lines.join("\n"));
}

export function buildIsCurrent() {
  const stamp = /** @type {{ sources?: string, outputs?: string[] } | undefined} */ (readJson(stampFile));
  if (stamp?.outputs === undefined || stamp.sources !== sourcesHash()) return false;
  return stamp.outputs.every((name) => existsSync(join(root, name)));
}

/** @param {string} sources @param {readonly string[]} outputs relative to the root */
export function recordBuild(sources, outputs) {
  writeAtomic(stampFile, JSON.stringify({ sources, outputs }, null, 1));
}

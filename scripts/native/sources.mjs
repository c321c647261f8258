// What the binding is made from: the C++ sources of @tensorflow/tfjs-node and the headers of Node-API. Fetched into the
// user's cache with `npm ci` from the lock file in scripts/native/sources; the packages' JavaScript for models is left out.
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { moveFolder, readJson, sha256, temporaryName, walk } from "../lib/files.mjs";
import { npmCi } from "../lib/npm.mjs";
import { reason, seconds } from "../lib/say.mjs";

/**
 * @typedef {{ tfjs: string, headers: string }} Sources the folders of the two packages
 * @typedef {{
 *   cache: string, env: NodeJS.ProcessEnv, say: import("../lib/say.mjs").Say, npm?: readonly string[],
 * }} Job
 */

const pinned = join(dirname(fileURLToPath(import.meta.url)), "sources");

/** SHA-256 of tfjs-node's `binding/*`, file after file. Changes with its version. */
export const SOURCES_SHA256 = "bda6a2bafa9dc2a3e8fe218f896ba0e17eeeddf8b40b93b3d0c6ab4421beb073";

export const TFJS_VERSION =
  /** @type {{ dependencies: Record<string, string> }} */ (readJson(join(pinned, "package.json"))).dependencies[
    "@tensorflow/tfjs-node"
  ] ?? "";

/** @param {string} cache */
export const sourcesFolder = (cache) =>
  join(cache, "sources", sha256(readFileSync(join(pinned, "package-lock.json"))).slice(0, 12));

/** @param {string} folder @returns {Sources} */
const within = (folder) => ({
  tfjs: join(folder, "node_modules/@tensorflow/tfjs-node"),
  headers: join(folder, "node_modules/node-api-headers"),
});

/** Whether the sources are there, and are the ones that are meant. @param {string} folder */
export function sourcesAreWhole(folder) {
  const { tfjs, headers } = within(folder);
  const files = walk(join(tfjs, "binding"), (name) => /\.(cc|h)$/.test(name));
  const hash = sha256(files.map((file) => readFileSync(file, "utf8")).join("\0"));
  return hash === SOURCES_SHA256 && existsSync(join(headers, "include/node_api.h"));
}

/**
 * The sources, fetched where they are not in the cache.
 * @param {Job} job @returns {Promise<Sources>}
 */
export async function fetchSources({ cache, env, say, npm }) {
  const folder = sourcesFolder(cache);
  if (sourcesAreWhole(folder)) return within(folder);
  rmSync(folder, { recursive: true, force: true });
  const temporary = temporaryName(folder);
  mkdirSync(temporary, { recursive: true });
  const start = Date.now();
  try {
    for (const name of ["package.json", "package-lock.json"]) copyFileSync(join(pinned, name), join(temporary, name));
    await npmCi(temporary, env, npm === undefined ? {} : { npm });
    if (!sourcesAreWhole(temporary)) throw new Error(`${TFJS_VERSION} holds other files than were expected`);
    moveFolder(temporary, folder);
  } catch (error) {
    const [first = ""] = reason(error).split("\n");
    throw new Error(`@tensorflow/tfjs-node ${TFJS_VERSION} cannot be had: ${first}`, { cause: error });
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  say(`fetched the sources of the binding with npm in ${seconds(start)}`);
  return within(folder);
}

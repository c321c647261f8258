// Decides which TensorFlow is used, gets it, and writes what came out to dist/native.json (read by src/base/native.ts).
// The same for a clone (scripts/bootstrap) and for an installed package (`amemc setup`).
// Order: the folder in AMEMC_LIBTENSORFLOW; the pinned wheel; tfjs-node's own script; none (the portable engine).
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseJson, readJson, sweepTemporaries, writeAtomic } from "../lib/files.mjs";
import { lastLine, run } from "../lib/run.mjs";
import { reason, Refusal } from "../lib/say.mjs";
import { bindingFor, bindingObstacle } from "./binding.mjs";
import { fromFolder } from "./folder.mjs";
import { TFJS_VERSION } from "./sources.mjs";
import { fromTfjs } from "./tfjs.mjs";
import { fromWheel, wheelKey, wheelObstacle } from "./wheel.mjs";

/**
 * @typedef {"folder" | "wheel" | "tfjs" | "none"} Source
 * @typedef {{
 *   format: number, inputs: string, since: string, source: Source, version: string | null, bindingPath: string | null,
 *   xla: boolean | null, why: string | null, files: Record<string, number>,
 * }} Native
 * @typedef {{
 *   root: string, cache: string, env: NodeJS.ProcessEnv, say: import("../lib/say.mjs").Say,
 *   retry?: boolean, tellsNone?: boolean, pips?: string[][], npm?: readonly string[], wheel?: import("./wheel.mjs").Wheel,
 * }} Job `retry`: look again although there was none; `tellsNone`: say so when there is none
 * @typedef {{ source: Source, binding: string, libraries: string[] }} Found
 */

const FORMAT = 1;
/** What lies in the cache, beside what XLA compiled. */
export const FOLDERS = ["download", "tensorflow", "sources", "binding"];
const DAY = 86_400_000;
const here = dirname(fileURLToPath(import.meta.url));

/** @param {string} root */
export const nativeFile = (root) => join(root, "dist/native.json");
/** @param {string} cache */
export const cacheRecord = (cache) => join(cache, "native.json");

/** @returns {import("./wheel.mjs").Wheel} */
export const pinnedWheel = () => /** @type {import("./wheel.mjs").Wheel} */ (readJson(join(here, "wheel.json")));

/** What the decision depends on. @param {Job} job */
function inputsOf({ env, cache, wheel }) {
  const wish = [env.AMEMC_NATIVE ?? "", env.AMEMC_LIBTENSORFLOW ?? ""];
  const { sha256 } = wheel ?? pinnedWheel();
  return JSON.stringify([...wish, process.platform, process.arch, TFJS_VERSION, sha256, cache]);
}

/**
 * What is in use, when nothing has to be done; cheap, since every start asks.
 * @param {Job} job @returns {Native | null}
 */
export function settledNative(job) {
  const known = /** @type {Native | undefined} */ (readJson(nativeFile(job.root)));
  if (known?.format !== FORMAT || known.inputs !== inputsOf(job)) return null;
  if (known.source === "none") {
    const wanted = job.env.AMEMC_NATIVE !== "off";
    return job.retry === true || (wanted && Date.now() - Date.parse(known.since) > DAY) ? null : known;
  }
  const whole = Object.entries(known.files).every(
    ([file, size]) => statSync(file, { throwIfNoEntry: false })?.size === size,
  );
  return whole ? known : null;
}

/** @param {Job} job @param {import("./folder.mjs").TensorFlow} tensorflow @returns {Promise<Found>} */
async function withBinding(job, tensorflow) {
  const binding = await bindingFor({ ...job, tensorflow, loads });
  return { source: tensorflow.source, binding, libraries: tensorflow.libraries };
}

/** @param {string} binding */
const loads = (binding) =>
  checkBinding(binding).then(
    () => true,
    () => false,
  );

/** @param {Job} job @returns {Promise<Found>} */
async function wheelBinding(job) {
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new Error(`no wheel is pinned for ${process.platform} on ${process.arch}`);
  const wheelJob = { ...job, wheel: job.wheel ?? pinnedWheel() };
  const obstacles = await Promise.all([
    wheelObstacle(wheelJob),
    bindingObstacle({ ...job, key: wheelKey(wheelJob.wheel) }),
  ]);
  // Before 274 MB are fetched.
  const known = obstacles.filter((obstacle) => obstacle !== null);
  if (known.length > 0) throw new Error(known.join("; "));
  return withBinding(job, await fromWheel(wheelJob));
}

/** @param {Job} job @returns {Promise<Found>} */
async function tfjsBinding(job) {
  return { source: "tfjs", binding: await fromTfjs(job), libraries: [] };
}

/** Loads the binding in a process of its own. @param {string} binding */
export async function checkBinding(binding) {
  const outcome = await run([process.execPath, join(here, "check.mjs"), binding], { timeout: 120_000 });
  const line = outcome.output.split("\n").find((text) => text.startsWith("{"));
  if (!outcome.ok || line === undefined) {
    const error = outcome.output.split("\n").find((text) => text.includes("Error"));
    throw new Error(`the binding does not load: ${error ?? lastLine(outcome.output)}`);
  }
  return /** @type {{ version: string, xla: boolean, why: string | null }} */ (parseJson(line));
}

/** @param {Job} job @param {Found} found @returns {Promise<Native>} */
async function settle(job, { source, binding, libraries }) {
  const { version, xla, why } = await checkBinding(binding);
  job.say(`TensorFlow ${version} is ready (${xla ? "with XLA" : `without XLA: ${why ?? ""}`})`);
  const files = Object.fromEntries([binding, ...libraries].map((file) => [file, statSync(file).size]));
  return record(job, { source, version, bindingPath: binding, xla, why, files });
}

/**
 * @param {Job} job @param {Omit<Native, "format" | "inputs" | "since">} found
 * @returns {Native}
 */
function record(job, found) {
  const native = { format: FORMAT, inputs: inputsOf(job), since: new Date().toISOString(), ...found };
  const text = `${JSON.stringify(native, null, 1)}\n`;
  const inPackage = tryToWrite(nativeFile(job.root), text);
  // For packages that are installed where nothing can be written, and for those that were not set up themselves.
  const shared = cacheRecord(job.cache);
  const isWanted = native.source !== "none" || inPackage !== null || !existsSync(shared);
  const inCache = isWanted ? tryToWrite(shared, text) : null;
  if (inPackage !== null && inCache !== null) throw inCache;
  return native;
}

/** @param {string} file @param {string} text @returns {Error | null} what went wrong */
function tryToWrite(file, text) {
  try {
    writeAtomic(file, text);
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/**
 * @param {Job} job @returns {Promise<Native>}
 */
export async function ensureNative(job) {
  const settled = settledNative(job);
  if (settled !== null) return settled;
  const { env, say } = job;
  const none = { source: /** @type {Source} */ ("none"), version: null, bindingPath: null, xla: null, files: {} };
  if (env.AMEMC_NATIVE === "off") {
    say("AMEMC_NATIVE is off, so the portable engine is used");
    return record(job, { ...none, why: "AMEMC_NATIVE is off" });
  }
  for (const folder of FOLDERS) sweepTemporaries(join(job.cache, folder));
  const named = env.AMEMC_LIBTENSORFLOW;
  if (named !== undefined && named !== "") {
    const folder = fromFolder(named);
    try {
      return await settle(job, await withBinding(job, folder));
    } catch (error) {
      throw new Refusal(`TensorFlow in AMEMC_LIBTENSORFLOW (${named}) cannot be used: ${reason(error)}`);
    }
  }
  const reasons = [];
  for (const source of [wheelBinding, tfjsBinding]) {
    try {
      return await settle(job, await source(job));
    } catch (error) {
      reasons.push(reason(error));
    }
  }
  if (job.tellsNone !== false)
    say(`no native TensorFlow, so the portable engine is used (${reasons.join("; ")}); try again: amemc setup`);
  return record(job, { ...none, why: reasons.join("; ") });
}

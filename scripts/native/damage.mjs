// Looks for what is damaged or was left unfinished in the cache folder. Changes nothing.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isUnfinished, readJson } from "../lib/files.mjs";
import { wholeBinding } from "./binding.mjs";
import { cacheRecord, FOLDERS, nativeFile, pinnedWheel } from "./ensure.mjs";
import { sourcesAreWhole, sourcesFolder } from "./sources.mjs";
import { isRight, isWhole } from "./wheel.mjs";

/**
 * @typedef {import("./ensure.mjs").Job} Job
 * @typedef {{ path: string, what: string, breaks: boolean }} Damage `breaks`: TensorFlow may not work with it
 */

/** @param {string} folder @returns {string[]} */
const entries = (folder) => (existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []);

/** @param {string} path */
const isTemporary = (path) => path.endsWith(".tmp");

/**
 * All damage, with what has to be removed for it. Reads every byte of TensorFlow's libraries: some seconds.
 * @param {Job} job @returns {Promise<Damage[]>}
 */
export async function findDamage(job) {
  const { cache } = job;
  const kept = (/** @type {string} */ name) => entries(join(cache, name)).filter((path) => !isTemporary(path));
  /** @type {Damage[]} */
  const found = [];
  const tell = (/** @type {string} */ path, /** @type {string} */ what, breaks = false) =>
    void found.push({ path, what, breaks });

  for (const folder of FOLDERS)
    for (const path of entries(join(cache, folder)).filter(isUnfinished)) tell(path, "it was left unfinished");
  const wheel = job.wheel ?? pinnedWheel();
  for (const path of kept("download").filter((name) => name.endsWith(".whl")))
    if (!(await isRight(path, wheel))) tell(path, "the download is incomplete, damaged or of another version");
  for (const path of kept("tensorflow"))
    if (!(await isWhole(path, true))) tell(path, "files of the unpacked TensorFlow are damaged or missing", true);
  const sources = sourcesFolder(cache);
  if (existsSync(sources) && !sourcesAreWhole(sources)) tell(sources, "the sources of the binding are damaged");
  for (const path of kept("binding"))
    if ((await wholeBinding(path)) === null) tell(path, "the binding is damaged", true);
  for (const path of entries(join(cache, "xla"))) damageOfXla(path, tell);
  for (const path of [nativeFile(job.root), cacheRecord(cache)]) {
    const fault = faultOfRecord(path);
    if (fault !== null) tell(path, fault, true);
  }
  return found;
}

/** @param {string} path @returns {string | null} */
function faultOfRecord(path) {
  if (!existsSync(path)) return null;
  const record = /** @type {import("./ensure.mjs").Native | undefined} */ (readJson(path));
  if (record === undefined) return "the record of what is in use is damaged";
  const gone = Object.keys(record.files).find((file) => !existsSync(file));
  return gone === undefined ? null : `it names ${gone}, which is gone`;
}

/** @param {string} folder @param {(path: string, what: string) => void} tell */
function damageOfXla(folder, tell) {
  if (folder.endsWith(".damaged")) {
    tell(folder, "a run had set it aside as damaged");
    return;
  }
  for (const path of entries(folder))
    if (path.endsWith(".pb") && !isMessage(readFileSync(path)))
      tell(path, "the compiled program is cut short or damaged");
}

/** Kinds of fields. Groups (3, 4) are of an older time. */
const [VARINT, FIXED64, BYTES, FIXED32] = [0, 1, 2, 5];
const KINDS = new Set([VARINT, FIXED64, BYTES, FIXED32]);

/** Whether bytes are a sequence of protobuf fields that ends where the file ends. @param {Uint8Array} bytes */
export function isMessage(bytes) {
  let at = 0;
  /** Lengths here fit a double; NaN past the end. */
  const varint = () => {
    let [value, factor] = [0, 1];
    for (let byte = 0x80; byte >= 0x80; factor *= 0x80) {
      byte = bytes[at++] ?? NaN;
      value += (byte % 0x80) * factor;
    }
    return value;
  };
  while (at < bytes.length) {
    const tag = varint();
    const kind = tag % 8;
    if (!(tag >= 8 && KINDS.has(kind))) return false;
    // Before `at` is read for the sum, since this moves it.
    const length = kind === VARINT || kind === BYTES ? varint() : 0;
    at += kind === BYTES ? length : kind === FIXED64 ? 8 : kind === FIXED32 ? 4 : 0;
    if (!(at <= bytes.length)) return false;
  }
  return bytes.length > 0;
}

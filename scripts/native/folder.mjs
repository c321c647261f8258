// TensorFlow in a folder the user names (AMEMC_LIBTENSORFLOW): an unpacked libtensorflow archive, or the folder
// `tensorflow` of an installed Python package. Nothing is copied.
import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../lib/files.mjs";
import { Refusal } from "../lib/say.mjs";

/**
 * What a binding can be compiled and linked against. `key` names the build in the cache, `libraries` are linked, and
 * `rpath` is where the binding finds them: absolute, or relative to its own place.
 * @typedef {{ source: "folder" | "wheel", key: string, include: string, libraries: string[], rpath: string }} TensorFlow
 */

const NAMES = [
  [/^libtensorflow_cc\.(so(\.2)?|2\.dylib)$/, /^libtensorflow_framework\.(so(\.2)?|2\.dylib)$/],
  [/^libtensorflow\.(so(\.2)?|(2\.)?dylib)$/, /^libtensorflow_framework\.(so(\.2)?|(2\.)?dylib)$/],
];

/** The libraries in one folder: the ones to link, or null. @param {string} folder @returns {string[] | null} */
function librariesIn(folder) {
  if (!existsSync(folder)) return null;
  const files = readdirSync(folder).sort((a, b) => b.length - a.length);
  for (const [main, framework] of NAMES) {
    const first = files.find((file) => main?.test(file));
    const second = files.find((file) => framework?.test(file));
    // An archive for macOS has one library only.
    if (first !== undefined)
      return (second === undefined ? [first] : [first, second]).map((file) => join(folder, file));
  }
  return null;
}

/** @param {string} named @returns {TensorFlow} */
export function fromFolder(named) {
  const bad = (/** @type {string} */ what) =>
    new Refusal(
      `AMEMC_LIBTENSORFLOW is ${named}, but ${what}. Name a folder with lib/libtensorflow.so and include/tensorflow/c/c_api.h, or unset it`,
    );
  if (!existsSync(named)) throw bad("there is no such folder");
  if (!statSync(named).isDirectory()) throw bad("that is no folder");
  const folder = realpathSync(named);
  const libraries = librariesIn(join(folder, "lib")) ?? librariesIn(folder);
  if (libraries === null) throw bad("no libtensorflow lies there or in its lib/");
  const include = join(folder, "include");
  if (!existsSync(join(include, "tensorflow/c/eager/c_api.h")))
    throw bad("it has no include/tensorflow/c/eager/c_api.h");
  const rpath = join(libraries[0] ?? folder, "..");
  const identity = libraries.map((file) => {
    const { size, mtimeMs } = statSync(file);
    return `${file} ${size} ${mtimeMs}`;
  });
  return { source: "folder", key: `folder-${sha256(identity.join("\n")).slice(0, 12)}`, include, libraries, rpath };
}

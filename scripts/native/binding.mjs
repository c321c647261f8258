// Compiles the binding of @tensorflow/tfjs-node (its own C++ sources) against a TensorFlow at hand. Only Node-API is
// used, so one binding serves every version of Node; it is kept in the user's cache for the next clone.
import { copyFileSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { moveFolder, readJson, sha256OfFile, temporaryName, writeAtomic } from "../lib/files.mjs";
import { lastLine, run, works } from "../lib/run.mjs";
import { seconds } from "../lib/say.mjs";
import { fetchSources, SOURCES_SHA256, TFJS_VERSION } from "./sources.mjs";

/**
 * @typedef {import("./folder.mjs").TensorFlow} TensorFlow
 * @typedef {import("./sources.mjs").Job & { root: string, tensorflow: TensorFlow }} Job
 */

const NODE_API = 8;
const FILE = "tfjs_binding.node";
const INPUTS = ["binding/tfjs_backend.cc", "binding/tfjs_binding.cc"];
const COMPILERS = ["g++", "c++", "clang++"];
export const NO_COMPILER = "no C++ compiler was found";

/** What a binding fits: TensorFlow's build, its own sources, the system. @param {string} tensorflow its key */
export const bindingKey = (tensorflow) =>
  [
    `tf${tensorflow}`,
    `tfjs${TFJS_VERSION}`,
    SOURCES_SHA256.slice(0, 8),
    `napi${NODE_API}`,
    process.platform,
    process.arch,
  ].join("-");

/** @param {string} root @param {string} tensorflow */
export const shippedBinding = (root, tensorflow) => join(root, "dist/native", bindingKey(tensorflow));

/**
 * The file of a binding that is there and whole, else null.
 * @param {string} folder @returns {Promise<string | null>}
 */
export async function wholeBinding(folder) {
  const file = join(folder, FILE);
  const manifest = /** @type {{ sha256?: string } | undefined} */ (readJson(join(folder, "manifest.json")));
  if (manifest?.sha256 === undefined || !existsSync(file)) return null;
  return (await sha256OfFile(file)) === manifest.sha256 ? file : null;
}

/** @param {NodeJS.ProcessEnv} env @returns {string | null} */
function findCompiler(env) {
  const own = env.CXX ?? "";
  return [...(own === "" ? [] : [own]), ...COMPILERS].find((name) => works([name, "--version"], env)) ?? null;
}

/**
 * Why no binding can be had here, before anything large is fetched; null when one can.
 * @param {{ root: string, cache: string, env: NodeJS.ProcessEnv, key: string }} job @returns {Promise<string | null>}
 */
export async function bindingObstacle({ root, cache, env, key }) {
  if ((await wholeBinding(join(cache, "binding", bindingKey(key)))) !== null) return null;
  if ((await wholeBinding(shippedBinding(root, key))) !== null) return null;
  return findCompiler(env) === null ? NO_COMPILER : null;
}

/** Compiler flags for a module that node loads. @param {TensorFlow} tensorflow */
function linkFlags({ libraries, rpath }) {
  const own = process.platform === "darwin" ? ["-bundle", "-undefined", "dynamic_lookup"] : ["-shared"];
  const relative = process.platform === "darwin" ? rpath.replace("$ORIGIN", "@loader_path") : rpath;
  return [...own, ...libraries, `-Wl,-rpath,${relative}`];
}

/**
 * The path of a binding: from the cache, from the package (when `loads` says that it does), or compiled.
 * @param {Job & { loads: (binding: string) => Promise<boolean> }} job
 * @returns {Promise<string>}
 */
export async function bindingFor({ loads, ...job }) {
  const { root, cache, say, tensorflow } = job;
  const folder = join(cache, "binding", bindingKey(tensorflow.key));
  const cached = await wholeBinding(folder);
  if (cached !== null) return cached;
  rmSync(folder, { recursive: true, force: true });
  const shipped = shippedBinding(root, tensorflow.key);
  if ((await wholeBinding(shipped)) !== null) {
    const file = await place(folder, (temporary) => copyFileSync(join(shipped, FILE), join(temporary, FILE)));
    if (await loads(file)) {
      say("took the binding that comes with amemc");
      return file;
    }
    say("the binding that comes with amemc does not load here");
    rmSync(folder, { recursive: true, force: true });
  }
  return place(folder, (temporary) => compile(job, join(temporary, FILE)));
}

/**
 * Makes a binding in a folder of its own and moves it to its place when it is whole.
 * @param {string} folder @param {(temporary: string) => Promise<void> | void} make
 */
async function place(folder, make) {
  const temporary = temporaryName(folder);
  mkdirSync(temporary, { recursive: true });
  try {
    await make(temporary);
    const sha256 = await sha256OfFile(join(temporary, FILE));
    writeAtomic(join(temporary, "manifest.json"), JSON.stringify({ sha256 }));
    moveFolder(temporary, folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return join(folder, FILE);
}

/** @param {Job} job @param {string} output */
async function compile(job, output) {
  const { env, say, tensorflow } = job;
  const compiler = findCompiler(env);
  if (compiler === null) throw new Error(NO_COMPILER);
  const { tfjs, headers } = await fetchSources(job);
  const start = Date.now();
  say("compiling TensorFlow's binding for Node (once for this user, about 20 s)");
  const include = [join(tfjs, ".."), tensorflow.include, join(headers, "include")].flatMap((path) => ["-I", path]);
  // The binding may be shipped: its messages name no folder of this machine.
  const anonymous = `-ffile-prefix-map=${dirname(dirname(dirname(tfjs)))}=.`;
  const flags = ["-std=c++17", "-O2", "-fPIC", "-w", anonymous, `-DNAPI_VERSION=${NODE_API}`];
  const inputs = INPUTS.map((source) => join(tfjs, source));
  const command = [compiler, ...flags, ...include, ...inputs, "-o", output, ...linkFlags(tensorflow)];
  const outcome = await run(command, { env });
  if (!outcome.ok) throw new Error(`the binding does not compile: ${firstError(outcome.output)}`);
  say(`compiled in ${seconds(start)}`);
}

/** @param {string} output */
const firstError = (output) => output.split("\n").find((line) => line.includes("error")) ?? lastLine(output);

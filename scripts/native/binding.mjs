// Compiles the binding of @tensorflow/tfjs-node (its own C++ sources) against a TensorFlow at hand. Only Node-API is
// used, so one binding serves every version of Node; it is kept in the user's cache for the next clone.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { moveFolder, readJson, sha256, sha256OfFile, temporaryName, walk, writeAtomic } from "../lib/files.mjs";
import { lastLine, run, works } from "../lib/run.mjs";
import { seconds } from "../lib/say.mjs";

/**
 * @typedef {import("./folder.mjs").TensorFlow} TensorFlow
 * @typedef {import("../lib/say.mjs").Say} Say
 */

const NODE_API = 8;
const SOURCES = ["binding/tfjs_backend.cc", "binding/tfjs_binding.cc"];

/** Node's C headers: the pinned package, else those of the running node. @param {string} root */
function nodeHeaders(root) {
  const places = [
    join(root, "node_modules/node-api-headers/include"),
    join(dirname(process.execPath), "../include/node"),
  ];
  const found = places.find((place) => existsSync(join(place, "node_api.h")));
  if (found === undefined) throw new Error("node_api.h was not found (package node-api-headers)");
  return found;
}

/** @param {NodeJS.ProcessEnv} env */
function compiler(env) {
  const own = env.CXX ?? "";
  const candidates = [...(own === "" ? [] : [own]), "g++", "c++", "clang++"];
  const found = candidates.find((name) => works([name, "--version"]));
  if (found === undefined) throw new Error("no C++ compiler was found (tried g++, c++, clang++)");
  return found;
}

/** Compiler flags for a module that node loads. @param {TensorFlow} tensorflow */
function linkFlags({ libraries, rpath }) {
  const own = process.platform === "darwin" ? ["-bundle", "-undefined", "dynamic_lookup"] : ["-shared"];
  const relative = process.platform === "darwin" ? rpath.replace("$ORIGIN", "@loader_path") : rpath;
  return [...own, ...libraries, `-Wl,-rpath,${relative}`];
}

/**
 * The path of a compiled binding, from the cache where it is there and whole.
 * @param {{ root: string, cache: string, env: NodeJS.ProcessEnv, tensorflow: TensorFlow, say: Say }} job
 * @returns {Promise<string>}
 */
export async function compiledBinding({ root, cache, env, tensorflow, say }) {
  const tfjs = join(root, "node_modules/@tensorflow/tfjs-node");
  if (!existsSync(join(tfjs, "binding"))) throw new Error("the package @tensorflow/tfjs-node is not installed");
  const sources = walk(join(tfjs, "binding"), (name) => /\.(cc|h)$/.test(name));
  const { version } = /** @type {{ version: string }} */ (readJson(join(tfjs, "package.json")));
  const hash = sha256(sources.map((file) => readFileSync(file, "utf8")).join("\0")).slice(0, 8);
  const key = `tf${tensorflow.key}-tfjs${version}-${hash}-napi${NODE_API}-${process.platform}-${process.arch}`;
  const folder = join(cache, "binding", key);
  const file = join(folder, "tfjs_binding.node");
  const manifest = /** @type {{ sha256: string } | undefined} */ (readJson(join(folder, "manifest.json")));
  if (manifest !== undefined && existsSync(file) && (await sha256OfFile(file)) === manifest.sha256) return file;
  rmSync(folder, { recursive: true, force: true });

  const start = Date.now();
  say("compiling TensorFlow's binding for Node (once for this user, about 20 s)");
  const temporary = temporaryName(folder);
  mkdirSync(temporary, { recursive: true });
  try {
    const include = [join(tfjs, ".."), tensorflow.include, nodeHeaders(root)].flatMap((path) => ["-I", path]);
    const output = join(temporary, "tfjs_binding.node");
    const flags = ["-std=c++17", "-O2", "-fPIC", "-w", `-DNAPI_VERSION=${NODE_API}`];
    const inputs = SOURCES.map((source) => join(tfjs, source));
    const command = [compiler(env), ...flags, ...include, ...inputs, "-o", output, ...linkFlags(tensorflow)];
    const outcome = await run(command);
    if (!outcome.ok) throw new Error(`the binding does not compile: ${firstError(outcome.output)}`);
    writeAtomic(join(temporary, "manifest.json"), JSON.stringify({ sha256: await sha256OfFile(output) }));
    moveFolder(temporary, folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  say(`compiled in ${seconds(start)}`);
  return file;
}

/** @param {string} output */
const firstError = (output) => output.split("\n").find((line) => line.includes("error")) ?? lastLine(output);

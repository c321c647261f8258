// `node scripts/native/check.mjs BINDING`: loads TensorFlow, runs an op, and says whether XLA compiles and runs.
// Prints one line of JSON. In a process of its own, since native code can crash.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { attr, func, node, savedModel } from "./protobuf.mjs";

/**
 * @typedef {{ name: string, type: number, value: unknown }} OpAttr
 * @typedef {{ id: number }} Handle
 * @typedef {{
 *   TF_Version: string, TF_FLOAT: number, TF_ATTR_TYPE: number,
 *   createTensor(shape: number[], dtype: number, data: Float32Array): number,
 *   tensorDataSync(id: number): ArrayLike<number>,
 *   executeOp(name: string, attrs: OpAttr[], inputs: number[], outputs: number): Handle[],
 *   loadSavedModel(folder: string, tags: string): number,
 *   runSavedModel(model: number, inputs: number[], inputNames: string, outputNames: string): Handle[],
 * }} Binding
 */

process.env.TF_CPP_MIN_LOG_LEVEL ??= "3";

const SUM = func(
  "sum_of_squares",
  [
    node("square", "Mul", ["x", "x"], { T: attr.float }),
    node("twice", "AddV2", ["square:z:0", "square:z:0"], { T: attr.float }),
  ],
  "twice:z:0",
);

// Texts are something XLA cannot compile: a library without XLA ignores the wish and runs this all the same.
const TEXT = func(
  "through_text",
  [
    node("text", "AsString", ["x"], { T: attr.float }),
    node("back", "StringToNumber", ["text:output:0"], { out_type: attr.float }),
  ],
  "back:output:0",
);

/** @param {string} name @param {string} called */
const call = (name, called) =>
  node(name, "PartitionedCall", ["x"], {
    Tin: attr.floats,
    Tout: attr.floats,
    _XlaMustCompile: attr.yes,
    f: attr.func(called),
  });

/** @param {Binding} tf @param {number} model @param {string} output */
function result(tf, model, output) {
  const x = tf.createTensor([3], tf.TF_FLOAT, new Float32Array([1, 2, 3]));
  const [y] = tf.runSavedModel(model, [x], "x", output);
  return y === undefined ? "nothing" : Array.from(tf.tensorDataSync(y.id)).join(" ");
}

/** @param {Binding} tf @returns {{ xla: boolean, why: string | null }} */
function checkXla(tf) {
  const folder = mkdtempSync(join(tmpdir(), "amemc-check-"));
  try {
    mkdirSync(join(folder, "variables"));
    const x = node("x", "Placeholder", [], { dtype: attr.float, shape: attr.shape(3) });
    const model = savedModel([x, call("sum", "sum_of_squares"), call("text", "through_text")], [SUM, TEXT]);
    writeFileSync(join(folder, "saved_model.pb"), model);
    const id = tf.loadSavedModel(folder, "serve");
    const got = result(tf, id, "sum");
    if (got !== "2 8 18") return { xla: false, why: `a compiled program gave ${got}` };
    try {
      result(tf, id, "text");
    } catch {
      return { xla: true, why: null };
    }
    return { xla: false, why: "this build of TensorFlow has no XLA compiler for the CPU" };
  } catch (error) {
    return { xla: false, why: error instanceof Error ? error.message : String(error) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} path */
function check(path) {
  const load = /** @type {(path: string) => unknown} */ (createRequire(import.meta.url));
  const tf = /** @type {Binding} */ (load(path));
  const x = tf.createTensor([3], tf.TF_FLOAT, new Float32Array([1, 2, 3]));
  const [square] = tf.executeOp("Square", [{ name: "T", type: tf.TF_ATTR_TYPE, value: tf.TF_FLOAT }], [x], 1);
  const got = square === undefined ? "nothing" : Array.from(tf.tensorDataSync(square.id)).join(" ");
  if (got !== "1 4 9") throw new Error(`a square came out as ${got}`);
  return { version: tf.TF_Version, ...checkXla(tf) };
}

process.stdout.write(`${JSON.stringify(check(process.argv[2] ?? ""))}\n`);

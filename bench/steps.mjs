// The graph engine's speed without anything around it: nanoseconds a step and run of a linear memory's gradient step, and what
// the first call costs (compilation included). `node bench/steps.mjs [--engine graph|portable] [tokens width runs steps every]…`
// `every` 0 records nothing. CPU time is printed too: it says more than the clock on a busy machine.
import { mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const bundle = join(root, "dist", "bench", "steps.mjs");

/** Tokens (and classes), width, runs, steps, records every so many steps. */
const CASES = [
  [2, 2, 1000, 1000, 0],
  [2, 2, 1000, 1000, 1],
  [5, 3, 1000, 1000, 0],
  [5, 5, 1000, 1000, 0],
  [5, 10, 1000, 1000, 0],
  [5, 10, 304, 100, 1],
  [16, 16, 64, 300, 0],
  [32, 32, 16, 300, 0],
  [1000, 64, 1, 100, 0],
  [1000, 64, 1, 100, 1],
  [1000, 64, 1, 100, 10],
];
const REPETITIONS = 5;

const entry = `
  export { readNative } from "./src/base/native.ts";
  export { createGraphEngine } from "./src/engine/graph/runtime.ts";
  export { createPortableEngine } from "./src/engine/portable/index.ts";
  export { workerEnvironment } from "./src/engine/worker/environment.ts";
  export { linearInputs, linearMemory } from "./test/engine/graph/linear-memory.ts";
`;

/** @typedef {typeof import("../src/base/native.js") & typeof import("../src/engine/graph/runtime.js") & typeof import("../src/engine/portable/index.js") & typeof import("../src/engine/worker/environment.js") & typeof import("../test/engine/graph/linear-memory.js")} Parts */

/** @returns {Promise<Parts>} */
async function load() {
  mkdirSync(dirname(bundle), { recursive: true });
  await build({
    stdin: { contents: entry, resolveDir: root, loader: "ts" },
    outfile: bundle,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "error",
  });
  /** @type {unknown} */
  const module = await import(pathToFileURL(bundle).href);
  return /** @type {Parts} */ (module);
}

/** @param {Parts} parts @param {string} name @returns {import("../src/engine/types.js").Engine} */
function start(parts, name) {
  if (name === "portable") return parts.createPortableEngine();
  const native = parts.readNative();
  if (native === null) throw new Error("TensorFlow was not set up: sh scripts/bootstrap");
  const threads = Number(process.env.THREADS ?? "1");
  const options = { version: native.version, threads, compilationCache: false };
  Object.assign(process.env, parts.workerEnvironment(options));
  return parts.createGraphEngine({ bindingPath: native.bindingPath, xla: native.xla, compilationFolder: null });
}

/** @param {() => void} action */
function timed(action) {
  const cpu = process.cpuUsage();
  const clock = performance.now();
  action();
  const wall = performance.now() - clock;
  const used = process.cpuUsage(cpu);
  return { wall, cpu: (used.user + used.system) / 1000 };
}

/** @param {Parts} parts @param {import("../src/engine/types.js").Engine} engine @param {readonly number[]} numbers */
function measure(parts, engine, [tokens = 5, width = 3, runs = 1000, steps = 1000, every = 0]) {
  const sizes = { tokens, classes: tokens, width };
  const slots = every === 0 ? 0 : Math.floor(steps / every) + 1;
  const block = { ...parts.linearMemory(sizes, { record: every > 0 }), runs, slotsPerCall: Math.max(1, slots) };
  const inputs = { arrays: parts.linearInputs(sizes, runs, 10) };
  const schedule = { steps, groups: every === 0 ? [] : [Array.from({ length: slots }, (_, k) => k * every)] };
  const executable = engine.prepare(block);
  const call = () => void executable.call(inputs, schedule, null, steps);
  const first = timed(call);
  const rest = Array.from({ length: REPETITIONS }, () => timed(call));
  executable.dispose();
  const best = (/** @type {"wall" | "cpu"} */ what) => Math.min(...rest.map((each) => each[what]));
  const scale = 1e6 / (steps * runs);
  const columns = [
    `${tokens} ${width} ${runs} ${steps} ${every}`.padEnd(24),
    (best("cpu") * scale).toFixed(1).padStart(12),
    (best("wall") * scale).toFixed(1).padStart(12),
    first.wall.toFixed(0).padStart(12),
    first.cpu.toFixed(0).padStart(12),
  ];
  console.log(columns.join(""));
}

const args = process.argv.slice(2);
const named = args.indexOf("--engine");
const [, name = "graph"] = named < 0 ? [] : args.splice(named, 2);
const numbers = args.map(Number);
const cases =
  numbers.length === 0 ? CASES : Array.from({ length: numbers.length / 5 }, (_, k) => numbers.slice(5 * k, 5 * k + 5));
const parts = await load();
const engine = start(parts, name);
console.log(
  `${engine.name}, ${engine.description.library} ${engine.description.version}, xla ${engine.description.xla}`,
);
console.log("tokens width runs steps every  cpu ns/step  ns/step  first call ms  cpu ms");
for (const each of cases) measure(parts, engine, each);
process.exit(0);

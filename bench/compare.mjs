/**
 * Whole processes against the peers, from spawn to exit, in turn, five times: `node bench/compare.mjs [--python PATH] [--runs 5] [CASE …]`.
 * The peers need numpy, torch and jax: `python3 -m venv venv && venv/bin/pip install numpy torch jax`, then `--python venv/bin/python`.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const here = fileURLToPath(new URL(".", import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    python: { type: "string", default: "python3" },
    runs: { type: "string", default: "5" },
    peers: { type: "string", default: "jax,torch-batched,torch-loop" },
  },
});
const cases = positionals.length > 0 ? positionals : ["lr_grid", "margins", "large"];

/** @param {string} command @param {string[]} args @returns {number} seconds */
function timed(command, args) {
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(command, args, { encoding: "utf8", env: { ...process.env, CI: "1" } });
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}\n${stderr}`);
  return seconds;
}

/** @param {string} name @returns {number} */
function ours(name) {
  const out = mkdtempSync(join(tmpdir(), "amemc-bench-"));
  try {
    return timed(join(here, "../scripts/amemc"), [
      "compile-and-run",
      join(here, `cases/${name}.amem`),
      "--engine",
      "graph",
      "--out",
      out,
    ]);
  } finally {
    rmSync(out, { recursive: true });
  }
}

/** @param {number[]} list @returns {number} */
function median(list) {
  const sorted = [...list].sort((a, b) => a - b);
  return (
    ((sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? NaN)) / 2
  );
}

for (const name of cases) {
  const runs = Number(values.runs);
  /** @type {Map<string, number[]>} */
  const times = new Map();
  const add = (/** @type {string} */ who, /** @type {number} */ seconds) =>
    times.set(who, [...(times.get(who) ?? []), seconds]);
  ours(name); // fills the disk caches, as any earlier run has
  for (let run = 0; run < runs; run++) {
    add("amemc", ours(name));
    for (const peer of values.peers.split(",")) {
      // A run of the loop takes minutes on lr_grid: once is enough for a ratio of hundreds.
      if (peer === "torch-loop" && run > 0 && name === "lr_grid") continue;
      add(peer, timed(values.python, [join(here, "peers/linear.py"), peer, name]));
    }
  }
  const own = median(times.get("amemc") ?? []);
  for (const [who, list] of times) {
    const middle = median(list);
    console.log(
      `${name} ${who} median ${middle.toFixed(2)} s (${list.map((seconds) => seconds.toFixed(2)).join(" ")}) ratio ${(middle / own).toFixed(2)}`,
    );
  }
}

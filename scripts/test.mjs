// The work of scripts/test. The last line on stdout counts the tests: `N passed, N failed` or `…, N skipped`.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join, relative } from "node:path";
import { readJson } from "./lib/files.mjs";
import { dist, root } from "./lib/paths.mjs";
import { say, seconds } from "./lib/say.mjs";
import { summary } from "./lib/summary.mjs";

const REPORT = join(dist, "test-report.json");
const flags = process.argv.slice(2);
const full = flags.includes("--full") || process.env.AMEMC_TEST_FULL === "1";
const chosen = flags.filter((flag) => flag !== "--full");
const tool = (/** @type {string} */ path) => [process.execPath, join(root, "node_modules", path)];

const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${relative(root, REPORT)}`];
/** @typedef {{ name: string, command: string[] }} Step */
/** Takes one core for longer than the other checks: it goes on beside the tests. @type {Step} */
const LINT = { name: "lint", command: [...tool("eslint/bin/eslint.js"), ".", "--max-warnings", "0"] };
/** @type {Step[]} */
const CHECKS = [
  { name: "types", command: [...tool("typescript/bin/tsc"), "--noEmit"] },
  { name: "format", command: [...tool("prettier/bin/prettier.cjs"), "--check", "--log-level", "warn", "."] },
];
/** @type {Step} */
const SPECS = { name: "specs", command: [process.execPath, join(root, "scripts/specs.mjs")] };
/** @type {Step} */
const TESTS = { name: "tests", command: [...tool("vitest/vitest.mjs"), "run", ...reporters, ...chosen] };

const env = { ...process.env, ...(full ? { AMEMC_TEST_FULL: "1" } : {}) };

/** Whether it ended well. What steps write that run side by side is shown when they end. @param {Step} step @param {boolean} alone */
async function run({ name, command: [program = "", ...args] }, alone) {
  const start = Date.now();
  const child = spawn(program, args, {
    cwd: root,
    env,
    stdio: ["ignore", alone ? "inherit" : "pipe", alone ? "inherit" : "pipe"],
  });
  /** @type {Buffer[]} */
  const written = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (/** @type {Buffer} */ part) => written.push(part));
  await once(child, "close");
  const ok = child.exitCode === 0;
  process.stdout.write(Buffer.concat(written));
  say(`${name}: ${ok ? "fine" : "failed"} (${seconds(start)})`);
  return ok;
}

async function main() {
  rmSync(REPORT, { force: true });
  const lint = run(LINT, false);
  const checked = await Promise.all(CHECKS.map((check) => run(check, false)));
  const isReady = checked.every(Boolean) && (!full || (await run(SPECS, true)));
  const tested = isReady && (await run(TESTS, true));
  const ok = (await lint) && tested;
  return end(
    ok,
    isReady ? /** @type {import("./lib/summary.mjs").Report | undefined} */ (readJson(REPORT)) : undefined,
  );
}

/** @param {boolean} ok @param {import("./lib/summary.mjs").Report} [report] */
function end(ok, report) {
  process.stdout.write(`${summary(report, ok)}\n`);
  return ok ? 0 : 1;
}

process.exitCode = await main();

// The work of scripts/test. The last line on stdout counts the tests: `N passed, N failed` or `…, N skipped`.
import { spawnSync } from "node:child_process";
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
const STEPS = [
  { name: "types", command: [...tool("typescript/bin/tsc"), "--noEmit"] },
  { name: "lint", command: [...tool("eslint/bin/eslint.js"), ".", "--max-warnings", "0"] },
  { name: "format", command: [...tool("prettier/bin/prettier.cjs"), "--check", "--log-level", "warn", "."] },
  ...(full ? [{ name: "specs", command: [process.execPath, join(root, "scripts/specs.mjs")] }] : []),
  { name: "tests", command: [...tool("vitest/vitest.mjs"), "run", ...reporters, ...chosen] },
];

function main() {
  const env = { ...process.env, ...(full ? { AMEMC_TEST_FULL: "1" } : {}) };
  rmSync(REPORT, { force: true });
  for (const { name, command } of STEPS) {
    const start = Date.now();
    const [program = "", ...args] = command;
    const { status } = spawnSync(program, args, { cwd: root, env, stdio: ["ignore", "inherit", "inherit"] });
    const ok = status === 0;
    say(`${name}: ${ok ? "fine" : "failed"} (${seconds(start)})`);
    if (name !== "tests" && ok) continue;
    const report =
      name === "tests" ? /** @type {import("./lib/summary.mjs").Report | undefined} */ (readJson(REPORT)) : undefined;
    process.stdout.write(`${summary(report, ok)}\n`);
    return ok ? 0 : 1;
  }
  return 0;
}

process.exitCode = main();

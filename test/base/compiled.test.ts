import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { distFile, packageRoot } from "../../src/base/package.js";

/** A cache folder of its own, what checking a spec with it says, and what lies there. */
function withCache() {
  const cache = mkdtempSync(join(tmpdir(), "amemc-code-"));
  onTestFinished(() => rmSync(cache, { recursive: true, force: true }));
  const folder = join(cache, "code");
  return {
    cache,
    folder,
    check: (...flags: readonly string[]): string =>
      execFileSync(process.execPath, [...flags, distFile("cli.mjs"), "check", "specs/quickstart.amem"], {
        cwd: packageRoot(),
        env: { ...process.env, AMEMC_CACHE: cache },
        encoding: "utf8",
      }),
    file: (): string => join(folder, readdirSync(folder).find((name) => name.startsWith("program.cjs-check-")) ?? ""),
  };
}

const SAID = "specs/quickstart.amem: no errors; quickstart (2 claims)\n";

test("the code of a bundle is kept once, and used as it is", () => {
  const { check, folder, file } = withCache();
  expect(check()).toBe(SAID);
  expect(readdirSync(folder)).toHaveLength(1);
  const before = statSync(file()).mtimeMs;
  expect(check()).toBe(SAID);
  expect(readdirSync(folder)).toHaveLength(1);
  expect(statSync(file()).mtimeMs).toBe(before);
});

test("torn code, and code for other settings of V8, is made again", () => {
  const { check, file } = withCache();
  check();
  const whole = readFileSync(file());
  const torn = Buffer.from(whole);
  torn.fill(0, torn.length / 2);
  for (const bytes of [torn, whole.subarray(0, 20), Buffer.alloc(0)]) {
    writeFileSync(file(), bytes);
    expect(check()).toBe(SAID);
    expect(readFileSync(file()).length).toBeGreaterThan(bytes === torn ? 100_000 : bytes.length);
    expect(readFileSync(file()).equals(bytes)).toBe(false);
  }
  const ours = readFileSync(file());
  expect(check("--no-lazy-feedback-allocation")).toBe(SAID);
  expect(readFileSync(file()).equals(ours)).toBe(false);
});

test("a command that did not go its whole way leaves none behind", () => {
  const { cache, folder, check } = withCache();
  const env = { ...process.env, AMEMC_CACHE: cache };
  spawnSync(process.execPath, [distFile("cli.mjs"), "check", "nowhere.amem"], { env });
  expect(existsSync(folder)).toBe(false);
  spawnSync(process.execPath, [distFile("cli.mjs"), "check", "--help"], { env });
  expect(readdirSync(folder)).toEqual([expect.stringContaining("program.cjs-other-")]);
  expect(check()).toBe(SAID);
  expect(readdirSync(folder)).toHaveLength(2);
});

test("without a cache folder all goes on", () => {
  const { cache, check } = withCache();
  writeFileSync(join(cache, "code"), "a file");
  expect(check()).toBe(SAID);
  expect(readdirSync(cache)).toEqual(["code"]);
});

test("code of builds that nobody uses goes", () => {
  const { check, folder, file } = withCache();
  check();
  const current = file();
  const old = join(folder, "program.cjs-check-v0-0");
  writeFileSync(old, "");
  utimesSync(old, 1e9, 1e9);
  writeFileSync(current, "torn");
  check();
  expect(readdirSync(folder).map((name) => join(folder, name))).toEqual([current]);
});

import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { agrees } from "../../scripts/lib/packages.mjs";
import { summary } from "../../scripts/lib/summary.mjs";
import { packageRoot } from "../../src/base/package.js";
import { temporaryFolder, write } from "./helpers.js";

const root = packageRoot();
const bootstrap = (env: NodeJS.ProcessEnv = {}) =>
  spawnSync("sh", [join(root, "scripts/bootstrap")], { encoding: "utf8", env: { ...process.env, ...env } });

function milliseconds(action: () => unknown): number {
  const start = performance.now();
  action();
  return performance.now() - start;
}

describe("scripts/bootstrap", () => {
  it("does nothing, quickly and silently, when all is there", () => {
    expect(bootstrap().status).toBe(0);
    const second = bootstrap();
    expect([second.status, second.stdout, second.stderr]).toEqual([0, "", ""]);
    const times = [1, 2, 3, 4, 5, 6].map(() => {
      const node = milliseconds(() => spawnSync(process.execPath, ["-e", "0"]));
      return milliseconds(() => bootstrap()) - node;
    });
    expect(Math.min(...times)).toBeLessThan(300);
  });

  it("ends with one line that names a folder it cannot use", () => {
    const { status, stderr } = bootstrap({ AMEMC_LIBTENSORFLOW: "/no/such/folder" });
    expect(status).toBe(1);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stderr).toMatch(/^amemc: AMEMC_LIBTENSORFLOW is \/no\/such\/folder, but there is no such folder/);
  });
});

describe("node_modules", () => {
  const entry = { version: "1.0.0" };
  const lock = {
    packages: {
      "": { optionalDependencies: { ours: "1.0.0" } },
      "node_modules/a": entry,
      "node_modules/ours": { ...entry, optional: true },
      "node_modules/elsewhere": { ...entry, optional: true },
    },
  };
  const check = (packages: object | undefined): boolean => {
    const folder = temporaryFolder();
    write(join(folder, "package-lock.json"), JSON.stringify(lock));
    if (packages !== undefined) write(join(folder, "node_modules/.package-lock.json"), JSON.stringify({ packages }));
    return agrees(folder);
  };

  it("agrees with the lock file although packages for other systems are missing", () => {
    expect(check({ "node_modules/a": entry, "node_modules/ours": entry })).toBe(true);
  });

  it("does not agree when it is absent, old, or lacks a package that we name", () => {
    expect(check(undefined)).toBe(false);
    expect(check({ "node_modules/a": { version: "0.9.0" }, "node_modules/ours": entry })).toBe(false);
    expect(check({ "node_modules/a": entry })).toBe(false);
  });
});

describe("scripts/amemc", () => {
  it("says what to run when it is not built, and starts the bundle through links", () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "scripts"));
    copyFileSync(join(root, "scripts/amemc"), join(folder, "scripts/amemc"));
    symlinkSync("scripts/amemc", join(folder, "link"));
    const start = () => spawnSync("sh", [join(folder, "link"), "a b", "c"], { encoding: "utf8" });
    expect([start().status, start().stderr]).toEqual([2, expect.stringContaining("bootstrap") as string]);
    write(join(folder, "dist/cli.mjs"), "console.log(JSON.stringify(process.argv.slice(2)))");
    expect(start().stdout).toBe('["a b","c"]\n');
  });
});

describe("the summary of scripts/test", () => {
  const report = {
    numPassedTests: 7,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    numFailedTestSuites: 0,
    testResults: [],
  };

  it("counts passed, failed and skipped tests", () => {
    expect(summary(report, true)).toBe("7 passed, 0 failed");
    expect(summary({ ...report, numPendingTests: 2, numTodoTests: 1 }, true)).toBe("7 passed, 0 failed, 3 skipped");
    expect(summary({ ...report, numFailedTests: 2 }, false)).toBe("7 passed, 2 failed");
  });

  it("never says that nothing failed when something did", () => {
    expect(summary(undefined, false)).toBe("0 passed, 1 failed");
    expect(summary(report, false)).toBe("7 passed, 1 failed");
    const unloaded = { name: "x", status: "failed", assertionResults: [] };
    expect(summary({ ...report, testResults: [unloaded, unloaded] }, false)).toBe("7 passed, 2 failed");
  });
});

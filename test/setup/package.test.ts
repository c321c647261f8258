import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageRoot, packageVersion } from "../../src/base/package.js";
import { claim, descent } from "../cli/helpers.js";
import { temporaryFolder, write } from "./helpers.js";
import type { Installed } from "./helpers-package.js";
import { installPackage } from "./helpers-package.js";

let amemc: Installed;
beforeAll(() => {
  amemc = installPackage();
  writeFileSync(join(amemc.folder, "small.amem"), descent({ claims: claim("falls", "fit.loss[step: last] < 0.2") }));
});
afterAll(() => {
  amemc.remove();
});

const npx = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  amemc.run(["npx", "--no-install", "amemc", ...args], env);

/** A path with what starts npx, and nothing else: no pip, no compiler, no npm for the set-up to call. */
function barePath(): string {
  const folder = temporaryFolder();
  for (const program of ["sh", "env"]) {
    const found = ["/bin", "/usr/bin"].map((place) => join(place, program)).find((path) => existsSync(path));
    symlinkSync(found ?? "", join(folder, program));
  }
  symlinkSync(process.execPath, join(folder, "node"));
  return folder;
}

/** As `npx` starts it, without npx: that is a script of npm. */
const bare = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  amemc.run([join(amemc.folder, "node_modules/.bin/amemc"), ...args], { PATH: barePath(), ...env });

describe("the tarball", () => {
  it("holds what is needed and nothing else", () => {
    const needed = [
      ...["package.json", "README.md", "LICENSE", "dist/THIRD-PARTY-LICENCES.txt", "docs/language.md"],
      ...["dist/cli.mjs", "dist/program.cjs", "dist/worker.mjs", "dist/report.cjs", "dist/charts.cjs", "dist/page.js"],
      ...["scripts/native/setup.mjs", "scripts/native/check.mjs", "scripts/native/sources/package-lock.json"],
      ...["src/language/std/linear.amem", "specs/quickstart.amem"],
    ];
    expect(needed.filter((file) => !amemc.files.includes(file))).toEqual([]);
    const allowed =
      /^((package\.json|README\.md|LICENSE|docs\/(guide|language|operators|diagnostics)\.md|docs\/grammar\.(ebnf|html)|editors\/amem\.tmLanguage\.json)$|dist\/(native\/|[^/]*$)|scripts\/(lib|native)\/|src\/language\/std\/|specs\/)/u;
    const foreign = amemc.files.filter(
      (file) => !allowed.test(file) || /native\.json|build\.json|report\.json/u.test(file),
    );
    expect(foreign).toEqual([]);
  });

  it("says nothing of the machine where it was packed", () => {
    const own = [packageRoot(), homedir()].filter((path) => path.length > 1);
    const telling = amemc.files.filter((file) => {
      const text = readFileSync(join(amemc.home, file), "latin1");
      return own.some((path) => text.includes(`${path}/`)) || /\0\/[^\0]*\/node_modules\//u.test(text);
    });
    expect(telling).toEqual([]);
  });

  it("brings no further packages, and scripts that find each other", () => {
    expect(readdirSync(dirname(amemc.home)).filter((name) => !name.startsWith("."))).toEqual(["amemc"]);
    const imports = amemc.files
      .filter((file) => file.startsWith("scripts/") && file.endsWith(".mjs"))
      .flatMap((file) => {
        const text = readFileSync(join(amemc.home, file), "utf8");
        return [...text.matchAll(/from "(\.[^"]*)"/gu)].map(([, path]) => join(dirname(file), path ?? ""));
      });
    expect(imports.length).toBeGreaterThan(10);
    expect(imports.filter((file) => !amemc.files.includes(file))).toEqual([]);
  });
});

describe("an installation without TensorFlow", () => {
  it("starts, checks and runs on the portable engine, and says so in one line", () => {
    expect(npx(["--version"])).toMatchObject({ code: 0, out: `${packageVersion()}\n` });
    expect(npx(["check", "small.amem"])).toMatchObject({ code: 0, err: "" });
    const { code, out, err } = npx(["compile-and-run", "small.amem"]);
    expect([code, out]).toEqual([0, expect.stringContaining("holds")]);
    expect(err.split("\n").filter((line) => line.includes("portable"))).toEqual([
      "the portable engine is used: no native TensorFlow (it was not set up yet); to set it up: npx amemc setup",
    ]);
    expect(readFileSync(join(amemc.folder, "out/small/report.html"), "utf8")).toContain("<!doctype html>");
  });

  it("is told by doctor, with what to do", () => {
    const { code, out } = bare(["doctor"]);
    expect(code).toBe(0);
    expect(out).toContain("there is no native TensorFlow");
    expect(out).toContain("to do     npx amemc setup");
  });
});

describe("amemc setup", () => {
  it("says what is missing, that the portable engine serves, and ends with 2", () => {
    const { code, out, err } = bare(["setup"]);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain("error[AM8031]: native TensorFlow is not set up: ");
    expect(err).toContain("npm was not found");
    expect(err).toContain("the portable engine serves meanwhile");
    if (process.platform === "linux" && process.arch === "x64") {
      expect(err).toContain("no pip was found");
      expect(err).toMatch(/put tensorflow_cpu-.*\.whl \(SHA-256 [0-9a-f]{64}\) into \S*\.cache\/amemc\/download/u);
    }
    expect(err).not.toMatch(/^\s+at /mu);
  });

  it("refuses a folder without TensorFlow, and does nothing when none is wanted", () => {
    const refused = bare(["setup"], { AMEMC_LIBTENSORFLOW: "/no/such/folder" });
    expect(refused.code).toBe(2);
    expect(refused.err).toContain("AMEMC_LIBTENSORFLOW is /no/such/folder, but there is no such folder");
    const off = bare(["setup", "--json"], { AMEMC_NATIVE: "off" });
    expect(off.code).toBe(0);
    expect(JSON.parse(off.out)).toEqual({ tensorflow: null, why: "AMEMC_NATIVE is off" });
    expect(bare(["setup"], { AMEMC_NATIVE: "off", AMEMC_REQUIRE_NATIVE: "1" }).code).toBe(2);
  });

  it("says where it cannot write", () => {
    const { code, err } = bare(["setup"], { AMEMC_CACHE: "/dev/null/cache" });
    expect(code).toBe(2);
    expect(err).toMatch(/error\[AM8008\]: `\/dev\/null\/cache` lies below something that is no folder/u);
  });
});

describe("amemc doctor --fix", () => {
  it("says that nothing is damaged, or removes what is", () => {
    const cache = temporaryFolder();
    expect(bare(["doctor", "--fix"], { AMEMC_CACHE: cache })).toMatchObject({ code: 0, err: "nothing is damaged\n" });
    const cut = write(join(cache, "xla/build/a.pb"), "");
    const { code, out, err } = bare(["doctor", "--fix"], { AMEMC_CACHE: cache });
    expect([code, err]).toEqual([0, `removed ${cut}: the compiled program is cut short or damaged\n`]);
    expect(out).toContain("there is no native TensorFlow");
    expect(existsSync(cut)).toBe(false);
  });
});

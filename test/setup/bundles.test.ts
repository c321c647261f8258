// Reads esbuild's metafiles: what a process loads decides how fast it starts, and what it can break.
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { distFile, packageRoot } from "../../src/base/package.js";

function inputsOf(bundle: string): readonly string[] {
  const file = distFile(`meta/${bundle}.json`);
  if (!existsSync(file)) return [];
  const meta = JSON.parse(readFileSync(file, "utf8")) as { readonly inputs: Readonly<Record<string, unknown>> };
  return Object.keys(meta.inputs);
}

const matching = (bundle: string, pattern: RegExp): readonly string[] =>
  inputsOf(bundle).filter((name) => pattern.test(name));

describe("bundles", () => {
  it("the command line holds no vega, no tfjs and nothing that loads TensorFlow", () => {
    const forbidden =
      /node_modules\/(@tensorflow|vega|d3-)|src\/engine\/(graph\/(runtime|binding)|worker\.ts|worker\/blocks)/;
    expect(["cli", "program"].flatMap((bundle) => matching(bundle, forbidden))).toEqual([]);
  });

  it("the worker holds no compiler, no tfjs and no vega", () => {
    const forbidden =
      /node_modules\/(@tensorflow|vega|chevrotain)|^grammar\/|src\/(language|lower|editor|report|cli)\//;
    expect(matching("worker", forbidden)).toEqual([]);
  });

  it("a page without charts needs no vega and no parser", () => {
    expect(matching("report", /node_modules\/(vega|d3-|chevrotain)|^grammar\/|vega-lite\.validate/)).toEqual([]);
    expect(matching("charts", /vega-lite\.validate/)).toHaveLength(1);
  });

  it("the page holds nothing of Node", () => {
    expect(matching("page", /node:|src\/(engine|run|plan|cli)\//)).toEqual([]);
  });
});

describe("the lock file", () => {
  it("names no registry", () => {
    const text = readFileSync(`${packageRoot()}/package-lock.json`, "utf8");
    expect(text).not.toMatch(/"resolved":/);
    expect(text).not.toMatch(/https?:\/\/[^"]*(registry|npmjs|artifact)/);
  });
});

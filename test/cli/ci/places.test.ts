import { mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { placeOf, regionOf, sourceRoot } from "../../../src/cli/ci/places.js";
import { folderWith } from "../helpers.js";

test("columns count UTF-16 code units from 1, the end is after the last one", () => {
  const text = "a\r\n\u{1F600}x = y\n";
  const start = text.indexOf("x");
  const region = regionOf({ file: "s", start, end: start + 5 }, () => text);
  expect(region).toEqual({ startLine: 2, startColumn: 3, endLine: 2, endColumn: 8 });
  expect(regionOf({ file: "s", start: 0, end: text.length }, () => text)).toEqual({
    ...{ startLine: 1, startColumn: 1, endLine: 3, endColumn: 1 },
  });
  expect(regionOf({ file: "s", start: 0, end: 1 }, () => undefined)).toBeNull();
});

test("files are named from the root, those of the library and outside are told apart", () => {
  const folder = folderWith({});
  mkdirSync(join(folder, "a"));
  const here = join(folder, "a");
  expect(placeOf("b.amem", folder, here)).toEqual({ kind: "source", path: "a/b.amem" });
  expect(placeOf(join(here, "b.amem"), folder, here)).toEqual({ kind: "source", path: "a/b.amem" });
  expect(placeOf("../../b.amem", folder, here)).toEqual({ kind: "outside", path: join(folder, "..", "b.amem") });
  expect(placeOf("std/linear.amem", folder, here)).toEqual({ kind: "library", path: "linear.amem" });
  mkdirSync(join(here, "std"));
  writeFileSync(join(here, "std/linear.amem"), "");
  expect(placeOf("std/linear.amem", folder, here)).toEqual({ kind: "source", path: "a/std/linear.amem" });
});

test("the root is GitHub's workspace where the command runs inside of it", () => {
  const folder = realpathSync(folderWith({}));
  mkdirSync(join(folder, "a"));
  expect(sourceRoot({}, join(folder, "a"))).toBe(join(folder, "a"));
  expect(sourceRoot({ GITHUB_WORKSPACE: folder }, join(folder, "a"))).toBe(folder);
  expect(sourceRoot({ GITHUB_WORKSPACE: join(folder, "a") }, folder)).toBe(folder);
  expect(sourceRoot({ GITHUB_WORKSPACE: join(folder, "gone") }, folder)).toBe(folder);
});

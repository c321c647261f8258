/** Every folder of specs has its file of quick runs. */
import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { specsIn } from "../../scripts/specs.mjs";
import { elsewhere } from "./quick.js";

const folders = new Set(
  specsIn()
    .filter((spec) => !elsewhere.test(spec))
    .map((spec) => spec.slice(0, spec.indexOf("/"))),
);

test.each([...folders])("%s", (folder) => {
  expect(existsSync(new URL(`quick-${folder}.test.ts`, import.meta.url))).toBe(true);
});

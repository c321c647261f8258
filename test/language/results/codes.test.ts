/** Every code's example, through the whole checker, is answered with that code; and no code is dead. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { resultCodes } from "../../../src/base/codes/results.js";
import { Diagnostics } from "../../../src/base/diagnostic.js";
import { checkResults } from "../../../src/language/results/index.js";
import { checkText, oneLine } from "../support.js";

function codesOf(text: string): readonly string[] {
  const { experiments, diagnostics } = checkText(text);
  expect(diagnostics.map(oneLine)).toEqual([]);
  const found = new Diagnostics();
  for (const experiment of experiments) checkResults(experiment, [{ file: "spec.amem", text }], found);
  return found.list.map((diagnostic) => diagnostic.code);
}

describe("examples", () => {
  for (const [code, { example }] of Object.entries(resultCodes)) {
    if (example !== null)
      test(code, () => {
        expect([...new Set(codesOf(example))]).toEqual([code]);
      });
  }
});

test("all codes are said somewhere, and no others", () => {
  const root = fileURLToPath(new URL("../../../src", import.meta.url));
  const said = new Set<string>();
  for (const folder of ["language/results", "results/analysis"])
    for (const file of readdirSync(`${root}/${folder}`).filter((name) => name.endsWith(".ts")))
      for (const [code] of readFileSync(`${root}/${folder}/${file}`, "utf8").matchAll(/AM6\d{3}/g)) said.add(code);
  expect([...said].sort()).toEqual(Object.keys(resultCodes).sort());
});

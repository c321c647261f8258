import { describe, expect, test } from "vitest";
import { codeTables, mended, type CodeEntry } from "../../src/base/codes.js";
import { constantCodes } from "../../src/base/codes/constants.js";
import { nameCodes } from "../../src/base/codes/names.js";
import { resultCodes } from "../../src/base/codes/results.js";
import { syntaxCodes } from "../../src/base/codes/syntax.js";
import { typeCodes } from "../../src/base/codes/types.js";
import { unsupportedCodes } from "../../src/base/codes/unsupported.js";
import { Diagnostics } from "../../src/base/diagnostic.js";
import { parse } from "../../grammar/index.js";
import { library } from "../../src/language/library.js";
import { checkResults } from "../../src/language/results/index.js";
import { checkText, oneLine } from "./support.js";

const rows = Object.entries({ ...nameCodes, ...typeCodes, ...constantCodes, ...unsupportedCodes });

describe("every code's example is answered with this code and no other", () => {
  for (const [code, { example }] of rows) {
    if (example === null) continue;
    test(code, () => {
      const { diagnostics } = checkText(example);
      expect(diagnostics.map(oneLine).filter((line) => !line.startsWith(code))).toEqual([]);
      expect(diagnostics.map((diagnostic) => diagnostic.code)).toContain(code);
    });
  }
});

describe("what the catalogue calls mended has no fault", () => {
  const mendedTexts = (table: Readonly<Record<string, CodeEntry>>): [code: string, text: string][] =>
    Object.entries(table).flatMap(([code, entry]): [string, string][] => {
      const text = mended(entry);
      return text === null ? [] : [[code, text]];
    });

  // Examples of syntax name what they do not declare.
  test.each(mendedTexts(syntaxCodes))("%s", (_, text) => {
    expect(parse({ file: "spec.amem", text }).diagnostics.map(oneLine)).toEqual([]);
  });

  test.each(mendedTexts({ ...Object.fromEntries(rows), ...resultCodes }))("%s", (_, text) => {
    const { experiments, diagnostics } = checkText(text);
    const ofResults = new Diagnostics();
    const sources = [{ file: "spec.amem", text }, ...library.values()];
    for (const experiment of experiments) checkResults(experiment, sources, ofResults);
    expect([...diagnostics, ...ofResults.list].map(oneLine)).toEqual([]);
  });
});

test("every example that can be shown has its mended form, and replaces what stands there", () => {
  const all = codeTables.flatMap(({ table }) => Object.entries(table));
  const without = all.filter(([, { example, mend }]) => example !== null && mend === undefined).map(([code]) => code);
  // Hundreds of brackets, and of replacements; what is not implemented; a file's place.
  expect(without).toEqual(["AM1014", "AM1023", "AM4017", "AM9001"]);
  const absent = all.filter(([, { example, mend }]) => mend?.some(([wrong]) => example?.includes(wrong) === false));
  expect(absent.map(([code]) => code)).toEqual([]);
});

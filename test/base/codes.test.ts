import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "../../grammar/index.js";
import { allCodes, codeEntry, codeTables } from "../../src/base/codes.js";
import { syntaxCodes } from "../../src/base/codes/syntax.js";

const root = fileURLToPath(new URL("../../", import.meta.url));

test("every code stands in the table of its stage, once", () => {
  const seen = new Set<string>();
  for (const { digit, table } of codeTables)
    for (const code of Object.keys(table)) {
      expect(code).toMatch(new RegExp(`^AM${digit}\\d{3}$`, "u"));
      expect(seen.has(code)).toBe(false);
      seen.add(code);
    }
  expect(allCodes()).toHaveLength(seen.size);
  expect(codeEntry("AM0000")).toBeUndefined();
});

test("titles and explanations are sentences for users", () => {
  for (const code of allCodes()) {
    const entry = codeEntry(code);
    expect(entry?.title).toMatch(/^\S.*[^.\s]$/u);
    expect([code, (entry?.explanation.length ?? 0) > 20]).toEqual([code, true]);
  }
});

describe("examples of the syntax table are answered with their code", () => {
  test.each(Object.entries(syntaxCodes).filter(([, entry]) => entry.example !== null))("%s", (code, entry) => {
    const found = parse({ file: "example.amem", text: entry.example ?? "" }).diagnostics.map(
      (diagnostic) => diagnostic.code,
    );
    expect(found).toContain(code);
  });
});

test("the grammar says no code that is not in the catalogue, and all that are", () => {
  const said = new Set<string>();
  for (const file of readdirSync(`${root}grammar`).filter((name) => name.endsWith(".ts")))
    for (const [code] of readFileSync(`${root}grammar/${file}`, "utf8").matchAll(/AM1\d{3}/gu)) said.add(code);
  expect([...said].sort()).toEqual(Object.keys(syntaxCodes).sort());
});

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { PAGE, diagnosticsPage } from "../../scripts/docs.mjs";
import { allCodes, codeTables, mended } from "../../src/base/codes.js";
import { blocksIn, root } from "./blocks.js";

test("the page of diagnostics is current (else: node scripts/docs.mjs)", () => {
  const page = readFileSync(root + PAGE, "utf8");
  expect(page).toBe(diagnosticsPage({ codeTables, mended }));
});

test("every code has a heading that can be linked to", () => {
  const page = readFileSync(root + PAGE, "utf8");
  const headings = [...page.matchAll(/^### (AM\d{4})$/gmu)].map(([, code]) => code);
  expect([...headings].sort()).toEqual(allCodes());
});

test("codes that the documentation names exist", () => {
  const known = new Set<string>(allCodes());
  for (const page of ["README.md", "docs/language.md", "docs/guide.md", "docs/architecture.md"]) {
    const named = [...readFileSync(root + page, "utf8").matchAll(/AM\d{4}/gu)].map(([code]) => code);
    expect([page, named.filter((code) => !known.has(code))]).toEqual([page, []]);
  }
});

test("fences are closed", () => {
  for (const page of ["README.md", "docs/language.md", "docs/guide.md", PAGE])
    expect([page, blocksIn(page).some(({ text }) => text.includes("\n#"))]).toEqual([page, false]);
});

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { parse } from "../../grammar/index.js";
import { renderDiagnostics } from "../../src/base/render.js";

// `UPDATE_GOLDEN=1 npx vitest run test/grammar/golden.test.ts` accepts what is rendered now.
const folder = fileURLToPath(new URL("../golden/syntax/", import.meta.url));
const specs = readdirSync(folder).filter((file) => file.endsWith(".amem"));

test.each(specs)("%s is answered as before", (file) => {
  const text = readFileSync(folder + file, "utf8");
  const { diagnostics } = parse({ file, text });
  const rendered = `${renderDiagnostics(diagnostics, () => text, { width: 100 })}\n`;
  const golden = folder + file.replace(/\.amem$/u, ".txt");
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(golden, rendered);
  expect(rendered).toBe(readFileSync(golden, "utf8"));
});

test("no internal words are shown", () => {
  for (const file of specs) {
    const shown = readFileSync(folder + file.replace(/\.amem$/u, ".txt"), "utf8");
    expect(shown).not.toMatch(
      /\b(?:token|Terminator|Hole|LParen|RParen|LBrace|undefined|NaN|AST|identifier)\b(?![[\],])/u,
    );
  }
});

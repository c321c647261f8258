import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { renderDiagnostics } from "../../src/base/render.js";
import { library } from "../../src/language/library.js";
import { checkText } from "./support.js";

// `UPDATE_GOLDEN=1 npx vitest run test/language/golden.test.ts` accepts what is rendered now.
const folder = fileURLToPath(new URL("../golden/check/", import.meta.url));
const files = readdirSync(folder).filter((file) => file.endsWith(".amem"));

test.each(files)("the faults of %s read as they should", (file) => {
  const text = readFileSync(folder + file, "utf8");
  const { diagnostics } = checkText(text);
  const source = (name: string): string | undefined =>
    name === "spec.amem" ? text : library.get(name.replace(/^std\/|\.amem$/gu, ""))?.text;
  const rendered = `${renderDiagnostics(diagnostics, source, { limit: 100 })}\n`;
  const golden = folder + file.replace(/\.amem$/u, ".txt");
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(golden, rendered);
  expect(rendered).toBe(readFileSync(golden, "utf8"));
});

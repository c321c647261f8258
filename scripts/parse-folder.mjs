// `node scripts/parse-folder.mjs PATH…`: parses every .amem file below the paths and shows what is wrong with it.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { loadSources } from "./lib/load-sources.mjs";

/**
 * @typedef {{
 *   parse: typeof import("../grammar/index.js").parse,
 *   renderDiagnostics: typeof import("../src/base/render.js").renderDiagnostics,
 * }} Grammar
 */

/** @param {string} path @returns {string[]} */
const specs = (path) => {
  if (!statSync(path).isDirectory()) return path.endsWith(".amem") ? [path] : [];
  const names = readdirSync(path).sort();
  return names.flatMap((name) => specs(join(path, name)));
};

const ENTRY = 'export { parse } from "./grammar/index.js"; export { renderDiagnostics } from "./src/base/render.js";';
const { parse, renderDiagnostics } = /** @type {Grammar} */ (await loadSources(ENTRY));
const paths = process.argv.slice(2).flatMap(specs);
let faults = 0;
const begun = performance.now();
for (const path of paths) {
  const text = readFileSync(path, "utf8");
  const { diagnostics } = parse({ file: relative(process.cwd(), path), text });
  faults += diagnostics.length;
  if (diagnostics.length > 0)
    console.log(`${renderDiagnostics(diagnostics, () => text, { color: process.stdout.isTTY })}\n`);
}
console.log(`${paths.length} files, ${faults} faults, ${Math.round(performance.now() - begun)} ms`);
process.exitCode = faults === 0 ? 0 : 1;

// `node scripts/parse-folder.mjs PATH…`: parses every .amem file below the paths and shows what is wrong with it.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { build } from "esbuild";
import { root } from "./lib/paths.mjs";

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

/** The grammar, bundled on the fly: no build is needed. */
async function loadGrammar() {
  const contents =
    'export { parse } from "./grammar/index.js"; export { renderDiagnostics } from "./src/base/render.js";';
  const bundle = await build({
    stdin: { contents, resolveDir: root, loader: "ts" },
    bundle: true,
    minify: true,
    write: false,
    platform: "node",
    format: "esm",
    target: "node20",
  });
  const code = Buffer.from(bundle.outputFiles[0]?.text ?? "").toString("base64");
  /** @type {unknown} */
  const loaded = await import(`data:text/javascript;base64,${code}`);
  return /** @type {Grammar} */ (loaded);
}

const { parse, renderDiagnostics } = await loadGrammar();
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

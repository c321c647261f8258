// `node scripts/parse-folder.mjs FOLDER…`: parses every .amem file below the folders and shows what is wrong.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { root } from "./lib/paths.mjs";

/** @param {string} path @returns {string[]} */
const specs = (path) =>
  statSync(path).isDirectory()
    ? readdirSync(path)
        .sort()
        .flatMap((name) => specs(join(path, name)))
    : path.endsWith(".amem")
      ? [path]
      : [];

const bundle = await build({
  stdin: {
    contents: 'export { parse } from "./grammar/index.js"; export { renderDiagnostics } from "./src/base/render.js";',
    resolveDir: root,
    loader: "ts",
  },
  bundle: true,
  minify: true,
  write: false,
  platform: "node",
  format: "esm",
  target: "node20",
});
const code = bundle.outputFiles[0]?.text ?? "";
const { parse, renderDiagnostics } = await import(`data:text/javascript;base64,${Buffer.from(code).toString("base64")}`);

let faults = 0;
let files = 0;
const begun = performance.now();
for (const folder of process.argv.slice(2))
  for (const path of specs(folder)) {
    const text = readFileSync(path, "utf8");
    const file = relative(process.cwd(), path);
    const { diagnostics } = parse({ file, text });
    files++;
    faults += diagnostics.length;
    if (diagnostics.length > 0) console.log(renderDiagnostics(diagnostics, () => text, { color: process.stdout.isTTY === true }));
  }
console.log(`${files} files, ${faults} faults, ${Math.round(performance.now() - begun)} ms`);
process.exitCode = faults === 0 ? 0 : 1;
void pathToFileURL;

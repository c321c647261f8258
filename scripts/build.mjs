// `npm run build`: generated validators, then one minified bundle an entry into dist/, with esbuild's metafile in
// dist/meta/ (a test reads it: the worker holds no compiler, `check` no engine). `--force` builds in any case.
import { chmodSync, existsSync } from "node:fs";
import { extname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { writeAtomic } from "./lib/files.mjs";
import { dist, root } from "./lib/paths.mjs";
import { preparedModules, preparing } from "./lib/prepared.mjs";
import { reason, Refusal, say as sayAloud, seconds } from "./lib/say.mjs";
import { buildIsCurrent, recordBuild, sourcesHash } from "./lib/sources.mjs";
import { licenceTexts, shippedPackages } from "./lib/shipped.mjs";
import { generateValidators } from "./lib/validators.mjs";

/** @typedef {{ name: string, entry: string, file: string }} Bundle */

/** @type {readonly Bundle[]} */
export const BUNDLES = [
  // Starts a worker and loads the program, whose code is kept from process to process (src/base/compiled.ts).
  { name: "cli", entry: "src/cli/main.ts", file: "cli.mjs" },
  { name: "program", entry: "src/cli/program.ts", file: "program.cjs" },
  { name: "worker", entry: "src/engine/worker.ts", file: "worker.mjs" },
  { name: "report", entry: "src/report/entry.ts", file: "report.cjs" },
  { name: "charts", entry: "src/report/vega/index.ts", file: "charts.cjs" },
  { name: "page", entry: "src/report/page/client.ts", file: "page.js" },
];

const LICENCES = "THIRD-PARTY-LICENCES.txt";

/** By the ending of the bundle. @type {Readonly<Record<string, import("esbuild").BuildOptions>>} */
const FORMATS = {
  ".js": { platform: "browser", format: "iife", target: "es2020", charset: "utf8" },
  ".mjs": {
    platform: "node",
    format: "esm",
    target: "node20",
    // CommonJS packages inside an ES module call `require` for Node's own modules.
    banner: {
      js: [
        'import { createRequire as amemcRequire } from "node:module";',
        "const require = amemcRequire(import.meta.url);",
      ].join("\n"),
    },
  },
  ".cjs": {
    platform: "node",
    format: "cjs",
    target: "node20",
    // A text of ASCII alone takes half the memory and is read faster.
    charset: "ascii",
    banner: { js: '"use strict";const amemcUrl=require("node:url").pathToFileURL(__filename).href;' },
    define: { "import.meta.url": "amemcUrl" },
    // The one for Node.js would look for the package `canvas`.
    // That of fflate would load Node's module for threads, which nothing here uses.
    alias: {
      "vega-canvas": join(root, "node_modules/vega-canvas/build/vega-canvas.browser.js"),
      fflate: join(root, "node_modules/fflate/esm/browser.js"),
    },
  },
};

/** @param {Bundle} bundle @param {ReadonlyMap<string, string>} modules @returns {import("esbuild").BuildOptions} */
const options = ({ entry, file }, modules) => ({
  entryPoints: [join(root, entry)],
  outfile: join(dist, file),
  absWorkingDir: root,
  bundle: true,
  minify: true,
  metafile: true,
  write: false,
  logLevel: "silent",
  legalComments: "none",
  plugins: [preparing(modules)],
  loader: { ".amem": "text", ".proto": "text", ".css": "text" },
  ...FORMATS[extname(file)],
});

/** @param {Bundle} bundle @param {ReadonlyMap<string, string>} modules */
async function bundleOne(bundle, modules) {
  const { build } = await import("esbuild");
  const result = await build(options(bundle, modules));
  for (const file of result.outputFiles ?? [])
    writeAtomic(file.path, bundle.file.endsWith(".cjs") ? asciiAlone(file.text) : file.contents);
  // `npm link` leads to it.
  if (bundle.name === "cli") chmodSync(join(dist, bundle.file), 0o755);
  writeAtomic(join(dist, "meta", `${bundle.name}.json`), JSON.stringify(result.metafile));
  return relative(root, join(dist, bundle.file));
}

/** What esbuild leaves stands in patterns, where an escape says the same. @param {string} text */
const asciiAlone = (text) =>
  text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** @param {unknown} error */
async function explain(error) {
  if (!(error instanceof Error && "errors" in error)) return reason(error);
  const { formatMessages } = await import("esbuild");
  const messages = /** @type {import("esbuild").Message[]} */ (error.errors);
  return (await formatMessages(messages.slice(0, 10), { kind: "error" })).join("");
}

/** @param {import("./lib/say.mjs").Say} say */
export async function build(say) {
  const start = Date.now();
  const sources = sourcesHash();
  await generateValidators();
  const present = BUNDLES.filter((bundle) => existsSync(join(root, bundle.entry)));
  for (const bundle of BUNDLES.filter((b) => !present.includes(b)))
    say(`${bundle.entry} is not there yet: no ${bundle.name} bundle`);
  const modules = await preparedModules();
  const outcomes = await Promise.allSettled(present.map((bundle) => bundleOne(bundle, modules)));
  const failed = outcomes.filter((outcome) => outcome.status === "rejected");
  if (failed.length > 0) {
    const texts = await Promise.all(failed.map((outcome) => explain(outcome.reason)));
    throw new Refusal(`the sources cannot be bundled:\n${texts.join("\n")}`);
  }
  writeAtomic(join(dist, LICENCES), licenceTexts(shippedPackages()));
  const files = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
  recordBuild(sources, [...files, relative(root, join(dist, LICENCES))]);
  say(`built dist/ in ${seconds(start)}`);
}

/** @param {import("./lib/say.mjs").Say} say */
export async function buildIfNeeded(say) {
  if (!buildIsCurrent()) await build(say);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await (process.argv.includes("--force") ? build(sayAloud) : buildIfNeeded(sayAloud));
  } catch (error) {
    sayAloud(reason(error));
    process.exitCode = 1;
  }
}

// `npm run build`: generated validators, then one minified bundle an entry into dist/, with esbuild's metafile in
// dist/meta/ (a test reads it: the worker holds no compiler, `check` no engine). `--force` builds in any case.
import { chmodSync, existsSync, rmSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { readJson, walk, writeAtomic } from "./lib/files.mjs";
import { dist, root } from "./lib/paths.mjs";
import { reason, Refusal, say as sayAloud, seconds } from "./lib/say.mjs";
import { buildIsCurrent, recordBuild, sourcesHash } from "./lib/sources.mjs";
import { licenceTexts, shippedPackages } from "./lib/shipped.mjs";
import { generateValidators } from "./lib/validators.mjs";

/** @typedef {{ name: string, entry: string, file: string, browser?: boolean, split?: boolean }} Bundle */

/** @type {readonly Bundle[]} */
export const BUNDLES = [
  // What a command does not need is in chunks of its own, loaded by `import()`.
  { name: "cli", entry: "src/cli/main.ts", file: "cli.mjs", split: true },
  { name: "worker", entry: "src/engine/worker.ts", file: "worker.mjs" },
  { name: "report", entry: "src/report/entry.ts", file: "report.mjs" },
  { name: "page", entry: "src/report/page/client.ts", file: "page.js", browser: true },
];

const LICENCES = "THIRD-PARTY-LICENCES.txt";

// CommonJS packages inside an ES module call `require` for Node's own modules.
const REQUIRE = [
  'import { createRequire as amemcRequire } from "node:module";',
  "const require = amemcRequire(import.meta.url);",
].join("\n");

/** @param {Bundle} bundle @returns {import("esbuild").BuildOptions} */
const options = (bundle) => ({
  ...(bundle.split === true
    ? {
        entryPoints: { [bundle.name]: join(root, bundle.entry) },
        outdir: dist,
        outExtension: { ".js": ".mjs" },
        chunkNames: `chunks/${bundle.name}-[name]-[hash]`,
        splitting: true,
      }
    : { entryPoints: [join(root, bundle.entry)], outfile: join(dist, bundle.file) }),
  absWorkingDir: root,
  bundle: true,
  minify: true,
  metafile: true,
  write: false,
  logLevel: "silent",
  legalComments: "none",
  charset: "utf8",
  loader: { ".amem": "text", ".proto": "text", ".css": "text" },
  ...(bundle.browser === true
    ? { platform: "browser", format: "iife", target: "es2020" }
    : {
        platform: "node",
        format: "esm",
        target: "node20",
        banner: { js: REQUIRE },
        // Vega looks for it and does without.
        external: ["canvas"],
      }),
});

/** @param {Bundle} bundle */
async function bundleOne(bundle) {
  const { build } = await import("esbuild");
  const result = await build(options(bundle));
  const outputs = result.outputFiles ?? [];
  for (const file of outputs) writeAtomic(file.path, file.contents);
  // `npm link` leads to it.
  if (bundle.name === "cli") chmodSync(join(dist, bundle.file), 0o755);
  writeAtomic(join(dist, "meta", `${bundle.name}.json`), JSON.stringify(result.metafile));
  return relative(root, join(dist, bundle.file));
}

/** Chunks of earlier builds; young ones may still be wanted by a process that was started before this build. */
const CHUNK_MILLISECONDS = 3_600_000;

/** Removes what no metafile names. @param {{ evenYoung?: boolean }} [options] */
export function removeOldChunks({ evenYoung = false } = {}) {
  const current = new Set(
    BUNDLES.flatMap(({ name }) => {
      const meta = /** @type {import("esbuild").Metafile | undefined} */ (readJson(join(dist, "meta", `${name}.json`)));
      return Object.keys(meta?.outputs ?? {}).map((output) => join(root, output));
    }),
  );
  for (const file of walk(join(dist, "chunks"), (name) => name.endsWith(".mjs"))) {
    if (current.has(file)) continue;
    if (evenYoung || Date.now() - statSync(file).mtimeMs > CHUNK_MILLISECONDS) rmSync(file, { force: true });
  }
}

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
  const outcomes = await Promise.allSettled(present.map(bundleOne));
  const failed = outcomes.filter((outcome) => outcome.status === "rejected");
  if (failed.length > 0) {
    const texts = await Promise.all(failed.map((outcome) => explain(outcome.reason)));
    throw new Refusal(`the sources cannot be bundled:\n${texts.join("\n")}`);
  }
  removeOldChunks();
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

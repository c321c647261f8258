// JSON schemas -> standalone validators, made before bundling because compiling a schema in each process is slow
// (Vega-Lite's takes seconds). `x.schema.json` gives `x.validate.js` and `x.validate.d.ts` beside it, ignored by git.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join, relative, sep } from "node:path";
import { readJson, sha256, walk, writeAtomic } from "./files.mjs";
import { root } from "./paths.mjs";

const require = createRequire(import.meta.url);
const GENERATOR = 2;

/** Schemas of packages, and where their validators go. */
const PACKAGED = [{ schema: "vega-lite/build/vega-lite-schema.json", stem: "src/report/vega-lite" }];

/** @returns {{ schema: string, stem: string }[]} */
function jobs() {
  const own = walk(join(root, "src"), (name) => name.endsWith(".schema.json"));
  return [
    ...own.map((schema) => ({ schema, stem: schema.slice(0, -".schema.json".length) })),
    ...PACKAGED.map((p) => ({ schema: join(root, "node_modules", p.schema), stem: join(root, p.stem) })),
  ];
}

/** @param {object} schema */
async function standalone(schema) {
  const [{ Ajv2020 }, { Ajv }, { default: pack }, esbuild] = await Promise.all([
    import("ajv/dist/2020.js"),
    import("ajv"),
    import("ajv/dist/standalone/index.js"),
    import("esbuild"),
  ]);
  const draft7 = "$schema" in schema && String(schema.$schema).includes("draft-07");
  const options = {
    strict: false,
    allErrors: false,
    validateFormats: false,
    // A function a definition: Vega-Lite's would be twice as large with copies in the place of references.
    inlineRefs: false,
    code: { source: true, esm: true },
  };
  const ajv = draft7 ? new Ajv(options) : new Ajv2020(options);
  const source = pack.default(ajv, ajv.compile(withoutNotes(schema)));
  // Bundling takes in the few helpers of ajv that the code still requires.
  const built = await esbuild.build({
    stdin: { contents: source, resolveDir: root, loader: "js" },
    bundle: true,
    format: "esm",
    platform: "neutral",
    minify: true,
    write: false,
  });
  const [file] = built.outputFiles;
  if (file === undefined) throw new Error("esbuild gave no output");
  return file.text;
}

const NOTES = new Set(["description", "format", "default"]);
const MAPS = new Set(["properties", "patternProperties", "definitions", "$defs"]);

/**
 * A schema without what says nothing about validity here, because the code holds parts of its schema.
 * @param {object} schema
 * @returns {object}
 */
function withoutNotes(schema) {
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key]) => !NOTES.has(key))
      .map(([key, /** @type {unknown} */ value]) => [key, partWithoutNotes(key, value)]),
  );
}

/** @param {string} key @param {unknown} value @returns {unknown} */
function partWithoutNotes(key, value) {
  if (typeof value !== "object" || value === null || key === "const" || key === "enum") return value;
  if (Array.isArray(value)) return value.map((/** @type {unknown} */ part) => partWithoutNotes("", part));
  if (!MAPS.has(key)) return withoutNotes(value);
  // Here keys are names.
  const entries = /** @type {[string, unknown][]} */ (Object.entries(value));
  return Object.fromEntries(entries.map(([name, part]) => [name, partWithoutNotes("", part)]));
}

/** @param {string} stem */
function declaration(stem) {
  const up = relative(join(stem, ".."), join(root, "src/base/validator.js")).split(sep).join("/");
  const path = up.startsWith(".") ? up : `./${up}`;
  return `import type { SchemaValidator } from "${path}";\nexport declare const validate: SchemaValidator;\n`;
}

/**
 * Makes the validators whose schema (or ajv) changed. Returns what was made.
 * @returns {Promise<string[]>}
 */
export async function generateValidators() {
  const ajv = /** @type {{ version: string }} */ (readJson(require.resolve("ajv/package.json")));
  const made = [];
  for (const { schema, stem } of jobs()) {
    const text = readFileSync(schema, "utf8");
    const stamp = `// made from ${basename(schema)}, do not edit: ${sha256(`${GENERATOR} ${ajv.version} ${text}`)}\n`;
    if (startOf(`${stem}.validate.js`).startsWith(stamp) && startOf(`${stem}.validate.d.ts`) !== "") continue;
    const code = await standalone(/** @type {object} */ (readJson(schema)));
    writeAtomic(`${stem}.validate.d.ts`, declaration(stem));
    writeAtomic(`${stem}.validate.js`, stamp + code);
    made.push(relative(root, `${stem}.validate.js`));
  }
  return made;
}

/** @param {string} file */
function startOf(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

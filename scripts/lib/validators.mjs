// JSON schemas -> standalone validators, made before bundling because compiling a schema in each process is slow
// (Vega-Lite's takes seconds). `x.schema.json` gives `x.validate.js` and `x.validate.d.ts` beside it, ignored by git.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join, relative, sep } from "node:path";
import { readJson, sha256, walk, writeAtomic } from "./files.mjs";
import { root } from "./paths.mjs";

const require = createRequire(import.meta.url);
const GENERATOR = 1;

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
    code: { source: true, esm: true },
  };
  const ajv = draft7 ? new Ajv(options) : new Ajv2020(options);
  const source = pack.default(ajv, ajv.compile(schema));
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

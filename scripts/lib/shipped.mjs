// Which packages lie inside the bundles, read off esbuild's metafiles in dist/meta/: versions, licences, bytes.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { readJson } from "./files.mjs";
import { dist, root } from "./paths.mjs";

/**
 * @typedef {{ name: string, version: string, licence: string, folder: string, bytes: Record<string, number> }} Shipped
 *   `bytes`: in each bundle that holds it, after minifying; what generated code brings along counts 0
 * @typedef {{ outputs: Record<string, { inputs: Record<string, { bytesInOutput: number }> }> }} Metafile
 */

export const SHIPPED_BUNDLES = ["cli", "program", "worker", "report", "charts", "page"];

const HEAD = `Parts of these packages are in the files of this folder. A binding in native/ is compiled from the C++ sources of
@tensorflow/tfjs-node (Copyright Google LLC, Apache-2.0: the text is that of chevrotain below).
`;

/** Packages of which the generated validators hold pieces. */
const IN_VALIDATORS = ["ajv", "fast-deep-equal"];

/** The folder of the package that an input belongs to; null for our own sources. @param {string} input */
function packageFolder(input) {
  const [start, name] = /^.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input) ?? [];
  return start === undefined || name === undefined ? null : { name, folder: resolve(root, start) };
}

/**
 * All packages of which something is in a bundle, by name and version.
 * @returns {Shipped[]}
 */
export function shippedPackages() {
  /** @type {Map<string, Shipped>} */
  const found = new Map();
  const count = (/** @type {string} */ name, /** @type {string} */ folder, /** @type {string} */ bundle, bytes = 0) => {
    const known = found.get(folder) ?? describe(name, folder);
    known.bytes[bundle] = (known.bytes[bundle] ?? 0) + bytes;
    found.set(folder, known);
  };
  for (const bundle of SHIPPED_BUNDLES) {
    const meta = /** @type {Metafile | undefined} */ (readJson(join(dist, "meta", `${bundle}.json`)));
    if (meta === undefined)
      throw new Error(`dist/meta/${bundle}.json is not there; run: node scripts/build.mjs --force`);
    for (const { inputs } of Object.values(meta.outputs))
      for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
        if (bytesInOutput === 0) continue;
        const owner = packageFolder(input);
        if (owner !== null) count(owner.name, owner.folder, bundle, bytesInOutput);
        else if (input.endsWith(".validate.js"))
          for (const name of IN_VALIDATORS) count(name, join(root, "node_modules", name), bundle);
      }
  }
  return [...found.values()].sort((a, b) => (`${a.name} ${a.version}` < `${b.name} ${b.version}` ? -1 : 1));
}

/** @param {string} name @param {string} folder @returns {Shipped} */
function describe(name, folder) {
  const { version = "", license = "" } = /** @type {{ version?: string, license?: string }} */ (
    readJson(join(folder, "package.json")) ?? {}
  );
  return { name, version, licence: license, folder, bytes: {} };
}

/** @param {string} folder */
function textsOf(folder) {
  const files = readdirSync(folder).filter((name) => /^(licen[cs]e|copying|notice)/i.test(name));
  return files.sort().map((name) => readFileSync(join(folder, name), "utf8").replace(/\r\n/g, "\n").trim());
}

/**
 * The licence texts that have to go with the bundles; equal texts once. Throws for a package without one.
 * @param {readonly Shipped[]} packages
 */
export function licenceTexts(packages) {
  /** @type {Map<string, string[]>} */
  const byText = new Map();
  for (const { name, version, licence, folder } of packages) {
    const texts = existsSync(folder) ? textsOf(folder) : [];
    if (texts.length === 0)
      throw new Error(`${name} ${version} (${licence}) in ${dirname(folder)} has no licence text`);
    const text = texts.join("\n\n");
    byText.set(text, [...(byText.get(text) ?? []), `${name} ${version} (${licence})`]);
  }
  const line = "-".repeat(80);
  const parts = [...byText].map(([text, names]) => `${line}\n${names.join("\n")}\n\n${text}\n`);
  return `${HEAD}\n${parts.join("\n")}`;
}

// Lint rule: imports go from a later stage to an earlier one only, as scripts/stages.json says.
import { dirname, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { readJson } from "../lib/files.mjs";

/**
 * @typedef {{ folder: string, values: string[], types: string[] }} Stage
 * @typedef {{ folder: string, importers: string[], why: string }} Guard
 * @typedef {{ stages: Record<string, Stage>, anything: string[], guarded: Guard[] }} Stages
 */

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** @returns {Stages} */
export function readStages() {
  return /** @type {Stages} */ (readJson(resolve(root, "scripts/stages.json")));
}

/** @param {string} file @param {string} folder */
const within = (file, folder) => file === folder || file.startsWith(`${folder}/`) || file.startsWith(`${folder}.`);

/**
 * The fault of one import, or null. Both files are relative to the root of the repository, with slashes.
 * @param {Stages} table @param {string} from @param {string} to @param {boolean} typeOnly
 * @returns {string | null}
 */
export function importFault(table, from, to, typeOnly) {
  const guard = table.guarded.find((g) => within(to, g.folder) && !within(from, g.folder));
  if (guard !== undefined && !typeOnly && from.startsWith("src/") && !guard.importers.some((f) => within(from, f)))
    return `${to} may be imported by ${guard.importers.join(", ")} only: ${guard.why}`;
  if (table.anything.some((f) => within(from, f))) return null;
  const stageOf = (/** @type {string} */ file) => Object.entries(table.stages).find(([, s]) => within(file, s.folder));
  const own = stageOf(from);
  if (own === undefined) return null;
  const other = stageOf(to);
  if (other === undefined)
    return to.startsWith("src/") || to.startsWith("test/")
      ? `${own[0]} may not import ${to}, which is no earlier stage`
      : null;
  if (other[0] === own[0] || own[1].values.includes(other[0])) return null;
  if (own[1].types.includes(other[0]))
    return typeOnly ? null : `${own[0]} may import types of ${other[0]} only: use \`import type\``;
  return `${own[0]} may not import ${other[0]} (allowed: ${[...own[1].values, ...own[1].types].join(", ") || "nothing"})`;
}

/** @type {import("eslint").Rule.RuleModule} */
export const stageOrder = {
  meta: { type: "problem", schema: [], docs: { description: "imports go to earlier stages only" } },
  create(context) {
    const table = readStages();
    const from = relative(root, context.filename).split(sep).join("/");
    /** @param {import("estree").Node} node @param {unknown} source @param {boolean} typeOnly */
    const check = (node, source, typeOnly) => {
      if (typeof source !== "string" || !source.startsWith(".")) return;
      const target = relative(root, resolve(dirname(context.filename), source))
        .split(sep)
        .join("/");
      const fault = importFault(table, from, target.replace(/\.js$/, ".ts"), typeOnly);
      if (fault !== null) context.report({ node, message: fault });
    };
    /** @param {import("estree").ImportDeclaration | import("estree").ExportNamedDeclaration | import("estree").ExportAllDeclaration} node */
    const declaration = (node) => {
      const kinds = /** @type {{ importKind?: string, exportKind?: string }} */ (/** @type {unknown} */ (node));
      check(node, node.source?.value, kinds.importKind === "type" || kinds.exportKind === "type");
    };
    return {
      ImportDeclaration: declaration,
      ExportNamedDeclaration: declaration,
      ExportAllDeclaration: declaration,
      ImportExpression(node) {
        check(node, node.source.type === "Literal" ? node.source.value : null, false);
      },
    };
  },
};

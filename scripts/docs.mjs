// Writes docs/diagnostics.md from the catalogue of diagnostics, src/base/codes, and docs/operators.md from what the checker knows,
// src/language/catalogue.ts. Tests say when they are not current.
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { writeAtomic } from "./lib/files.mjs";
import { root } from "./lib/paths.mjs";
import { say } from "./lib/say.mjs";

/** @typedef {Pick<typeof import("../src/base/codes.js"), "codeTables" | "mended">} Catalogue */
/** @typedef {import("../src/base/codes.js").CodeEntry} Entry */

/** @typedef {import("../src/language/catalogue.js").Section} Section */

export const PAGE = "docs/diagnostics.md";
export const OPERATORS = "docs/operators.md";

const HEAD = `# Diagnostics

Everything that amemc finds wrong has a code. The first digit says where it was found. Errors stop a command; warnings and
hints do not. In an editor or a terminal the message names the place, and often what to write instead; this page says why.

This page is made from the catalogue in \`src/base/codes\` by \`node scripts/docs.mjs\`.
`;

/** Examples with longer lines say nothing on paper. */
const LONGEST_LINE = 130;

/** @param {Catalogue} catalogue */
export function diagnosticsPage({ codeTables, mended }) {
  const sections = codeTables.flatMap(({ digit, stage, table }) => {
    const rows = Object.entries(table).sort(([a], [b]) => (a < b ? -1 : 1));
    if (rows.length === 0) return [];
    return [`## AM${digit}xxx: ${stage}\n`, ...rows.map(([code, entry]) => entryText(code, entry, mended(entry)))];
  });
  return [HEAD, ...sections].join("\n");
}

/** @param {string} code @param {Entry} entry @param {string | null} right */
function entryText(code, { title, explanation, example }, right) {
  const wrong = block(example);
  const instead = wrong === "" ? "" : block(right);
  return `### ${code}\n\n**${capital(title)}.** ${explanation.trim()}\n${wrong}${instead === "" ? "" : `\nMended:\n${instead}`}`;
}

/** @param {string | null} text */
function block(text) {
  const lines = text?.trimEnd().split("\n") ?? [];
  const isShown = lines.length > 0 && lines.every((line) => line.length <= LONGEST_LINE);
  return isShown ? `\n\`\`\`amem\n${lines.join("\n")}\n\`\`\`\n` : "";
}

/** @param {string} text */
const capital = (text) => text.slice(0, 1).toUpperCase() + text.slice(1);

const OPERATORS_HEAD = `# Operators and functions

Everything that can stand in a formula, with what it does. \`x\`, \`a\`, \`b\` are numbers, \`c\` a bool, \`i\` and \`j\` indices; every number may have further
indices, which stay. The column *derivative* says whether a gradient passes: *yes*, *0* (it is 0), *none* (there is none to the parameters).
Numbers are pure: no function here has a unit but angles, which are in radians. [language.md](language.md) explains the notation.

This page is made from the checker's own tables by \`node scripts/docs.mjs\`.
`;

/** @param {readonly Section[]} sections */
export function operatorsPage(sections) {
  const texts = sections.map(({ title, about, rows }) => {
    const derived = rows.some(({ derivative }) => derivative !== undefined);
    const lines = rows.map(({ form, says, derivative }) => {
      const cells = [`\`${form}\``, says, ...(derived ? [derivative ?? ""] : [])];
      return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
    });
    const head = derived ? "| form | meaning | derivative |\n|---|---|---|" : "| form | meaning |\n|---|---|";
    return [`## ${title}`, ...(about === "" ? [] : [about]), [head, ...lines].join("\n")].join("\n\n");
  });
  return `${[OPERATORS_HEAD.trimEnd(), ...texts].join("\n\n")}\n`;
}

/** A catalogue, bundled on the way: sources are TypeScript. @param {string} entry @returns {Promise<unknown>} */
async function load(entry) {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    entryPoints: [join(root, entry)],
    bundle: true,
    format: "esm",
    platform: "node",
    loader: { ".amem": "text" },
    write: false,
  });
  const text = outputFiles[0]?.text ?? "";
  return import(`data:text/javascript;base64,${Buffer.from(text).toString("base64")}`);
}

if (resolve(process.argv[1] ?? "") === fileURLToPath(import.meta.url)) {
  const codes = /** @type {Catalogue} */ (await load("src/base/codes.ts"));
  writeAtomic(join(root, PAGE), diagnosticsPage(codes));
  const { catalogue } = /** @type {typeof import("../src/language/catalogue.js")} */ (
    await load("src/language/catalogue.ts")
  );
  writeAtomic(join(root, OPERATORS), operatorsPage(catalogue));
  say(`${PAGE} and ${OPERATORS} are written`);
}

// Writes docs/diagnostics.md from the catalogue of diagnostics, src/base/codes. A test says when it is not current.
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { writeAtomic } from "./lib/files.mjs";
import { root } from "./lib/paths.mjs";
import { say } from "./lib/say.mjs";

/** @typedef {Pick<typeof import("../src/base/codes.js"), "codeTables" | "mended">} Catalogue */
/** @typedef {import("../src/base/codes.js").CodeEntry} Entry */

export const PAGE = "docs/diagnostics.md";

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

/** The catalogue, bundled on the way: sources are TypeScript. */
async function loadCatalogue() {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    entryPoints: [join(root, "src/base/codes.ts")],
    bundle: true,
    format: "esm",
    platform: "node",
    write: false,
  });
  const text = outputFiles[0]?.text ?? "";
  /** @type {unknown} */
  const module = await import(`data:text/javascript;base64,${Buffer.from(text).toString("base64")}`);
  return /** @type {Catalogue} */ (module);
}

if (resolve(process.argv[1] ?? "") === fileURLToPath(import.meta.url)) {
  writeAtomic(join(root, PAGE), diagnosticsPage(await loadCatalogue()));
  say(`${PAGE} is written`);
}

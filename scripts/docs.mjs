// Writes docs/diagnostics.md from the catalogue of diagnostics, src/base/codes. A test says when it is not current.
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { writeAtomic } from "./lib/files.mjs";
import { root } from "./lib/paths.mjs";
import { say } from "./lib/say.mjs";

/** @typedef {typeof import("../src/base/codes.js").codeTables} Tables */
/** @typedef {import("../src/base/codes.js").CodeEntry} Entry */

export const PAGE = "docs/diagnostics.md";

const HEAD = `# Diagnostics

Everything that amemc finds wrong has a code. The first digit says where it was found. Errors stop a command; warnings and
hints do not. In an editor or a terminal the message names the place, and often what to write instead; this page says why.

This page is made from the catalogue in \`src/base/codes\` by \`node scripts/docs.mjs\`.
`;

/** Examples with longer lines say nothing on paper. */
const LONGEST_LINE = 130;

/** @param {Tables} tables */
export function diagnosticsPage(tables) {
  const sections = tables.flatMap(({ digit, stage, table }) => {
    const rows = Object.entries(table).sort(([a], [b]) => (a < b ? -1 : 1));
    if (rows.length === 0) return [];
    return [`## AM${digit}xxx: ${stage}\n`, ...rows.map(([code, entry]) => entryText(code, entry))];
  });
  return [HEAD, ...sections].join("\n");
}

/** @param {string} code @param {Entry} entry */
function entryText(code, { title, explanation, example }) {
  const lines = example?.trimEnd().split("\n") ?? [];
  const isShown = lines.length > 0 && lines.every((line) => line.length <= LONGEST_LINE);
  const block = isShown ? `\n\`\`\`amem\n${lines.join("\n")}\n\`\`\`\n` : "";
  return `### ${code}\n\n**${capital(title)}.** ${explanation.trim()}\n${block}`;
}

/** @param {string} text */
const capital = (text) => text.slice(0, 1).toUpperCase() + text.slice(1);

/** The catalogue, bundled on the way: sources are TypeScript. */
async function loadTables() {
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
  return /** @type {{ codeTables: Tables }} */ (module).codeTables;
}

if (resolve(process.argv[1] ?? "") === fileURLToPath(import.meta.url)) {
  writeAtomic(join(root, PAGE), diagnosticsPage(await loadTables()));
  say(`${PAGE} is written`);
}

// Writes what is made from the parser: docs/grammar.ebnf, docs/grammar.html, editors/amem.tmLanguage.json. A test says when one
// is not current.
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { writeAtomic } from "./lib/files.mjs";
import { ebnf } from "./lib/grammar/ebnf.mjs";
import { loadParts } from "./lib/grammar/load.mjs";
import { railroadPage } from "./lib/grammar/railroad.mjs";
import { textMate } from "./lib/grammar/textmate.mjs";
import { root } from "./lib/paths.mjs";
import { say } from "./lib/say.mjs";

/** The files by path. @returns {Promise<ReadonlyMap<string, string>>} */
export async function grammarFiles() {
  const parts = await loadParts();
  return new Map([
    ["docs/grammar.ebnf", ebnf(parts)],
    ["docs/grammar.html", railroadPage(parts)],
    ["editors/amem.tmLanguage.json", textMate(parts)],
  ]);
}

if (resolve(process.argv[1] ?? "") === fileURLToPath(import.meta.url))
  for (const [path, text] of await grammarFiles()) {
    writeAtomic(join(root, path), text);
    say(`${path} is written`);
  }

/** The built-in texts as they come from the registry: their shapes are those that ship. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { UserError } from "../../src/base/diagnostic.js";
import { corpora, CorpusReader, setFolder, textUnits } from "../../src/datasets/index.js";
import { splitDocuments } from "../../src/datasets/sets/corpus.js";
import { fetchSet } from "../../src/datasets/sets/fetch.js";
import { textTable } from "../../src/datasets/text.js";
import { testFolder } from "./support.js";

const folder = testFolder();
afterAll(() => folder.remove());

for (const corpus of corpora) {
  const { name } = corpus;
  it(`${name}, where there is a registry`, { timeout: 600_000 }, async (context) => {
    const wrong = await fetchSet(corpus, folder.path).then(
      () => null,
      (error: unknown) => error,
    );
    if (wrong instanceof UserError && wrong.message.includes("cannot be fetched")) context.skip();
    expect(wrong).toBeNull();
    const reader = new CorpusReader(folder.path);
    const documents = splitDocuments(readFileSync(join(setFolder(corpus, folder.path), `${name}.txt`)));
    for (const unit of textUnits) {
      const { documents: count, longest, spellings } = corpus.units[unit];
      const paths = documents.map(() => name);
      const table = textTable(documents, paths, unit);
      expect([table.lengths.length, table.longest]).toEqual([count, longest]);
      expect(typeof spellings === "number" ? table.spellings.length : table.spellings).toEqual(spellings);
      expect(reader.read(`${name}/${unit}`, "length")).toEqual(table.lengths);
    }
  });
}

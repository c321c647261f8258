/** The documents of a built-in text: put together when it is fetched, taken apart when it is read. */
import { cacheFolder } from "../../base/package.js";
import { fault } from "../faults.js";
import { textArray, textTable, type TextTable, type TextUnit } from "../text.js";
import type { Numbers } from "../types.js";
import { textNamed, type Corpus, type Documents } from "./corpora.js";
import { contentOf } from "./read.js";

/** Stands between documents; no text of ours has it. */
const BREAK = "\f";

/** One text of all documents of a package. */
export function joinedDocuments(
  names: readonly string[],
  contentOf: (name: string) => Uint8Array | null,
  { paths, tagged }: Documents,
): Uint8Array {
  const wanted = new RegExp(paths, "u");
  const found = names.flatMap((name) => {
    const match = wanted.exec(name);
    return match === null ? [] : [{ name, number: Number(match[1] ?? Infinity) }];
  });
  found.sort((a, b) => a.number - b.number || (a.name < b.name ? -1 : 1));
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const texts = found.map(({ name }) => decoder.decode(contentOf(name) ?? new Uint8Array()));
  return new TextEncoder().encode((tagged ? texts.map(untagged) : texts).join(BREAK));
}

/** `The/at jury/nn` is `The jury`: words with one blank between them, a line a sentence. */
function untagged(text: string): string {
  const lines = text.split("\n").map((line) =>
    line
      .trim()
      .split(/\s+/u)
      .map((word) => word.replace(/\/[^/]*$/u, ""))
      .join(" "),
  );
  return lines.filter((line) => line !== "").join("\n");
}

/** Reads built-in texts, each table once. */
export class CorpusReader {
  private readonly tables = new Map<string, TextTable>();

  constructor(private readonly cache: string = cacheFolder()) {}

  /** Throws a `UserError` where the data are not there, or not those that are known. */
  read(name: string, member: string): Numbers {
    const found = textNamed(name);
    if (found === null) throw fault("AM5020", `this version of amemc has no text \`${name}\``);
    return textArray(this.table(name, found), member).data;
  }

  private table(name: string, { corpus, unit }: { readonly corpus: Corpus; readonly unit: TextUnit }): TextTable {
    const known = this.tables.get(name);
    if (known !== undefined) return known;
    const documents = corpus.files.flatMap(({ path }) => splitDocuments(contentOf(corpus, path, this.cache)));
    const table = textTable(
      documents,
      documents.map(() => corpus.name),
      unit,
    );
    this.tables.set(name, table);
    return table;
  }
}

export function splitDocuments(content: Uint8Array): readonly Uint8Array[] {
  const encoder = new TextEncoder();
  return new TextDecoder()
    .decode(content)
    .split(BREAK)
    .map((text) => encoder.encode(text));
}

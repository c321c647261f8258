/** The TextMate grammar and the parser agree on what is a keyword, a name, a number, a text, a comment. */
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { beforeAll, describe, expect, test } from "vitest";
import type * as Oniguruma from "vscode-oniguruma";
import type * as TextMate from "vscode-textmate";
import { highlight } from "../../../grammar/highlight.js";
import { parse } from "../../../grammar/index.js";
import { blocksIn, root } from "../../docs/blocks.js";

const require = createRequire(import.meta.url);
const { loadWASM, OnigScanner, OnigString } = require("vscode-oniguruma") as typeof Oniguruma;
const { INITIAL, parseRawGrammar, Registry } = require("vscode-textmate") as typeof TextMate;

let grammar: TextMate.IGrammar;
beforeAll(async () => {
  await loadWASM(readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm")));
  const path = `${root}editors/amem.tmLanguage.json`;
  const registry = new Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new OnigScanner(patterns),
      createOnigString: (text) => new OnigString(text),
    }),
    loadGrammar: () => Promise.resolve(parseRawGrammar(readFileSync(path, "utf8"), path)),
  });
  const loaded = await registry.loadGrammar("source.amem");
  if (loaded === null) throw new Error("the grammar cannot be loaded");
  grammar = loaded;
});

const classes: readonly [string, string][] = [
  ["comment.line.documentation", "doc"],
  ["comment", "comment"],
  ["keyword.operator", "operator"],
  ["punctuation", "operator"],
  ["meta.embedded", "hole"],
  ["string", "string"],
  ["keyword", "keyword"],
  ["constant.language", "keyword"],
  ["constant.numeric", "number"],
  ["variable", "name"],
  ["entity", "name"],
];
const classOf = (scopes: readonly string[]): string =>
  classes.find(([prefix]) => scopes.at(-1)?.startsWith(prefix) === true)?.[1] ?? "none";

/** The class of every character of a text. */
function coloured(text: string): readonly string[] {
  let state = INITIAL;
  const found: string[] = [];
  for (const line of text.split("\n")) {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    for (const { startIndex, endIndex, scopes } of tokens)
      for (let at = startIndex; at < Math.min(endIndex, line.length); at++)
        found.push(scopes.some((scope) => scope.startsWith("string")) ? "string" : classOf(scopes));
    found.push("newline");
  }
  return found;
}

/** Tokens that the two see differently. */
function differences(text: string): readonly string[] {
  const seen = coloured(text);
  return highlight(text).flatMap(({ class: kind, start, end }) => {
    const there = new Set(seen.slice(start, end).filter((one) => one !== "newline"));
    if (there.size === 1 && there.has(kind)) return [];
    const line = text.slice(0, start).split("\n").length;
    return [`${line}: ${text.slice(start, end)} is ${kind}, and coloured as ${[...there].join(", ")}`];
  });
}

const below = (folder: string): readonly [string, string][] =>
  readdirSync(root + folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".amem"))
    .map((name): [string, string] => [`${folder}/${name}`, readFileSync(`${root}${folder}/${name}`, "utf8")]);
const blocks = ["README.md", "docs/language.md"]
  .flatMap(blocksIn)
  .filter(({ language, text }) => language === "amem" && parse({ file: "", text }).complete)
  .map(({ place, text }): [string, string] => [place, text]);

describe("words, names, numbers, texts and comments are coloured as the parser reads them", () => {
  test.each([...["specs", "src/language/std", "bench/cases", "test/grammar/fixtures"].flatMap(below), ...blocks])(
    "%s",
    (_, text) => {
      expect(differences(text)).toEqual([]);
    },
  );
});

test("the comparison sees what is coloured wrongly", () => {
  // Here only the parser knows that no statement begins.
  expect(differences("y = a +\n  data + b\n")).toEqual(["2: data is name, and coloured as keyword"]);
  expect(coloured("axis x = 3 // c")[0]).toBe("keyword");
  expect(coloured('let a = "b"')[8]).toBe("string");
});

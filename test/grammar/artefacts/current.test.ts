/** What `node scripts/grammar.mjs` writes is what the parser says now, and can be used as it stands. */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { grammarFiles } from "../../../scripts/grammar.mjs";
import { loadParts } from "../../../scripts/lib/grammar/load.mjs";
import { root } from "../../docs/blocks.js";

let files: ReadonlyMap<string, string>;
beforeAll(async () => {
  files = await grammarFiles();
});
const written = (path: string): string => readFileSync(root + path, "utf8");

test.each(["docs/grammar.ebnf", "docs/grammar.html", "editors/amem.tmLanguage.json"])(
  "%s is current (else: node scripts/grammar.mjs)",
  (path) => {
    expect([...files.keys()]).toContain(path);
    expect(written(path) === files.get(path)).toBe(true);
  },
);

describe("grammar.ebnf", () => {
  const text = written("docs/grammar.ebnf").replace(/\/\*[^]*?\*\/\n/gu, "");
  const heads = [...text.matchAll(/^(\w+) ::=/gmu)].map(([, name = ""]) => name);
  test("has every rule of the parser once, and all that they name", async () => {
    const { rules } = await loadParts();
    expect(heads.length).toBe(new Set(heads).size);
    for (const rule of rules) expect(heads).toContain("name" in rule ? rule.name : "");
    const named = text.replace(/"[^"\n]*"|\/(?:[^/\\\n]|\\.)+\/u?/gu, " ").match(/\b\w+\b/gu) ?? [];
    expect([...new Set(named)].filter((name) => !heads.includes(name))).toEqual([]);
  });
  test("says what lists and records look like", () => {
    expect(text).toContain('\nrecord ::= "record" schedule "{" (entry (("," | END) entry)* ("," | END)?)? "}"\n');
    expect(text).toContain('\nsubscript ::= "[" (subscriptItem ("," subscriptItem)* ","?)? "]"\n');
    expect(text).toContain('\naxis ::= "axis" name ("=" rightSide | "in" grid)\n');
  });
});

describe("grammar.html", () => {
  const page = written("docs/grammar.html");
  test("works offline and without scripts", () => {
    expect(page).not.toMatch(/<script|<link|@import|url\(|(?:src|href)=["']?(?:https?:)?\/\//iu);
  });
  test("has a diagram for every rule, and links that lead to one", async () => {
    const { rules } = await loadParts();
    expect(page.match(/<svg /gu)?.length).toBe(rules.length);
    const ids = new Set([...page.matchAll(/ id="(\w+)"/gu)].map(([, id]) => id));
    expect([...page.matchAll(/href="#(\w+)"/gu)].filter(([, id]) => !ids.has(id))).toEqual([]);
    expect(page).toMatch(/<a href="#expression"><text/u);
    expect(page).not.toContain("undefined");
  });
});

/** Decisions that are written down say what Chevrotain's own say, to every token, whatever gates are open. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { tokensOf, writtenDown } from "../../grammar/decisions.js";
import type { Decide } from "../../grammar/decisions.js";
import type { Fault } from "../../grammar/faults.js";
import { layOut } from "../../grammar/layout.js";
import { AmemParser } from "../../grammar/parser.js";
import { createLexer, vocabulary } from "../../grammar/tokens.js";
import { specsIn } from "../../scripts/specs.mjs";

const worked = new AmemParser({ validate: false, decisions: null });
const decisions = writtenDown(worked.decisions, vocabulary);
const ready = new AmemParser({ validate: false, decisions });
const tokens = tokensOf(vocabulary);

const said = (parser: AmemParser, key: number, token: number, closed: ReadonlySet<number>): unknown => {
  const tokenType = tokens[token];
  if (tokenType === undefined) throw new Error("no such token");
  const next = () => ({ image: "", startOffset: 0, tokenType, tokenTypeIdx: tokenType.tokenTypeIdx ?? 0 });
  const alternatives = Array.from({ length: 64 }, (_, index) => ({ GATE: () => !closed.has(index) }));
  const decide: Decide | undefined = parser.getLaFuncFromCache(key);
  return decide?.call({ LA: next, LA_FAST: next } as ThisParameterType<Decide>, alternatives);
};

test("there are decisions of both kinds", () => {
  const kinds = Object.values(decisions.choices).map((choice) => typeof choice);
  expect(kinds.filter((kind) => kind === "number").length).toBeGreaterThan(40);
  expect(kinds.filter((kind) => kind === "object").length).toBeGreaterThan(10);
});

test("with all gates open", () => {
  for (const key of worked.decisions.keys())
    for (const token of tokens.keys())
      expect([key, token, said(ready, key, token, new Set())]).toEqual([
        key,
        token,
        said(worked, key, token, new Set()),
      ]);
});

test("with some gates closed, where alternatives have gates", () => {
  const all = new Set(Array.from({ length: 64 }, (_, index) => index));
  const keys = [...worked.decisions.keys()].filter(
    (key) =>
      Array.isArray(decisions.choices[key]) && tokens.every((_, token) => said(worked, key, token, all) === undefined),
  );
  expect(keys.length).toBeGreaterThan(5);
  const place = fc.integer({ min: 0, max: 40 });
  fc.assert(
    fc.property(
      fc.constantFrom(...keys),
      fc.integer({ min: 0, max: tokens.length - 1 }),
      fc.uniqueArray(place, { maxLength: 40 }),
      (key, token, closed) => {
        expect(said(ready, key, token, new Set(closed))).toEqual(said(worked, key, token, new Set(closed)));
      },
    ),
    { numRuns: 5000 },
  );
});

const lexer = createLexer(false);
const read = (parser: AmemParser, text: string): unknown => {
  const faults: Fault[] = [];
  const report = (fault: Fault): void => void faults.push(fault);
  const { tokens: found, groups } = lexer.tokenize(text);
  for (const token of found) token.endOffset = token.startOffset + token.image.length - 1;
  parser.begin("spec.amem", text, 0, layOut(found, groups.comments ?? [], text, 0, report), report);
  return { tree: parser.entireFile(), faults };
};

const texts = specsIn().map((spec) => readFileSync(`specs/${spec}`, "utf8"));

test("specs are read alike", () => {
  for (const text of texts) expect(read(ready, text)).toEqual(read(worked, text));
});

test("so are specs with mistakes: what is cut out, doubled or exchanged", () => {
  const pieces = [
    "",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    "=",
    "<-",
    "~",
    "over",
    "where",
    "sum",
    "1",
    "x",
    "+",
    "\n",
    "of",
  ];
  const cut = fc.record({
    text: fc.constantFrom(...texts),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.integer({ min: 0, max: 12 }),
    piece: fc.constantFrom(...pieces),
  });
  fc.assert(
    fc.property(cut, ({ text, at, length, piece }) => {
      const from = Math.floor(at * text.length);
      const edited = text.slice(Math.max(0, from - 600), from) + piece + text.slice(from + length, from + 600);
      expect(read(ready, edited)).toEqual(read(worked, edited));
    }),
    { numRuns: 1500 },
  );
});

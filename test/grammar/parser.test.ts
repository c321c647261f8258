import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { highlight } from "../../grammar/highlight.js";
import { parse, parseExpression } from "../../grammar/index.js";
import { LIMITS } from "../../grammar/limits.js";
import { AmemParser } from "../../grammar/parser.js";
import { createLexer } from "../../grammar/tokens.js";
import { children, treeHeight, walk } from "../../grammar/walk.js";
import type { Node } from "../../grammar/walk.js";
import { fixtures } from "./fixtures.js";

test("the grammar passes Chevrotain's own checks", () => {
  createLexer(true);
  const parser = new AmemParser({ validate: true });
  expect(Object.keys(parser.getGAstProductions()).length).toBeGreaterThan(50);
});

/** What every answer of the parser keeps to, whatever the text. */
function checkAnswer(text: string): void {
  const { tree, diagnostics, tokens, comments } = parse({ file: "t", text });
  const places = diagnostics.map(({ span }) => span?.start ?? -1);
  expect(new Set(places).size).toBe(places.length);
  expect([...places].sort((a, b) => a - b)).toEqual(places);
  for (const { span } of diagnostics) {
    expect(span !== null && span.start >= 0 && span.start <= span.end && span.end <= text.length).toBe(true);
  }
  walk(tree, (node) => {
    for (const child of children(node)) {
      const inside = node.span.start <= child.span.start && child.span.end <= node.span.end;
      if (!inside)
        throw new Error(
          `${child.kind} ${JSON.stringify(child.span)} sticks out of ${node.kind} ${JSON.stringify(node.span)}`,
        );
    }
    return true;
  });
  let end = 0;
  for (const { span } of tokens) {
    if (span.start < end) throw new Error(`tokens overlap at ${span.start}`);
    end = span.end;
  }
  expect(comments.every(({ span, text: comment }) => text.slice(span.start, span.end) === comment)).toBe(true);
}

describe("whatever the text, there is an answer", () => {
  const words = fixtures.flatMap(({ text }) => text.match(/[\p{L}_][\p{L}\p{N}_]*'*|\d+|"[^"\n]*"|\s+|./gsu) ?? []);
  const texts = fixtures.map(({ text }) => text.match(/[\p{L}_][\p{L}\p{N}_]*'*|\d+|\s+|./gsu) ?? []);
  const anyText = fc.integer({ min: 0, max: texts.length - 1 }).map((i) => texts[i] ?? []);

  test("with tokens deleted", () => {
    fc.assert(
      fc.property(anyText, fc.array(fc.nat(), { minLength: 1, maxLength: 6 }), (text, places) => {
        const left = [...text];
        for (const place of places) left.splice(place % Math.max(1, left.length), 1);
        checkAnswer(left.join(""));
      }),
      { numRuns: 100 },
    );
  });
  test("with tokens replaced", () => {
    const change = fc.tuple(
      fc.nat(),
      fc.constantFrom(...words, "(", ")", "[", "]", "{", "}", '"', '"""', "/*", "\n", "where", "at"),
    );
    fc.assert(
      fc.property(anyText, fc.array(change, { minLength: 1, maxLength: 6 }), (text, changes) => {
        const left = [...text];
        for (const [place, word] of changes) left[place % left.length] = word;
        checkAnswer(left.join(""));
      }),
      { numRuns: 100 },
    );
  });
  test("with words in any order", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { maxLength: 60 }), (list) => checkAnswer(list.join(" "))),
      { numRuns: 100 },
    );
  });
  test("with any characters", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => checkAnswer(text)),
      { numRuns: 200 },
    );
  });
  test("cut off anywhere", () => {
    for (const { text } of fixtures) for (let end = 0; end < text.length; end += 29) checkAnswer(text.slice(0, end));
  });
  test("whole", () => {
    for (const { text } of fixtures) checkAnswer(text);
  });
});

test("one fault does not hide the next", () => {
  const text = [
    "memory M {",
    "  param W[i, o] = ",
    "  b = 3 +* 4",
    "  good[i] = W[i, 0]",
    "  c = f(1, , g(/))",
    "}",
    "experiment e {",
    "  memry N = M",
    "  axis 4 = 4",
    "  fine = 2",
    "}",
  ].join("\n");
  const { tree, diagnostics, complete } = parse({ file: "t", text });
  expect(complete).toBe(false);
  const lines = diagnostics.map(({ span }) => text.slice(0, span?.start).split("\n").length);
  expect(lines).toEqual([2, 3, 5, 5, 8, 9]);
  const names: string[] = [];
  walk(tree, (node) => {
    if (node.kind === "equation")
      names.push(...node.targets.map(({ path }) => path.map((name) => name.text).join(".")));
    return true;
  });
  // What was broken is still known by its name.
  expect(names).toEqual(["b", "good", "c", "fine"]);
});

describe("large and deep texts", () => {
  const deep = 10_000;
  test.each<[string, string]>([
    ["parentheses", `x = ${"(".repeat(deep)}1${")".repeat(deep)}`],
    ["open parentheses", `x = ${"(".repeat(deep)}`],
    ["lists", `x = ${"[".repeat(deep)}1${"]".repeat(deep)}`],
    ["subscripts", `x = a${"[b".repeat(deep)}${"]".repeat(deep)}`],
    ["signs", `x = ${"- ".repeat(deep)}1`],
    ["not", `x = ${"not ".repeat(deep)}a`],
    ["powers", `x = ${"a^".repeat(deep)}1`],
    ["if", `x = ${"if a then ".repeat(deep)}1${" else 2".repeat(deep)}`],
    ["else if", `x = ${"if a then b else ".repeat(deep)}1`],
    ["blocks", `${"memory M {\n".repeat(deep)}${"}".repeat(deep)}`],
    ["reductions", `x = ${"sum(i) ".repeat(deep)}a[i]`],
    ["members", `x = a${".b".repeat(deep)}`],
    ["calls", `x = a${"(1)".repeat(deep)}`],
    ["choices", `x = ${"case a { b: ".repeat(deep)}1${"}".repeat(deep)}`],
    ["with", `x = a${" with b = c".repeat(deep)}`],
    ["sums", `x = a${" + b".repeat(deep)}`],
    ["pipes", `x = a${" | b".repeat(deep)}`],
  ])("%s", (_, text) => {
    const { tree, diagnostics } = parse({ file: "t", text });
    expect(diagnostics.map(({ code }) => code)).toContainEqual(expect.stringMatching(/^AM10(?:14|23)$/u));
    expect(diagnostics.length).toBeLessThan(4);
    expect(treeHeight(tree)).toBeLessThan(LIMITS.height);
  });
  test("what is allowed to nest does", () => {
    for (const text of [
      `${"(".repeat(90)}1${")".repeat(90)}`,
      `a${" + b".repeat(1000)}`,
      `${"if a then b else ".repeat(90)}c`,
    ])
      expect(parseExpression({ file: "t", text }).diagnostics).toEqual([]);
  });
  test("a file of five million characters is refused", () => {
    const { diagnostics, tree } = parse({ file: "t", text: "x = 1\n".repeat(900_000) });
    expect(diagnostics.map(({ code }) => code)).toEqual(["AM1015"]);
    expect(tree.statements).toEqual([]);
  });
  test("time grows with the length and no faster", () => {
    const time = (text: string): number => {
      const begun = performance.now();
      expect(parse({ file: "t", text }).diagnostics).toEqual([]);
      return performance.now() - begun;
    };
    const spec = fixtures.map(({ text }) => text).join("\n");
    const lines = (count: number): string =>
      Array.from({ length: Math.ceil(count / spec.split("\n").length) }, () => spec).join("\n");
    time(lines(500));
    const [short, long] = [Math.max(5, time(lines(1000))), time(lines(5000))];
    expect(long / short).toBeLessThan(25);
    expect(long).toBeLessThan(8000);
    const terms = (count: number): string =>
      `x[i] = ${Array.from({ length: count }, (_, i) => `a${i}[i]^2 * b`).join(" + ")}`;
    expect(time(terms(1000))).toBeLessThan(4000);
  });
});

test("an expression inside another text has places in that text", () => {
  const text = 'text "{a + b}" and more';
  const { expr, diagnostics } = parseExpression({ file: "t", text }, 7, 12);
  expect(diagnostics).toEqual([]);
  expect(expr).toMatchObject({ kind: "binary", span: { start: 7, end: 12 }, left: { span: { start: 7, end: 8 } } });
  const broken = parseExpression({ file: "t", text }, 7, 10);
  expect(broken.diagnostics).toMatchObject([{ code: "AM1002", span: { start: 10, end: 10 } }]);
  expect(parseExpression({ file: "t", text: "a b" }).complete).toBe(false);
  expect(parseExpression({ file: "t", text: "" }).diagnostics).toHaveLength(1);
});

test("parentheses belong to the span of what they hold", () => {
  const { expr } = parseExpression({ file: "t", text: "2 * (a + b)" });
  expect(expr).toMatchObject({ right: { kind: "binary", parenthesised: true, span: { start: 4, end: 11 } } });
});

test("children come in the order of the text", () => {
  for (const { file, text } of fixtures)
    walk(parse({ file, text }).tree, (node) => {
      const starts = children(node).map(({ span }) => span.start);
      expect(starts).toEqual([...starts].sort((a, b) => a - b));
      return true;
    });
});

test("walking reaches every name", () => {
  for (const { file, text } of fixtures) {
    const { tree, tokens } = parse({ file, text });
    const met = new Set<number>();
    const visit = (node: Node): void => {
      if (node.kind === "name")
        met.add(node.parenthesised === true ? text.indexOf(node.text, node.span.start) : node.span.start);
      for (const child of children(node)) visit(child);
    };
    visit(tree);
    const missed = tokens
      .filter((token) => token.class === "name" && !met.has(token.span.start))
      .map((token) => token.text);
    expect([file, missed]).toEqual([file, []]);
  }
});

describe("highlighting", () => {
  const classes = (text: string): string[] =>
    highlight(text).map(({ class: kind, start, end }) => `${kind} ${text.slice(start, end)}`);
  test("tells keywords from names of the same text", () => {
    expect(classes("/// d\ndata data = step(x: 3) // c")).toEqual([
      "doc /// d",
      "keyword data",
      "name data",
      "operator =",
      "name step",
      "operator (",
      "name x",
      "operator :",
      "number 3",
      "operator )",
      "comment // c",
    ]);
    expect(classes("memory m(a: axis)").filter((one) => one.startsWith("keyword"))).toEqual([
      "keyword memory",
      "keyword axis",
    ]);
    expect(classes("for steps steps").slice(1)).toEqual(["name steps", "keyword steps"]);
  });
  test("goes on in broken text", () => {
    expect(classes('x = (1 +\n"a')).toEqual([
      "name x",
      "operator =",
      "operator (",
      "number 1",
      "operator +",
      'string "a',
    ]);
  });
});

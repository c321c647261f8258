/** The layout of all specs of the project, as they stand and with other blanks and lines. */
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { format } from "../../../grammar/format/index.js";
import { parse } from "../../../grammar/index.js";
import { blocksIn, root } from "../../docs/blocks.js";
import { formatted } from "./support.js";

const below = (folder: string): readonly string[] =>
  readdirSync(root + folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".amem"))
    .map((name) => `${folder}/${name}`)
    .sort();
const read = (file: string): string => readFileSync(root + file, "utf8");
const isRight = (text: string): boolean => parse({ file: "spec.amem", text }).complete;

const kept = [...["specs", "src/language/std", "bench/cases"].flatMap(below), "src/cli/starter.amem"];
const ofTests = [...below("test/grammar/fixtures"), ...below("test/docs/preludes"), ...below("test/golden")];
const blocks = ["README.md", "docs/language.md"].flatMap(blocksIn).filter(({ language }) => language === "amem");
const sources = [
  ...[...kept, ...ofTests].map((file): [string, string] => [file, read(file)]),
  ...blocks.map(({ place, text }): [string, string] => [place, text]),
];
const right = sources.filter(([, text]) => isRight(text));
const wrong = sources.filter(([, text]) => !isRight(text));

test("most sources are right", () => {
  expect(right.length).toBeGreaterThan(50);
  expect(wrong.length).toBeGreaterThan(10);
});

test.each(kept)("%s has the layout of amemc fmt", (file) => {
  expect(format({ file, text: read(file) }).text).toBe(read(file));
});

test.each(right)("%s says the same afterwards", (_, text) => {
  formatted(text);
});

test.each(wrong)("%s is not touched", (file, text) => {
  const { text: outcome, diagnostics } = format({ file, text });
  expect(outcome).toBe(null);
  expect(diagnostics.length).toBeGreaterThan(0);
});

describe("whatever the layout", () => {
  const specs = right.map(([, text]) => text).filter((text) => text.length > 200);
  const noise = fc.array(fc.nat({ max: 9 }), { minLength: 40, maxLength: 40 });

  test("blanks, line breaks and comments at random", () => {
    fc.assert(
      fc.property(fc.constantFrom(...specs), noise, (text, choices) => {
        const other = relaid(text, choices);
        // Some line breaks mean something; those layouts are other specs, or none.
        fc.pre(isRight(other));
        formatted(other);
      }),
      { numRuns: 80, maxSkipsPerRun: 1 },
    );
  });

  test("blanks alone do not matter where nothing was lined up", () => {
    fc.assert(
      fc.property(fc.constantFrom(...specs), noise, (text, choices) => {
        const plain = withoutComments(text).replace(/(\S) +/gu, "$1 ");
        const other = stretched(plain, choices);
        fc.pre(isRight(plain) && !plain.includes('"""'));
        // What stands in one column by chance would be lined up.
        const loose = (outcome: string): string => outcome.replace(/(\S) +/gu, "$1 ");
        expect(loose(formatted(other))).toBe(loose(formatted(plain)));
      }),
      { numRuns: 80, maxSkipsPerRun: 1 },
    );
  });
});

interface Gap {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** A `(` or `[` is the innermost open bracket, so a line may break. */
  readonly inBrackets: boolean;
}
/** What lies between the tokens and comments of a text. */
function gapsIn(text: string): readonly Gap[] {
  const { tokens, comments } = parse({ file: "spec.amem", text });
  const pieces = [...tokens.filter((token) => token.class !== "newline"), ...comments].sort(
    (a, b) => a.span.start - b.span.start,
  );
  const open: string[] = [];
  return pieces.map(({ text: piece, span }, k) => {
    const end = pieces[k - 1]?.span.end ?? 0;
    const inBrackets = open.length > 0 && open.at(-1) !== "{";
    if (/^[([{]$/u.test(piece)) open.push(piece);
    if (/^[)\]}]$/u.test(piece)) open.pop();
    return { text: text.slice(end, span.start), start: end, end: span.start, inBrackets };
  });
}
function withGaps(text: string, change: (gap: Gap, k: number) => string): string {
  let [outcome, end] = ["", 0];
  for (const [k, gap] of gapsIn(text).entries()) {
    outcome += text.slice(end, gap.start) + change(gap, k);
    end = gap.end;
  }
  return outcome + text.slice(end);
}

/** Other gaps: more blanks, fewer, line breaks, comments, `;` for line breaks. */
function relaid(text: string, choices: readonly number[]): string {
  return withGaps(text, ({ text: gap, inBrackets }, k) => {
    const isBroken = gap.includes("\n");
    switch (choices[(k * 7 + (k >> 3)) % choices.length]) {
      case 0:
        return `${gap}   `;
      case 1:
        return isBroken ? `${gap}\n\n ` : `${gap}/* between */`;
      case 2:
        return isBroken ? ` // at the end\n${gap}` : `${gap} `;
      case 3:
        return isBroken ? "\n" : " ";
      case 4:
        if (isBroken) return gap.replace("\n", "\n // of its own\n");
        return inBrackets ? `${gap}\n` : gap;
      case 5:
        return isBroken ? ` /* a\n   b */${gap}` : gap;
      default:
        return gap;
    }
  });
}
const stretched = (text: string, choices: readonly number[]): string =>
  withGaps(text, ({ text: gap }, k) => {
    const more = " ".repeat((choices[k % choices.length] ?? 0) % 3);
    return gap === "" && /^\s*$/u.test(gap) && more === "" ? gap : gap + more;
  });

function withoutComments(text: string): string {
  const { comments } = parse({ file: "spec.amem", text });
  return comments.reduceRight((rest, { span }) => rest.slice(0, span.start) + rest.slice(span.end), text);
}

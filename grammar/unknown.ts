/** Characters that belong to no token: reported once a run, with a hint where their meaning can be guessed. */
import type { ILexingError } from "chevrotain";
import type { Report } from "./faults.js";

const hints = new Map([
  ["@", "a matrix product names its indices: `sum(k) A[i, k] * B[k, j]`"],
  ["\\", "a line goes on by itself inside brackets and after an operator"],
  ["$", 'mathematics stands in prose only: `text """…"""`'],
  ["`", "texts stand between double quotation marks"],
  ["?", "a choice is written `if c then a else b`"],
  ["\u221e", "infinity is written `inf`"],
  ["\u2211", "a sum is written `sum(i) x[i]`"],
  ["\u220f", "a product is written `prod(i) x[i]`"],
  ["\u221a", "a square root is written `sqrt(x)`"],
  ["\u00b2", "a square is written `x^2`"],
  ["\u00b3", "a cube is written `x^3`"],
  ["\u2026", "a range is written `0 .. 9`"],
]);

export function unknownCharacters(errors: readonly ILexingError[], text: string, base: number, report: Report): void {
  let end = -1;
  for (const error of errors) {
    // Names next to each other may be told apart, but not the parts of one run of strange characters.
    if (error.offset === end) {
      end = error.offset + error.length;
      continue;
    }
    end = error.offset + error.length;
    const char = String.fromCodePoint(text.codePointAt(error.offset) ?? 0);
    const hint = hints.get(char);
    report({
      code: "AM1009",
      start: base + error.offset,
      end: base + error.offset + error.length,
      message: `${shown(char)} has no meaning in this language`,
      ...(hint === undefined ? {} : { help: hint }),
    });
  }
}

function shown(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  const printable = /[\p{L}\p{N}\p{P}\p{S}]/u.test(char);
  return printable ? `\`${char}\`` : `the character U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}

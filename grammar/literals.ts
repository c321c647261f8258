/** What single tokens say: numbers, strings, and the misspellings that are read as what was meant. */
import type { IToken } from "chevrotain";
import type { Report } from "./faults.js";
import { whatWasMeant } from "./mistakes.js";
import * as t from "./tokens.js";
import { asTok } from "./tokens.js";
import type { Tok } from "./tokens.js";

/** The parser's token for a lexer's token; null for what is better left out. */
export function readToken(token: IToken, report: Report): Tok | null {
  const start = token.startOffset;
  const end = (token.endOffset ?? start) + 1;
  const image = token.image;
  switch (token.tokenType) {
    case t.Name: {
      const mended = image.replace(/[\u2019\u2032]/gu, "'");
      if (mended !== image) {
        const fix = { title: "write a straight prime", edits: [{ start, end, text: mended }] };
        report({
          code: "AM1016",
          start,
          end,
          message: `primes are written with a straight \`'\``,
          help: `write \`${mended}\``,
          fix,
        });
        token.image = mended;
      }
      return asTok(token, t.wordType(mended));
    }
    case t.NumberToken:
      if (!Number.isFinite(numberValue(image)))
        report({
          code: "AM1010",
          start,
          end,
          message: `\`${image}\` is larger than any number a computer holds`,
          help: "infinity is written `inf`",
        });
      return asTok(token, t.NumberToken);
    case t.BadNumber: {
      const mended = image.startsWith(".") ? `0${image}` : image.replace(".", ".0");
      report({
        code: "AM1010",
        start,
        end,
        message: `\`${image}\` is no number: a digit stands on both sides of the dot`,
        help: `write \`${mended}\``,
        fix: { title: `write \`${mended}\``, edits: [{ start, end, text: mended }] },
      });
      return asTok(token, t.NumberToken);
    }
    case t.UnclosedText:
      report({
        code: "AM1007",
        start,
        end,
        message: 'this text has no closing `"`',
        help: 'close it on the same line, or write prose over several lines in `"""`',
      });
      return asTok(token, t.Text);
    case t.UnclosedProse:
      report({ code: "AM1007", start, end: start + 3, message: 'this prose has no closing `"""`' });
      return asTok(token, t.Prose);
    case t.UnclosedComment:
      report({ code: "AM1008", start, end: start + 2, message: "this comment has no closing `*/`" });
      return null;
    case t.Foreign:
      return readForeign(token, report);
    default:
      return asTok(token, token.tokenType);
  }
}

function readForeign(token: IToken, report: Report): Tok | null {
  const start = token.startOffset;
  const end = (token.endOffset ?? start) + 1;
  const image = token.image;
  const meant = whatWasMeant(image);
  if (meant !== null) {
    const { text, help } = meant;
    const fix = text === null ? {} : { fix: { title: `write \`${text}\``, edits: [{ start, end, text }] } };
    report({ code: "AM1011", start, end, message: `\`${image}\` is no operator here`, help, ...fix });
    return asTok(token, meant.type);
  }
  if (image.length === 1) {
    report({ code: "AM1016", start, end, message: `\`${image}\` is a typographic mark that has no meaning here` });
    return null;
  }
  const text = `"${unquote(image)}"`;
  const fix = { title: "write straight quotation marks", edits: [{ start, end, text }] };
  report({
    code: "AM1016",
    start,
    end,
    message: 'texts stand between straight double quotation marks `"`',
    help: `write \`${text}\``,
    fix,
  });
  return asTok(token, t.Text);
}

export function numberValue(image: string): number {
  return Number(image.replaceAll("_", ""));
}

/** A string without its quotation marks, closed or not. */
export function unquote(image: string): string {
  const mark = image.startsWith('"""') ? 3 : 1;
  const rest = image.slice(mark);
  const closed =
    mark === 3
      ? rest.endsWith('"""')
      : /["\u201c\u201d']$/u.test(rest) && !/(?:^|[^\\])(?:\\\\)*\\$/u.test(rest.slice(0, -1));
  return closed ? rest.slice(0, -mark) : rest;
}

const escapes = new Map([
  ["n", "\n"],
  ["t", "\t"],
  ["r", "\r"],
  ['"', '"'],
  ["'", "'"],
  ["\\", "\\"],
  ["{", "{"],
  ["}", "}"],
  ["/", "/"],
]);

/** Resolves `\n`, `\"`, `\u{3b7}`; `offset` is where the text begins, for faults. */
export function unescape(text: string, offset: number, report: Report): string {
  if (!text.includes("\\")) return text;
  return text.replace(
    /\\(?:u\{([0-9a-fA-F]{1,6})\}|(.?))/gsu,
    (all: string, hex: string | undefined, one: string | undefined, at: number) => {
      if (hex !== undefined) {
        const code = Number.parseInt(hex, 16);
        if (code <= 0x10ffff) return String.fromCodePoint(code);
      } else {
        const known = escapes.get(one ?? "");
        if (known !== undefined) return known;
      }
      const start = offset + at;
      report({
        code: "AM1024",
        start,
        end: start + Math.max(1, all.length),
        message: `\`${all}\` stands for no character`,
        help: 'a backslash is written `\\\\`; others are `\\n`, `\\t`, `\\"`, `\\u{3b7}`',
      });
      return all;
    },
  );
}

/** Prose loses its first and last empty line and the indentation that all its lines share. */
export function dedent(text: string): string {
  const lines = text.split(/\r\n?|\n/u);
  if (lines.length === 1) return text.trim();
  const margin = lines.slice(1).reduce((least, line) => {
    const indent = line.search(/\S/u);
    return indent < 0 ? least : Math.min(least, indent);
  }, Infinity);
  const cut = lines.map((line, i) => (i === 0 ? line.trimStart() : line.slice(Math.min(margin, line.length))));
  if (cut[0] === "") cut.shift();
  while (cut.at(-1)?.trim() === "") cut.pop();
  return cut.map((line) => line.trimEnd()).join("\n");
}

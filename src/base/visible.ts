/** Text as a terminal shows it: widths, tab stops, and characters that must not reach the terminal as they are. */

const TAB = 4;

/** Control characters and marks that turn the direction of text, made visible; line breaks and tabs are kept. */
export function visible(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu,
    (char) => {
      const code = char.codePointAt(0) ?? 0;
      if (char === "\n" || char === "\t") return char;
      if (code < 0x20) return String.fromCodePoint(0x2400 + code);
      if (code === 0x7f) return "\u2421";
      // Joiners are part of emoji and of several scripts.
      if (code === 0x200c || code === 0x200d) return char;
      return `<U+${code.toString(16).toUpperCase().padStart(4, "0")}>`;
    },
  );
}

const COLORS = /(\u001b\[[\d;]*m)/u;

/** `visible` for a text that has colours in it: those are left. */
export const visibleColored = (text: string): string =>
  text
    .split(COLORS)
    .map((part, k) => (k % 2 === 1 ? part : visible(part)))
    .join("");

/** JSON with such characters as escapes: strings mean what they did. */
export function visibleJson(json: string): string {
  return json.replace(/[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu, (char) => {
    const code = char.codePointAt(0) ?? 0;
    return `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

/** Columns that a character takes in a terminal. */
export function charWidth(char: string): number {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (/^[\p{Mn}\p{Me}\u200c\u200d\ufe00-\ufe0f]$/u.test(char)) return 0;
  const wide =
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf && code !== 0x303f) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd);
  return wide ? 2 : 1;
}

export function textWidth(text: string): number {
  let width = 0;
  for (const char of text) width += charWidth(char);
  return width;
}

/** A line with tabs as blanks and controls visible, and where each of its offsets is then to be seen. */
export interface ShownLine {
  readonly text: string;
  /** The terminal column of an offset in the line, from 0. */
  column(offset: number): number;
}

export function showLine(line: string): ShownLine {
  const columns: number[] = [];
  let text = "";
  let width = 0;
  for (const char of line) {
    columns.push(...new Array<number>(char.length).fill(width));
    const shown = char === "\t" ? " ".repeat(TAB - (width % TAB)) : visible(char);
    text += shown;
    width += textWidth(shown);
  }
  columns.push(width);
  return { text, column: (offset) => columns[Math.max(0, Math.min(offset, columns.length - 1))] ?? 0 };
}

/** Prose with holes: Markdown in which `{…}` outside of `$…$` and of code stands for a measured value. */
import type { Report } from "./faults.js";

export interface HoleText {
  /** Offsets of the braces in the text that was given. */
  readonly start: number;
  readonly end: number;
}

/** Finds the holes; `offset` is where the text begins in its file, for faults. */
export function findHoles(text: string, offset: number, report: Report): HoleText[] {
  const holes: HoleText[] = [];
  let i = 0;
  while (i < text.length) {
    const char = text[i];
    if (char === "\\") i += 2;
    else if (char === "$") i = closing(text, i, text.startsWith("$$", i) ? "$$" : "$");
    else if (char === "`") i = closing(text, i, /^`+/u.exec(text.slice(i, i + 16))?.[0] ?? "`");
    else if (char === "{") {
      const end = matchingBrace(text, i);
      if (end === null) {
        const start = offset + i;
        const help = "a brace that is no hole is written `\\{`; mathematics stands between `$`";
        report({ code: "AM1025", start, end: start + 1, message: "this hole is never closed", help });
        return holes;
      }
      holes.push({ start: i, end });
      i = end;
    } else i++;
  }
  return holes;
}

/** The offset behind the next `mark`; behind this one when it is the last in its paragraph. */
function closing(text: string, start: number, mark: string): number {
  const found = text.indexOf(mark, start + mark.length);
  const paragraph = /\n[ \t]*\r?\n/gu;
  paragraph.lastIndex = start;
  const end = paragraph.exec(text)?.index ?? text.length;
  return found < 0 || found > end ? start + mark.length : found + mark.length;
}

/** The offset behind the brace that closes the one at `start`; strings inside may hold braces. */
function matchingBrace(text: string, start: number): number | null {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    const char = text[i];
    if (char === '"') {
      const end = text.indexOf('"', i + 1);
      if (end < 0) return null;
      i = end;
    } else if (char === "{") depth++;
    else if (char === "}" && --depth === 0) return i + 1;
  }
  return null;
}

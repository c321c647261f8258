/** What a row of the catalogue of diagnostics holds; each stage's file beside this one is a table of such rows. */
import type { Code } from "../diagnostic.js";

export interface CodeEntry {
  /** A few words that name the fault, as a heading; names no particular name of a spec. */
  readonly title: string;
  /** Markdown: what is wrong, why the language asks for it, what to do. Shown by `amemc explain AM1001`. */
  readonly explanation: string;
  /** A minimal spec that is answered with this code; null where a spec alone cannot bring it about. */
  readonly example: string | null;
  /** What to write instead: texts of the example, each with its replacement. Absent where the example is too long to be shown. */
  readonly mend?: readonly (readonly [wrong: string, right: string])[];
}

export type CodeTable = Readonly<Record<Code, CodeEntry>>;

/** An example in an experiment of its own. */
export const inside = (text: string): string => `experiment e {\n${text.replace(/^/gm, "  ").trimEnd()}\n}\n`;

/** The example with what is wrong in it mended; null where there is none. */
export function mended({ example, mend }: CodeEntry): string | null {
  if (example === null || mend === undefined) return null;
  return mend.reduce((text, [wrong, right]) => text.replaceAll(wrong, () => right), example);
}

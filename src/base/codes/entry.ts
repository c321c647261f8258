/** What a row of the catalogue of diagnostics holds; each stage's file beside this one is a table of such rows. */
import type { Code } from "../diagnostic.js";

export interface CodeEntry {
  /** A few words that name the fault, as a heading; names no particular name of a spec. */
  readonly title: string;
  /** Markdown: what is wrong, why the language asks for it, what to do. Shown by `amemc explain AM1001`. */
  readonly explanation: string;
  /** A minimal spec that is answered with this code; null where a spec alone cannot bring it about. */
  readonly example: string | null;
}

export type CodeTable = Readonly<Record<Code, CodeEntry>>;

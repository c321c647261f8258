/** What a command has said and found, kept until its end: SARIF, annotations and the job's summary are made of it. */
import type { Diagnostic } from "../../base/diagnostic.js";
import type { SourceText } from "../../base/render.js";
import type { Comparison } from "../../results/baseline.js";
import type { Judged } from "../../results/judged.js";
import type { SpecTexts } from "../spec-texts.js";

/** A diagnostic with files named as the user would, and where their texts are to be had. */
export interface Said {
  readonly diagnostic: Diagnostic;
  readonly source: SourceText;
}

/** The end of a run: what became of its claims. */
export interface Conclusion {
  readonly judged: Judged;
  /** The spec's texts; null where only a folder of results is known. */
  readonly texts: SpecTexts | null;
  /** The page's path. */
  readonly page: string;
  /** Null without a baseline, or when it was written anew. */
  readonly comparison: Comparison | null;
}

export class Journal {
  readonly said: Said[] = [];
  conclusion: Conclusion | null = null;
  private readonly known = new Set<string>();

  /** Notes diagnostics; what is said twice (at the check, and when results are judged) counts once. */
  note(list: readonly Diagnostic[], source: SourceText): void {
    for (const diagnostic of list) {
      const { code, span, message } = diagnostic;
      const key = JSON.stringify([code, span, message]);
      if (this.known.has(key)) continue;
      this.known.add(key);
      this.said.push({ diagnostic, source });
    }
  }
}

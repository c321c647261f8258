/**
 * What a report is made of: plain data, all of it from the folder of results. The same input gives the same bytes;
 * times, versions and the machine are in it because the manifest says them, not because anything is asked here.
 */
import type { EvaluatedChart, EvaluatedTable, EvaluatedText, Verdict } from "../results/chart-types.js";
import type { HighlightSpan } from "../../grammar/highlight.js";
import type { Manifest } from "../results/store/manifest.js";

export interface ReportInput {
  /** The version of amemc that made the results. */
  readonly amemc: string;
  /** The spec as it was run. */
  readonly spec: SourceText;
  /** Files that the spec uses: the user's own and std's, in the order of their first use. */
  readonly modules: readonly SourceText[];
  /** The command that makes these results again, as typed in a shell. */
  readonly command: string;
  /** Claims of the file that stand outside of experiments. */
  readonly claims: readonly Verdict[];
  readonly experiments: readonly ExperimentReport[];
}

export interface SourceText {
  readonly file: string;
  /** Lines end with `\n`. */
  readonly text: string;
  /** What has a colour, in order, without overlaps. */
  readonly spans: readonly HighlightSpan[];
}

export interface ExperimentReport {
  readonly name: string;
  readonly title: string | null;
  readonly doc: string | null;
  /** `source "arXiv:…" figure "4"`. */
  readonly sources: readonly {
    readonly reference: string;
    readonly details: readonly { readonly name: string; readonly value: string }[];
  }[];
  readonly verdicts: readonly Verdict[];
  /** Charts, tables and prose, in the order of the spec. */
  readonly items: readonly ReportItem[];
  /** How the points of each phase ended, in the order of the plan (see `points.ts`). */
  readonly points: readonly PhaseSummary[];
  readonly provenance: Provenance;
}

export type ReportItem =
  | { readonly kind: "chart"; readonly chart: EvaluatedChart }
  | { readonly kind: "table"; readonly table: EvaluatedTable }
  | { readonly kind: "text"; readonly text: EvaluatedText };

export interface PhaseSummary {
  readonly phase: string;
  readonly expected: number;
  readonly done: number;
  readonly failed: number;
  readonly diverged: number;
  readonly missing: number;
  /** Every point that failed or diverged, in the order of the plan. */
  readonly troubles: readonly Trouble[];
}

export interface Trouble {
  /** Sweep variable to coordinate, as words. */
  readonly point: readonly { readonly axis: string; readonly coordinate: string }[];
  readonly state: "failed" | "diverged";
  /** Why it failed; at which step it diverged. */
  readonly detail: string | null;
}

export interface Provenance {
  readonly manifest: Manifest;
  /** SHA-256 of `plan.json`. */
  readonly planHash: string;
  /** Adaptive sweeps, and in how many rounds they came to their points. */
  readonly adaptive?: readonly { readonly sweeps: readonly string[]; readonly rounds: number }[];
}

/** What was found while charts were made and is to be told beside the report. */
export interface ReportProblem {
  readonly experiment: string;
  /** The chart's name. */
  readonly chart: string;
  /** One sentence in the user's words, names in backquotes. */
  readonly message: string;
  /** What to do. */
  readonly help: string | null;
}

export interface Report {
  readonly html: string;
  readonly problems: readonly ReportProblem[];
}

/** Everything from one folder of results, evaluated: what terminal, `claims.json` and page are made of. Plain data. */
import type { Span } from "../base/span.js";
import type { Verdict } from "./chart-types.js";
import type { EvaluatedResults } from "./evaluate-report.js";
import type { BlockNote, Manifest, PhaseNote } from "./store/manifest.js";
import type { PlanFile } from "./store/plan-file.js";
import type { PointReport } from "./types.js";

export interface Judged {
  readonly amemc: string;
  readonly spec: PlanFile["spec"];
  readonly modules: PlanFile["modules"];
  readonly experiments: readonly JudgedExperiment[];
  readonly ofFile: JudgedFile | null;
}

/** Claims that stand outside of experiments. */
export interface JudgedFile extends Pick<JudgedExperiment, "evaluated" | "claimSpans"> {
  readonly precision: "f32" | "f64";
}

/** Stands where the name of an experiment would: no experiment is called like this. */
export const OF_FILE = "*";

/** All verdicts, those of the file last. */
export function allVerdicts({ experiments, ofFile }: Pick<JudgedClaims, "experiments" | "ofFile">): readonly Verdict[] {
  return [...experiments, ...(ofFile === null ? [] : [ofFile])].flatMap(({ evaluated }) => evaluated.verdicts);
}

export interface JudgedExperiment {
  readonly name: string;
  readonly title: string | null;
  readonly doc: string | null;
  readonly sources: readonly {
    readonly reference: string;
    readonly details: readonly { readonly name: string; readonly value: string }[];
  }[];
  readonly file: PlanFile;
  readonly manifest: Manifest;
  readonly evaluated: EvaluatedResults;
  /** Where the claims stand in the spec, by their names. */
  readonly claimSpans: ReadonlyMap<string, Span>;
  /** Charts, tables and prose in the order of the spec: the number of each among its kind. */
  readonly order: readonly { readonly kind: "chart" | "table" | "text"; readonly number: number }[];
  readonly points: ReadonlyMap<string, readonly PointReport[]>;
  readonly summaries: readonly PhaseSummary[];
}

/** As much of it as claims and their numbers need. */
export interface JudgedClaims {
  readonly spec: Pick<PlanFile["spec"], "file">;
  readonly experiments: readonly (Pick<JudgedExperiment, "name"> & {
    readonly file: { readonly plan: Pick<PlanFile["plan"], "engine" | "precision" | "profile" | "settings"> };
    readonly manifest: { readonly blocks: Readonly<Record<string, Pick<BlockNote, "seconds">>> };
    readonly evaluated: Pick<EvaluatedResults, "verdicts">;
  })[];
  readonly ofFile: { readonly evaluated: Pick<EvaluatedResults, "verdicts">; readonly precision: "f32" | "f64" } | null;
}

/** A report is never silently partial. */
export type PhaseSummary = Omit<PhaseNote, "states" | "details">;

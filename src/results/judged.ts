/** Everything from one folder of results, evaluated: what terminal, `claims.json` and page are made of. Plain data. */
import type { EvaluatedResults } from "./evaluate-report.js";
import type { Manifest, PhaseNote } from "./store/manifest.js";
import type { PlanFile } from "./store/plan-file.js";
import type { PointReport } from "./types.js";

export interface Judged {
  readonly amemc: string;
  readonly spec: PlanFile["spec"];
  readonly modules: PlanFile["modules"];
  readonly experiments: readonly JudgedExperiment[];
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
  /** Charts, tables and prose in the order of the spec: the number of each among its kind. */
  readonly order: readonly { readonly kind: "chart" | "table" | "text"; readonly number: number }[];
  readonly points: ReadonlyMap<string, readonly PointReport[]>;
  readonly summaries: readonly PhaseSummary[];
}

/** A report is never silently partial. */
export type PhaseSummary = Omit<PhaseNote, "states" | "details">;

/**
 * Numerical health: what is behind a verdict that its reader should know, in the manner of a sampler's diagnostics. Verdicts
 * stand as they are. All but the counts of runs is told only where the verdict hangs on it.
 */
import type { Span } from "../../base/span.js";
import type { CheckedExpectation } from "../../language/results/index.js";
import type { Analysis } from "../analysis/evaluate.js";
import type { Expectation, Warning } from "../chart-types.js";
import { budgetWarning } from "./budget.js";
import { fitWarning } from "./fits.js";
import { movingWarning } from "./moving.js";
import { nonFiniteWarnings } from "./nonfinite.js";
import { precisionWarning } from "./precision.js";
import type { Precision } from "./resolution.js";
import { seedsWarning } from "./seeds.js";

/** What the experiment says of its runs. */
export interface Circumstances {
  readonly precision: Precision;
  /** Phases whose runs may end before their steps are done, and by what: `stop when` or `until`. */
  readonly stopping: ReadonlyMap<string, string>;
  /** Where a span of the spec lies. */
  readonly place: (span: Span) => Warning["at"];
}

/** At most one warning of a kind. */
export function healthOf(
  expectation: CheckedExpectation,
  judged: Expectation,
  analysis: Analysis,
  { precision, stopping, place }: Circumstances,
): readonly Warning[] {
  const { verdict } = judged;
  const found = [
    ...nonFiniteWarnings(expectation, judged, analysis),
    precisionWarning(expectation, verdict, analysis, precision) ??
      fitWarning(expectation, verdict, analysis, precision),
    movingWarning(expectation, verdict, analysis),
    seedsWarning(expectation, verdict, analysis),
    budgetWarning(expectation, verdict, analysis, stopping),
  ];
  const at = place(expectation.span);
  return found.flatMap((finding) => (finding === null ? [] : [{ ...finding, at }]));
}

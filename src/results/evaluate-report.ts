/** All that an experiment says about its results, evaluated together: what two claims share is computed once. */
import { UserError } from "../base/diagnostic.js";
import type { Diagnostic } from "../base/diagnostic.js";
import type { CheckedChart, CheckedClaim, CheckedResults } from "../language/results/index.js";
import { Analysis } from "./analysis/evaluate.js";
import { evaluateChart } from "./charts.js";
import type { EvaluatedChart, EvaluatedTable, EvaluatedText, Verdict } from "./chart-types.js";
import type { Circumstances } from "./health/index.js";
import { healthOf } from "./health/index.js";
import { evaluateTable, evaluateText } from "./printed.js";
import type { ResultSource } from "./types.js";
import { judge } from "./verdicts.js";

export interface EvaluatedResults {
  readonly verdicts: readonly Verdict[];
  readonly charts: readonly EvaluatedChart[];
  readonly tables: readonly EvaluatedTable[];
  readonly texts: readonly EvaluatedText[];
  /** Coordinates that are asked for and are not in these results; the verdicts concerned are undecided. */
  readonly problems: readonly Diagnostic[];
}

/** Without `circumstances` nothing is looked for behind the verdicts. */
export function evaluateResults(
  checked: Pick<CheckedResults, "claims" | "charts" | "tables" | "texts">,
  source: ResultSource,
  circumstances: Circumstances | null = null,
): EvaluatedResults {
  const analysis = new Analysis(source);
  const { problems } = analysis;
  return {
    verdicts: checked.claims.map((claim) =>
      attempt(
        problems,
        () =>
          judge(claim, analysis, (expectation, judged) =>
            circumstances === null ? [] : healthOf(expectation, judged, analysis, circumstances),
          ),
        (reason) => undecided(claim, reason),
      ),
    ),
    charts: checked.charts.map((chart) =>
      attempt(
        problems,
        () => evaluateChart(chart, analysis),
        (reason) => emptyChart(chart, reason),
      ),
    ),
    tables: checked.tables.flatMap((table) =>
      attempt(
        problems,
        () => [evaluateTable(table, analysis)],
        () => [],
      ),
    ),
    texts: checked.texts.flatMap((text) =>
      attempt(
        problems,
        () => [evaluateText(text, analysis)],
        () => [],
      ),
    ),
    problems,
  };
}

/** What is too large to evaluate costs its own claim or chart only. */
function attempt<T>(problems: Diagnostic[], evaluate: () => T, otherwise: (reason: string) => T): T {
  try {
    return evaluate();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    problems.push(error.diagnostic);
    return otherwise(error.diagnostic.message);
  }
}

export function undecided(claim: CheckedClaim, reason: string): Verdict {
  const { name, title, doc, expectedFails } = claim;
  const expectations = claim.expectations.map(({ text }) => ({
    text,
    verdict: "undecided" as const,
    measured: null,
    worst: [],
    counts: { total: 0, holding: 0, failing: 0, missing: 0 },
    share: null,
    reason,
    warnings: [],
  }));
  return { name, title, doc, verdict: "undecided", expectedFails, met: false, expectations };
}

function emptyChart({ name, title, doc }: CheckedChart, reason: string): EvaluatedChart {
  return { kind: "marks", name, title, doc, layers: [], notes: [reason] };
}

/** All that an experiment says about its results, evaluated together: what two claims share is computed once. */
import type { Diagnostic } from "../base/diagnostic.js";
import type { CheckedResults } from "../language/results/index.js";
import { Analysis } from "./analysis/evaluate.js";
import { evaluateChart } from "./charts.js";
import type { EvaluatedChart, EvaluatedTable, EvaluatedText, Verdict } from "./chart-types.js";
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

export function evaluateResults(checked: CheckedResults, source: ResultSource): EvaluatedResults {
  const analysis = new Analysis(source);
  return {
    verdicts: checked.claims.map((claim) => judge(claim, analysis)),
    charts: checked.charts.map((chart) => evaluateChart(chart, analysis)),
    tables: checked.tables.map((table) => evaluateTable(table, analysis)),
    texts: checked.texts.map((text) => evaluateText(text, analysis)),
    problems: analysis.problems,
  };
}

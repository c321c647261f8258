/** Claims, charts, tables, prose and equations over results: trees to analysis IR. The way into this folder. */
import type { Diagnostics } from "../../base/diagnostic.js";
import type { Source } from "../../base/span.js";
import type { CheckedExperiment } from "../typed.js";
import { checkAdaptiveSweeps } from "./adaptive.js";
import { checkChart } from "./charts.js";
import type { CheckedChart, CheckedClaim, CheckedResults, CheckedTable, CheckedText } from "./checked.js";
import { Checker } from "./checker.js";
import { checkClaim } from "./claims.js";
import { Context } from "./context.js";
import { checkTable, checkText } from "./prints.js";

export type * from "./checked.js";
export type * from "./ir.js";
export { withImplicitMeasures } from "./definitions.js";
export { checkFileClaims } from "./together.js";
export type { FileClaims } from "./together.js";
export type { Needed } from "./definitions.js";

/**
 * `sources`: the files that spans point into; claims and chart titles quote them. `full`: the same experiment checked without a profile
 * and `--set`, where there are any: tables in claims follow its sweeps, and coordinates that are gone now are no fault.
 */
export function checkResults(
  checked: CheckedExperiment,
  sources: readonly Source[],
  diagnostics: Diagnostics,
  full: CheckedExperiment | null = null,
): CheckedResults {
  const context = new Context(checked, diagnostics, sources, full?.experiment ?? null);
  const checker = new Checker(context);
  const claims: CheckedClaim[] = [];
  const charts: CheckedChart[] = [];
  const tables: CheckedTable[] = [];
  const texts: CheckedText[] = [];
  for (const statement of checked.statements) {
    if (statement.kind === "claim") claims.push(checkClaim(checker, statement));
    else if (statement.kind === "chart") charts.push(checkChart(checker, statement));
    else if (statement.kind === "table") tables.push(checkTable(checker, statement));
    else if (statement.kind === "text") texts.push(checkText(checker, statement));
  }
  const adaptive = checkAdaptiveSweeps(checker, checked.experiment);
  checker.checkDeclarations();
  uniqueNames(context, checked);
  return { claims, charts, tables, texts, needed: context.needed.all, adaptive };
}

/** Names of claims, charts and tables are file names and test names: two of a kind may not share one. */
function uniqueNames(context: Context, checked: CheckedExperiment): void {
  const seen = new Map<string, Parameters<Context["fault"]>[1]>();
  for (const statement of checked.statements) {
    if (statement.kind !== "claim" && statement.kind !== "chart" && statement.kind !== "table") continue;
    const key = `${statement.kind} ${statement.name.text}`;
    const first = seen.get(key);
    if (first === undefined) seen.set(key, statement.name.span);
    else {
      context.fault("AM6009", statement.name.span, `a second ${statement.kind} is called \`${statement.name.text}\``, {
        labels: [{ span: first, text: "the first one" }],
        help: "give it another name",
      });
    }
  }
}

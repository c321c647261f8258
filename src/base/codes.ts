/**
 * The catalogue of diagnostics: every code that amemc can say, with a title and an explanation.
 * The rows stand in one file a stage under `codes/`; add a row there, not here.
 */
import type { Code } from "./diagnostic.js";
import type { CodeEntry, CodeTable } from "./codes/entry.js";
import { doubtCodes } from "./codes/doubts.js";
import { fileCodes } from "./codes/files.js";
import { healthCodes } from "./codes/health.js";
import { internalCodes } from "./codes/internal.js";
import { machineCodes } from "./codes/machine.js";
import { nameCodes } from "./codes/names.js";
import { planCodes } from "./codes/plans.js";
import { resultCodes } from "./codes/results.js";
import { runCodes } from "./codes/runs.js";
import { syntaxCodes } from "./codes/syntax.js";
import { typeCodes } from "./codes/types.js";

export { mended, type CodeEntry, type CodeTable } from "./codes/entry.js";

/** The tables by the first digit of their codes. */
export const codeTables: readonly { readonly digit: string; readonly stage: string; readonly table: CodeTable }[] = [
  { digit: "1", stage: "syntax", table: syntaxCodes },
  { digit: "2", stage: "names and axes", table: nameCodes },
  { digit: "3", stage: "types", table: typeCodes },
  { digit: "4", stage: "constants, sweeps and plans", table: planCodes },
  { digit: "5", stage: "data files", table: fileCodes },
  { digit: "6", stage: "results, claims and charts", table: { ...resultCodes, ...doubtCodes, ...healthCodes } },
  { digit: "7", stage: "runs", table: runCodes },
  { digit: "8", stage: "command line and machine", table: machineCodes },
  { digit: "9", stage: "not implemented yet, internal", table: internalCodes },
];

const all = new Map<string, CodeEntry>();
for (const { table } of codeTables) for (const [code, entry] of Object.entries(table)) all.set(code, entry);

/** The row of a code, or undefined when there is none. */
export function codeEntry(code: string): CodeEntry | undefined {
  return all.get(code);
}

/** All codes in ascending order. */
export function allCodes(): readonly Code[] {
  return [...all.keys()].sort() as Code[];
}

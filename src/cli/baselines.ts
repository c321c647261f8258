/** `--baseline` and `--update-baseline`: looked at before anything runs, and settled when the claims are judged. */
import type { Diagnostic } from "../base/diagnostic.js";
import { UserError } from "../base/diagnostic.js";
import type { Baseline, Comparison } from "../results/baseline.js";
import { baselineOf, compareWithBaseline, differenceWords } from "../results/baseline.js";
import { allVerdicts } from "../results/judged.js";
import type { Judged } from "../results/judged.js";
import type { Origin } from "../results/store/baseline-file.js";
import { readBaseline, requireBaseline, writeBaseline } from "../results/store/baseline-file.js";
import { counted } from "./counted.js";
import type { JudgingOptions } from "./options.js";
import type { Colors } from "./terminal.js";

export interface BaselineRequest {
  readonly file: string;
  readonly update: boolean;
  /** What the file holds; null where it is to be written for the first time. */
  readonly recorded: Baseline | null;
}

/** Null where no baseline is asked for; throws where it cannot be used. */
export async function openBaseline(options: JudgingOptions, origin: Origin): Promise<BaselineRequest | null> {
  const { baseline: file, updateBaseline: update = false } = options;
  if (file === undefined) {
    if (update) throw withoutFile();
    return null;
  }
  const recorded = update ? await readBaseline(file, origin) : await requireBaseline(file, origin);
  return { file, update, recorded };
}

export type Settled =
  | { readonly kind: "compared"; readonly comparison: Comparison }
  | { readonly kind: "written" | "unchanged" | "refused"; readonly file: string; readonly claims: number };

export async function settleBaseline(
  { file, update, recorded }: BaselineRequest,
  judged: Judged,
  report: (diagnostic: Diagnostic) => void,
): Promise<Settled> {
  if (!update && recorded !== null)
    return { kind: "compared", comparison: compareWithBaseline(file, recorded, judged) };
  const claims = allVerdicts(judged).length;
  const lacking = judged.experiments
    .flatMap(({ summaries }) => summaries)
    .reduce((sum, { failed, missing }) => sum + failed + missing, 0);
  if (lacking > 0) {
    report(incomplete(file, lacking));
    return { kind: "refused", file, claims };
  }
  const changed = await writeBaseline(file, baselineOf(judged, recorded));
  return { kind: changed ? "written" : "unchanged", file, claims };
}

/** For the terminal: what differs, with both numbers. */
export function baselineLines(settled: Settled, colors: Colors): string {
  if (settled.kind === "refused") return "";
  if (settled.kind !== "compared") {
    const words = settled.kind === "written" ? "recorded" : "recorded, as they were";
    return colors.dim(`baseline ${settled.file}: ${counted(settled.claims, "claim")} ${words}`) + "\n";
  }
  const { file, compared, differences } = settled.comparison;
  if (differences.length === 0) return colors.dim(`baseline ${file}: ${counted(compared, "claim")} as recorded`) + "\n";
  const width = Math.max(...differences.map(({ claim }) => claim.length));
  return [
    colors.red(`baseline ${file}: ${counted(differences.length, "difference")}`),
    ...differences.map((difference) => `  ${difference.claim.padEnd(width)}  ${differenceWords(difference)}`),
    "  what is meant to change is recorded by `--update-baseline`",
  ]
    .map((line) => `${line}\n`)
    .join("");
}

/** For `--json`. */
export function baselineJson(settled: Settled): object {
  if (settled.kind !== "compared") return { file: settled.file, outcome: settled.kind };
  const { file, compared, differences } = settled.comparison;
  return { file, outcome: differences.length === 0 ? "same" : "different", compared, differences };
}

function withoutFile(): UserError {
  return new UserError({
    code: "AM8003",
    severity: "error",
    message: "`--update-baseline` needs a file to write",
    span: null,
    help: "name it: `--baseline FILE --update-baseline`",
  });
}

function incomplete(file: string, points: number): Diagnostic {
  return {
    code: "AM8023",
    severity: "error",
    message: `\`${file}\` is not recorded: ${counted(points, "point")} failed or missing`,
    span: null,
    help: "`amemc run` computes what is missing; mend what makes points fail",
  };
}

/** The end of a run: verdicts with their numbers, the points they rest on, the page, the exit code. */
import type { Diagnostic } from "../base/diagnostic.js";
import { visible } from "../base/visible.js";
import { drawPage, writeVerdicts } from "../pipeline.js";
import type { Comparison } from "../results/baseline.js";
import type { Verdict } from "../results/chart-types.js";
import { claimsOf } from "../results/claims-file.js";
import { junitText } from "../results/junit.js";
import { writeAllTables } from "../results/judge.js";
import { allVerdicts } from "../results/judged.js";
import type { Judged, PhaseSummary } from "../results/judged.js";
import { isWholePlan } from "../results/left-out.js";
import { roundsText } from "./adaptive-words.js";
import { counted } from "./counted.js";
import { exitCode } from "./exit-code.js";
import type { BaselineRequest } from "./baselines.js";
import { baselineJson, baselineLines, settleBaseline } from "./baselines.js";
import { writeOutput } from "./ci/output.js";
import type { SpecTexts } from "./spec-texts.js";
import type { Colors, Terminal } from "./terminal.js";
import { claimDetail, expectationNote } from "./verdict-words.js";

export interface ShowOptions {
  readonly json: boolean;
  /** Leave tables that are there. */
  readonly onlyMissing: boolean;
  /** Null where only the folder of results is known. */
  readonly texts: SpecTexts | null;
  readonly baseline: BaselineRequest | null;
  /** A further file for the claims as JUnit has them. */
  readonly junit: string | null;
}

/** Writes and prints everything; tables come after the verdicts. */
export async function showVerdicts(
  terminal: Terminal,
  folder: string,
  judged: Judged,
  options: ShowOptions,
  report: (diagnostic: Diagnostic) => void,
): Promise<number> {
  const { json, texts, baseline, junit } = options;
  await writeVerdicts(folder, judged);
  if (!json) terminal.out(verdictLines(judged, terminal.outColors));
  const settled = baseline === null ? null : await settleBaseline(baseline, judged, report);
  if (settled !== null && !json) terminal.out(baselineLines(settled, terminal.outColors));
  const comparison = settled?.kind === "compared" ? settled.comparison : null;
  const page = await drawPage(folder, judged, report);
  const code = judgeExit(judged, comparison);
  terminal.journal.conclusion = { judged, texts, page, comparison };
  const compared = settled === null ? {} : { baseline: baselineJson(settled) };
  if (json)
    terminal.out(`${JSON.stringify({ ...claimsOf(judged), ...compared, report: page, exitCode: code }, null, 2)}\n`);
  else terminal.out(`${page}\n`);
  await writeAllTables(folder, judged, options.onlyMissing, report);
  // Last: a place that cannot be written costs nothing else.
  if (junit !== null) writeOutput(junit, junitText(judged, comparison));
  return code;
}

/** What verdicts, points and the baseline say to the shell. */
export function judgeExit(judged: Judged, comparison: Comparison | null): number {
  const { experiments, ofFile } = judged;
  const claims = allVerdicts(judged);
  const points = experiments.flatMap(({ summaries }) => summaries);
  // A coordinate that the full plan does not have is a fault of the spec; `--set` and profiles may well remove some.
  const isWhole = experiments.every(({ file: { plan } }) => isWholePlan(plan));
  const wrong =
    isWhole &&
    [...experiments, ...(ofFile === null ? [] : [ofFile])].some(({ evaluated }) =>
      evaluated.problems.some(({ severity }) => severity === "error"),
    );
  return exitCode({
    wrong,
    failing:
      claims.some((claim) => claim.verdict !== "undecided" && !claim.met) ||
      (comparison !== null && comparison.differences.length > 0),
    incomplete: points.some(({ failed, missing }) => failed + missing > 0),
    undecided: claims.some((claim) => claim.verdict === "undecided"),
  });
}

export function verdictLines(judged: Judged, colors: Colors): string {
  const { experiments, ofFile } = judged;
  const lines = experiments.flatMap(({ name, summaries, evaluated, file }) => {
    const head = experiments.length > 1 ? [colors.bold(name)] : [];
    return [
      ...head,
      ...claimLines(evaluated.verdicts, colors),
      pointLine(summaries, colors),
      ...(file.plan.adaptive ?? []).map((adaptive) => colors.dim(roundsText(adaptive))),
    ];
  });
  if (ofFile !== null)
    lines.push(colors.bold("about several experiments"), ...claimLines(ofFile.evaluated.verdicts, colors));
  if (allVerdicts(judged).length === 0) lines.push("no claims");
  return lines.map((line) => `${line}\n`).join("");
}

function claimLines(verdicts: readonly Verdict[], colors: Colors): readonly string[] {
  const width = Math.max(0, ...verdicts.map((claim) => claim.name.length));
  return verdicts.flatMap((claim) => [claimLine(claim, width, colors), ...warningLines(claim, colors)]);
}

function claimLine(claim: Verdict, width: number, colors: Colors): string {
  const { verdict, met } = claim;
  const paint = verdict === "undecided" ? colors.yellow : met ? colors.green : colors.red;
  return `${paint(verdict.padEnd(9))}  ${claim.name.padEnd(width)}  ${claimDetail(claim)}${expectationNote(claim)}`.trimEnd();
}

/** What is behind the expectations that decided: a line each, and one with advice. */
function warningLines({ verdict, expectations }: Verdict, colors: Colors): readonly string[] {
  const warnings = expectations.filter((one) => one.verdict === verdict).flatMap((one) => one.warnings);
  return warnings.flatMap(({ code, message, help, at }) => [
    `  ${colors.yellow(`warning[${code}]`)} line ${at.line}: ${visible(message)}`,
    `    ${colors.bold("help:")} ${visible(help)}`,
  ]);
}

const STATES = ["done", "failed", "diverged", "missing"] as const;

/** One line: how many points there should be, and what became of them; by phase where several are concerned. */
export function pointLine(points: readonly PhaseSummary[], colors: Colors): string {
  const total = (name: keyof Omit<PhaseSummary, "phase">): number => points.reduce((sum, one) => sum + one[name], 0);
  const expected = `${counted(total("expected"), "point")} expected`;
  if (total("done") === total("expected")) return colors.dim(`${expected}, all done`);
  const words = (count: (name: (typeof STATES)[number]) => number): readonly string[] =>
    STATES.flatMap((name) => (name === "done" || count(name) === 0 ? [] : [`${count(name)} ${name}`]));
  const phases = points.flatMap((one) => {
    const lost = words((name) => one[name]);
    return lost.length === 0 ? [] : [`${one.phase}: ${lost.join(", ")}`];
  });
  const where = points.length > 1 ? ` (${phases.join("; ")})` : "";
  return colors.yellow(`${expected}: ${[`${total("done")} done`, ...words(total)].join(", ")}${where}`);
}

/** The job's summary of a GitHub workflow: what a command found, in Markdown. */
import { differenceWords } from "../../results/baseline.js";
import type { Verdict } from "../../results/chart-types.js";
import { OF_FILE, allVerdicts } from "../../results/judged.js";
import type { JudgedExperiment, JudgedFile } from "../../results/judged.js";
import { counted } from "../counted.js";
import { claimDetail, expectationNote } from "../verdict-words.js";
import type { Conclusion, Journal, Said } from "./journal.js";
import { inline, table } from "./markdown.js";
import { regionOf } from "./places.js";

export interface SummaryContext {
  /** `run`. */
  readonly command: string;
  /** The spec, or the folder of results, as the user named it. */
  readonly subject: string;
  readonly exitCode: number;
}

/** Lines, so that a summary that is too long can be cut between them. */
export function summaryLines(
  { said, conclusion }: Pick<Journal, "said" | "conclusion">,
  { command, subject, exitCode }: SummaryContext,
): readonly string[] {
  return [
    `## amemc ${inline(command)}: ${inline(subject)}`,
    "",
    ...(conclusion === null ? [endOf(exitCode, said)] : [standing(conclusion, exitCode)]),
    "",
    ...(conclusion === null ? [] : conclusion.judged.experiments.flatMap(experimentLines)),
    ...fileLines(conclusion?.judged.ofFile ?? null),
    ...comparisonLines(conclusion),
    ...diagnosticLines(said),
    ...(conclusion === null ? [] : [`Report: ${inline(conclusion.page)}`, ""]),
  ];
}

function endOf(exitCode: number, said: readonly Said[]): string {
  const errors = said.filter(({ diagnostic }) => diagnostic.severity === "error").length;
  if (exitCode === 0) return "No errors.";
  return `**${errors === 0 ? "Not finished" : counted(errors, "error")}** (exit code ${exitCode}).`;
}

function standing({ judged, comparison }: Conclusion, exitCode: number): string {
  const claims = allVerdicts(judged);
  const met = claims.filter((claim) => claim.met).length;
  const words = claims.length === 0 ? "No claims" : `${met} of ${counted(claims.length, "claim")} met`;
  const differences = comparison?.differences.length ?? 0;
  const apart = differences === 0 ? "" : `, ${counted(differences, "difference")} from the baseline`;
  return `**${words}${apart}** (exit code ${exitCode}).`;
}

function fileLines(judged: JudgedFile | null): readonly string[] {
  return judged === null ? [] : ["### About several experiments", "", ...claimTable(judged.evaluated.verdicts)];
}

function claimTable(verdicts: readonly Verdict[]): readonly string[] {
  const claims = verdicts.map((claim) => [
    `${mark(claim)} ${inline(`${claim.verdict}${expectationNote(claim)}`)}`,
    inline(claim.name),
    inline(claim.title ?? ""),
    inline(claimDetail(claim)),
  ]);
  return claims.length === 0 ? [] : [...table(["verdict", "claim", "", "numbers"], claims), ""];
}

function experimentLines({ name, title, evaluated, summaries }: JudgedExperiment): readonly string[] {
  const points = summaries.map(({ phase, expected, done, failed, diverged, missing }) => [
    inline(phase),
    ...[expected, done, failed, diverged, missing].map(String),
  ]);
  return [
    `### ${inline(name)}${title === null ? "" : `: ${inline(title)}`}`,
    "",
    ...claimTable(evaluated.verdicts),
    ...(points.length === 0
      ? []
      : [...table(["phase", "points", "done", "failed", "diverged", "missing"], points), ""]),
  ];
}

const mark = ({ verdict, met }: Verdict): string => (met ? "✅" : verdict === "undecided" ? "❔" : "❌");

function comparisonLines(conclusion: Conclusion | null): readonly string[] {
  const comparison = conclusion?.comparison ?? null;
  if (comparison === null) return [];
  const { file, compared, differences } = comparison;
  if (differences.length === 0) return [`Baseline ${inline(file)}: ${counted(compared, "claim")} as recorded.`, ""];
  const rows = differences.map((difference) => [
    inline(difference.experiment === OF_FILE ? difference.claim : `${difference.experiment}.${difference.claim}`),
    inline(differenceWords(difference)),
  ]);
  return [`### Differences from ${inline(file)}`, "", ...table(["claim", "difference"], rows), ""];
}

const ORDER = { error: 0, warning: 1, hint: 2 } as const;

function diagnosticLines(said: readonly Said[]): readonly string[] {
  if (said.length === 0) return [];
  const sorted = [...said].sort((a, b) => ORDER[a.diagnostic.severity] - ORDER[b.diagnostic.severity]);
  const rows = sorted.map(({ diagnostic, source }) => {
    const { severity, code, span, message } = diagnostic;
    const region = span === null ? null : regionOf(span, source);
    const place = span === null ? "" : `${span.file}${region === null ? "" : `:${region.startLine}`}`;
    return [`${severity} ${code}`, inline(place), inline(message)];
  });
  return ["### Errors and warnings", "", ...table(["", "place", "message"], rows), ""];
}

/** GitHub refuses the whole summary of a step when it is larger. */
const MOST_BYTES = 1024 * 1024;
const CUT = "\nThe rest is left out: GitHub takes 1 MiB. The log and the report have it all.\n";

/** As much as fits beside what the step has written already; empty where nothing does. */
export function cutSummary(lines: readonly string[], present: number, most: number = MOST_BYTES): string {
  const whole = `\n${lines.join("\n")}\n`;
  let room = most - present;
  if (Buffer.byteLength(whole) <= room) return whole;
  room -= Buffer.byteLength(CUT) + 1;
  const kept: string[] = [];
  for (const line of lines) {
    room -= Buffer.byteLength(line) + 1;
    if (room < 0) break;
    kept.push(line);
  }
  return kept.length === 0 ? "" : `\n${kept.join("\n")}${CUT}`;
}

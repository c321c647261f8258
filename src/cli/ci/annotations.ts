/** Diagnostics and claims that are not met, as annotations of a GitHub workflow. */
import type { Diagnostic, Severity } from "../../base/diagnostic.js";
import type { Span } from "../../base/span.js";
import { differenceWords } from "../../results/baseline.js";
import { OF_FILE } from "../../results/judged.js";
import type { JudgedExperiment } from "../../results/judged.js";
import { claimDetail } from "../verdict-words.js";
import type { Conclusion, Said } from "./journal.js";
import type { Journal } from "./journal.js";
import { placeOf, regionOf } from "./places.js";
import type { Level } from "./workflow.js";
import { command } from "./workflow.js";

/** GitHub shows no more of a level in one step, and says nothing of the rest. */
const MOST = 10;
const LEVELS = { error: "error", warning: "warning", hint: "notice" } as const satisfies Record<Severity, Level>;

interface Annotation {
  readonly level: Level;
  readonly title: string;
  readonly text: string;
  readonly at: { readonly span: Span; readonly source: Said["source"] } | null;
}

/** Workflow commands a line each, worst first, ten of a level, and how many more there are. */
export function annotations(
  journal: Pick<Journal, "said" | "conclusion">,
  where: { readonly root: string; readonly folder: string },
): string {
  const { said, conclusion } = journal;
  const all = [
    ...said.map(ofDiagnostic),
    ...(conclusion === null ? [] : [...ofClaims(conclusion), ...ofComparison(conclusion)]),
  ];
  const lines = (["error", "warning", "notice"] as const).flatMap((level) =>
    all
      .filter((annotation) => annotation.level === level)
      .slice(0, MOST)
      .map((annotation) => written(annotation, where)),
  );
  const more = all.length - lines.length;
  if (more > 0) lines.push(command("notice", { title: "amemc" }, `${more} more; the log has them all`));
  return lines.map((line) => `${line}\n`).join("");
}

function written({ level, title, text, at }: Annotation, where: { root: string; folder: string }): string {
  if (at === null) return command(level, { title }, text);
  const place = placeOf(at.span.file, where.root, where.folder);
  const region = regionOf(at.span, at.source);
  // The library is no part of the repository.
  if (place.kind === "library") return command(level, { title }, `${text}\nat std/${place.path}${lineOf(region)}`);
  if (region === null) return command(level, { file: place.path, title }, text);
  const { startLine, startColumn, endLine, endColumn } = region;
  // GitHub takes columns of a single line only.
  const columns = startLine === endLine ? { endColumn } : {};
  return command(level, { file: place.path, line: startLine, col: startColumn, endLine, ...columns, title }, text);
}

const lineOf = (region: { readonly startLine: number } | null): string =>
  region === null ? "" : `:${region.startLine}`;

function ofDiagnostic({ diagnostic, source }: Said): Annotation {
  const { severity, code, span } = diagnostic;
  return {
    level: LEVELS[severity],
    title: code,
    text: adviceOf(diagnostic),
    at: span === null ? null : { span, source },
  };
}

/** Everything that is said about a fault, a line each. */
export function adviceOf({ message, here, notes, help, fix }: Diagnostic): string {
  const advice = help ?? fix?.title;
  return [message, here, ...(notes ?? []), advice].filter((part) => part !== undefined && part !== "").join("\n");
}

type Group = Pick<JudgedExperiment, "name" | "evaluated" | "claimSpans">;

/** Claims by experiments; those of the file last. */
function groupsOf({ judged }: Conclusion): readonly Group[] {
  return judged.ofFile === null ? judged.experiments : [...judged.experiments, { ...judged.ofFile, name: OF_FILE }];
}

const named = (experiment: string, claim: string): string =>
  experiment === OF_FILE ? claim : `${experiment}.${claim}`;

function ofClaims(conclusion: Conclusion): readonly Annotation[] {
  return groupsOf(conclusion).flatMap((experiment) =>
    experiment.evaluated.verdicts.flatMap((claim): readonly Annotation[] => {
      if (claim.met) return [];
      const expected = claim.expectedFails === null ? "" : ", though it is expected to fail";
      return [
        {
          level: claim.verdict === "undecided" ? "warning" : "error",
          title: `${named(experiment.name, claim.name)} ${claim.verdict === "undecided" ? "is undecided" : claim.verdict}${expected}`,
          text: `${claim.title ?? claim.name}: ${claimDetail(claim)}`,
          at: claimPlace(conclusion, experiment, claim.name),
        },
      ];
    }),
  );
}

function ofComparison(conclusion: Conclusion): readonly Annotation[] {
  return (conclusion.comparison?.differences ?? []).map((difference): Annotation => {
    const { experiment, claim } = difference;
    const judged = groupsOf(conclusion).find(({ name }) => name === experiment);
    return {
      level: "error",
      title: `${named(experiment, claim)} differs from the baseline`,
      text: differenceWords(difference),
      at: judged === undefined ? null : claimPlace(conclusion, judged, claim),
    };
  });
}

function claimPlace({ texts }: Conclusion, { claimSpans }: Group, name: string): Annotation["at"] {
  const span = claimSpans.get(name);
  if (span === undefined || texts === null) return null;
  const text = texts.text(span.file);
  return { span: { ...span, file: texts.shown(span.file) }, source: () => text };
}

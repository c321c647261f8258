/**
 * Runs whose first step already leaves the numbers that there are: nothing of them is a result but how they start, and it is
 * the size of the step that is wrong. Named with what the optimizer was given, and the values that it has there.
 */
import type { Diagnostic } from "../../base/diagnostic.js";
import type { Span } from "../../base/span.js";
import type { Phase } from "../../language/typed.js";
import type { ResultSource } from "../types.js";
import { namedRuns } from "./diverged.js";
import { runOf } from "./nonfinite.js";

/** `text`: what stands at a place of the spec. */
export function firstSteps(
  phases: readonly Phase[],
  source: ResultSource,
  text: (span: Span) => string,
): readonly Diagnostic[] {
  // Those of a sequence are there once for each turn.
  const all = new Map(phases.map((phase) => [phase.name, phase]));
  return [...all.values()].flatMap((phase): readonly Diagnostic[] => {
    const points = source.phases.get(phase.name) ?? [];
    const lost = points.filter(({ state, step }) => state === "diverged" && step === 1);
    if (lost.length === 0) return [];
    const facts = source.column(phase.name, "finished");
    const runs = lost.map((point) => runOf(point, facts).point).filter((words) => words !== "");
    const calls = optimizersOf(phase);
    const by = [...new Set(calls.map((span) => `\`${text(span)}\``))].join(" and ");
    const which = runs.length === 0 ? "" : `: ${namedRuns(runs)}`;
    return [
      {
        code: "AM6508",
        severity: "warning",
        message: `${String(lost.length)} of ${String(points.length)} runs of \`${phase.name}\` became non-finite in their first step${by === "" ? "" : ` by ${by}`}${which}`,
        span: calls[0] ?? phase.span,
        help: "take smaller steps: from where they start this one leads beyond all numbers, or to none",
      },
    ];
  });
}

const optimizersOf = ({ statements }: Phase): readonly Span[] =>
  statements.flatMap((statement) => (statement.kind === "minimize" ? statement.updates.map(({ using }) => using) : []));

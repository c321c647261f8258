/** Why an expectation is undecided, in words. */
import type { AnalysisNode, CheckedExpectation } from "../../language/results/index.js";
import type { Analysis } from "../analysis/evaluate.js";
import { coordinatesOf } from "../analysis/columns.js";
import { MISSING, NEVER, NOT_A_NUMBER, NO_COORDINATE, TOO_FEW } from "../analysis/tensor.js";
import { describeCoordinate } from "../analysis/words.js";
import { nodesIn } from "../analysis/walk.js";
import type { PointReport, ResultSource } from "../types.js";

export class Reasons {
  private readonly counts = new Map<number, number>();

  /** An entry that is missing, by its state. */
  add(state: number): void {
    this.counts.set(state, (this.counts.get(state) ?? 0) + 1);
  }

  words(expectation: CheckedExpectation, analysis: Analysis): string | null {
    const { condition, where } = expectation;
    const nodes = nodesIn(where === null ? [condition] : [condition, where]);
    const parts: string[] = [];
    const entries = (count: number): string => (count === 1 ? "at one point" : `at ${String(count)} points`);
    for (const [state, count] of [...this.counts].sort((a, b) => b[1] - a[1])) {
      if (state === MISSING) parts.push(...missingRuns(nodes, analysis.source, count));
      else if (state === NEVER) parts.push(`what is asked for never happens ${entries(count)}`);
      else if (state === TOO_FEW) parts.push(`there are too few values ${entries(count)}`);
      else if (state === NOT_A_NUMBER) parts.push(`a value is not a finite number ${entries(count)}`);
      else if (state === NO_COORDINATE) parts.push(noCoordinate(expectation, analysis));
    }
    return parts.length === 0 ? null : parts.join("; ");
  }
}

function noCoordinate(expectation: CheckedExpectation, analysis: Analysis): string {
  const inside = new Set(
    nodesIn([expectation.condition, ...(expectation.where === null ? [] : [expectation.where])]).map(
      (node) => node.span,
    ),
  );
  const problem = analysis.problems.find(({ span }) => span !== null && inside.has(span));
  return problem === undefined
    ? "a coordinate is asked for that is not there"
    : [problem.message, problem.here].filter((part) => part !== undefined).join(": ");
}

/** How the runs ended that the nodes read. */
function missingRuns(nodes: readonly AnalysisNode[], source: ResultSource, count: number): readonly string[] {
  const phases = new Set(nodes.flatMap((node) => (node.kind === "column" ? [node.phase] : [])));
  const found = [...phases].flatMap((phase) => describeRuns(phase, source.phases.get(phase) ?? []));
  return found.length > 0
    ? found
    : [
        `${String(count)} ${count === 1 ? "value is" : "values are"} missing: not recorded, or after the run has stopped`,
      ];
}

function describeRuns(phase: string, points: readonly PointReport[]): readonly string[] {
  const total = points.length;
  const of = (state: PointReport["state"]): readonly PointReport[] => points.filter((point) => point.state === state);
  const say = (list: readonly PointReport[], what: string): readonly string[] => {
    const detail = list.find((point) => point.detail !== null)?.detail;
    const more = detail === undefined || detail === null ? "" : ` (${detail})`;
    // Measures that the compiler added for definitions have no name that the user knows.
    const whose = phase.startsWith("__") ? "of the definitions named here" : `of \`${phase}\``;
    return list.length === 0 ? [] : [`${String(list.length)} of ${String(total)} runs ${whose} ${what}${more}`];
  };
  return [...say(of("diverged"), "diverged"), ...say(of("failed"), "failed"), ...say(of("missing"), "are not there")];
}

/** Rows of a table in a claim that a profile has left out of the plan; null when there are none. */
export function removedCoordinates(roots: readonly AnalysisNode[], source: ResultSource): string | null {
  for (const node of nodesIn(roots)) {
    if (node.kind !== "literal") continue;
    for (const [k, axis] of node.axes.entries()) {
      const full = node.coordinates[k];
      const planned = coordinatesOf(node.columns[k] ?? [], source)?.coordinates;
      if (full === null || full === undefined || planned === undefined) continue;
      const lost = full.filter((value) => !planned.includes(value));
      if (lost.length > 0)
        return `the table has rows for \`${axis.label}\` = ${lost.map((value) => describeCoordinate(axis, value)).join(", ")}, which are not in this plan`;
    }
  }
  return null;
}

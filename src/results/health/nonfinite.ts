/**
 * Numbers that are not finite behind a verdict: runs that diverged, told where the verdict lacks them and where it was asked to
 * leave them out, and records that are infinite or no number although their run is fine.
 */
import type { AnalysisNode, CheckedExpectation } from "../../language/results/index.js";
import { Analysis } from "../analysis/evaluate.js";
import { VALID } from "../analysis/tensor.js";
import { nodesIn } from "../analysis/walk.js";
import { describeCoordinate } from "../analysis/words.js";
import type { Expectation } from "../chart-types.js";
import type { Finding } from "./finding.js";
import { withColumns } from "./sources.js";
import type { Column, PointReport, ResultSource } from "../types.js";
import { outcomeOf } from "../verdicts.js";

/** Runs that are named one by one. */
const MOST_NAMED = 3;

export function nonFiniteWarnings(
  expectation: CheckedExpectation,
  judged: Expectation,
  analysis: Analysis,
): readonly Finding[] {
  const { condition, where } = expectation;
  const nodes = nodesIn(where === null ? [condition] : [condition, where]);
  const divergence = divergedRuns(expectation, judged, nodes, analysis.source);
  const records = judged.counts.missing > 0 ? nonFiniteRecords(nodes, analysis.source) : null;
  return [divergence, records].flatMap((warning) => warning ?? []);
}

function divergedRuns(
  expectation: CheckedExpectation,
  { counts }: Expectation,
  nodes: readonly AnalysisNode[],
  source: ResultSource,
): Finding | null {
  const phases = new Set(nodes.flatMap((node) => (node.kind === "column" ? [node.phase] : [])));
  const found = [...phases].map((phase) => ({ phase, points: source.phases.get(phase) ?? [] }));
  const troubled = found.filter(({ points }) => points.some(({ state }) => state === "diverged"));
  const [first] = troubled;
  if (first === undefined) return null;
  const lacking = counts.missing > 0;
  if (!lacking && !leavesOut(expectation, source)) return null;
  const { phase, points } = first;
  const diverged = points.filter(({ state }) => state === "diverged");
  const named = diverged.slice(0, MOST_NAMED).map((point) => runWords(point, source.column(phase, "finished")));
  const more = diverged.length - named.length;
  // Measures that the compiler added for definitions have no name that the user knows.
  const whose = phase.startsWith("__") ? "of the definitions named here" : `of \`${phase}\``;
  return {
    code: "AM6501",
    message: `${String(diverged.length)} of ${String(points.length)} runs ${whose} became non-finite${lacking ? "" : " and are left out"}: ${named.join("; ")}${more > 0 ? `; and ${String(more)} more` : ""}`,
    help: lacking
      ? "take smaller steps, or say that the claim is about the others: `where finished`"
      : "the verdict speaks of the other runs only",
    numbers: { diverged: diverged.length, runs: points.length },
  };
}

/** `eta = 10, seed = 3 at step 7`. */
function runWords({ position, detail }: PointReport, facts: Column | undefined): string {
  const words = (facts?.axes ?? []).flatMap((axis, k) => {
    const coordinate = axis.coordinates[position[k] ?? -1];
    return coordinate === undefined ? [] : [`${axis.name} = ${describeCoordinate(axis, coordinate)}`];
  });
  return [words.join(", "), detail ?? ""].filter((part) => part !== "").join(" ");
}

/** Whether the verdict would lack the runs that diverged if they counted as finished. */
function leavesOut(expectation: CheckedExpectation, source: ResultSource): boolean {
  const counting = withColumns(source, (column, phase, name) => {
    const diverged = name === "finished" || name === "diverged" ? source.column(phase, "diverged") : undefined;
    if (diverged === undefined) return column;
    const counted = (value: number, i: number): number =>
      diverged.values[i] === 1 ? Number(name === "finished") : value;
    return { ...column, values: column.values.map(counted) };
  });
  return outcomeOf(expectation, new Analysis(counting)).tally.missing > 0;
}

function nonFiniteRecords(nodes: readonly AnalysisNode[], source: ResultSource): Finding | null {
  const names = new Map<string, number>();
  for (const node of nodes) {
    if (node.kind !== "column" || node.type.kind !== "number") continue;
    const column = source.column(node.phase, node.result);
    const isBad = (values: Float64Array, states: Uint8Array): number =>
      values.reduce((count, value, i) => count + Number(states[i] === VALID && !Number.isFinite(value)), 0);
    const count =
      column === undefined
        ? 0
        : isBad(column.values, column.states) +
          (column.last === null ? 0 : isBad(column.last.values, column.last.states));
    if (count > 0) names.set(`${node.phase}.${node.result}`, count);
  }
  if (names.size === 0) return null;
  const words = [...names].map(([name, count]) => `${String(count)} of \`${name}\``);
  return {
    code: "AM6502",
    message: `records are infinite or no number although their runs are fine: ${words.join(", ")}`,
    help: "they count as missing; look where it is divided by 0 or a logarithm is taken of 0",
    numbers: Object.fromEntries(names),
  };
}

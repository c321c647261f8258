/**
 * Numbers that are not finite behind a verdict: runs that diverged, told where the verdict lacks them and where it was asked to
 * leave them out, and records that are infinite or no number although their run is fine.
 */
import type { AnalysisNode, CheckedExpectation } from "../../language/results/index.js";
import { Analysis } from "../analysis/evaluate.js";
import { ABSENT, VALID } from "../analysis/tensor.js";
import { nodesIn } from "../analysis/walk.js";
import { describeCoordinate } from "../analysis/words.js";
import type { Expectation } from "../chart-types.js";
import type { DivergedRun } from "./diverged.js";
import { divergedWords } from "./diverged.js";
import type { Finding } from "./finding.js";
import { factOver, withColumns } from "./sources.js";
import type { Column, PointReport, ResultSource } from "../types.js";
import { outcomeOf } from "../verdicts.js";

export function nonFiniteWarnings(
  expectation: CheckedExpectation,
  judged: Expectation,
  analysis: Analysis,
): readonly Finding[] {
  const { condition, where } = expectation;
  const nodes = nodesIn(where === null ? [condition] : [condition, where]);
  const divergence = divergedRuns(expectation, judged, nodes, analysis.source);
  const records = judged.counts.missing > 0 ? nonFiniteRecords(expectation, judged, nodes, analysis.source) : null;
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
  const lacking = counts.missing > lackingWithoutDiverged(expectation, source);
  if (!lacking && !leavesOut(expectation, counts.missing, source)) return null;
  const { phase, points } = first;
  const diverged = points.filter(({ state }) => state === "diverged");
  const facts = source.column(phase, "finished");
  const runs = diverged.map((point) => runOf(point, facts));
  return {
    code: "AM6501",
    message: divergedWords(phase, runs, points.length, lacking ? "" : " and are left out"),
    help: lacking
      ? "take smaller steps, or say that the claim is about the others: `where finished`"
      : "the verdict speaks of the other runs only",
    numbers: { diverged: diverged.length, runs: points.length },
  };
}

export function runOf({ position, detail }: PointReport, facts: Column | undefined): DivergedRun {
  const words = (facts?.axes ?? []).flatMap((axis, k) => {
    const coordinate = axis.coordinates[position[k] ?? -1];
    return coordinate === undefined ? [] : [`${axis.name} = ${describeCoordinate(axis, coordinate)}`];
  });
  return { point: words.join(", "), when: detail ?? "" };
}

/** The column with some entries as if they were not in the plan, told by their place among `values` or `last` and their axes. */
function without(column: Column, isLeft: (axes: Column["axes"], values: Float64Array, i: number) => boolean): Column {
  const states = (axes: Column["axes"], values: Float64Array, own: Uint8Array): Uint8Array =>
    own.map((state, i) => (isLeft(axes, values, i) ? ABSENT : state));
  const { axes, values, last } = column;
  const rest = axes.filter((axis) => axis.kind !== "step");
  return {
    ...column,
    states: states(axes, values, column.states),
    last: last === null ? null : { ...last, states: states(rest, last.values, last.states) },
  };
}

/** How much would be missing if the runs that diverged were not in the plan. */
function lackingWithoutDiverged(expectation: CheckedExpectation, source: ResultSource): number {
  const others = withColumns(source, (column, phase) => {
    const diverged = source.column(phase, "diverged");
    if (diverged === undefined) return column;
    const spread = new Map<Column["axes"], Float64Array>();
    return without(column, (axes, _, i) => {
      const values = spread.get(axes) ?? factOver(diverged, axes).values;
      spread.set(axes, values);
      return values[i] === 1;
    });
  });
  return outcomeOf(expectation, new Analysis(others)).tally.missing;
}

/** How much would be missing if no record were infinite or no number. */
function lackingWithoutNonFinite(expectation: CheckedExpectation, source: ResultSource): number {
  const others = withColumns(source, (column) =>
    without(column, (_, values, i) => isStoredNonFinite(column, values, i)),
  );
  return outcomeOf(expectation, new Analysis(others)).tally.missing;
}

/** Entries without a value are no number either, but they are not stored as such. */
function isStoredNonFinite(column: Column, values: Float64Array, i: number): boolean {
  const states = values === column.values ? column.states : column.last?.states;
  return column.type === "real" && states?.[i] === VALID && !Number.isFinite(values[i]);
}

/** Whether the verdict would lack the runs that diverged if they counted as finished. */
function leavesOut(expectation: CheckedExpectation, missing: number, source: ResultSource): boolean {
  const counting = withColumns(source, (column, phase, name) => {
    const diverged = name === "finished" || name === "diverged" ? source.column(phase, "diverged") : undefined;
    if (diverged === undefined) return column;
    const counted = (value: number, i: number): number =>
      diverged.values[i] === 1 ? Number(name === "finished") : value;
    return { ...column, values: column.values.map(counted) };
  });
  return outcomeOf(expectation, new Analysis(counting)).tally.missing > missing;
}

function nonFiniteRecords(
  expectation: CheckedExpectation,
  { counts }: Expectation,
  nodes: readonly AnalysisNode[],
  source: ResultSource,
): Finding | null {
  const found = new Map<string, number>();
  for (const node of nodes) {
    if (node.kind !== "column") continue;
    const column = source.column(node.phase, node.result);
    const bad = column === undefined ? 0 : countNonFinite(column);
    if (bad > 0) found.set(`${node.phase}.${node.result}`, bad);
  }
  if (found.size === 0 || counts.missing <= lackingWithoutNonFinite(expectation, source)) return null;
  const words = [...found].map(([name, count]) => `${String(count)} of \`${name}\``);
  return {
    code: "AM6502",
    message: `records are infinite or no number: ${words.join(", ")}`,
    help: "they count as missing; look where it is divided by 0 or a logarithm is taken of 0",
    numbers: Object.fromEntries(found),
  };
}

/** Of the records; of the last ones where there are no others. */
function countNonFinite(column: Column): number {
  const values = column.values.length > 0 ? column.values : (column.last?.values ?? column.values);
  return values.reduce((count, _, i) => count + Number(isStoredNonFinite(column, values, i)), 0);
}

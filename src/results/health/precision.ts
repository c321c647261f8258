/**
 * At the floor of the precision: a comparison whose sides differ by no more than the rounding of the stored numbers, so that
 * another engine or machine may well decide it otherwise. Equal sides are in doubt only where equality decides (`<`, `>`,
 * `increasing`), both sides were measured, and the values came there by steps of a few units in the last place: what is
 * equal for another reason (all questions right, a state at rest) jumps.
 */
import type { AnalysisNode, CheckedExpectation } from "../../language/results/index.js";
import type { Analysis } from "../analysis/evaluate.js";
import { VALID } from "../analysis/tensor.js";
import { nodesIn } from "../analysis/walk.js";
import { formatNumber } from "../analysis/words.js";
import type { Outcome } from "../chart-types.js";
import { askedOf } from "./asked.js";
import type { Finding } from "./finding.js";
import type { Comparison } from "./comparisons.js";
import { comparisonsIn, distancesOf, meet } from "./comparisons.js";
import type { Doubt } from "./doubts.js";
import { finite, otherOutcome, placeWords, worstDoubt } from "./doubts.js";
import type { Precision } from "./resolution.js";
import { Resolution, lastPlace } from "./resolution.js";

/** How near, in units of the last place, another value must be to one that is equal: it came there by small steps. */
const NEAR = 64;

export function precisionWarning(
  expectation: CheckedExpectation,
  verdict: Outcome,
  analysis: Analysis,
  precision: Precision,
): Finding | null {
  const resolution = new Resolution(analysis, precision);
  const { condition, where } = expectation;
  const roots = where === null ? [condition] : [condition, where];
  const all = comparisonsIn(roots, analysis).map((comparison) => doubtOf(comparison, analysis, resolution));
  const doubts = askedOf(expectation, all, analysis);
  const other = otherOutcome(expectation, verdict, doubts, analysis);
  const worst = worstDoubt(doubts, verdict, (doubt, place) => Math.abs(doubt.distances.values[place] ?? 0));
  if (other === null || worst === null) return null;
  const { doubt, place } = worst;
  const distance = Math.abs(doubt.distances.values[place] ?? 0);
  const rounding = roundingOf(doubt.comparison, resolution).values[place] ?? 0;
  const count = doubts.reduce((sum, { places }) => sum + places.length, 0);
  const total = doubts.reduce(
    (sum, { places, distances }) => sum + (places.length > 0 ? distances.values.length : 0),
    0,
  );
  const bits = precision === "f32" ? 32 : 64;
  const many = total === 1 ? "" : `in ${String(count)} of ${String(total)} comparisons `;
  const what = `${distance === 0 ? "0" : formatNumber(distance, 2)}${placeWords(doubt, place)}`;
  const looser = `compare with a tolerance well above ${formatNumber(rounding, 2)}`;
  return {
    code: "AM6503",
    message: `at the floor of ${String(bits)}-bit numbers: ${many}the distance (${what}) is no more than rounding (${formatNumber(rounding, 2)})`,
    help: precision === "f32" ? `say \`precision f64\` in the experiment, or ${looser}` : looser,
    numbers: { count, total, distance: finite(distance), rounding: finite(rounding) },
  };
}

/** The rounding of all that meets in a comparison. */
function roundingOf(comparison: Comparison, resolution: Resolution): ReturnType<typeof meet> {
  const parts = comparison.operands.map((operand) => resolution.of(operand));
  return meet(comparison, parts, (a, b, c) => a + b + c);
}

function doubtOf(comparison: Comparison, analysis: Analysis, resolution: Resolution): Doubt {
  const distances = distancesOf(comparison, analysis);
  const rounding = roundingOf(comparison, resolution).values;
  const places: number[] = [];
  let gradual: boolean | null = null;
  for (let i = 0; i < distances.values.length; i++) {
    const limit = rounding[i] ?? 0;
    const distance = Math.abs(distances.values[i] ?? NaN);
    if (distances.known[i] !== 1 || limit === 0 || !(distance <= limit)) continue;
    if (distance === 0) {
      if (comparison.kind !== "strict") continue;
      gradual ??= isMeasured(comparison, resolution) && cameGradually(comparison, analysis, resolution.precision);
      if (!gradual) continue;
    }
    places.push(i);
  }
  return { comparison, distances, places };
}

/** Whether every side that is compared has been rounded: exact constants are hit by exact values. */
function isMeasured({ node, operands }: Comparison, resolution: Resolution): boolean {
  const sides = node.kind === "statistic" ? operands : operands.slice(0, 2);
  return sides.every((side) => resolution.of(side).values.some((value) => value > 0));
}

/** Whether a stored curve behind the comparison has neighbours that differ by a few units in the last place. */
function cameGradually({ operands }: Comparison, analysis: Analysis, precision: Precision): boolean {
  return columnsBehind(operands, analysis).some(({ values, states, stride, length }) => {
    const scale = precision === "f32" ? 2 ** -23 : 2 ** -52;
    const largest = values.reduce((most, x, i) => (states[i] === VALID ? Math.max(most, Math.abs(x)) : most), 0);
    for (let i = 0; i + stride < values.length; i++) {
      if (Math.floor(i / stride) % length === length - 1) continue;
      const [a, b] = [values[i] ?? NaN, values[i + stride] ?? NaN];
      const unit = a === 0 || b === 0 ? scale * largest : lastPlace(Math.max(Math.abs(a), Math.abs(b)), precision);
      if (states[i] === VALID && states[i + stride] === VALID && a !== b && Math.abs(a - b) <= NEAR * unit) return true;
    }
    return false;
  });
}

interface Curve {
  readonly values: Float64Array;
  readonly states: Uint8Array;
  readonly stride: number;
  readonly length: number;
}

/** The records behind nodes, along `step`. */
function columnsBehind(operands: readonly AnalysisNode[], analysis: Analysis): readonly Curve[] {
  return nodesIn(operands).flatMap((node): readonly Curve[] => {
    if (node.kind !== "column") return [];
    const column = analysis.source.column(node.phase, node.result);
    const at = column?.axes.findIndex((axis) => axis.kind === "step") ?? -1;
    if (column?.type !== "real" || at < 0) return [];
    const stride = column.axes.slice(at + 1).reduce((size, axis) => size * axis.coordinates.length, 1);
    return [{ ...column, stride, length: column.axes[at]?.coordinates.length ?? 1 }];
  });
}

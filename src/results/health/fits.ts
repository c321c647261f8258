/**
 * Lines fitted through values that no longer change: steps have become smaller than a unit in the last place. The tail counts
 * where neighbours differ by no more than their rounding, after steps of a few such units (a curve that jumped to its end did
 * so for another reason), and only if the verdict is another one without it.
 */
import type { CheckedExpectation, StatisticNode } from "../../language/results/index.js";
import { arrange, commonAxes } from "../analysis/align.js";
import { Analysis } from "../analysis/evaluate.js";
import { statisticOf } from "../analysis/lanes.js";
import type { Tensor } from "../analysis/tensor.js";
import { VALID } from "../analysis/tensor.js";
import { nodesIn } from "../analysis/walk.js";
import { formatNumber } from "../analysis/words.js";
import type { Outcome } from "../chart-types.js";
import type { Finding } from "./finding.js";
import { outcomeOf } from "../verdicts.js";
import type { Precision } from "./resolution.js";
import { Resolution } from "./resolution.js";

const FITS = new Set(["slope", "intercept", "r2", "corr", "spearman"]);
/** The least of a tail that counts, and its least share of the values. */
const LEAST_TAIL = 3;
const LEAST_SHARE = 0.1;
/** How small, in units of the rounding, steps before the tail are. */
const NEAR = 32;

interface Stuck {
  readonly node: StatisticNode;
  /** The value with the tails left out. */
  readonly without: Tensor;
  readonly lanes: number;
  readonly tail: number;
  readonly length: number;
  /** The step from which the longest tail is at rest. */
  readonly from: number;
}

export function fitWarning(
  expectation: CheckedExpectation,
  verdict: Outcome,
  analysis: Analysis,
  precision: Precision,
): Finding | null {
  if (verdict === "undecided") return null;
  const resolution = new Resolution(analysis, precision);
  const found = nodesIn([expectation.condition]).flatMap((node) =>
    node.kind === "statistic" && FITS.has(node.statistic) ? (stuckIn(node, analysis, resolution) ?? []) : [],
  );
  if (found.length === 0) return null;
  const given = new Map(found.map(({ node, without }) => [node.id, without]));
  const { verdict: other } = outcomeOf(expectation, new Analysis(analysis.source, given));
  const [worst] = [...found].sort((a, b) => b.tail / b.length - a.tail / a.length);
  if (other === verdict || worst === undefined) return null;
  const { lanes, tail, length, from, node } = worst;
  const bits = precision === "f32" ? 32 : 64;
  const then = other === "undecided" ? "nothing can be said" : `it ${other}`;
  return {
    code: "AM6503",
    message: `\`${node.statistic}\` of values at the floor of ${String(bits)}-bit numbers: from step ${formatNumber(from, 6)} on ${String(tail)} of ${String(length)} no longer change${lanes > 1 ? ` (the worst of ${String(lanes)} lines)` : ""}; without them ${then}`,
    help: `${precision === "f32" ? "say `precision f64` in the experiment, or " : ""}leave them out: \`over step where step < ${formatNumber(from, 6)}\``,
    numbers: { lines: lanes, tail, length, from },
  };
}

function stuckIn(node: StatisticNode, analysis: Analysis, resolution: Resolution): Stuck | null {
  if (node.over.length !== 1 || node.over[0] !== "step") return null;
  const operands = node.operands.map((operand) => analysis.evaluate(operand));
  const roundings = node.operands.map((operand) => resolution.of(operand));
  const where = node.where === null ? null : analysis.evaluate(node.where);
  const all = commonAxes([...operands, ...(where === null ? [] : [where])]);
  const step = all.find((axis) => axis.name === "step");
  if (step === undefined) return null;
  const axes = [...all.filter((axis) => axis !== step), step];
  const steps = step.coordinates;
  const lanes = [...operands, ...roundings, ...(where === null ? [] : [where])].map((tensor) => arrange(tensor, axes));
  const kept = new Float64Array(lanes[0]?.values.length ?? 0).fill(1);
  let [count, tail, length, from] = [0, 0, 1, 0];
  for (let start = 0; start < kept.length; start += steps.length) {
    const places = [...steps.keys()].map((k) => start + k).filter((i) => isUsed(lanes, i, where !== null));
    const own = Math.max(...roundings.map((_, k) => tailOf(places, lanes[k], lanes[operands.length + k])));
    if (own < LEAST_TAIL || own < LEAST_SHARE * places.length) continue;
    count += 1;
    const rest = places.slice(places.length - own);
    for (const place of rest) kept[place] = 0;
    if (own / places.length > tail / length)
      [tail, length, from] = [own, places.length, steps[(rest[0] ?? start) - start] ?? 0];
  }
  if (count === 0) return null;
  const states = lanes[0]?.states.map(() => VALID) ?? new Uint8Array(0);
  const mask: Tensor = { axes, values: kept.map((keep, i) => (isUsed(lanes, i, where !== null) ? keep : 0)), states };
  const without = statisticOf(node.statistic, { operands, where: mask, level: null, over: node.over });
  return { node, without, lanes: count, tail, length, from };
}

/** Whether all is valid at a place, and the `where` (the last one) holds. */
function isUsed(lanes: readonly Tensor[], i: number, masked: boolean): boolean {
  return lanes.every(({ states }) => states[i] === VALID) && (!masked || lanes.at(-1)?.values[i] !== 0);
}

/** How many values at the end of a curve differ by no more than their rounding, if it came there by small steps; else 0. */
function tailOf(places: readonly number[], curve: Tensor | undefined, rounding: Tensor | undefined): number {
  if (curve === undefined || rounding === undefined) return 0;
  const change = (k: number): number =>
    Math.abs((curve.values[places[k] ?? 0] ?? 0) - (curve.values[places[k - 1] ?? 0] ?? 0));
  const limit = (k: number): number =>
    (rounding.values[places[k] ?? 0] ?? 0) + (rounding.values[places[k - 1] ?? 0] ?? 0);
  let k = places.length - 1;
  while (k > 0 && limit(k) > 0 && change(k) <= limit(k)) k--;
  const tail = places.length - 1 - k;
  const isGradual = k > 0 && limit(k) > 0 && change(k) <= NEAR * limit(k);
  return isGradual ? tail : 0;
}

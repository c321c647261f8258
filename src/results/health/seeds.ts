/**
 * Too few seeds: an interval of 95 % around what was measured covers the threshold. Shares of seeds have Wilson's score
 * interval (its coverage is near the level for few values too, where the exact one is far too wide, and bands and `ci_low`
 * of truth values use it); means over seeds Student's, of the differences seed by seed.
 */
import type { CheckedExpectation } from "../../language/results/index.js";
import { toLanes } from "../analysis/align.js";
import { applyOperation } from "../analysis/elementwise.js";
import type { Analysis } from "../analysis/evaluate.js";
import { VALID, scalarTensor } from "../analysis/tensor.js";
import type { Tensor } from "../analysis/tensor.js";
import { formatNumber } from "../analysis/words.js";
import type { Expectation, Outcome } from "../chart-types.js";
import { askedOf } from "./asked.js";
import type { Finding } from "./finding.js";
import { decidingForMean, decidingForShare } from "../statistics/deciding.js";
import { squaredDeviations } from "../statistics/variance.js";
import { studentQuantile } from "../statistics/students-t.js";
import { wilsonInterval } from "../statistics/wilson.js";
import { shareLanes } from "../verdicts.js";
import { coordinatesAt } from "../verdicts/measure.js";
import type { Comparison } from "./comparisons.js";
import { comparisonsIn, distancesOf } from "./comparisons.js";
import type { Doubt } from "./doubts.js";
import { atWords, finite, otherOutcome, worstDoubt } from "./doubts.js";
import type { PerSeed } from "./per-seed.js";
import { SEED, perSeed, together } from "./per-seed.js";

const LEVEL = 0.95;

/** An interval that covers the threshold, and how many values it is made of. */
interface Open {
  readonly what: "share" | "mean";
  readonly at: Expectation["worst"];
  readonly n: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly threshold: number;
  /** How many values would decide; null: more than are worth saying. */
  readonly needed: number | null;
}

export function seedsWarning(expectation: CheckedExpectation, verdict: Outcome, analysis: Analysis): Finding | null {
  if (verdict === "undecided") return null;
  const open = openShare(expectation, verdict, analysis) ?? openMean(expectation, verdict, analysis);
  if (open === null) return null;
  const { what, at, n, value, low, high, threshold, needed } = open;
  const show = (x: number): string => (what === "share" ? `${formatNumber(100 * x, 3)} %` : formatNumber(x));
  const subject =
    what === "share"
      ? `it holds for ${show(value)} of ${counted(n)}`
      : `the mean difference of the sides over ${counted(n)} is ${show(value)}`;
  const name = what === "share" ? "Wilson's" : "Student's";
  const interval =
    n > 1 || what === "share"
      ? `${name} 95 % interval (${show(low)} to ${show(high)}) covers ${show(threshold)}`
      : "one seed says nothing of the spread";
  return {
    code: "AM6505",
    message: `too few seeds: ${subject}${atWords(at)}; ${interval}`,
    help: adviceOf(needed, n),
    numbers: {
      seeds: n,
      value: finite(value),
      low: finite(low),
      high: finite(high),
      threshold: finite(threshold),
      needed,
    },
  };
}

const counted = (n: number): string => (n === 1 ? "1 seed" : `${String(n)} seeds`);

function adviceOf(needed: number | null, n: number): string {
  if (n < 2) return "sweep several seeds";
  if (needed === null)
    return "no affordable number of seeds would decide, if more are like these: the value is at its threshold";
  return `if more are like these, about ${String(Math.max(1, needed - n))} more would decide`;
}

/** `for 90% of seed`. */
function openShare(expectation: CheckedExpectation, verdict: Outcome, analysis: Analysis): Open | null {
  const { share, condition, where } = expectation;
  if (share?.of !== SEED || share.fraction <= 0 || share.fraction >= 1) return null;
  const mask = where === null ? null : analysis.evaluate(where);
  const lanes = shareLanes(analysis.evaluate(condition), mask, SEED);
  const all = lanes.map(({ at, holding, missing, total }) => {
    const holds = holding / total >= share.fraction - 1e-12;
    const open = shareInterval(holding, total, share.fraction, at);
    return { open: missing > 0 ? null : open, holds };
  });
  return relevant(all, verdict);
}

/** Where all must hold: one that may fail, or, where some fail, one of them if all of them may hold. */
function relevant(
  all: readonly { readonly open: Open | null; readonly holds: boolean }[],
  verdict: Outcome,
): Open | null {
  const deciding = all.filter(({ holds }) => holds === (verdict === "holds"));
  if (verdict === "fails" && deciding.some(({ open }) => open === null)) return null;
  return worstOf(deciding.flatMap(({ open }) => open ?? []));
}

function shareInterval(hits: number, n: number, asked: number, at: Expectation["worst"]): Open | null {
  const [low, high] = wilsonInterval(hits, n, LEVEL);
  if (low > asked || high < asked) return null;
  const needed = decidingForShare(hits / n, asked, LEVEL);
  return { what: "share", at, n, value: hits / n, low, high, threshold: asked, needed };
}

/** The one that needs most. */
function worstOf(list: readonly Open[]): Open | null {
  const weight = ({ needed }: Open): number => needed ?? Infinity;
  return list.reduce<Open | null>((worst, one) => (worst === null || weight(one) > weight(worst) ? one : worst), null);
}

/** `mean(seed) x < c` and the like. */
function openMean(expectation: CheckedExpectation, verdict: Outcome, analysis: Analysis): Open | null {
  const found = new Map<Comparison, ReadonlyMap<number, Open>>();
  const { condition, where } = expectation;
  const roots = where === null ? [condition] : [condition, where];
  const all = comparisonsIn(roots, analysis).flatMap((comparison): readonly Doubt[] => {
    const intervals = intervalsOf(comparison, analysis);
    if (intervals === null || intervals.size === 0) return [];
    found.set(comparison, intervals);
    return [{ comparison, distances: distancesOf(comparison, analysis), places: [...intervals.keys()] }];
  });
  const doubts = askedOf(expectation, all, analysis);
  if (otherOutcome(expectation, verdict, doubts, analysis) === null) return null;
  const open = ({ comparison }: Doubt, place: number): Open | undefined => found.get(comparison)?.get(place);
  const worst = worstDoubt(doubts, verdict, (doubt, place) => -(open(doubt, place)?.needed ?? Infinity));
  return worst === null ? null : (open(worst.doubt, worst.place) ?? null);
}

/** By the number of the truth value, where the interval covers the threshold; null where it is no mean over seeds. */
function intervalsOf({ node, kind, operands }: Comparison, analysis: Analysis): ReadonlyMap<number, Open> | null {
  if (node.kind !== "apply" || kind === "equal" || kind === "unequal") return null;
  const [left, right] = operands;
  const isAbs = kind === "band" && !node.operation.startsWith("approx");
  if (left === undefined || right === undefined) return null;
  const [inner, bound] = isAbs ? absSides(left, right) : [left, null];
  const first = inner === null ? null : perSeed(inner, analysis);
  const second = isAbs ? null : perSeed(right, analysis);
  if (first === null || (second === null && !isAbs)) return null;
  const limit = bound ?? (kind === "band" ? (operands[2] ?? null) : null);
  const room = limit === null ? null : perSeed(limit, analysis);
  if (limit !== null && (room === null || room.isMean)) return null;
  const difference =
    second === null ? first : together(first, second, applyOperation("sub", [first.values, second.values]));
  if (difference?.isMean !== true) return null;
  let tolerance = room?.values ?? null;
  if (tolerance !== null && node.operation === "approx_rel")
    tolerance = applyOperation("mul", [tolerance, applyOperation("abs", [analysis.evaluate(right)])]);
  const share = kind === "band" || second === null ? null : shareAgainst(first, second);
  const mask = difference.where === null ? null : analysis.evaluate(difference.where);
  return cover({ values: difference.values, level: null, ...share, mask, tolerance }, analysis.evaluate(node));
}

/** A share of seeds on one side and its threshold on the other. */
function shareAgainst(first: PerSeed, second: PerSeed): Pick<Sample, "values" | "level"> | null {
  if (first.isShare && !second.isMean) return { values: first.values, level: second.values };
  return second.isShare && !first.isMean ? { values: second.values, level: first.values } : null;
}

/** The x and the c of `abs(x) < c`. */
function absSides(
  left: Comparison["operands"][number],
  right: Comparison["operands"][number],
): readonly [Comparison["operands"][number] | null, Comparison["operands"][number]] {
  if (left.kind === "apply" && left.operation === "abs") return [left.operands[0] ?? null, right];
  return right.kind === "apply" && right.operation === "abs" ? [right.operands[0] ?? null, left] : [null, right];
}

interface Sample {
  /** Over `seed` and others. */
  readonly values: Tensor;
  readonly mask: Tensor | null;
  /** A band of this half width around 0. */
  readonly tolerance: Tensor | null;
  /** Of shares: the threshold. */
  readonly level: Tensor | null;
}

function cover({ values, mask, tolerance, level }: Sample, truths: Tensor): ReadonlyMap<number, Open> {
  const none = scalarTensor(0);
  const { outer, length, tensors } = toLanes(
    [truths, values, mask ?? scalarTensor(1), tolerance ?? none, level ?? none],
    [SEED],
  );
  const [, numbers, used, widths, levels] = tensors;
  const found = new Map<number, Open>();
  const sample = new Float64Array(length);
  for (let lane = 0; lane * length < (numbers?.values.length ?? 0); lane++) {
    let n = 0;
    const from = lane * length;
    for (let i = from; i < from + length; i++)
      if (numbers?.states[i] === VALID && used?.states[i] === VALID && used.values[i] !== 0)
        sample[n++] = numbers.values[i] ?? NaN;
    if (n === 0) continue;
    const at = coordinatesAt(outer, lane);
    const width = tolerance === null ? null : (widths?.values[from] ?? 0);
    const open =
      level !== null
        ? shareInterval(sample.subarray(0, n).filter((x) => x !== 0).length, n, levels?.values[from] ?? 0, at)
        : meanInterval(sample, n, width, at);
    if (open !== null) found.set(lane, open);
  }
  return found;
}

/** Whether the interval of the mean covers 0, or an end of the band around it. */
function meanInterval(sample: Float64Array, n: number, width: number | null, at: Expectation["worst"]): Open | null {
  let mean = 0;
  for (let k = 0; k < n; k++) mean += (sample[k] ?? 0) / n;
  const threshold = width === null ? 0 : mean < 0 ? -width : width;
  const distance = Math.abs(mean - threshold);
  const deviation = n > 1 ? Math.sqrt(squaredDeviations(sample, 0, n) / (n - 1)) : Infinity;
  const half = n > 1 ? (studentQuantile((1 + LEVEL) / 2, n - 1) * deviation) / Math.sqrt(n) : Infinity;
  // Seeds that all say the same leave nothing open.
  if (deviation === 0 || distance > half) return null;
  const needed = n > 1 ? decidingForMean(distance, deviation, LEVEL) : null;
  return { what: "mean", at, n, value: mean, low: mean - half, high: mean + half, threshold, needed };
}

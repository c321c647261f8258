/**
 * A curve that still moves where a claim reads its end (`step: last`). The distance to the threshold is followed through the last
 * tenth of the records: it must shrink from each of five places to the next, and when it goes on like that, slowing down as
 * it did, cross the threshold before the run is twice as long. What is to lie within a band holds as it was measured; there only a
 * curve that is still on its way into the band is told. A step that is named (`step: 100`) is meant.
 */
import type { AnalysisNode, CheckedExpectation } from "../../language/results/index.js";
import { arrange } from "../analysis/align.js";
import { Analysis } from "../analysis/evaluate.js";
import { ABSENT, MISSING, VALID, makeTensor } from "../analysis/tensor.js";
import type { Tensor } from "../analysis/tensor.js";
import { nodesIn } from "../analysis/walk.js";
import { formatNumber } from "../analysis/words.js";
import type { Outcome } from "../chart-types.js";
import { askedOf } from "./asked.js";
import type { Finding } from "./finding.js";
import { factOver, withColumns } from "./sources.js";
import type { Column, ResultAxis, ResultSource } from "../types.js";
import type { Comparison, Meetings } from "./comparisons.js";
import { comparisonsIn, distancesOf, holdsAt } from "./comparisons.js";
import type { Doubt } from "./doubts.js";
import { finite, otherOutcome, placeWords, worstDoubt } from "./doubts.js";

/** Of the records at the end that are looked at, and the least number of them. */
const TAIL = 0.1;
const LEAST_TAIL = 4;
const LEAST_RECORDS = 10;
/** Where they are looked at: shares of the tail before the end, the earliest first. */
const PLACES = [1, 0.75, 0.5, 0.25];

interface Trend {
  /** How many more steps, from the end, until the threshold is crossed. */
  readonly more: number;
  /** The distance at the beginning of the tail and at its end. */
  readonly before: number;
  readonly now: number;
}

export function movingWarning(expectation: CheckedExpectation, verdict: Outcome, analysis: Analysis): Finding | null {
  if (verdict === "undecided") return null;
  const comparisons = comparisonsIn([expectation.condition], analysis).filter(({ kind, node }) => {
    return kind !== "equal" && kind !== "unequal" && readsOnlyLast(node, analysis.source);
  });
  if (comparisons.length === 0) return null;
  const pace = new Pace();
  const earlier = PLACES.map((share) => new Analysis(earlierEnds(analysis.source, share, pace)));
  const trends = new Map<Comparison, ReadonlyMap<number, Trend>>();
  const all = comparisons.map((comparison): Doubt => {
    const distances = distancesOf(comparison, analysis);
    const curve = [...earlier.map((own) => distancesOf(comparison, own)), distances];
    const found = new Map<number, Trend>();
    for (let i = 0; i < distances.values.length; i++) {
      const trend = trendOf(comparison, curve, i, pace);
      if (trend !== null) found.set(i, trend);
    }
    trends.set(comparison, found);
    return { comparison, distances, places: [...found.keys()] };
  });
  const doubts = askedOf(expectation, all, analysis);
  if (otherOutcome(expectation, verdict, doubts, analysis) === null) return null;
  const trend = ({ comparison }: Doubt, place: number): Trend | undefined => trends.get(comparison)?.get(place);
  const worst = worstDoubt(doubts, verdict, (doubt, place) => trend(doubt, place)?.more ?? Infinity);
  const found = worst === null ? undefined : trend(worst.doubt, worst.place);
  if (worst === null || found === undefined) return null;
  const { before, now, more } = found;
  const count = doubts.reduce((sum, { places }) => sum + places.length, 0);
  const others = count > 1 ? ` (${String(count)} such places)` : "";
  const change = Math.abs(now - before);
  return {
    code: "AM6504",
    message: `the curve still moves at its end: in its last ${formatNumber(pace.steps, 6)} steps the distance to the threshold went from ${formatNumber(before, 3)} to ${formatNumber(now, 3)}${placeWords(worst.doubt, worst.place)}, and about ${formatNumber(more, 2)} more would cross it${others}`,
    help: "let it run longer and see, or name the step (`step: 100` instead of `step: last`) where the value at that step is meant",
    numbers: {
      places: count,
      before: finite(before),
      now: finite(now),
      change: finite(change),
      steps: pace.steps,
      more: finite(more),
    },
  };
}

/** Whether it reads ends of curves, and records before the end nowhere: those would have to be moved with it. */
function readsOnlyLast(node: AnalysisNode, source: ResultSource): boolean {
  const columns = nodesIn([node]).flatMap((part) => (part.kind === "column" && part.fromLast !== null ? [part] : []));
  return (
    columns.every(({ fromLast }) => fromLast === 0) &&
    columns.some(({ phase, result }) => (source.column(phase, result)?.last ?? null) !== null)
  );
}

/** The steps between the places that are looked at. */
class Pace {
  /** Of the tail. */
  steps = 0;
  /** How many halves of the tail the whole run has. */
  halves = Infinity;

  see(steps: number, halves: number): void {
    this.steps = Math.max(this.steps, steps);
    this.halves = Math.min(this.halves, halves);
  }
}

/** Null unless the distance shrinks all the way and goes on to cross. */
function trendOf(comparison: Comparison, curve: readonly Meetings[], i: number, pace: Pace): Trend | null {
  const d = curve.map(({ values, known }) => (known[i] === 1 ? (values[i] ?? NaN) : NaN));
  const [before = NaN, , middle = NaN, , now = NaN] = d;
  const holds = holdsAt(comparison, now);
  if (holds && comparison.kind === "band") return null;
  // Towards the other side: down where it holds.
  const sign = holds ? -1 : 1;
  for (let k = 1; k < d.length; k++) if (!(sign * ((d[k] ?? NaN) - (d[k - 1] ?? NaN)) > 0)) return null;
  const last = now - middle;
  const slowing = Math.min(1, last / (middle - before));
  let [at, change] = [now, last];
  for (let half = 1; half <= pace.halves; half++) {
    change *= slowing;
    at += change;
    if (sign * at > 0) {
      // Within this half, in a straight line.
      const part = half - Math.abs(at / change);
      return { more: Math.max(1, (part * pace.steps) / 2), before, now };
    }
  }
  return null;
}

/** The results with the ends of all curves moved before their end by a share of the tail; runs that stopped by themselves have none. */
function earlierEnds(source: ResultSource, share: number, pace: Pace): ResultSource {
  return withColumns(source, (column, phase) => {
    const step = column.axes.find((axis) => axis.kind === "step");
    if (step === undefined || column.last === null) return column;
    return { ...column, last: endsBefore(column, step, source.column(phase, "stopped"), share, pace) };
  });
}

function endsBefore(column: Column, step: ResultAxis, stopped: Column | undefined, share: number, pace: Pace): Tensor {
  const rest = column.axes.filter((axis) => axis !== step);
  const records = arrange(column, [...rest, step]);
  const stops = stopped === undefined ? null : factOver(stopped, rest);
  const result = makeTensor(rest);
  const { length } = step.coordinates;
  for (let i = 0; i < result.values.length; i++) {
    let end = length - 1;
    while (end >= 0 && records.states[i * length + end] === ABSENT) end--;
    const tail = Math.max(LEAST_TAIL, Math.floor((end + 1) * TAIL));
    const place = end - Math.round(share * tail);
    const usable = end + 1 >= LEAST_RECORDS && isEven(step.coordinates, end - tail, end);
    const stoppedItself = stops !== null && (stops.states[i] !== VALID || stops.values[i] !== 0);
    if (end < 0) result.states[i] = ABSENT;
    else if (!usable || stoppedItself) result.states[i] = MISSING;
    else {
      const [from = 0, to = 0] = [step.coordinates[end - tail], step.coordinates[end]];
      pace.see(to - from, Math.floor((2 * (end + 1)) / tail));
      result.values[i] = records.values[i * length + place] ?? NaN;
      result.states[i] = records.states[i * length + place] ?? MISSING;
    }
  }
  return result;
}

/** Whether records are equally far apart, as far as whole steps can be: a pace means nothing else. */
function isEven(coordinates: readonly number[], from: number, to: number): boolean {
  const gaps = Array.from(
    { length: to - from },
    (_, k) => (coordinates[from + k + 1] ?? 0) - (coordinates[from + k] ?? 0),
  );
  return Math.max(...gaps) <= 1.5 * Math.min(...gaps);
}

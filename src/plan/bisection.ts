/** One adaptive sweep: a value between neighbours whose conditions differ, or the next one until its condition holds. */
import type { Experiment, Sweep } from "../language/typed.js";
import { allowedValues, type Assignment } from "./first-values.js";
import { differ, type Truth } from "./truth.js";

type TruthAt = (value: number) => Truth;

/** A ladder: the next value in the order written, while the last one has failed. */
export function climbed(
  experiment: Experiment,
  sweep: Sweep,
  point: Assignment,
  found: readonly number[],
  truthAt: TruthAt,
): readonly number[] {
  const last = found.at(-1);
  const truth = last === undefined ? [] : truthAt(last);
  const goesOn = truth.length > 0 && truth.every((value) => value === false);
  return goesOn ? allowedValues(experiment, sweep, point).slice(found.length, found.length + 1) : [];
}

export function bisected(
  experiment: Experiment,
  sweep: Sweep,
  point: Assignment,
  found: readonly number[],
  truthAt: TruthAt,
): readonly number[] {
  const between = middlesOf(experiment, sweep, point);
  const known = found.toSorted((a, b) => a - b).map((value) => ({ value, truth: truthAt(value) }));
  return known.slice(1).flatMap((high, k) => {
    const low = known[k];
    return low !== undefined && differ([low.truth, high.truth]) ? (between(low.value, high.value) ?? []) : [];
  });
}

/** The value that goes between two neighbours; null where they are near enough, or nothing lies between them. */
export function middlesOf(
  experiment: Experiment,
  sweep: Sweep,
  point: Assignment,
): (low: number, high: number) => number | null {
  const { tolerance = null, listed = true } = sweep.adaptive ?? {};
  const isRelative = tolerance?.relative === true;
  const allowed = listed ? allowedValues(experiment, sweep, point).toSorted((a, b) => a - b) : [];
  return (low, high) => {
    const distance = isRelative ? (high - low) / low : high - low;
    if (tolerance !== null && distance <= tolerance.value) return null;
    const middle = isRelative ? Math.sqrt(low) * Math.sqrt(high) : low + (high - low) / 2;
    if (!listed) return middle > low && middle < high ? middle : null;
    return nearestInside(allowed, low, high, middle);
  };
}

/** Of ascending values; at equal distances the smaller one. */
function nearestInside(values: readonly number[], low: number, high: number, wanted: number): number | null {
  const after = firstAtLeast(values, wanted);
  const inside = [values[after - 1], values[after]].flatMap((value) =>
    value !== undefined && value > low && value < high ? [value] : [],
  );
  const [first, second] = inside;
  if (first === undefined) return null;
  return second !== undefined && second - wanted < wanted - first ? second : first;
}

function firstAtLeast(values: readonly number[], wanted: number): number {
  let [from, to] = [0, values.length];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if ((values[middle] ?? Infinity) < wanted) from = middle + 1;
    else to = middle;
  }
  return from;
}

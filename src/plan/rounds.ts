/**
 * The next round of adaptive sweeps: a pure function of the points so far and their results, so that workers, their order and
 * interruptions change nothing.
 */
import type { CheckedAdaptive } from "../language/results/index.js";
import type { AxisId, Experiment, Sweep } from "../language/typed.js";
import { expandSweeps, listedValues, pointText, type AdaptiveValues, type Assignment } from "./expand.js";

export type Chosen = ReadonlyMap<AxisId, AdaptiveValues>;

/** By condition; null where it has no value. */
export type Truth = readonly (boolean | null)[];
/** The conditions of a sweep at one of its values and a point of the others, as results have it. */
export type TruthOf = (adaptive: CheckedAdaptive, point: Assignment, value: number) => Truth;

/** What sweeps begin with. */
export function firstRound(adaptive: readonly CheckedAdaptive[]): Chosen {
  return new Map(adaptive.map(({ sweep, free }) => [sweep, { free: free.map(({ axis }) => axis), values: new Map() }]));
}

/** With one more value wherever results ask for one; null where none does. */
export function nextRound(
  experiment: Experiment,
  adaptive: readonly CheckedAdaptive[],
  chosen: Chosen,
  truthOf: TruthOf,
): Chosen | null {
  const { points } = expandSweeps(experiment, true, chosen);
  const next = new Map(chosen);
  let grown = false;
  for (const checked of adaptive) {
    const sweep = experiment.sweeps.find(({ axes }) => axes[0] === checked.sweep);
    if (sweep?.adaptive === undefined) continue;
    const free = checked.free.map(({ axis }) => axis);
    const values = new Map<string, readonly number[]>();
    for (const [text, { point, found }] of byFree(points, free, checked.sweep)) {
      const truth = found.map((value) => truthOf(checked, point, value));
      const more = asked(experiment, sweep, point, found, truth);
      if (more.length > 0) grown = true;
      values.set(
        text,
        [...found, ...more].toSorted((a, b) => a - b),
      );
    }
    next.set(checked.sweep, { free, values });
  }
  return grown ? next : null;
}

/** At each point of the free sweeps: the values so far, ascending. */
function byFree(points: readonly Assignment[], free: readonly AxisId[], sweep: AxisId) {
  const groups = new Map<string, { readonly point: Assignment; found: readonly number[] }>();
  for (const point of points) {
    const text = pointText(point, free);
    const group = groups.get(text) ?? { point, found: [] };
    groups.set(text, group);
    const value = point.get(sweep);
    if (value !== undefined && !group.found.includes(value)) group.found = [...group.found, value];
  }
  for (const group of groups.values()) group.found = group.found.toSorted((a, b) => a - b);
  return groups;
}

function asked(
  experiment: Experiment,
  sweep: Sweep,
  point: Assignment,
  found: readonly number[],
  truth: readonly Truth[],
): readonly number[] {
  if (sweep.adaptive?.mode === "until") {
    const listed = listedValues(experiment, sweep, point);
    const last = truth.at(-1) ?? [];
    const goesOn = last.length > 0 && last.every((value) => value === false);
    return goesOn ? listed.filter((value) => !found.includes(value)).slice(0, 1) : [];
  }
  return found.slice(1).flatMap((high, k) => {
    const [low, before, after] = [found[k], truth[k], truth[k + 1]];
    const differs = before?.some((value, c) => value !== null && (after?.[c] ?? null) === !value) === true;
    if (low === undefined || !differs) return [];
    const between = middleOf(experiment, sweep, point, low, high);
    return between === null ? [] : [between];
  });
}

/** The value that goes between two neighbours; null where they are near enough, or nothing lies between them. */
function middleOf(experiment: Experiment, sweep: Sweep, point: Assignment, low: number, high: number): number | null {
  const { tolerance = null, listed = true } = sweep.adaptive ?? {};
  const distance = tolerance?.relative === true ? (high - low) / Math.abs(low) : high - low;
  if (tolerance !== null && distance <= tolerance.value) return null;
  const middle = tolerance?.relative === true && low > 0 ? Math.sqrt(low * high) : (low + high) / 2;
  if (!listed) return middle > low && middle < high ? middle : null;
  const inside = listedValues(experiment, sweep, point).filter((value) => value > low && value < high);
  const [first] = inside;
  if (first === undefined) return null;
  return inside.reduce((best, value) => (Math.abs(value - middle) < Math.abs(best - middle) ? value : best), first);
}

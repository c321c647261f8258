/** What an adaptive sweep takes at least and at most, before anything is known. */
import type { CheckedAdaptive } from "../language/results/index.js";
import type { Experiment } from "../language/typed.js";
import { middlesOf } from "./bisection.js";
import { expandSweeps } from "./expand.js";
import { allowedValues } from "./first-values.js";
import { coordinatesAt, gridOf } from "./plane.js";
import { groupsOf, type Group } from "./rounds.js";
import type { AdaptivePlan } from "./types.js";
import { rowsOf, type Chosen } from "./units.js";

/** More values than this are not counted. */
const MOST_COUNTED = 100_000;

export function describeAdaptive(
  experiment: Experiment,
  adaptive: readonly CheckedAdaptive[],
  chosen: readonly Chosen[],
): readonly AdaptivePlan[] {
  const { points } = expandSweeps(experiment, true, chosen);
  return adaptive.flatMap((checked, k): readonly AdaptivePlan[] => {
    const own = chosen[k];
    if (own === undefined) return [];
    const groups = groupsOf(experiment, own, points);
    const costs = groups.map((group) => costOf(experiment, checked, group));
    const rounds = [...own.rows.values()].flat().map(({ round }) => round);
    const name = (axis: number): string => experiment.axes.get(axis)?.name ?? "?";
    return [
      {
        sweeps: own.axes.map(name),
        over: own.over.map(name),
        mode: checked.plane === null ? checked.mode : "cells",
        rounds: Math.max(0, ...rounds) + 1,
        groups: groups.length,
        first: range(costs.map(({ first }) => first)),
        crossed: range(costs.map(({ crossed }) => crossed)),
        most: range(costs.map(({ most }) => most)),
      },
    ];
  });
}

interface Cost {
  readonly first: number | null;
  /** With one pair of neighbours between which the conditions differ. */
  readonly crossed: number | null;
  readonly most: number | null;
}

function costOf(experiment: Experiment, { plane }: CheckedAdaptive, { point, unit }: Group): Cost {
  const first = rowsOf(experiment, { ...unit, chosen: null }, point);
  const [sweep] = unit.sweeps;
  if (plane !== null) {
    const grid = gridOf(experiment, unit.sweeps, plane, point);
    const most = grid.axes.reduce((product, axis) => product * coordinatesAt(axis, grid.times, MOST_COUNTED), 1);
    return { first: first.length, crossed: null, most: most > MOST_COUNTED ? null : most };
  }
  if (sweep?.adaptive?.mode !== "refine")
    return { first: 1, crossed: null, most: sweep === undefined ? 1 : allowedValues(experiment, sweep, point).length };
  const between = middlesOf(experiment, sweep, point);
  const values = first.flatMap((row) => row.values[0] ?? []);
  const counts = values
    .slice(1)
    .map((high, k) => countBetween(between, values[k] ?? high, high, { left: MOST_COUNTED }));
  const deepest = Math.max(0, ...counts.map(({ deepest: own }) => own));
  const all = counts.reduce((sum, count) => sum + count.all, values.length);
  return { first: values.length, crossed: values.length + deepest, most: all > MOST_COUNTED ? null : all };
}

/** Values between two neighbours: on the longest way to one place, and altogether. */
function countBetween(
  between: (low: number, high: number) => number | null,
  low: number,
  high: number,
  budget: { left: number },
): { readonly deepest: number; readonly all: number } {
  const middle = between(low, high);
  if (middle === null) return { deepest: 0, all: 0 };
  budget.left -= 1;
  const halves = [
    [low, middle],
    [middle, high],
  ] as const;
  // Without budget only the lower half is followed: it has as many levels as the other, or nearly so.
  const parts = (budget.left > 0 ? halves : halves.slice(0, 1)).map(([from, to]) =>
    countBetween(between, from, to, budget),
  );
  const all = budget.left > 0 ? parts.reduce((sum, part) => sum + part.all, 1) : Infinity;
  return { deepest: 1 + Math.max(...parts.map(({ deepest }) => deepest)), all };
}

function range(counts: readonly (number | null)[]): readonly [number, number] | null {
  const known = counts.filter((count) => count !== null);
  return known.length < counts.length || known.length === 0 ? null : [Math.min(...known), Math.max(...known)];
}

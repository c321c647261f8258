/**
 * The next round of adaptive sweeps: a pure function of the points so far and their results, so that workers, their order and
 * interruptions change nothing.
 */
import type { CheckedAdaptive } from "../language/results/index.js";
import type { Experiment } from "../language/typed.js";
import { bisected, climbed } from "./bisection.js";
import { expandSweeps } from "./expand.js";
import { gridSweeps, type Assignment } from "./first-values.js";
import { gridOf, refinedCells } from "./plane.js";
import type { Row, Truth } from "./truth.js";
import { pointText, restricted, rowsOf, sweepsOf, type Chosen, type ChosenRow, type Unit } from "./units.js";

/** The conditions of an adaptive sweep at one of its rows and a point of the others, as results have it. */
export type TruthOf = (adaptive: CheckedAdaptive, point: Assignment, row: Row) => Truth;

/** What sweeps begin with. */
export function firstRound(experiment: Experiment, adaptive: readonly CheckedAdaptive[]): readonly Chosen[] {
  return adaptive.map(({ sweeps, free }) => {
    const axes = sweeps.map(({ axis }) => axis);
    const grid = sweepsOf(experiment, axes).flatMap((sweep) => [...gridSweeps(sweep, experiment)]);
    return { axes, over: [...new Set([...free.map(({ axis }) => axis), ...grid])], rows: new Map() };
  });
}

/** With more rows wherever results ask for some; null where none does. */
export function nextRound(
  experiment: Experiment,
  adaptive: readonly CheckedAdaptive[],
  chosen: readonly Chosen[],
  truthOf: TruthOf,
): readonly Chosen[] | null {
  const { points } = expandSweeps(experiment, true, chosen);
  const before = chosen.flatMap(({ rows }) => [...rows.values()].flat().map(({ round }) => round));
  const round = Math.max(0, ...before) + 1;
  const next = chosen.map((own, k): Chosen => {
    const checked = adaptive[k];
    if (checked === undefined) return own;
    const rows = new Map<string, readonly ChosenRow[]>(own.rows);
    for (const { text, point, unit } of groupsOf(experiment, own, points)) {
      const found = rowsOf(experiment, unit, point);
      const more = askedAt(
        experiment,
        checked,
        unit,
        point,
        found.map(({ values }) => values),
        (row) => truthOf(checked, point, row),
      );
      rows.set(text, [...found, ...more.map((values) => ({ values, round }))]);
    }
    return { ...own, rows };
  });
  const isGrown = next.some(({ rows }) => [...rows.values()].some((own) => own.some((row) => row.round === round)));
  return isGrown ? next : null;
}

export interface Group {
  readonly text: string;
  /** The values of the sweeps that it is a point of. */
  readonly point: Assignment;
  readonly unit: Unit;
}

/** The points at which an adaptive sweep has rows of its own. */
export function groupsOf(experiment: Experiment, chosen: Chosen, points: readonly Assignment[]): readonly Group[] {
  const unit = { sweeps: sweepsOf(experiment, chosen.axes), axes: chosen.axes, chosen };
  const groups = new Map<string, Group>();
  for (const point of points) {
    const text = pointText(point, chosen.over);
    if (!groups.has(text)) groups.set(text, { text, point: restricted(point, chosen.over), unit });
  }
  return [...groups.values()];
}

function askedAt(
  experiment: Experiment,
  { plane }: CheckedAdaptive,
  { sweeps }: Unit,
  point: Assignment,
  found: readonly Row[],
  truthAt: (row: Row) => Truth,
): readonly Row[] {
  if (plane !== null) return refinedCells(gridOf(experiment, sweeps, plane, point), found, truthAt);
  const [sweep] = sweeps;
  if (sweep?.adaptive === undefined) return [];
  const values = found.flatMap(([value]) => value ?? []);
  const asked = sweep.adaptive.mode === "until" ? climbed : bisected;
  return asked(experiment, sweep, point, values, (value) => truthAt([value])).map((value) => [value]);
}

/** Sweeps that get their values together: one, or those of a plane whose cells are refined. */
import type { AxisId, Experiment, Sweep } from "../language/typed.js";
import { firstRows, gridSweeps, type Assignment } from "./first-values.js";

/** What an adaptive sweep, or several that span a plane, have come to. */
export interface Chosen {
  readonly axes: readonly AxisId[];
  /** Each point of these sweeps has rows of its own. */
  readonly over: readonly AxisId[];
  /** By the values of those sweeps, as `pointText` writes them; where there are none it begins. */
  readonly rows: ReadonlyMap<string, readonly ChosenRow[]>;
}

/** One value for each axis, and the round that asked for it. */
export interface ChosenRow {
  readonly values: readonly number[];
  readonly round: number;
}

export interface Unit {
  readonly sweeps: readonly Sweep[];
  readonly axes: readonly AxisId[];
  readonly chosen: Chosen | null;
}

export function pointText(point: Assignment, axes: readonly AxisId[]): string {
  return axes.map((axis) => String(point.get(axis))).join(" ");
}

/** In an order in which each follows those that its values depend on. */
export function unitsOf(experiment: Experiment, chosen: readonly Chosen[]): readonly Unit[] {
  const waiting: Unit[] = [];
  for (const sweep of experiment.sweeps.filter(({ sequence }) => sequence !== true)) {
    const own = chosen.find(({ axes }) => axes.some((axis) => sweep.axes.includes(axis))) ?? null;
    if (own === null) waiting.push({ sweeps: [sweep], axes: sweep.axes, chosen: null });
    else if (!waiting.some((unit) => unit.chosen === own))
      waiting.push({ sweeps: sweepsOf(experiment, own.axes), axes: own.axes, chosen: own });
  }
  const ordered: Unit[] = [];
  const placed = new Set<AxisId>();
  while (waiting.length > 0) {
    const ready = waiting.findIndex((unit) =>
      [...dependsOn(unit, experiment)].every((axis) => placed.has(axis) || unit.axes.includes(axis)),
    );
    const [next] = waiting.splice(Math.max(ready, 0), 1);
    if (next === undefined) break;
    ordered.push(next);
    for (const axis of next.axes) placed.add(axis);
  }
  return ordered;
}

export function sweepsOf(experiment: Experiment, axes: readonly AxisId[]): readonly Sweep[] {
  return axes.flatMap((axis) => experiment.sweeps.find((sweep) => sweep.axes.includes(axis)) ?? []);
}

const dependsOn = ({ sweeps, chosen }: Unit, experiment: Experiment): ReadonlySet<AxisId> =>
  new Set([...sweeps.flatMap((sweep) => [...gridSweeps(sweep, experiment)]), ...(chosen?.over ?? [])]);

/** The rows of a unit at a point of those before it. */
export function rowsOf(experiment: Experiment, unit: Unit, point: Assignment): readonly ChosenRow[] {
  const { chosen } = unit;
  if (chosen === null) return beginning(experiment, unit.sweeps, point);
  return (
    chosen.rows.get(pointText(point, chosen.over)) ?? beginning(experiment, unit.sweeps, restricted(point, chosen.over))
  );
}

/** What an adaptive sweep does may depend on nothing else. */
export const restricted = (point: Assignment, axes: readonly AxisId[]): Assignment =>
  new Map([...point].filter(([axis]) => axes.includes(axis)));

/** All combinations of what the sweeps list. */
function beginning(experiment: Experiment, sweeps: readonly Sweep[], point: Assignment): readonly ChosenRow[] {
  return sweeps
    .reduce<readonly (readonly number[])[]>(
      (rows, sweep) => {
        const own = firstRows(experiment, sweep, point);
        return rows.flatMap((row) => own.map((values) => [...row, ...values]));
      },
      [[]],
    )
    .map((values) => ({ values, round: 0 }));
}

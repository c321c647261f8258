/**
 * Sweeps to points: every combination of values that the sweeps' grids and filters allow, in a fixed order
 * (the last declared sweep moves fastest; a grid that depends on another sweep comes after it).
 */
import { UserError } from "../base/diagnostic.js";
import { evaluateConstant } from "../language/constants.js";
import type { AxisId, Experiment, Sweep } from "../language/typed.js";
import { mentionedSweeps } from "../lower/mentions.js";
import { firstRows, type Assignment } from "./first-values.js";
import type { SweepPlan } from "./types.js";
import { rowsOf, unitsOf, type Chosen, type Unit } from "./units.js";

export type { Assignment } from "./first-values.js";

export interface Expansion {
  readonly sweeps: readonly SweepPlan[];
  /** The sweep axes in the order of `sweeps`, then those of sequences, which points do not have. */
  readonly axes: readonly AxisId[];
  readonly points: readonly Assignment[];
}

/** More points than this are never listed: the plan would not fit in memory. */
const MOST_POINTS = 5_000_000;
/** More than this are asked about first. */
const MANY_POINTS = 100_000;

/** A point, and the round of adaptive sweeps that it came with. */
interface Dated {
  readonly point: Assignment;
  readonly round: number;
}

/** Expands all sweeps of an experiment; without any there is one point. `yes`: many points are wanted. */
export function expandSweeps(experiment: Experiment, yes: boolean, chosen: readonly Chosen[] = []): Expansion {
  const units = unitsOf(experiment, chosen);
  let points: Dated[] = [{ point: new Map(), round: 0 }];
  const known = new Set<AxisId>();
  const pending = experiment.sweeps.flatMap((sweep) => (sweep.where === null ? [] : [sweep.where]));
  for (const unit of units) {
    points = extend(experiment, points, unit, yes ? MOST_POINTS : MANY_POINTS);
    for (const axis of unit.axes) known.add(axis);
    for (let k = pending.length - 1; k >= 0; k--) {
      const filter = pending[k];
      if (filter === undefined || ![...mentionedSweeps(filter, experiment)].every((axis) => known.has(axis))) continue;
      points = points.filter(({ point }) => evaluateConstant(filter, { experiment, sweeps: point }) !== 0);
      pending.splice(k, 1);
    }
  }
  // Dependence only decides which grid is made first; the points go by the order in which the sweeps are declared.
  const axes = experiment.sweeps.flatMap((sweep) => (sweep.sequence === true ? [] : sweep.axes));
  const adaptive = new Set(chosen.flatMap((one) => one.axes));
  const sweeps = axes.map((axis) => describeSweep(experiment, axis, points, adaptive.has(axis)));
  const sequences = experiment.sweeps.filter(({ sequence }) => sequence === true);
  return {
    sweeps: [...sweeps, ...sequences.flatMap((sequence) => describeSequence(experiment, sequence))],
    axes: [...axes, ...sequences.flatMap((sequence) => sequence.axes)],
    points: sortPoints(points, axes, sweeps),
  };
}

function describeSequence(experiment: Experiment, sequence: Sweep): readonly SweepPlan[] {
  return sequence.axes.map((axis) =>
    describeSweep(
      experiment,
      axis,
      firstRows(experiment, sequence, new Map()).map(([value]) => ({ point: new Map([[axis, value ?? 0]]), round: 0 })),
      false,
    ),
  );
}

function extend(experiment: Experiment, points: readonly Dated[], unit: Unit, most: number): Dated[] {
  const extended: Dated[] = [];
  const [sweep] = unit.sweeps;
  if (sweep === undefined) return extended;
  for (const { point, round } of points) {
    const rows = rowsOf(experiment, unit, point);
    if (rows.length === 0) throw emptySweep(experiment, sweep);
    for (const row of rows) {
      const next = new Map(point);
      unit.axes.forEach((axis, k) => next.set(axis, row.values[k] ?? 0));
      extended.push({ point: next, round: Math.max(round, row.round) });
    }
    if (extended.length > most) throw tooManyPoints(sweep, most);
  }
  return extended;
}

function tooManyPoints(sweep: Sweep, most: number): UserError {
  const fewer = "let fewer variables vary, or move some of them together: `sweep (a, b) in [(1, 2), (3, 4)]`";
  return new UserError({
    code: "AM4020",
    severity: "error",
    message: `the sweeps make more than ${most.toLocaleString("en")} points`,
    span: sweep.span,
    notes: ["every combination of the sweeps' values is a run"],
    help: most < MOST_POINTS ? `${fewer}; or say that it is meant: \`--yes\`` : fewer,
  });
}

function distinct(values: readonly number[]): readonly number[] {
  return [...new Set(values)];
}

function emptySweep(experiment: Experiment, sweep: Sweep): UserError {
  const names = sweep.axes.map((axis) => `\`${experiment.axes.get(axis)?.name ?? "?"}\``).join(", ");
  return new UserError({
    code: "AM4021",
    severity: "error",
    message: `the sweep over ${names} has no values`,
    span: sweep.span,
    help: "give it at least one value, or remove the sweep",
  });
}

function describeSweep(
  experiment: Experiment,
  axisId: AxisId,
  points: readonly Dated[],
  isAdaptive: boolean,
): SweepPlan {
  const axis = experiment.axes.get(axisId);
  if (axis?.kind.kind !== "sweep") throw new Error(`axis ${axisId} is no sweep`);
  const found = distinct(points.map(({ point }) => point.get(axisId) ?? 0));
  const coordinates = isAdaptive ? found.toSorted((a, b) => a - b) : found;
  return { name: axis.name, coordinates, labels: axis.kind.labels, integer: axis.kind.integer };
}

/** Later rounds come after earlier ones, so that blocks of finished points stay as they are. */
function sortPoints(
  points: readonly Dated[],
  axes: readonly AxisId[],
  sweeps: readonly SweepPlan[],
): readonly Assignment[] {
  const places = sweeps.map((sweep) => new Map(sweep.coordinates.map((value, k) => [value, k])));
  const keyed = points.map(({ point, round }) => ({
    point,
    key: [round, ...axes.map((axis, k) => places[k]?.get(point.get(axis) ?? 0) ?? 0)],
  }));
  keyed.sort((a, b) => compareRows(a.key, b.key));
  return keyed.map((entry) => entry.point);
}

function compareRows(a: readonly number[], b: readonly number[]): number {
  for (let k = 0; k < a.length; k++) {
    const difference = (a[k] ?? 0) - (b[k] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

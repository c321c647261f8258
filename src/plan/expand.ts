/**
 * Sweeps to points: every combination of values that the sweeps' grids and filters allow, in a fixed order
 * (the last declared sweep moves fastest; a grid that depends on another sweep comes after it).
 */
import { UserError } from "../base/diagnostic.js";
import { evaluateConstant, evaluateList } from "../language/constants.js";
import type { AxisId, Experiment, Expr, ListExpr, Sweep } from "../language/typed.js";
import { mentionedSweeps } from "../lower/mentions.js";
import type { SweepPlan } from "./types.js";

/** Values of all sweep variables at one point; a label is its position. */
export type Assignment = ReadonlyMap<AxisId, number>;

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

/** Values that an adaptive sweep has at points of other sweeps; where there are none it begins. */
export interface AdaptiveValues {
  readonly free: readonly AxisId[];
  /** By the values of the free sweeps, as `pointText` writes them. */
  readonly values: ReadonlyMap<string, readonly number[]>;
}

export function pointText(point: Assignment, axes: readonly AxisId[]): string {
  return axes.map((axis) => String(point.get(axis))).join(" ");
}

/** Expands all sweeps of an experiment; without any there is one point. `yes`: many points are wanted. */
export function expandSweeps(
  experiment: Experiment,
  yes: boolean,
  adaptive: ReadonlyMap<AxisId, AdaptiveValues> = new Map(),
): Expansion {
  const ordered = inOrderOfDependence(experiment, adaptive);
  let points: Assignment[] = [new Map()];
  const filters = ordered.flatMap((sweep) => (sweep.where === null ? [] : [sweep.where]));
  const known = new Set<AxisId>();
  const pending = [...filters];
  for (const sweep of ordered) {
    const chosen = adaptive.get(sweep.axes[0] ?? -1);
    points = extend(experiment, points, sweep, yes ? MOST_POINTS : MANY_POINTS, chosen);
    for (const axis of sweep.axes) known.add(axis);
    for (let k = pending.length - 1; k >= 0; k--) {
      const filter = pending[k];
      if (filter === undefined || ![...mentionedSweeps(filter, experiment)].every((axis) => known.has(axis))) continue;
      points = points.filter((point) => evaluateConstant(filter, { experiment, sweeps: point }) !== 0);
      pending.splice(k, 1);
    }
  }
  // Dependence only decides which grid is made first; the points go by the order in which the sweeps are declared.
  const axes = experiment.sweeps.flatMap((sweep) => (sweep.sequence === true ? [] : sweep.axes));
  const sweeps = axes.map((axis) => describeSweep(experiment, axis, points));
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
      rowsOf(experiment, sequence, new Map()).map(([value]) => new Map([[axis, value ?? 0]])),
    ),
  );
}

function extend(
  experiment: Experiment,
  points: readonly Assignment[],
  sweep: Sweep,
  most: number,
  chosen: AdaptiveValues | undefined,
): Assignment[] {
  const extended: Assignment[] = [];
  for (const point of points) {
    const own = chosen?.values.get(pointText(point, chosen.free));
    const rows = own === undefined ? rowsOf(experiment, sweep, point) : own.map((value) => [value]);
    if (rows.length === 0) throw emptySweep(experiment, sweep);
    for (const row of rows) {
      const next = new Map(point);
      sweep.axes.forEach((axis, k) => next.set(axis, row[k] ?? 0));
      extended.push(next);
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

function rowsOf(experiment: Experiment, sweep: Sweep, point: Assignment): readonly (readonly number[])[] {
  const at = { experiment, sweeps: point };
  const { values } = sweep;
  if (sweep.adaptive !== undefined) return firstValues(experiment, sweep, point).map((value) => [value]);
  if (values.kind === "list") return distinct(evaluateList(values.list, at)).map((value) => [value]);
  if (values.kind === "tuples") return values.rows.map((row) => row.map((entry) => evaluateConstant(entry, at)));
  const axis = experiment.axes.get(sweep.axes[0] ?? -1);
  const labels = axis?.kind.kind === "sweep" ? (axis.kind.labels ?? []) : [];
  return labels.map((_, position) => [position]);
}

/** The values that a sweep lists at a point, ascending. */
export function listedValues(experiment: Experiment, { values }: Sweep, point: Assignment): readonly number[] {
  if (values.kind !== "list") return [];
  return distinct(evaluateList(values.list, { experiment, sweeps: point })).toSorted((a, b) => a - b);
}

/** What an adaptive sweep begins with. */
function firstValues(experiment: Experiment, sweep: Sweep, point: Assignment): readonly number[] {
  const { adaptive, values } = sweep;
  const listed = listedValues(experiment, sweep, point);
  if (adaptive?.mode === "until" && adaptive.start === null && values.kind === "list")
    return evaluateList(values.list, { experiment, sweeps: point }).slice(0, 1);
  if (adaptive === undefined || adaptive.start === null) return listed;
  const wanted = evaluateList(adaptive.start, { experiment, sweeps: point });
  return distinct(wanted.map((value) => nearestOf(listed, value)));
}

export function nearestOf(values: readonly number[], wanted: number): number {
  return values.reduce(
    (best, value) => (Math.abs(value - wanted) < Math.abs(best - wanted) ? value : best),
    values[0] ?? wanted,
  );
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

/** Sweeps whose grid names another sweep come after it. */
function inOrderOfDependence(experiment: Experiment, adaptive: ReadonlyMap<AxisId, AdaptiveValues>): readonly Sweep[] {
  const done: Sweep[] = [];
  const placed = new Set<AxisId>();
  const waiting = experiment.sweeps.filter(({ sequence }) => sequence !== true);
  while (waiting.length > 0) {
    const k = waiting.findIndex((sweep) =>
      [...gridSweeps(sweep, experiment), ...(adaptive.get(sweep.axes[0] ?? -1)?.free ?? [])].every(
        (axis) => placed.has(axis) || sweep.axes.includes(axis),
      ),
    );
    const next = waiting.splice(Math.max(k, 0), 1)[0];
    if (next === undefined) break;
    done.push(next);
    for (const axis of next.axes) placed.add(axis);
  }
  return done;
}

function gridSweeps(sweep: Sweep, experiment: Experiment): ReadonlySet<AxisId> {
  const { values, adaptive } = sweep;
  if (values.kind === "list") {
    const start = adaptive?.start ?? null;
    const listed = mentionedSweeps(values.list, experiment);
    return start === null ? listed : new Set([...listed, ...mentionedSweeps(start, experiment)]);
  }
  if (values.kind === "tuples") {
    const entries: readonly (Expr | ListExpr)[] = values.rows.flat();
    return new Set(entries.flatMap((entry) => [...mentionedSweeps(entry, experiment)]));
  }
  return new Set();
}

function describeSweep(experiment: Experiment, axisId: AxisId, points: readonly Assignment[]): SweepPlan {
  const axis = experiment.axes.get(axisId);
  if (axis?.kind.kind !== "sweep") throw new Error(`axis ${axisId} is no sweep`);
  const coordinates = distinct(points.map((point) => point.get(axisId) ?? 0));
  return { name: axis.name, coordinates, labels: axis.kind.labels, integer: axis.kind.integer };
}

function sortPoints(
  points: readonly Assignment[],
  axes: readonly AxisId[],
  sweeps: readonly SweepPlan[],
): readonly Assignment[] {
  const places = sweeps.map((sweep) => new Map(sweep.coordinates.map((value, k) => [value, k])));
  const keyed = points.map((point) => ({
    point,
    key: axes.map((axis, k) => places[k]?.get(point.get(axis) ?? 0) ?? 0),
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

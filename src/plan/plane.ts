/**
 * Refinement of a plane: the neighbours among the values that sweeps list make cells, and a cell whose points (those on its
 * edges too) do not agree is halved along each axis. Cells are not kept: which ones were halved is seen from the points.
 */
import type { Experiment, Plane, Sweep } from "../language/typed.js";
import { listedValues, notPositive, type Assignment } from "./first-values.js";
import { differ, type Row, type Truth } from "./truth.js";

/** An axis of the plane: where cells end at first, and how they are halved. */
export interface GridAxis {
  readonly values: readonly number[];
  readonly log: boolean;
  readonly integer: boolean;
}

export interface CellGrid {
  readonly axes: readonly GridAxis[];
  /** How often a cell may be halved. */
  readonly times: number;
}

/** From low to high along each axis. */
type Cell = readonly (readonly [low: number, high: number])[];

export function gridOf(experiment: Experiment, sweeps: readonly Sweep[], plane: Plane, point: Assignment): CellGrid {
  const axes = sweeps.map((sweep, k): GridAxis => {
    const kind = experiment.axes.get(sweep.axes[0] ?? -1)?.kind;
    const values = listedValues(experiment, sweep, point).toSorted((a, b) => a - b);
    const log = plane.axes[k]?.log === true;
    const [least = 1] = values;
    if (log && least <= 0) throw notPositive(plane.span, least);
    return { values, log, integer: kind?.kind === "sweep" && kind.integer };
  });
  return { axes, times: plane.times };
}

/** The rows that the cells which are to be halved lack. */
export function refinedCells(grid: CellGrid, found: readonly Row[], truthAt: (row: Row) => Truth): readonly Row[] {
  const known = new Map(found.map((row) => [row.join(), row]));
  const truths = new Map<string, Truth>();
  const truthOf = (row: Row): Truth => {
    const key = row.join();
    const truth = truths.get(key) ?? truthAt(row);
    truths.set(key, truth);
    return truth;
  };
  const asked = new Map<string, Row>();
  const visit = (cell: Cell, depth: number, inside: readonly Row[]): void => {
    const halves = depth < grid.times ? cell.map(([low, high], k) => halvesOf(grid.axes[k], low, high)) : [];
    if (halves.every((parts) => parts.length < 2)) return;
    const own = inside.filter((row) => row.every((value, k) => isWithin(value, cell[k])));
    const lattice = product(halves.map((parts) => [...new Set(parts.flat())]));
    const lacking = lattice.filter((row) => !known.has(row.join()));
    if (lacking.length === 0) product(halves).forEach((part) => visit(part, depth + 1, own));
    else if (differ(own.map(truthOf))) lacking.forEach((row) => asked.set(row.join(), row));
  };
  const starting = grid.axes.map(({ values }) => intervalsOf(values));
  product(starting).forEach((cell) => visit(cell, 0, found));
  return [...asked.values()];
}

/** How many coordinates an axis has when all of its intervals are halved so often; infinite beyond a limit. */
export function coordinatesAt(axis: GridAxis, times: number, limit: number): number {
  let intervals = intervalsOf(axis.values);
  for (let k = 0; k < times; k++) {
    if (intervals.length > limit) return Infinity;
    intervals = intervals.flatMap(([low, high]) => halvesOf(axis, low, high));
  }
  return axis.values.length === 1 ? 1 : intervals.length + 1;
}

/** One value alone is an interval that is never halved. */
function intervalsOf(values: readonly number[]): readonly (readonly [number, number])[] {
  const [only = NaN] = values;
  if (values.length === 1) return [[only, only]];
  return values.slice(1).map((high, k) => [values[k] ?? NaN, high] as const);
}

function halvesOf(axis: GridAxis | undefined, low: number, high: number): readonly (readonly [number, number])[] {
  const exact = axis?.log === true ? Math.sqrt(low) * Math.sqrt(high) : low + (high - low) / 2;
  const middle = axis?.integer === true ? Math.round(exact) : exact;
  return middle > low && middle < high
    ? [
        [low, middle],
        [middle, high],
      ]
    : [[low, high]];
}

const isWithin = (value: number, range: readonly [number, number] | undefined): boolean =>
  range !== undefined && value >= range[0] && value <= range[1];

function product<T>(lists: readonly (readonly T[])[]): readonly (readonly T[])[] {
  return lists.reduce<readonly (readonly T[])[]>(
    (rows, list) => rows.flatMap((row) => list.map((entry) => [...row, entry])),
    [[]],
  );
}

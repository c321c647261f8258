/**
 * Where entries of a result lie in its dense column: union of the coordinates of all shapes, and for each shape the
 * place of its own entries in it. Pure; knows nothing of files.
 */
import type { ResultPlan } from "../plan/types.js";
import type { StoredPhase, StoredPlan, StoredPlanPoint } from "./store/plan-file.js";
import type { ResultAxis } from "./types.js";

/** A result's axes: sweeps, then `step`, then its own. */
export interface Grid {
  readonly axes: readonly ResultAxis[];
  readonly sweeps: number;
  readonly stepped: boolean;
  readonly size: number;
  /** Entries of one point: steps times own axes. */
  readonly cell: number;
  /** Entries of the own axes alone. */
  readonly inner: number;
  /** By shape (`shapeOf`). */
  readonly shapes: readonly ShapePlaces[];
}

export interface ShapePlaces {
  /** For each recorded slot its place on the step axis; [0] without one. */
  readonly slots: readonly number[];
  /** The slot's step, where there is a step axis. */
  readonly steps: readonly number[];
  /** For each entry of the own axes (row-major in the program's sizes) its place in the column's own axes; -1 for padding. */
  readonly inner: Int32Array;
}

export function gridOf(plan: StoredPlan, phase: StoredPhase, result: ResultPlan): Grid {
  const sweeps = sweepAxes(plan, phase);
  const stepped = result.from.kind === "record" && result.stepped;
  const steps = stepped ? phase.programs.map((program) => stepsOf(result, program.groups)) : [];
  const stepAxis: readonly ResultAxis[] = stepped
    ? [{ name: "step", kind: "step", coordinates: union(steps), labels: null, integer: true }]
    : [];
  const own = result.axes.map((axis): ResultAxis => ({
    name: axis.name,
    kind: "index",
    coordinates: union(axis.coordinates),
    labels: axis.labels,
    integer: axis.integer,
  }));
  const inner = sizeOf(own);
  const cell = inner * sizeOf(stepAxis);
  const shapes = programsOfShapes(phase).map((program, shape): ShapePlaces => {
    const taken = steps[program] ?? [];
    const slots = stepped ? placesIn(stepAxis[0]?.coordinates ?? [], taken) : [0];
    return { slots, steps: taken, inner: innerPlaces(own, result, shape) };
  });
  const axes = [...sweeps, ...stepAxis, ...own];
  return { axes, sweeps: sweeps.length, stepped, size: sizeOf(sweeps) * cell, cell, inner, shapes };
}

/** Which of a result's shapes a point has. */
export const shapeOf = (point: StoredPlanPoint): number => point.shape ?? point.program;

/** For each shape the program that serves it. */
function programsOfShapes(phase: StoredPhase): readonly number[] {
  const programs = phase.programs.map((_, number) => number);
  for (const point of phase.points) programs[shapeOf(point)] = point.program;
  return programs;
}

export function sweepAxes(plan: StoredPlan, phase: StoredPhase): readonly ResultAxis[] {
  return phase.axes.map((name): ResultAxis => {
    const sweep = plan.sweeps.find((candidate) => candidate.name === name);
    if (sweep === undefined) throw new Error(`phase ${phase.name} has the axis ${name}, which is no sweep of the plan`);
    return { name, kind: "sweep", coordinates: sweep.coordinates, labels: sweep.labels, integer: sweep.integer };
  });
}

export const sizeOf = (axes: readonly ResultAxis[]): number =>
  axes.reduce((size, axis) => size * axis.coordinates.length, 1);

/** The number of a point among all places of the sweep axes. */
export function flatPosition(axes: readonly ResultAxis[], position: readonly number[]): number {
  return axes.reduce((flat, axis, k) => flat * axis.coordinates.length + (position[k] ?? 0), 0);
}

function stepsOf(result: ResultPlan, groups: readonly (readonly number[])[]): readonly number[] {
  const taken = (result.from.kind === "record" ? groups[result.from.group] : undefined) ?? [];
  return result.stepwise === true ? taken.map((updates) => updates - 1) : taken;
}

/** All coordinates that occur; ascending where each list is, else in the order in which they appear. */
function union(lists: readonly (readonly number[])[]): readonly number[] {
  const [first] = lists;
  if (first === undefined) return [];
  if (lists.every((list) => sameNumbers(list, first))) return first;
  const all = new Map<string, number>();
  for (const list of lists) for (const [key, value] of numbered(list)) all.set(key, value);
  const values = [...all.values()];
  return lists.every(isAscending) ? values.sort((a, b) => a - b) : values;
}

const sameNumbers = (a: readonly number[], b: readonly number[]): boolean =>
  a === b || (a.length === b.length && a.every((value, k) => Object.is(value, b[k])));
const isAscending = (list: readonly number[]): boolean =>
  list.every((value, k) => k === 0 || (list[k - 1] ?? value) <= value);

/** A coordinate that stands twice in a list is two entries. */
function numbered(list: readonly number[]): readonly (readonly [string, number])[] {
  const seen = new Map<number, number>();
  return list.map((value) => {
    const times = seen.get(value) ?? 0;
    seen.set(value, times + 1);
    return [`${value}#${times}`, value] as const;
  });
}

function placesIn(all: readonly number[], some: readonly number[]): readonly number[] {
  if (sameNumbers(all, some)) return some.map((_, place) => place);
  const places = new Map(numbered(all).map(([key], place) => [key, place]));
  return numbered(some).map(([key]) => places.get(key) ?? 0);
}

function innerPlaces(own: readonly ResultAxis[], result: ResultPlan, shape: number): Int32Array {
  let places = Int32Array.of(0);
  own.forEach((axis, k) => {
    const { coordinates = [], extents } = result.axes[k] ?? {};
    const along = placesIn(axis.coordinates, coordinates[shape] ?? []);
    const extent = extents?.[shape] ?? along.length;
    const size = axis.coordinates.length;
    const next = new Int32Array(places.length * extent).fill(-1);
    places.forEach((place, outer) => {
      if (place < 0) return;
      along.forEach((position, inner) => (next[outer * extent + inner] = place * size + position));
    });
    places = next;
  });
  return places;
}

/**
 * Reads a result from the blocks into a dense column: what is outside of the plan, what is missing, what is there.
 * Neighbours: `grid.ts` says where entries lie, `source.ts` hands columns to claims, `tables/` writes them.
 */
import type { ResultPlan } from "../plan/types.js";
import type { Place, StoredArray, StoredPoint, StoredType } from "./store/block-file.js";
import type { StoredPhase, StoredPlan } from "./store/plan-file.js";
import type { Store } from "./store/store.js";
import { extentsOf, heldEntries } from "./held.js";
import { placeKey } from "./store/block-file.js";
import type { Grid, ShapePlaces } from "./grid.js";
import { flatPosition, gridOf, shapeOf, sizeOf } from "./grid.js";
import { ABSENT, MISSING, VALID } from "./types.js";

/** There, but no finite number: stored and shown in tables, missing for claims. */
export const NONFINITE = 3;

/** A column as it is stored; states may also be `NONFINITE`. */
export interface Cells {
  readonly grid: Grid;
  readonly result: ResultPlan;
  /** The type of the numbers on disk; null where nothing is there yet. */
  readonly stored: StoredType | null;
  readonly values: Float64Array;
  readonly states: Uint8Array;
  readonly last: { readonly values: Float64Array; readonly states: Uint8Array } | null;
}

/** Beyond this a column does not fit into memory beside everything else. */
export const LARGEST_COLUMN = 1_000_000_000;

export function readCells(plan: StoredPlan, phase: StoredPhase, result: ResultPlan, store: Store): Cells {
  const grid = gridOf(plan, phase, result);
  const main = newPart(grid.size);
  const last = grid.stepped ? newPart(sizeOf(grid.axes.slice(0, grid.sweeps)) * grid.inner) : null;
  const blocks = new Map<string, Map<string, StoredArray | undefined>>();
  let stored: StoredType | null = null;

  const load = (stem: string, place: Place): StoredArray | undefined => {
    const columns = blocks.get(stem) ?? new Map<string, StoredArray | undefined>();
    blocks.set(stem, columns);
    const key = placeKey(place);
    if (columns.has(key)) return columns.get(key);
    const reading = store.column(stem, place);
    if (reading !== undefined && place !== restsAt) stored = reading.column.type;
    columns.set(key, reading?.data);
    return reading?.data;
  };

  const sweeps = grid.axes.slice(0, grid.sweeps);
  const behind = result.stepwise === true ? 1 : 0;
  const { holds } = phase;
  const telling = typeof holds === "boolean" ? undefined : phase.results.find(({ name }) => name === holds.result);
  const restsAt = telling === undefined ? null : placesOf(telling, { stepped: false }).whole;
  const sizeOfRests = (shape: number): number =>
    telling === undefined ? 0 : extentsOf(telling, shape).reduce((size, extent) => size * extent, 1);
  for (const point of phase.points) {
    const places = grid.shapes[shapeOf(point)];
    if (places === undefined) continue;
    const at = flatPosition(sweeps, point.position);
    const found = store.find(point.key);
    const usable = found !== undefined && found.point.state !== "failed" ? found : undefined;
    const read = (place: Place, size: number): ArrayLike<number> | undefined => {
      if (usable === undefined) return undefined;
      const data = load(usable.stem, place);
      const start = usable.at * size;
      return data === undefined || data.length < start + size ? undefined : data.subarray(start, start + size);
    };
    const entries = places.inner.length;
    const { slots, whole } = placesOf(result, grid);
    if (slots !== null) {
      const data = read(slots, places.slots.length * entries);
      // The value after the last update stands in no slot of its own where a run stops.
      const isThere = (slot: number): boolean => recorded(usable?.point, (places.steps[slot] ?? 0) + behind);
      fill(main, at * grid.cell, grid.inner, places, data, isThere);
      const stopped = usable?.point.stopped === true;
      // What a body made in its last step is there, although the state that it left may be infinite.
      const isCut = behind === 1 && usable?.point.state === "diverged";
      if ((stopped || isCut) && usable.point.steps >= behind) {
        const { steps } = usable.point;
        const data = read(whole, entries);
        const isTaken = (slot: number): boolean => !isThere(slot) && (places.steps[slot] ?? 0) < steps;
        const isLater = (slot: number): boolean => !isThere(slot) && (places.steps[slot] ?? 0) >= steps;
        hold(main, at * grid.cell, grid.inner, places, data, isTaken);
        const shape = shapeOf(point);
        const rests = restsAt === null ? undefined : read(restsAt, sizeOfRests(shape));
        const resting =
          !stopped || telling === undefined || rests === undefined
            ? null
            : heldEntries(result, shape, { result: telling, rests });
        const inner = resting === null ? places.inner : places.inner.map((place, k) => (resting[k] === 1 ? place : -1));
        if (stopped && (holds === true || resting !== null))
          hold(main, at * grid.cell, grid.inner, { slots: places.slots, inner }, data, isLater);
      }
    }
    const target = grid.stepped ? last : main;
    if (target !== null) {
      const data = read(whole, entries);
      const isDone = usable?.point.state === "done" && usable.point.steps >= behind;
      fill(target, at * grid.inner, grid.inner, { ...places, slots: [0] }, data, () => isDone);
    }
  }
  return { grid, result, stored, ...main, last };
}

/** The columns of a result: by slot, and as a whole at the end. */
function placesOf(
  result: ResultPlan,
  grid: Pick<Grid, "stepped">,
): { readonly slots: Place | null; readonly whole: Place } {
  const { from } = result;
  if (from.kind !== "record") return { slots: null, whole: from };
  return { slots: grid.stepped ? from : null, whole: { ...from, kind: "last" } };
}

/** Whether a run recorded at a step: before its divergence, and before it stopped (`stop when` is judged before records). */
function recorded(point: StoredPoint | undefined, step: number): boolean {
  if (point === undefined) return false;
  if (point.diverged >= 0) return step < point.diverged;
  return !point.stopped || step < point.steps;
}

/** A run that rests keeps its last value. */
function hold(
  part: Part,
  base: number,
  inner: number,
  places: Pick<ShapePlaces, "slots" | "inner">,
  last: ArrayLike<number> | undefined,
  isHeld: (slot: number) => boolean,
): void {
  places.slots.forEach((place, slot) => {
    if (isHeld(slot)) fill(part, base, inner, { slots: [place], inner: places.inner }, last, () => true);
  });
}

interface Part {
  readonly values: Float64Array;
  readonly states: Uint8Array;
}

const newPart = (size: number): Part => ({
  values: new Float64Array(size).fill(NaN),
  states: new Uint8Array(size).fill(ABSENT),
});

function fill(
  part: Part,
  base: number,
  inner: number,
  places: Pick<ShapePlaces, "slots" | "inner">,
  data: ArrayLike<number> | undefined,
  isThere: (slot: number) => boolean,
): void {
  const entries = places.inner.length;
  places.slots.forEach((place, slot) => {
    const there = data !== undefined && isThere(slot);
    for (let k = 0; k < entries; k++) {
      const within = places.inner[k] ?? -1;
      if (within < 0) continue;
      const at = base + place * inner + within;
      const value = there ? (data[slot * entries + k] ?? NaN) : NaN;
      part.values[at] = value;
      part.states[at] = !there ? MISSING : Number.isFinite(value) ? VALID : NONFINITE;
    }
  });
}

/** What is known of each run of a phase, over its sweep axes. */
export type RunFact = "steps" | "stopped" | "diverged" | "finished";

export function readFact(phase: StoredPhase, fact: RunFact, grid: Grid, store: Store): Part {
  const part = newPart(sizeOf(grid.axes));
  for (const point of phase.points) {
    const at = flatPosition(grid.axes, point.position);
    const value = factOf(store.find(point.key)?.point, fact);
    part.values[at] = value ?? NaN;
    part.states[at] = value === null ? MISSING : VALID;
  }
  return part;
}

function factOf(point: StoredPoint | undefined, fact: RunFact): number | null {
  if (fact === "finished") return Number(point?.state === "done");
  if (point === undefined || point.state === "failed") return null;
  switch (fact) {
    case "steps":
      return point.state === "done" ? point.steps : null;
    case "stopped":
      return Number(point.stopped);
    case "diverged":
      return Number(point.state === "diverged");
  }
}

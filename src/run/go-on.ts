/**
 * More steps than before: a block goes on from the final values that an earlier plan left behind, with the records that it
 * took on the way, instead of starting again.
 */
import type { BlockState, Numbers } from "../engine/types.js";
import { stepsAt, updatesOf } from "../plan/schedules.js";
import type { BlockPlan, Meaning, PhasePlan, PointPlan, ProgramPlan } from "../plan/types.js";
import { placeKey, type StoredPoint } from "../results/store/block-file.js";
import type { Kept, Store } from "../results/store/store.js";
import type { KeptColumn } from "./columns.js";
import { allocate, carriedVaries, keptColumns } from "./columns.js";
import type { BlockRecorder } from "./recorder.js";

/** What is there of a point after some updates. */
interface Left {
  readonly end: StoredPoint;
  readonly carried: readonly Kept[];
  /** For each record column, by its place among the kept ones: a column that has all steps that are needed. */
  readonly records: ReadonlyMap<number, Kept>;
}

interface Context {
  readonly store: Store;
  readonly engineTag: string;
}

/** The most updates after which all points of a block can go on; 0 where they cannot. */
export function updatesThere(phase: PhasePlan, plan: ProgramPlan, block: BlockPlan, context: Context): number {
  return leftBehind(phase, plan, block, context)?.step ?? 0;
}

/** The state to go on from, with the records before it put into the recorder; null: start. */
export function goOn(
  phase: PhasePlan,
  plan: ProgramPlan,
  block: BlockPlan,
  context: Context,
  recorder: BlockRecorder,
): BlockState | null {
  const found = leftBehind(phase, plan, block, context);
  if (found === null) return null;
  const reader = new Reader(context.store);
  try {
    return restore(phase, plan, found, reader, recorder);
  } catch (error) {
    if (error instanceof Damaged) return null;
    throw error;
  }
}

interface Found {
  readonly step: number;
  readonly left: readonly Left[];
}

function leftBehind(phase: PhasePlan, plan: ProgramPlan, block: BlockPlan, context: Context): Found | null {
  const { ending } = plan.meanings;
  if (ending === null || !plan.keepsState || context.store.isEmpty) return null;
  const points = block.points.flatMap((number) => phase.points[number] ?? []);
  const columns = keptColumns(phase, plan);
  const [first] = points;
  if (first === undefined) return null;
  const candidates = new Set(
    lookUp(ending, first, context.store)
      .flatMap(({ schedule }) => updatesOf(schedule) ?? [])
      .filter((step) => step > 0 && step < plan.steps),
  );
  for (const step of [...candidates].sort((a, b) => b - a)) {
    const left = points.map((point) => leftAfter(step, point, plan, columns, context));
    const there = left.flatMap((one) => one ?? []);
    if (there.length === points.length) return { step, left: there };
  }
  return null;
}

const lookUp = ({ slice, reads }: Meaning, point: PointPlan, store: Store): readonly Kept[] =>
  store.kept(slice, point.reads[reads] ?? "");

function leftAfter(
  step: number,
  point: PointPlan,
  plan: ProgramPlan,
  columns: readonly KeptColumn[],
  { store, engineTag }: Context,
): Left | undefined {
  const { meanings, groups } = plan;
  const sameEngine = ({ stem }: Kept): boolean => {
    const engine = store.header(stem)?.engine;
    return engine !== undefined && `${engine.name} ${engine.version}` === engineTag;
  };
  const after = (meaning: Meaning): Kept | undefined =>
    lookUp(meaning, point, store).find((kept) => updatesOf(kept.schedule) === step && sameEngine(kept));
  const ended = meanings.ending === null ? undefined : after(meanings.ending);
  const end = ended === undefined ? undefined : store.header(ended.stem)?.points[ended.at];
  // Why a point failed is a matter of its whole program.
  if (end === undefined || end.state === "failed") return undefined;
  const carried = meanings.carried.map((meaning) => carriedOf(meaning, point, step, store, sameEngine));
  const records = new Map<number, Kept>();
  for (const [k, { place, meaning }] of columns.entries()) {
    if (place.kind !== "record") continue;
    const needed = (groups[place.group] ?? []).filter((recorded) => recorded < step);
    const kept = lookUp(meaning, point, store).find((candidate) => covers(candidate, needed));
    if (kept === undefined) return undefined;
    records.set(k, kept);
  }
  const there = carried.flatMap((kept) => kept ?? []);
  return there.length < carried.length ? undefined : { end, carried: there, records };
}

/** The ending and a carried value may have the same meaning. */
function carriedOf(
  meaning: Meaning,
  point: PointPlan,
  step: number,
  store: Store,
  sameEngine: (kept: Kept) => boolean,
): Kept | undefined {
  return lookUp(meaning, point, store).find(
    (kept) => kept.column?.place.kind === "carried" && updatesOf(kept.schedule) === step && sameEngine(kept),
  );
}

function covers({ column, schedule }: Kept, needed: readonly number[]): boolean {
  if (column?.place.kind !== "record") return false;
  const there = new Set(stepsAt(schedule));
  return needed.every((step) => there.has(step));
}

function restore(
  phase: PhasePlan,
  plan: ProgramPlan,
  { step, left }: Found,
  reader: Reader,
  recorder: BlockRecorder,
): BlockState {
  const { runs, program } = plan;
  // Places behind the last point repeat it, as everywhere in a block.
  const byRun = Array.from({ length: runs }, (_, run) => left[Math.min(run, left.length - 1)]).flatMap(
    (one) => one ?? [],
  );
  const columns = keptColumns(phase, plan);
  columns.forEach(({ place, inner }, k) => {
    if (place.kind !== "record") return;
    const wanted = plan.groups[place.group] ?? [];
    byRun.forEach(({ records }, run) => {
      const kept = records.get(k);
      if (kept !== undefined) recorder.put(k, run, slotsOf(reader, kept, wanted, step, inner));
    });
  });
  const carried = (program.loop?.carried ?? []).map(({ type }, index) => {
    const length = reader.entries(byRun[0]?.carried[index]);
    if (!carriedVaries(plan, index)) {
      const shared = allocate(type.dtype, length);
      shared.set(reader.point(byRun[0]?.carried[index], length));
      return shared;
    }
    const array = allocate(type.dtype, length * runs);
    byRun.forEach((one, run) => {
      const values = reader.point(one.carried[index], length);
      for (let k = 0, at = run; k < length; k++, at += runs) array[at] = values[k] ?? 0;
    });
    return array;
  });
  return {
    step,
    carried,
    alive: Uint8Array.from(byRun, ({ end }) => Number(end.state === "done" && !end.stopped)),
    steps: Int32Array.from(byRun, ({ end }) => end.steps),
    diverged: Int32Array.from(byRun, ({ end }) => end.diverged),
    failed: new Int32Array(runs).fill(-1),
    failedAt: new Int32Array(runs).fill(-1),
  };
}

/** The records of one point before a step, in the slots of the new schedule. */
function slotsOf(
  reader: Reader,
  kept: Kept,
  wanted: readonly number[],
  before: number,
  inner: number,
): readonly { readonly slot: number; readonly values: Numbers }[] {
  const there = new Map(stepsAt(kept.schedule).map((recorded, slot) => [recorded, slot]));
  const values = reader.point(kept, there.size * inner);
  return wanted.flatMap((recorded, slot) => {
    const from = there.get(recorded);
    if (recorded >= before || from === undefined) return [];
    return [{ slot, values: values.subarray(from * inner, (from + 1) * inner) }];
  });
}

class Damaged extends Error {}

/** Columns of files, each read once. */
class Reader {
  private readonly columns = new Map<string, Numbers>();

  constructor(private readonly store: Store) {}

  /** How many numbers a point has in a column without slots. */
  entries(kept: Kept | undefined): number {
    return (kept?.column?.dims ?? []).reduce((size, dim) => size * dim, 1);
  }

  point(kept: Kept | undefined, size: number): Numbers {
    const place = kept?.column?.place;
    if (kept === undefined || place === undefined) throw new Damaged();
    const key = `${kept.stem} ${placeKey(place)}`;
    const data = this.columns.get(key) ?? this.store.column(kept.stem, place)?.data;
    if (data === undefined) throw new Damaged();
    this.columns.set(key, data);
    return data.subarray(kept.at * size, (kept.at + 1) * size);
  }
}

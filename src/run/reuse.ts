/**
 * Points that are there, but not under their key: an edit of the spec changed the program around them, and every column that
 * they need was computed for an earlier plan. They are copied into a file of the new plan; the old files stay as they are.
 */
import type { PhasePlan, Plan, PointPlan, ProgramPlan } from "../plan/types.js";
import type { BlockLocks } from "../results/store/block-locks.js";
import type { ColumnData, StoredMeaning, StoredPoint } from "../results/store/block-file.js";
import type { Kept, Store } from "../results/store/store.js";
import type { KeptColumn } from "./columns.js";
import { allocate, endingOf, keptColumns } from "./columns.js";

/** Where all that a point needs lies; undefined for a column that is only kept for going on, and is not there. */
interface Origin {
  readonly point: PointPlan;
  readonly end: StoredPoint;
  readonly stem: string;
  readonly columns: readonly (Kept | undefined)[];
}

/** What a program's points are looked up by. */
interface Wanted {
  readonly columns: readonly KeptColumn[];
  readonly ending: StoredMeaning | null;
}

/** The numbers of a phase's points that an earlier plan has computed under other keys. */
export function reusablePoints(phase: PhasePlan, store: Store): ReadonlySet<number> {
  if (store.isEmpty) return new Set();
  const wanted = phase.programs.map((program) => wantedOf(phase, program));
  const found = phase.points.flatMap((point, number) => {
    const columns = wanted[point.program];
    if (columns === undefined || store.find(point.key) !== undefined) return [];
    return originOf(columns, point, store) === undefined ? [] : [number];
  });
  return new Set(found);
}

/** Enters such points under their new keys; returns how many. */
export async function reusePoints(plan: Plan, store: Store, locks: BlockLocks): Promise<number> {
  if (store.isEmpty) return 0;
  let count = 0;
  for (const phase of plan.phases)
    for (const program of phase.programs) {
      const wanted = wantedOf(phase, program);
      for (const block of program.blocks) {
        const missing = block.points
          .flatMap((number) => phase.points[number] ?? [])
          .filter(({ key }) => store.find(key) === undefined);
        const origins = missing.flatMap((point) => originOf(wanted, point, store) ?? []);
        if (origins.length === 0 || !locks.acquire(block.key)) continue;
        try {
          for (const group of alike(origins)) count += await copy(block.key, program, wanted, group, store);
        } finally {
          locks.release(block.key);
        }
      }
    }
  return count;
}

const wantedOf = (phase: PhasePlan, program: ProgramPlan): Wanted => ({
  columns: keptColumns(phase, program),
  ending: endingOf(phase, program),
});

function originOf({ columns, ending }: Wanted, point: PointPlan, store: Store): Origin | undefined {
  const places: (Kept | undefined)[] = [];
  for (const { meaning, needed } of columns) {
    const kept = lookUp(meaning, point, store);
    if (kept === undefined && needed) return undefined;
    places.push(kept);
  }
  const end = ending === null ? places.find((place) => place !== undefined) : lookUp(ending, point, store);
  const stored = end === undefined ? undefined : store.header(end.stem)?.points[end.at];
  // Why a point failed is a matter of its whole program.
  if (end === undefined || stored === undefined || stored.state === "failed") return undefined;
  const { key, reads, place } = point;
  return { point, end: { ...stored, key, reads, place }, stem: end.stem, columns: places };
}

const lookUp = ({ slice, schedule, reads }: StoredMeaning, point: PointPlan, store: Store): Kept | undefined =>
  store.kept(slice, point.reads[reads] ?? "").find((kept) => kept.schedule === schedule);

/** Points whose columns come from the same files share a file again. */
function alike(origins: readonly Origin[]): Iterable<readonly Origin[]> {
  const groups = new Map<string, Origin[]>();
  for (const origin of origins) {
    const key = [origin.stem, ...origin.columns.map((kept) => kept?.stem ?? "")].join(" ");
    groups.set(key, [...(groups.get(key) ?? []), origin]);
  }
  return groups.values();
}

/** A damaged file makes its points missing again. */
async function copy(
  block: string,
  program: ProgramPlan,
  { columns, ending }: Wanted,
  origins: readonly Origin[],
  store: Store,
): Promise<number> {
  const [first] = origins;
  const engine = first === undefined ? undefined : store.header(first.stem)?.engine;
  if (first === undefined || engine === undefined) return 0;
  const data: ColumnData[] = [];
  for (const [k, { place, meaning, dtype, dims, inner, slots, needed }] of columns.entries()) {
    const kept = first.columns[k];
    const from = kept?.column?.place;
    const stored = kept === undefined || from === undefined ? undefined : store.column(kept.stem, from)?.data;
    if (stored === undefined) {
      if (needed) return 0;
      continue;
    }
    const size = inner * (slots ?? 1);
    const copied = allocate(dtype, origins.length * size);
    origins.forEach((origin, at) => {
      const from = (origin.columns[k]?.at ?? 0) * size;
      copied.set(stored.subarray(from, from + size), at * size);
    });
    data.push({ place, meaning, slots, dims, data: copied });
  }
  const points = origins.map(({ end }) => end);
  await store.addBlock({ block, program: program.key, engine, points, ending }, data);
  return origins.length;
}

/**
 * Collects what calls of a block hand back and turns it round: engines have the run last, the store has it first.
 * Pure; the end of a run is read off the block's state here and nowhere else.
 */
import type { BlockState, Numbers, RecordedSlots } from "../engine/types.js";
import type { PhasePlan, PointPlan, ProgramPlan } from "../plan/types.js";
import type { ColumnData, StoredPoint } from "../results/store/block-file.js";
import type { KeptColumn } from "./columns.js";
import { allocate, keptColumns } from "./columns.js";

/** What the call that ended a block hands back. */
export interface BlockEnd {
  readonly state: BlockState;
  readonly last: readonly (readonly Numbers[])[] | null;
  readonly outputs: readonly Numbers[] | null;
}

export class BlockRecorder {
  private readonly kept: readonly KeptColumn[];
  /** By kept column with slots: [run][slot][...dims]. */
  private readonly buffers: readonly Numbers[];

  constructor(
    phase: PhasePlan,
    private readonly plan: ProgramPlan,
  ) {
    this.kept = keptColumns(phase, plan);
    this.buffers = this.kept.map(({ dtype, inner, slots }) => allocate(dtype, plan.runs * (slots ?? 0) * inner));
  }

  /** Takes the records of one call. */
  add(recorded: RecordedSlots): void {
    this.kept.forEach(({ place, inner, slots }, k) => {
      if (place.kind !== "record" || slots === null) return;
      const group = recorded.groups[place.group];
      const source = group?.entries[place.entry];
      const target = this.buffers[k];
      if (group === undefined || source === undefined || target === undefined) return;
      for (let slot = 0; slot < group.count; slot++)
        turn(
          source,
          slot * inner * this.plan.runs,
          target,
          (group.from + slot) * inner,
          slots * inner,
          inner,
          this.plan.runs,
        );
    });
  }

  /** Enters records of one run that were taken earlier. */
  put(column: number, run: number, records: readonly { readonly slot: number; readonly values: Numbers }[]): void {
    const [kept, buffer] = [this.kept[column], this.buffers[column]];
    if (kept === undefined || buffer === undefined) return;
    const { inner, slots } = kept;
    for (const { slot, values } of records) buffer.set(values, (run * (slots ?? 0) + slot) * inner);
  }

  /** What a checkpoint has to keep, in a fixed order. */
  get recorded(): readonly Numbers[] {
    return this.buffers;
  }

  /** Goes on from what `recorded` gave; false when it does not fit. */
  restore(arrays: readonly Numbers[]): boolean {
    if (arrays.length !== this.buffers.length) return false;
    if (!this.buffers.every((buffer, k) => arrays[k]?.length === buffer.length)) return false;
    this.buffers.forEach((buffer, k) => buffer.set(arrays[k] ?? []));
    return true;
  }

  /** Everything that is kept, by run: the columns in the store's layout, all runs of the block. */
  private columns(end: BlockEnd): readonly Numbers[] {
    const { runs } = this.plan;
    return this.kept.map(({ place, dtype, inner, byRun }, k) => {
      if (place.kind === "record") return this.buffers[k] ?? allocate(dtype, 0);
      const target = allocate(dtype, runs * inner);
      const source = sourceOf(place, end);
      if (source === undefined) return target;
      if (byRun) turn(source, 0, target, 0, inner, inner, runs);
      else for (let run = 0; run < runs; run++) target.set(source, run * inner);
      return target;
    });
  }

  /** The points at some places of the block, with their columns. */
  finish(
    end: BlockEnd,
    points: readonly PointPlan[],
  ): { readonly points: readonly StoredPoint[]; readonly columns: readonly ColumnData[] } {
    const all = this.columns(end);
    const columns = this.kept.map(({ place, meaning, dtype, dims, inner, slots }, k): ColumnData => {
      const size = inner * (slots ?? 1);
      const source = all[k] ?? allocate(dtype, 0);
      const data = allocate(dtype, points.length * size);
      points.forEach((point, at) => data.set(source.subarray(point.place * size, (point.place + 1) * size), at * size));
      return { place, meaning, slots, dims, data };
    });
    return { points: points.map((point) => pointEnd(this.plan, point, end.state)), columns };
  }
}

function sourceOf(place: KeptColumn["place"], end: BlockEnd): Numbers | undefined {
  switch (place.kind) {
    case "record":
      return undefined;
    case "last":
      return end.last?.[place.group]?.[place.entry];
    case "output":
      return end.outputs?.[place.entry];
    case "carried":
      return end.state.carried[place.index];
  }
}

/** `target[run * stride + at + k] = source[from + k * runs + run]`. */
function turn(
  source: Numbers,
  from: number,
  target: Numbers,
  at: number,
  stride: number,
  inner: number,
  runs: number,
): void {
  for (let run = 0; run < runs; run++) {
    const start = run * stride + at;
    for (let k = 0, place = from + run; k < inner; k++, place += runs) target[start + k] = source[place] ?? 0;
  }
}

/** How a run ended. What happened first counts: after a divergence, a failing check is no surprise. */
function pointEnd({ program }: ProgramPlan, { key, reads, place }: PointPlan, state: BlockState): StoredPoint {
  const diverged = state.diverged[place] ?? -1;
  const check = state.failed[place] ?? -1;
  const step = state.failedAt[place] ?? -1;
  const failed = check >= 0 && (diverged < 0 || step < diverged);
  const ended = diverged >= 0 || failed;
  const message = program.checks[check]?.message ?? "a condition of the run does not hold";
  return {
    key,
    reads,
    place,
    state: failed ? "failed" : diverged >= 0 ? "diverged" : "done",
    steps: state.steps[place] ?? 0,
    stopped: !ended && (program.loop?.stop ?? null) !== null && state.alive[place] === 0,
    diverged: failed ? -1 : diverged,
    failure: failed ? { check, step, reason: program.loop === null ? message : `${message} at step ${step}` } : null,
  };
}

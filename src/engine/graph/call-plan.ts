/**
 * What one call does, decided on the host: where it ends and which record slots it fills. A slot belongs to the call that
 * also makes the update at its step; a slot at the last step to the call that reaches it.
 */
import type { Schedule } from "../types.js";

export interface CallPlan {
  /** Updates done at the end, if no run ends the loop earlier. */
  readonly end: number;
  /** True when nothing is left to do after this call. */
  readonly complete: boolean;
  /** Steps of the slots of all groups, merged, ascending. */
  readonly steps: readonly number[];
  readonly groups: readonly {
    /** Number of this call's first slot in the group's schedule. */
    readonly from: number;
    /** For each merged slot: the row in the group's buffer, -1 where the group has no slot there. */
    readonly rows: readonly number[];
  }[];
}

export function planCall(schedule: Schedule, step: number, limit: number, slotsPerCall: number): CallPlan {
  const starts = schedule.groups.map((steps) => firstFrom(steps, step));
  let end = Math.max(step, Math.min(limit, schedule.steps));
  let complete = end === schedule.steps;
  schedule.groups.forEach((steps, group) => {
    // The first slot that the buffers cannot take ends the call before it.
    const tooMany = steps[(starts[group] ?? 0) + slotsPerCall];
    if (tooMany === undefined || tooMany > end || (tooMany === end && !complete)) return;
    end = tooMany;
    complete = false;
  });
  const taken = schedule.groups.map((steps, group) =>
    steps.slice(starts[group]).filter((at) => at < end || (complete && at === end)),
  );
  const merged = [...new Set(taken.flat())].sort((a, b) => a - b);
  const groups = taken.map((steps, group) => {
    let row = 0;
    const rows = merged.map((at) => (steps[row] === at ? row++ : -1));
    return { from: starts[group] ?? 0, rows };
  });
  return { end, complete, steps: merged, groups };
}

/** The slots' table as the graph reads it: step and rows of each slot, then the end of the call; unused places are zero. */
export function slotTable(plan: CallPlan, slotsPerCall: number): Int32Array {
  const width = 1 + plan.groups.length;
  const table = new Int32Array((plan.groups.length * slotsPerCall + 1) * width);
  plan.steps.forEach((step, slot) => {
    table[slot * width] = step;
    plan.groups.forEach((group, number) => {
      const row = group.rows[slot] ?? -1;
      table[slot * width + 1 + number] = row < 0 ? slotsPerCall : row;
    });
  });
  const last = plan.steps.length * width;
  table[last] = plan.end;
  table.fill(slotsPerCall, last + 1, last + width);
  return table;
}

/** How many rows of a group are filled when `reached` merged slots are. */
export function rowsFilled(plan: CallPlan, group: number, reached: number): number {
  const rows = plan.groups[group]?.rows ?? [];
  return rows.slice(0, reached).filter((row) => row >= 0).length;
}

/** The position of the first step not below `from`, by halving. */
function firstFrom(steps: readonly number[], from: number): number {
  let [low, high] = [0, steps.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((steps[middle] ?? Infinity) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

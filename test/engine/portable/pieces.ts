/** Runs a schedule in calls of a few updates each and puts the pieces together. */
import type { BlockState, CallResult, Executable, Numbers, Schedule } from "../../../src/engine/types.js";

export interface Joined {
  readonly state: BlockState;
  readonly last: CallResult["last"];
  /** By group: how many slots were filled, and by entry all numbers of the slots. */
  readonly groups: readonly { readonly count: number; readonly entries: readonly (readonly number[])[] }[];
}

export function callInPieces(
  executable: Executable,
  arrays: readonly Numbers[],
  schedule: Schedule,
  piece: number,
): Joined {
  let state: BlockState | null = null;
  const groups: { count: number; entries: number[][] }[] = [];
  for (;;) {
    const limit: number = (state?.step ?? 0) + piece;
    const result: CallResult = executable.call({ arrays }, schedule, state, limit);
    result.recorded.groups.forEach(({ from, count, entries }, g) => {
      const group = (groups[g] ??= { count: 0, entries: entries.map(() => []) });
      if (from !== group.count) throw new Error(`group ${g} goes on at slot ${from} instead of ${group.count}`);
      group.count += count;
      entries.forEach((entry, e) => group.entries[e]?.push(...entry));
    });
    state = result.state;
    if (result.finished) return { state, last: result.last, groups };
  }
}

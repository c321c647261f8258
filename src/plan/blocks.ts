/** How many runs share a block, and how many record slots a call takes: functions of the program alone. */
import type { Cost } from "./cost.js";

/** Bits were seen to agree for blocks of multiples of 16 only. */
const LANES = 16;
/** From here on one run keeps a core busy, and a batch of matrices is slower than one after the other. */
const FILLS_A_CORE = 1_500_000;
/** Operations of one step of a block: enough to hide what a step costs by itself. */
const STEP_OPERATIONS = 240_000;
const MOST_RUNS = 1024;
const CALL_RECORD_BYTES = 64 * 2 ** 20;

export function runsPerBlock(cost: Cost, varies: boolean): number {
  if (!varies || cost.flopsPerStep >= FILLS_A_CORE) return 1;
  const wanted = Math.ceil(STEP_OPERATIONS / Math.max(cost.flopsPerStep, 1) / LANES) * LANES;
  return Math.min(Math.max(wanted, LANES), MOST_RUNS);
}

/** Slots of each group that fit a call's buffer; all of them where they do. */
export function slotsPerCall(cost: Cost, runs: number, slots: number): number {
  const fitting = Math.floor(CALL_RECORD_BYTES / Math.max(cost.slotBytes * runs, 1));
  return Math.max(1, Math.min(Math.max(slots, 1), fitting));
}

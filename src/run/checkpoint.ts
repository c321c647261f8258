/** A block's state and records as a checkpoint, and back. */
import type { BlockState, Numbers } from "../engine/types.js";
import type { Checkpoint } from "../results/store/checkpoint-file.js";
import type { BlockRecorder } from "./recorder.js";

/** What was spent on the block so far. */
export interface Spent {
  readonly calls: number;
  readonly seconds: number;
}

interface Note extends Spent {
  readonly step: number;
  readonly carried: number;
  /** Places of the block that hold runs of their own; the others repeat one of them, since their points could not be computed. */
  readonly places: readonly number[];
}

/** The arrays are copied: work goes on while they are written. */
export function toCheckpoint(
  block: string,
  engine: string,
  state: BlockState,
  recorder: BlockRecorder,
  spent: Spent,
  places: readonly number[],
): Checkpoint {
  const { step, carried, alive, steps, diverged, failed, failedAt } = state;
  const note: Note = { step, carried: carried.length, places, ...spent };
  const arrays = [
    ...carried,
    alive,
    steps,
    diverged,
    failed,
    failedAt,
    ...recorder.recorded.map((array) => array.slice()),
  ];
  return { block, engine, note, arrays };
}

/** Puts the records back and gives the state to go on from; null when the checkpoint does not fit, or lacks one of the places. */
export function fromCheckpoint(
  checkpoint: Checkpoint,
  recorder: BlockRecorder,
  wanted: readonly number[],
): { readonly state: BlockState; readonly spent: Spent; readonly places: readonly number[] } | null {
  const note = checkpoint.note as Note;
  if (!wanted.every((place) => note.places.includes(place))) return null;
  const arrays: readonly Numbers[] = checkpoint.arrays;
  const [alive, steps, diverged, failed, failedAt, ...recorded] = arrays.slice(note.carried);
  const fits = alive instanceof Uint8Array && steps instanceof Int32Array && diverged instanceof Int32Array;
  if (!fits || !(failed instanceof Int32Array) || !(failedAt instanceof Int32Array)) return null;
  if (!recorder.restore(recorded)) return null;
  const carried = arrays.slice(0, note.carried);
  const state = { step: note.step, carried, alive, steps, diverged, failed, failedAt };
  return { state, spent: { calls: note.calls, seconds: note.seconds }, places: note.places };
}

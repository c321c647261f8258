/**
 * Keys by meaning. A program's and a point's key name one plan of blocks; the `Meaning` of a column says what its numbers are,
 * whatever plan they were computed for, so that an edit elsewhere leaves them usable.
 */
import { createHash } from "node:crypto";
import { type HashedSlice, SliceHasher } from "../ir/hash.js";
import type { Program, ValueId } from "../ir/types.js";
import type { LoweredPhase } from "../lower/phase.js";
import { atEnd, columnKey } from "./schedules.js";
import type { Meaning, PhasePlan, ProgramMeanings, ResultPlan } from "./types.js";

/** What a column reads of its point: two columns that read the same share one key of it. */
interface Reads {
  readonly scalars: readonly number[];
  readonly usesSeed: boolean;
  readonly results: readonly { readonly phase: string; readonly value: string }[];
}

export interface KeyedProgram {
  readonly meanings: ProgramMeanings;
  readonly reads: readonly Reads[];
}

/** The meanings of all that a program computes; `base` is what all of it depends on (engine family). */
export function keyProgram(
  { program, results }: LoweredPhase,
  base: string,
  dataHash: (dataset: number) => string,
): KeyedProgram {
  const reads = new Map<string, { readonly number: number; readonly reads: Reads }>();
  const hasher = new SliceHasher(program);
  const meaning = (roots: readonly ValueId[]): Meaning => {
    const slice = hasher.hash(roots);
    const { scalars, usesSeed, results } = slice;
    const own: Reads = { scalars, usesSeed, results };
    const text = JSON.stringify(own);
    const number = reads.get(text)?.number ?? reads.size;
    reads.set(text, { number, reads: own });
    return { slice: sliceKey(slice, base, dataHash), reads: number };
  };
  const carried = program.loop?.carried ?? [];
  const meanings = {
    results: results.map(({ from }) => meaning([rootOf(program, from)])),
    carried: carried.map((_, k) => meaning([rootOf(program, { kind: "carried", index: k })])),
    ending: program.loop === null ? null : meaning(endingRoots(program)),
  };
  return { meanings, reads: [...reads.values()].map((each) => each.reads) };
}

/** What decides how long a run goes on: `stop when` and every watched value, both through the loop. */
function endingRoots({ loop }: Program): ValueId[] {
  const watched = (loop?.carried ?? []).filter((carried) => carried.watched).map(({ next }) => next);
  const stop = loop?.stop ?? null;
  return stop === null ? watched : [stop, ...watched];
}

function rootOf(program: Program, from: ResultPlan["from"]): ValueId {
  const value =
    from.kind === "output"
      ? program.outputs[from.entry]?.value
      : from.kind === "carried"
        ? program.loop?.carried[from.index]?.next
        : program.loop?.groups[from.group]?.entries[from.entry]?.value;
  if (value === undefined) throw new Error(`program ${program.name} has no value for a ${from.kind}`);
  return value;
}

const sliceKey = (slice: HashedSlice, base: string, dataHash: (dataset: number) => string): string =>
  hash([base, slice.hash, ...slice.datasets.map(dataHash)]);

/** The keys of what a point's columns read: scalars by their bits, the seed where something is drawn, earlier results. */
export function readKeys(
  reads: readonly Reads[],
  scalars: readonly number[],
  seed: number,
  resultKey: (phase: string, value: string) => string,
): readonly string[] {
  return reads.map(({ scalars: used, usesSeed, results }) =>
    hash([
      bits(used.map((scalar) => scalars[scalar] ?? 0)),
      usesSeed ? bits([seed]) : "",
      ...results.map(({ phase, value }) => resultKey(phase, value)),
    ]),
  );
}

/** The key of what a point of an earlier phase left behind under a name. */
export function leftBehindKey(phase: PhasePlan, point: number, value: string): string {
  const found = phase.points[point];
  const number = phase.results.findIndex((result) => result.name === value);
  const program = found === undefined ? undefined : phase.programs[found.program];
  const meaning = program?.meanings.results[number];
  if (found === undefined || program === undefined || meaning === undefined) return "";
  return columnKey(meaning, atEnd(phase, program.steps), found.reads);
}

/** SHA-256 of some texts, in hex. */
export function hash(parts: readonly string[]): string {
  const sha = createHash("sha256");
  for (const part of parts) sha.update(`${part.length}:${part}`);
  return sha.digest("hex");
}

/** Doubles by their bits: -0 and 0 differ, text formats do not matter. */
export function bits(values: readonly number[]): string {
  return Buffer.from(new Float64Array(values).buffer).toString("hex");
}

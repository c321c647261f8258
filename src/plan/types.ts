/**
 * The plan: what is to be computed, frozen before the first run. Pure data, written to `plan.json` and `programs/`.
 * A point is one value of all sweep variables that a phase depends on.
 */
import type { Program } from "../ir/types.js";
import type { DataSet } from "../language/typed.js";

export interface Plan {
  readonly format: 1;
  readonly experiment: string;
  readonly title: string | null;
  readonly precision: "f32" | "f64";
  readonly engine: "graph" | "portable";
  readonly profile: string | null;
  /** `--set name=value`, as given. */
  readonly settings: Readonly<Record<string, string>>;
  readonly sweeps: readonly SweepPlan[];
  /** Sweeps whose values results ask for, if there are any: the points of this plan are those of the rounds so far. */
  readonly adaptive?: readonly AdaptivePlan[];
  readonly phases: readonly PhasePlan[];
  readonly datasets: readonly DataSetPlan[];
}

/** A sweep variable with all its coordinates, in the order of the plan. */
export interface SweepPlan {
  readonly name: string;
  /** Numbers; positions where it has labels. */
  readonly coordinates: readonly number[];
  readonly labels: readonly string[] | null;
  readonly integer: boolean;
}

/** Ranges are over the points at which it has values of its own; null: too many to count, or not to be said. */
export interface AdaptivePlan {
  /** One, or those of a plane. */
  readonly sweeps: readonly string[];
  /** Each of their points has values of its own, and there are so many. */
  readonly over: readonly string[];
  readonly groups: number;
  readonly mode: "refine" | "until" | "cells";
  readonly rounds: number;
  /** Values to begin with; if conditions change at one place; at most. */
  readonly first: readonly [number, number] | null;
  readonly crossed: readonly [number, number] | null;
  readonly most: readonly [number, number] | null;
}

export interface DataSetPlan {
  readonly path: string;
  readonly format: DataSet["format"];
  readonly sha256: string;
}

export interface PhasePlan {
  readonly name: string;
  readonly sort: "train" | "measure";
  /** Phases whose results are inputs here; they come first. */
  readonly after: readonly string[];
  /** Names of the sweep variables that it depends on: the grid of its results. */
  readonly axes: readonly string[];
  /**
   * Whether a run that ended before T rests: its later records hold their last values. Else they are missing. Where that differs
   * from run to run, or within one, a hidden result says it.
   */
  readonly holds: boolean | { readonly result: string };
  readonly results: readonly ResultPlan[];
  readonly programs: readonly ProgramPlan[];
  /** Every point of the phase, by its place in the grid; points outside the plan (zipped, filtered) do not occur. */
  readonly points: readonly PointPlan[];
}

/** Where a result of a phase comes from, and what its axes are. Sizes are those of each program: they may differ (ragged). */
export interface ResultPlan {
  readonly name: string;
  readonly type: "real" | "int" | "bool" | "label" | "index";
  readonly labels: readonly string[] | null;
  readonly axes: readonly ResultAxisPlan[];
  /** Whether it has a `step` axis; a `record last` has none and is each run's own last value. */
  readonly stepped: boolean;
  /** Whether steps have made it: what is recorded after k updates is of step k - 1, and has this coordinate. */
  readonly stepwise?: true;
  readonly from:
    | { readonly kind: "record"; readonly group: number; readonly entry: number }
    | { readonly kind: "output"; readonly entry: number }
    /** The final value of a carried value; hidden from claims unless recorded; read by later phases. */
    | { readonly kind: "carried"; readonly index: number };
  /** Needed by later phases only. */
  readonly hidden: boolean;
}
export interface ResultAxisPlan {
  /** As written. */
  readonly name: string;
  /** For each shape: its coordinates (numbers, or positions). A program has one shape, unless it is padded (`PointPlan.shape`). */
  readonly coordinates: readonly (readonly number[])[];
  /** For each shape how many entries are stored along the axis; left out where they are as many as the coordinates. */
  readonly extents?: readonly number[];
  readonly labels: readonly string[] | null;
  readonly integer: boolean;
}

/** A phase at one set of shapes. */
export interface ProgramPlan {
  /** SHA-256 of the meaning: canonical program, schedule, engine family. Names the file in `programs/`. */
  readonly key: string;
  readonly program: Program;
  readonly varying: readonly number[];
  /** Runs in a block. */
  readonly runs: number;
  readonly slotsPerCall: number;
  /** T. */
  readonly steps: number;
  /** For each record group its recorded steps. */
  readonly groups: readonly (readonly number[])[];
  /** How many scalars each run has. */
  readonly scalars: number;
  readonly blocks: readonly BlockPlan[];
  readonly meanings: ProgramMeanings;
  /** Whether the final values of everything carried are kept, so that more steps go on from there. */
  readonly keepsState: boolean;
  /** Estimates of one run by a model with fixed constants. */
  readonly cost: { readonly flopsPerStep: number; readonly stateBytes: number; readonly recordBytes: number };
}

/**
 * What decides the numbers of a column besides its schedule: columns of the same meaning, schedule and reads hold the same
 * numbers, whatever plan they were computed for.
 */
export interface Meaning {
  /** SHA-256 of the part of the unsimplified program that it depends on, engine family and contents of data included. */
  readonly slice: string;
  /** Which of `PointPlan.reads` it reads. */
  readonly reads: number;
}
export interface ProgramMeanings {
  /** In the order of `PhasePlan.results`. */
  readonly results: readonly Meaning[];
  /** Of everything carried. */
  readonly carried: readonly Meaning[];
  /** How a run ends: stop, divergence; null without a loop. */
  readonly ending: Meaning | null;
}

export interface BlockPlan {
  /** SHA-256 of the program's key and the keys of its points: names its files. */
  readonly key: string;
  /** Numbers of points of the phase, in their place in the block; the rest of the block is padded with copies of the last. */
  readonly points: readonly number[];
}

export interface PointPlan {
  /** Positions in the coordinates of `PhasePlan.axes`. */
  readonly position: readonly number[];
  readonly program: number;
  /** Which of the results' shapes it has, where programs serve several; else the number of its program. */
  readonly shape?: number;
  readonly block: number;
  readonly place: number;
  /** The program's scalars at this point, doubles. */
  readonly scalars: readonly number[];
  /** The value of `seed`, 0 without. */
  readonly seed: number;
  /** For each phase in `after`: the number of the point there whose results are this point's inputs; -1 where it needs none. */
  readonly sources: readonly number[];
  /** SHA-256 of what columns read of the point: scalars, seed, results of earlier phases. */
  readonly reads: readonly string[];
  /** SHA-256 of the program's key, the scalars' bits, the seed where something is drawn, and the keys of the sources. */
  readonly key: string;
}

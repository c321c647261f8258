/** Shapes of a phase, and the programs that serve them: one each, or one for all sizes of a class where the runs are small. */
import { UserError } from "../base/diagnostic.js";
import { NotPaddable } from "../ir/fault.js";
import { hashSlice, type HashedSlice } from "../ir/hash.js";
import { simplifyProgram } from "../ir/simplify.js";
import type { Program } from "../ir/types.js";
import { rootsOf } from "../ir/uses.js";
import type { AxisId, Experiment } from "../language/typed.js";
import { paddingOf, type Padding } from "../lower/padding.js";
import type { LoweredPhase } from "../lower/phase.js";
import { canonicalText } from "../lower/scalars.js";
import { estimateCost, type Cost } from "./cost.js";

/** Points whose structural variables have the same values. */
export interface Shape {
  readonly structural: ReadonlyMap<AxisId, number>;
  readonly points: readonly number[];
}

/** A program to be, and the shapes that it serves, by their numbers. */
export interface Served {
  readonly lowered: LoweredPhase;
  readonly program: Program;
  readonly slice: HashedSlice;
  readonly cost: Cost;
  readonly shapes: readonly number[];
  /** Structural variables that are the same for all of its points. */
  readonly fixed: ReadonlySet<AxisId>;
  readonly padding: Padding | null;
}

/**
 * Operations of a run of the padded size up to which it is padded. A program takes most of a second to compile, in which some hundred
 * such runs are done.
 */
const MOST_OPERATIONS = 2e7;

export interface Lowering {
  readonly experiment: Experiment;
  /** Whether runs of several sizes may share a program. */
  readonly mayPad: boolean;
  lower(structural: Shape["structural"], padding: Padding | null): LoweredPhase;
}

/** The programs of a phase; each is a function of its own shapes alone. */
export function programsFor(shapes: readonly Shape[], lowering: Lowering): readonly Served[] {
  const programs: Served[] = [];
  const known = new Map<string, number>();
  shapes.forEach(({ structural }, shape) => {
    const padded = lowering.mayPad ? paddedFor(structural, lowering) : null;
    if (padded === null) {
      programs.push(served(lowering.lower(structural, null), structural, null, shape));
      return;
    }
    const { key } = padded;
    const place = known.get(key) ?? programs.push({ ...padded, shapes: [] }) - 1;
    known.set(key, place);
    const program = programs[place];
    if (program !== undefined) programs[place] = { ...program, shapes: [...program.shapes, shape] };
  });
  return programs;
}

function served(
  lowered: LoweredPhase,
  structural: Shape["structural"],
  padding: Padding | null,
  shape: number,
): Served {
  const program = simplifyProgram(lowered.program);
  return {
    lowered,
    program,
    // The key is of the program as it was lowered: how it is simplified is no part of its meaning.
    slice: hashSlice(lowered.program, rootsOf(lowered.program)),
    cost: estimateCost(program, lowered),
    shapes: [shape],
    fixed: new Set([...structural.keys()].filter((axis) => padding?.sweeps.has(axis) !== true)),
    padding,
  };
}

/** The padded program of a shape, where it is one of small runs; equal keys mean the same program. */
function paddedFor(structural: Shape["structural"], lowering: Lowering): (Served & { readonly key: string }) | null {
  const padding = paddingOf(lowering.experiment, structural);
  const lowered = padding === null ? null : loweredWith(structural, padding, lowering);
  if (lowered === null || lowered.program.dims.every(({ filled }) => filled === undefined)) return null;
  const found = served(lowered, structural, padding, 0);
  if (found.cost.flopsPerStep * (lowered.steps + 1) > MOST_OPERATIONS) return null;
  const scalars = found.slice.scalars.map((scalar) => {
    const expr = lowered.scalars[scalar];
    return expr === undefined ? "" : canonicalText(expr);
  });
  const { hash, datasets, results } = found.slice;
  return { ...found, key: JSON.stringify([hash, scalars, datasets, results, lowered.steps, lowered.groups]) };
}

function loweredWith(structural: Shape["structural"], padding: Padding, lowering: Lowering): LoweredPhase | null {
  try {
    return lowering.lower(structural, padding);
  } catch (error) {
    // A fault of the spec shows again when the shape is lowered as it is.
    if (error instanceof NotPaddable || error instanceof UserError) return null;
    throw error;
  }
}

/**
 * Axes whose size sweeps decide, padded: points of several sizes share a program in which the size is a scalar of the run. What does
 * not go with that (`NotPaddable`) is lowered for its own sizes.
 */
import { axisSize } from "../language/constants.js";
import type { Axis, AxisId, Experiment } from "../language/typed.js";
import { mentionedSweeps } from "./mentions.js";

export interface Padding {
  /** By padded axis: how many positions its dims have in the program. */
  readonly extents: ReadonlyMap<AxisId, number>;
  /** Structural sweeps that are scalars of the program all the same. */
  readonly sweeps: ReadonlySet<AxisId>;
}

/** Smaller sizes are worth no program of their own. */
const SMALLEST = 8;
/** Sizes that lie within a factor of 16 take three programs at most. */
const RATIO = 4;

/** The size that a padded axis gets: a function of the size alone, so that further points change nothing for those that are there. */
export function sizeClass(size: number): number {
  let extent = SMALLEST;
  while (extent < size) extent *= RATIO;
  return extent;
}

/** What may be padded at a point's structural values; null where nothing may. */
export function paddingOf(experiment: Experiment, structural: ReadonlyMap<AxisId, number>): Padding | null {
  const extents = new Map<AxisId, number>();
  const sweeps = new Set<AxisId>();
  for (const axis of experiment.axes.values()) {
    const deciding = sweepsOf(axis, experiment).filter((sweep) => structural.has(sweep));
    if (deciding.length === 0) continue;
    const size = axisSize(axis, { experiment, sweeps: structural });
    // Of one position or none much is known that is not true of more.
    if (size <= 1) continue;
    extents.set(axis.id, sizeClass(size));
    deciding.forEach((sweep) => sweeps.add(sweep));
  }
  return extents.size === 0 ? null : { extents, sweeps };
}

function sweepsOf({ kind }: Axis, experiment: Experiment): readonly AxisId[] {
  return kind.kind === "plain" ? [...mentionedSweeps(kind.size, experiment)] : [];
}

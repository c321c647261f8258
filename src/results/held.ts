/** Of a run that ended early, which entries of a result keep their last values; the others are missing later. */
import type { ResultPlan } from "../plan/types.js";

/** What each slice says of itself, in the stored order of `result`'s own axes; more is stored than counts where axes are padded. */
export interface Slices {
  readonly result: Pick<ResultPlan, "axes">;
  readonly rests: ArrayLike<number>;
}

/** For each stored entry of a result whether all slices that it is part of rest. Slices and entries share axes by name. */
export function heldEntries(result: Pick<ResultPlan, "axes">, shape: number, slices: Slices): Uint8Array {
  const own = extentsOf(result, shape);
  const theirs = extentsOf(slices.result, shape);
  const counted = slices.result.axes.map((axis) => axis.coordinates[shape]?.length ?? 0);
  const shared = slices.result.axes.flatMap((axis, place) => {
    const at = result.axes.findIndex(({ name }) => name === axis.name);
    return at < 0 ? [] : [{ place, at, size: theirs[place] ?? 1 }];
  });
  const rest = new Uint8Array(shared.reduce((size, axis) => size * axis.size, 1)).fill(1);
  const within = (position: readonly number[], key: "place" | "at"): number =>
    shared.reduce((flat, axis) => flat * axis.size + (position[axis[key]] ?? 0), 0);
  forEachPosition(theirs, (position, flat) => {
    const counts = position.every((index, k) => index < (counted[k] ?? 0));
    if (counts && slices.rests[flat] !== 1) rest[within(position, "place")] = 0;
  });
  const held = new Uint8Array(own.reduce((size, extent) => size * extent, 1));
  forEachPosition(own, (position, flat) => {
    held[flat] = rest[within(position, "at")] ?? 0;
  });
  return held;
}

export const extentsOf = ({ axes }: Pick<ResultPlan, "axes">, shape: number): readonly number[] =>
  axes.map(({ extents, coordinates }) => extents?.[shape] ?? coordinates[shape]?.length ?? 0);

/** All positions, the last index first to move. */
function forEachPosition(sizes: readonly number[], visit: (position: readonly number[], flat: number) => void): void {
  const size = sizes.reduce((product, extent) => product * extent, 1);
  const position = sizes.map(() => 0);
  for (let flat = 0; flat < size; flat++) {
    visit(position, flat);
    for (let k = sizes.length - 1; k >= 0; k--) {
      position[k] = (position[k] ?? 0) + 1;
      if ((position[k] ?? 0) < (sizes[k] ?? 0)) break;
      position[k] = 0;
    }
  }
}

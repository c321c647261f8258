/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops within sizes that were computed from the arrays' lengths */
/** Inner loops that sort. */
import type { CumulativeRow } from "./rows.js";

/** Up to this size entries are sorted by insertion. */
const short = 24;

let keys = new Float64Array(0);
let places = new Uint32Array(0);

/** Ascending, NaN last, equal ones by position. */
function compare(i: number, j: number): number {
  const x = keys[i]!;
  const y = keys[j]!;
  if (x < y) return -1;
  if (x > y) return 1;
  if (x === y) return i - j;
  const [first, second] = [x !== x, y !== y];
  return first === second ? i - j : first ? 1 : -1;
}

export const rankRow: CumulativeRow = (n, out, o, so, a, p, sa, size, stepOut, stepIn) => {
  if (keys.length < size) {
    keys = new Float64Array(size);
    places = new Uint32Array(size);
  }
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < size; k++) {
      keys[k] = a[p + i * sa + k * stepIn]!;
      places[k] = k;
    }
    if (size > short) places.subarray(0, size).sort(compare);
    else {
      for (let k = 1; k < size; k++) {
        let to = k;
        while (to > 0 && compare(places[to - 1]!, k) > 0) {
          places[to] = places[to - 1]!;
          to--;
        }
        places[to] = k;
      }
    }
    for (let k = 0; k < size; k++) out[o + i * so + places[k]! * stepOut] = k;
  }
};

/* eslint-disable @typescript-eslint/no-non-null-assertion -- loops within offsets that were computed from the arrays' lengths */
/** Threefry-2x32 with 20 rounds (Salmon et al. 2011), a word for each entry. */
import type { Numbers } from "../../types.js";

/** Where an operand of an inner loop begins, and its stride. */
export interface Run {
  readonly data: Numbers;
  readonly at: number;
  readonly stride: number;
}

export function threefryRow(
  n: number,
  out: Run,
  keys: readonly [Run, Run],
  counters: readonly [Run, Run],
  word: 0 | 1,
): void {
  const [first, second] = keys;
  const [low, high] = counters;
  const target = out.data;
  for (let i = 0; i < n; i++) {
    const k0 = first.data[first.at + i * first.stride]!;
    const k1 = second.data[second.at + i * second.stride]!;
    const k2 = 0x1bd11bda ^ k0 ^ k1;
    let x = (low.data[low.at + i * low.stride]! + k0) | 0;
    let y = (high.data[high.at + i * high.stride]! + k1) | 0;
    for (let group = 0; group < 5; group++) {
      if (group % 2 === 0) {
        x = (x + y) | 0;
        y = ((y << 13) | (y >>> 19)) ^ x;
        x = (x + y) | 0;
        y = ((y << 15) | (y >>> 17)) ^ x;
        x = (x + y) | 0;
        y = ((y << 26) | (y >>> 6)) ^ x;
        x = (x + y) | 0;
        y = ((y << 6) | (y >>> 26)) ^ x;
      } else {
        x = (x + y) | 0;
        y = ((y << 17) | (y >>> 15)) ^ x;
        x = (x + y) | 0;
        y = ((y << 29) | (y >>> 3)) ^ x;
        x = (x + y) | 0;
        y = ((y << 16) | (y >>> 16)) ^ x;
        x = (x + y) | 0;
        y = ((y << 24) | (y >>> 8)) ^ x;
      }
      const turn = group % 3;
      x = (x + (turn === 0 ? k1 : turn === 1 ? k2 : k0)) | 0;
      y = (y + (turn === 0 ? k2 : turn === 1 ? k0 : k1) + group + 1) | 0;
    }
    target[out.at + i * out.stride] = word === 0 ? x : y;
  }
}

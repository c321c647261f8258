/** Threefry-2x32 with 20 rounds (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011): a keyed bijection of two 32-bit words. */

export type Words = readonly [number, number];

const rotations = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
] as const;

/** The block of a counter under a key; words are unsigned. */
export function threefry([k0, k1]: Words, [c0, c1]: Words): Words {
  const keys = [k0, k1, 0x1bd11bda ^ k0 ^ k1];
  const key = (group: number): number => keys[group % 3] ?? 0;
  let x = (c0 + k0) | 0;
  let y = (c1 + k1) | 0;
  for (let group = 0; group < 5; group++) {
    for (const by of rotations[group % 2] ?? []) {
      x = (x + y) | 0;
      y = ((y << by) | (y >>> (32 - by))) ^ x;
    }
    x = (x + key(group + 1)) | 0;
    y = (y + key(group + 2) + group + 1) | 0;
  }
  return [x >>> 0, y >>> 0];
}

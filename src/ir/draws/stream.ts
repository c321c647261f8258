/** Keys of streams: which bits a draw gets is a pure function of its name, its seed and the position of the entry. */
import { createHash } from "node:crypto";
import type { Words } from "./threefry.js";
import { threefry } from "./threefry.js";

/** The key of a stream: the first 64 bits of the SHA-256 of its name, then each part of the seed folded in. */
export function streamKey(stream: string, seed: readonly number[]): Words {
  const digest = createHash("sha256").update(stream, "utf8").digest();
  return seed.reduce<Words>(foldNumber, [digest.readUInt32LE(0), digest.readUInt32LE(4)]);
}

/** A new key from a key and two words. */
export function fold(key: Words, words: Words): Words {
  return threefry(key, words);
}

/**
 * Folds in a number: an integer up to 2^53 by its 64 bits in two's complement (-0 is 0), anything else by its IEEE bits and a further
 * fold, so that no other number has the same key.
 */
function foldNumber(key: Words, value: number): Words {
  if (Number.isSafeInteger(value)) return fold(key, [value >>> 0, Math.floor(value / 2 ** 32) >>> 0]);
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return fold(fold(key, [view.getUint32(4), view.getUint32(0)]), [0x69656565, 0x37353421]);
}

/**
 * The two words of every entry of an array, row-major. The last two positions are the counter, leading ones are folded into the key: an
 * entry's bits depend on its position alone, so a smaller array is a part of a larger one.
 */
export function* wordsOf(key: Words, sizes: readonly number[]): Generator<Words> {
  if (sizes.length > 2) {
    const [first = 0, ...rest] = sizes;
    for (let position = 0; position < first; position++) yield* wordsOf(fold(key, [position, rest.length]), rest);
    return;
  }
  const [rows, columns] = sizes.length === 2 ? sizes : [1, ...sizes, 1];
  for (let row = 0; row < (rows ?? 1); row++) {
    for (let column = 0; column < (columns ?? 1); column++) yield threefry(key, [row, column]);
  }
}

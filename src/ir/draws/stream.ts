/** Keys of streams: which bits a draw gets is a pure function of its name, its seed and the position of the entry. */
import { createHash } from "node:crypto";
import type { DrawPositions } from "../types.js";
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
 * entry's bits depend on its position alone, so a smaller array is a part of a larger one. `positions` are those of the dims where they
 * are not 0 … size - 1.
 */
export function* wordsOf(key: Words, sizes: readonly number[], positions: DrawPositions = []): Generator<Words> {
  if (sizes.length > 2) {
    const [first = 0, ...rest] = sizes;
    const own = along(first, positions[0]);
    for (const position of own) yield* wordsOf(fold(key, [position, rest.length]), rest, positions.slice(1));
    return;
  }
  const [rows, columns] = sizes.length === 2 ? sizes : [1, ...sizes, 1];
  const [ofRows, ofColumns] = sizes.length === 2 ? positions : [null, ...positions, null];
  const across = along(columns ?? 1, ofColumns);
  for (const row of along(rows ?? 1, ofRows)) {
    for (const column of across) yield threefry(key, [row, column]);
  }
}

function along(size: number, runs: DrawPositions[number] | undefined): readonly number[] {
  if (runs === undefined || runs === null) return Array.from({ length: size }, (_, position) => position);
  return runs.flatMap(([start, length]) => Array.from({ length }, (_, k) => start + k));
}

/** Draws on the host, in doubles: the same on every machine and for every engine; the caller rounds once. */
import { at } from "../fault.js";
import type { DrawDistribution, DrawPositions } from "../types.js";
import { gammaWith } from "./gamma.js";
import { normal, share, uniform } from "./numbers.js";
import { poissonWith } from "./poisson.js";
import { streamKey, wordsOf } from "./stream.js";
import type { Words } from "./threefry.js";

/**
 * A dense row-major array of draws. `seed` is the seed part of the key, as a list of numbers (the sweep variable `seed`, or the values that
 * `by` names); `sizes` are those of the input's dims, `positions` theirs where they are not 0 … size - 1; `scalars` are the program's, for a distribution that reads one.
 */
export function draw(
  distribution: DrawDistribution,
  stream: string,
  seed: readonly number[],
  sizes: readonly number[],
  scalars: readonly number[],
  positions: DrawPositions = [],
): Float64Array {
  const words = wordsOf(streamKey(stream, seed), sizes, positions);
  switch (distribution.kind) {
    case "uniform":
      return Float64Array.from(words, uniform);
    case "normal":
      return Float64Array.from(words, normal);
    case "rademacher":
      return Float64Array.from(words, ([high]) => (high < 2 ** 31 ? -1 : 1));
    case "bernoulli": {
      // An integer comparison: true for the share p of all words, to within 2^-32.
      const threshold = at(scalars, distribution.p) * 2 ** 32;
      return Float64Array.from(words, ([high]) => (high < threshold ? 1 : 0));
    }
    case "gamma":
      return Float64Array.from(words, gammaWith(at(scalars, distribution.p)));
    case "poisson":
      return Float64Array.from(words, poissonWith(at(scalars, distribution.p)));
    case "choice": {
      const { size } = distribution;
      return Float64Array.from(words, (pair) => Math.min(size - 1, Math.floor(share(pair) * size)));
    }
    case "on_sphere":
      return alongLines(Float64Array.from(words, normal), sizes, distribution.along, normalised);
    case "permutation":
      return permutations([...words], sizes, distribution.along);
  }
}

/** Applies a function to each line of an array along one dim. */
function alongLines(
  values: Float64Array,
  sizes: readonly number[],
  along: number,
  f: (line: readonly number[]) => readonly number[],
): Float64Array {
  const size = at(sizes, along);
  const stride = sizes.slice(along + 1).reduce((product, n) => product * n, 1);
  const out = new Float64Array(values.length);
  const lines = size === 0 ? 0 : values.length / size;
  for (let line = 0; line < lines; line++) {
    const start = Math.floor(line / stride) * stride * size + (line % stride);
    const result = f(Array.from({ length: size }, (_, k) => at(values, start + k * stride)));
    result.forEach((value, k) => (out[start + k * stride] = value));
  }
  return out;
}

function normalised(line: readonly number[]): number[] {
  const norm = Math.sqrt(line.reduce((sum, x) => sum + x * x, 0));
  return line.map((x) => x / norm);
}

/** Positions in the order of their words: a stable sort of 64-bit keys. */
function permutations(words: readonly Words[], sizes: readonly number[], along: number): Float64Array {
  const places = Float64Array.from(words, (_, k) => k);
  return alongLines(places, sizes, along, (line) => {
    const keys = line.map((place, position) => ({ words: at(words, place), position }));
    keys.sort((a, b) => a.words[0] - b.words[0] || a.words[1] - b.words[1] || a.position - b.position);
    return keys.map(({ position }) => position);
  });
}

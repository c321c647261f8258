/** Operations along axes that keep them: cumulative sums, ranks, normalisers. Entries left out by `where` are 0 (ranks: after all others). */
import type { AnalysisScan } from "../../language/results/ir.js";
import { arrange, commonAxes } from "./align.js";
import { ABSENT, VALID, isMissing, makeTensor } from "./tensor.js";
import type { Tensor } from "./tensor.js";

/** The included entries of one lane, in order; makes of them as many others. */
const scans: Readonly<Record<AnalysisScan, (x: Float64Array) => ArrayLike<number>>> = {
  cumsum: (x) => accumulate(x, (total, value) => total + value),
  cumprod: (x) => accumulate(x, (total, value) => total * value),
  sort: (x) => x.slice().sort(),
  order: (x) => stableOrder(x),
  rank: (x) => {
    const ranks = new Float64Array(x.length);
    stableOrder(x).forEach((place, rank) => {
      ranks[place] = rank;
    });
    return ranks;
  },
  normalize: (x) =>
    scaled(
      x,
      x.reduce((total, value) => total + value, 0),
    ),
  sphere: (x) => scaled(x, Math.hypot(...x)),
  softmax: (x) => {
    const top = x.reduce((a, b) => Math.max(a, b), -Infinity);
    if (top === -Infinity) return new Float64Array(x.length);
    const powers = x.map((value) => Math.exp(value - top));
    return scaled(
      powers,
      powers.reduce((total, value) => total + value, 0),
    );
  },
  log_softmax: (x) => {
    const top = x.reduce((a, b) => Math.max(a, b), -Infinity);
    const total = top + Math.log(x.reduce((sum, value) => sum + Math.exp(value - top), 0));
    return x.map((value) => value - total);
  },
};

function accumulate(x: Float64Array, step: (total: number, value: number) => number): Float64Array {
  const result = x.slice();
  for (let k = 1; k < result.length; k++) result[k] = step(result[k - 1] ?? 0, result[k] ?? 0);
  return result;
}

function stableOrder(x: Float64Array): Uint32Array {
  return Uint32Array.from(x.keys()).sort((a, b) => (x[a] ?? 0) - (x[b] ?? 0) || a - b);
}

function scaled(x: Float64Array, by: number): Float64Array {
  return x.map((value) => value / by);
}

export function scanTensor(scan: AnalysisScan, body: Tensor, where: Tensor | null, over: readonly string[]): Tensor {
  const axes = commonAxes(where === null ? [body] : [body, where]);
  const along = over.flatMap((name) => axes.find((axis) => axis.name === name) ?? []);
  const ordered = [...axes.filter((axis) => !along.includes(axis)), ...along];
  const entries = arrange(body, ordered);
  const mask = where === null ? null : arrange(where, ordered);
  const result = makeTensor(ordered);
  const length = along.reduce((size, axis) => size * axis.coordinates.length, 1);
  for (let start = 0; start < result.values.length; start += length) {
    const places: number[] = [];
    const left: number[] = [];
    let missing = 0;
    for (let at = start; at < start + length; at++) {
      const state = entries.states[at] ?? VALID;
      const maskState = mask?.states[at] ?? VALID;
      if (state === ABSENT || maskState === ABSENT) result.states[at] = ABSENT;
      else if (maskState === VALID && mask?.values[at] === 0) left.push(at);
      else {
        if (isMissing(state) || isMissing(maskState)) missing ||= state || maskState;
        places.push(at);
      }
    }
    const made = scans[scan](Float64Array.from(places, (at) => entries.values[at] ?? NaN));
    places.forEach((at, k) => {
      result.values[at] = made[k] ?? NaN;
      result.states[at] = missing;
    });
    left.forEach((at, k) => {
      result.values[at] = scan === "rank" ? places.length + k : 0;
    });
  }
  return result;
}

/** The gamma distribution: G. Marsaglia and W. W. Tsang, "A simple method for generating gamma variables" (2000). */
import { exp, log } from "./elementary.js";
import { normal, share } from "./numbers.js";
import { threefry } from "./threefry.js";
import type { Words } from "./threefry.js";

/** A trial is accepted in 95 of 100 cases or more, so all fail once in 10^20 times; the value is then d. */
export const gammaTrials = 16;

/** What the words under an entry's own key are for; the first counter is the trial. */
export const gammaWords = { normal: 0, accept: 1, boost: 2 } as const;

/** From the two words of an entry, which are the key of its trials, to a value of scale 1. NaN unless the shape is above 0. */
export function gammaWith(shape: number): (words: Words) => number {
  if (!(shape > 0) || shape === Infinity) return () => NaN;
  // Below 1 the method rejects too much: a gamma variable of shape + 1, times u^(1 / shape), has the shape.
  const raised = shape < 1 ? shape + 1 : shape;
  const d = raised - 1 / 3;
  const c = 1 / (3 * Math.sqrt(d));
  return (words) => {
    const value = d * cubed(1 + acceptedTrial(words, c, d));
    if (shape >= 1) return value;
    const u = 1 - share(threefry(words, [0, gammaWords.boost]));
    return value * exp(log(u) / shape);
  };
}

function acceptedTrial(words: Words, c: number, d: number): number {
  for (let trial = 0; trial < gammaTrials; trial++) {
    const t = c * normal(threefry(words, [trial, gammaWords.normal]));
    if (t <= -1) continue;
    const u = 1 - share(threefry(words, [trial, gammaWords.accept]));
    // log u < x²/2 + d - d v + d log v with v = (1 + t)³, x = t / c: so written, nothing large cancels.
    if (log(u) < d * (t * t * (1.5 - t) + 3 * (log(1 + t) - t))) return t;
  }
  return 0;
}

const cubed = (x: number): number => x * x * x;

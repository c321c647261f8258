/** Comparisons that may well be otherwise, and whether the verdict hangs on them. */
import type { CheckedExpectation } from "../../language/results/index.js";
import type { Analysis } from "../analysis/evaluate.js";
import { Analysis as NewAnalysis } from "../analysis/evaluate.js";
import { VALID } from "../analysis/tensor.js";
import type { Tensor } from "../analysis/tensor.js";
import type { Outcome } from "../chart-types.js";
import { coordinatesAt } from "../verdicts/measure.js";
import { outcomeOf } from "../verdicts.js";
import { formatNumber } from "../analysis/words.js";
import type { Comparison, Meetings } from "./comparisons.js";
import { holdsAt } from "./comparisons.js";

/** A comparison with the meetings (their numbers) that are in doubt. */
export interface Doubt {
  readonly comparison: Comparison;
  readonly distances: Meetings;
  readonly places: readonly number[];
}

/** What the verdict would be if all doubts were settled one way or the other; null where it stays as it is. */
export function otherOutcome(
  expectation: CheckedExpectation,
  verdict: Outcome,
  doubts: readonly Doubt[],
  analysis: Analysis,
): Outcome | null {
  const open = doubts.filter(({ places }) => places.length > 0);
  if (open.length === 0 || verdict === "undecided") return null;
  for (const settled of [false, true]) {
    const given = new Map(open.map((doubt) => [doubt.comparison.node.id, truths(doubt, settled, analysis)]));
    const { verdict: other } = outcomeOf(expectation, new NewAnalysis(analysis.source, given));
    if (other !== verdict && other !== "undecided") return other;
  }
  return null;
}

/** The comparison's truth values with those in doubt settled. */
function truths({ comparison, distances, places }: Doubt, settled: boolean, analysis: Analysis): Tensor {
  const before = analysis.evaluate(comparison.node);
  const values = before.values.slice();
  const doubted = new Set(places);
  const { each } = distances;
  for (const entry of new Set(places.map((place) => Math.floor(place / each)))) {
    if (before.states[entry] !== VALID) continue;
    let holds = true;
    for (let k = entry * each; k < (entry + 1) * each; k++)
      holds &&= doubted.has(k) ? settled : holdsAt(comparison, distances.values[k] ?? NaN);
    values[entry] = Number(holds);
  }
  return { ...before, values };
}

/** The doubt that weighs most by a measure (the least of all numbers), among those that are as the verdict says. */
export function worstDoubt(
  doubts: readonly Doubt[],
  verdict: Outcome,
  weight: (doubt: Doubt, place: number) => number,
): { readonly doubt: Doubt; readonly place: number } | null {
  const all = doubts.flatMap((doubt) => doubt.places.map((place) => ({ doubt, place, weight: weight(doubt, place) })));
  const alike = all.filter(
    ({ doubt, place }) => holdsAt(doubt.comparison, doubt.distances.values[place] ?? NaN) === (verdict === "holds"),
  );
  let worst: (typeof all)[number] | null = null;
  for (const one of alike.length > 0 ? alike : all) if (worst === null || one.weight < worst.weight) worst = one;
  return worst;
}

/** ` at eta = 10, seed = 3`; nothing where there is only one truth value. */
export function placeWords({ distances }: Doubt, place: number): string {
  return atWords(coordinatesAt(distances.axes, Math.floor(place / Math.max(1, distances.each))));
}

export function atWords(at: readonly { readonly axis: string; readonly coordinate: number | string }[]): string {
  const words = at.map(
    ({ axis, coordinate }) => `${axis} = ${typeof coordinate === "number" ? formatNumber(coordinate, 6) : coordinate}`,
  );
  return words.length === 0 ? "" : ` at ${words.join(", ")}`;
}

export const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

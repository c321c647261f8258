/**
 * Claims to verdicts. Every axis left in an expectation is a "for all"; `where` restricts, `for 90% of seed` relaxes one.
 * An expectation fails as soon as one entry does; it is undecided when none fails and one is missing, or none is there.
 */
import type { CheckedClaim, CheckedExpectation } from "../language/results/index.js";
import type { Expectation, Outcome, Verdict, Warning } from "./chart-types.js";
import type { Analysis } from "./analysis/evaluate.js";
import { align, toLanes } from "./analysis/align.js";
import { ABSENT, VALID } from "./analysis/tensor.js";
import type { Tensor } from "./analysis/tensor.js";
import type { ResultAxis } from "./types.js";
import { coordinatesAt, measure } from "./verdicts/measure.js";
import { Reasons, removedCoordinates } from "./verdicts/reasons.js";

/** `warn` looks at what is behind a verdict. */
export function judge(
  claim: CheckedClaim,
  analysis: Analysis,
  warn: (expectation: CheckedExpectation, judged: Expectation) => readonly Warning[] = () => [],
): Verdict {
  const expectations = claim.expectations.map((expectation) => {
    const judged = judgeExpectation(expectation, analysis);
    return { ...judged, warnings: warn(expectation, judged) };
  });
  const verdict = together(expectations.map((expectation) => expectation.verdict));
  return {
    name: claim.name,
    title: claim.title,
    doc: claim.doc,
    verdict,
    expectedFails: claim.expectedFails,
    met: verdict === (claim.expectedFails === null ? "holds" : "fails"),
    expectations,
  };
}

function together(verdicts: readonly Outcome[]): Outcome {
  if (verdicts.includes("fails")) return "fails";
  return verdicts.includes("undecided") || verdicts.length === 0 ? "undecided" : "holds";
}

interface Tally {
  readonly holding: number;
  readonly failing: number;
  readonly missing: number;
  /** The first entry that fails, -1 without one. */
  readonly failure: number;
  readonly reasons: Reasons;
}

export function judgeExpectation(expectation: CheckedExpectation, analysis: Analysis): Expectation {
  const { share } = expectation;
  const { axes, mask, tally, least, nothing, removed, verdict } = outcomeOf(expectation, analysis);
  const { holding, failing, missing } = tally;
  const measured = measure(expectation, mask, verdict === "fails", analysis);
  const worst = measured?.point ?? (tally.failure < 0 ? [] : coordinatesAt(axes, tally.failure));
  const why = nothing
    ? "nothing is left to judge: no point is in the plan and passes the `where`"
    : tally.reasons.words(expectation, analysis);
  return {
    text: expectation.text,
    verdict,
    measured: measured?.measured ?? null,
    worst,
    counts: { total: holding + failing + missing, holding, failing, missing },
    share: share === null ? null : { asked: share.fraction, of: share.of, found: least },
    reason: removed ?? (verdict === "undecided" || missing > 0 ? why : null),
    warnings: [],
  };
}

interface JudgedConditions {
  readonly axes: readonly ResultAxis[];
  readonly mask: Tensor | null;
  readonly tally: Tally;
  /** The least share, where one is asked for. */
  readonly least: number | null;
  readonly nothing: boolean;
  readonly removed: string | null;
  readonly verdict: Outcome;
}

/** The verdict alone, with what it rests on. */
export function outcomeOf(expectation: CheckedExpectation, analysis: Analysis): JudgedConditions {
  const { condition, where, share } = expectation;
  const conditions = analysis.evaluate(condition);
  const mask = where === null ? null : analysis.evaluate(where);
  const { axes, tensors } = align(mask === null ? [conditions] : [conditions, mask]);
  const tally = count(tensors);
  const { holding, failing, missing } = tally;
  const found = share === null ? null : shares(conditions, mask, share.of, share.fraction);
  const nothing = holding + failing + missing === 0;
  let verdict: Outcome = found?.verdict ?? (failing > 0 ? "fails" : missing > 0 ? "undecided" : "holds");
  if (nothing) verdict = "undecided";
  const removed = removedCoordinates([condition, ...(where === null ? [] : [where])], analysis.source);
  if (removed !== null && verdict === "holds") verdict = "undecided";
  return { axes, mask, tally, least: found?.least ?? null, nothing, removed, verdict };
}

function count([conditions, mask]: readonly Tensor[]): Tally {
  let holding = 0;
  let failing = 0;
  let missing = 0;
  let failure = -1;
  const reasons = new Reasons();
  for (let i = 0; i < (conditions?.values.length ?? 0); i++) {
    const entry = entryOf(conditions, mask, i);
    if (entry.kind === "holds") holding++;
    else if (entry.kind === "fails") {
      failing++;
      if (failure < 0) failure = i;
    } else if (entry.kind === "missing") {
      missing++;
      reasons.add(entry.state);
    }
  }
  return { holding, failing, missing, failure, reasons };
}

type Entry = { readonly kind: "skipped" | "holds" | "fails" } | { readonly kind: "missing"; readonly state: number };

/** What a true condition is worth does not depend on whether it was asked for. */
function entryOf(conditions: Tensor | undefined, mask: Tensor | undefined, i: number): Entry {
  const state = conditions?.states[i] ?? VALID;
  const maskState = mask?.states[i] ?? VALID;
  if (state === ABSENT || maskState === ABSENT) return { kind: "skipped" };
  if (maskState === VALID && mask?.values[i] === 0) return { kind: "skipped" };
  if (state !== VALID) return { kind: "missing", state };
  if (conditions?.values[i] !== 0) return maskState === VALID ? { kind: "holds" } : { kind: "skipped" };
  return maskState === VALID ? { kind: "fails" } : { kind: "missing", state: maskState };
}

/** One point of the other axes: how many entries along the shared axis hold. */
export interface ShareLane {
  readonly at: Expectation["worst"];
  readonly holding: number;
  readonly missing: number;
  readonly total: number;
}

/** For each point of the other axes the entries along `of`; without those where nothing is asked. */
export function shareLanes(conditions: Tensor, mask: Tensor | null, of: string): readonly ShareLane[] {
  const lanes = toLanes(mask === null ? [conditions] : [conditions, mask], [of]);
  const [entries, masks] = lanes.tensors;
  const found: ShareLane[] = [];
  const size = entries?.values.length ?? 0;
  for (let from = 0; lanes.length > 0 && from < size; from += lanes.length) {
    let [holding, missing, total] = [0, 0, 0];
    for (let i = from; i < from + lanes.length; i++) {
      const entry = entryOf(entries, masks, i);
      if (entry.kind === "skipped") continue;
      total++;
      if (entry.kind === "holds") holding++;
      else if (entry.kind === "missing") missing++;
    }
    if (total > 0) found.push({ at: coordinatesAt(lanes.outer, from / lanes.length), holding, missing, total });
  }
  return found;
}

/** Missing entries may hold or not. */
function shares(
  conditions: Tensor,
  mask: Tensor | null,
  of: string,
  asked: number,
): { readonly verdict: Outcome; readonly least: number | null } {
  const enough = (share: number): boolean => share >= asked - 1e-12;
  const lanes = shareLanes(conditions, mask, of);
  const verdicts = lanes.map(({ holding, missing, total }): Outcome =>
    enough(holding / total) ? "holds" : enough((holding + missing) / total) ? "undecided" : "fails",
  );
  const least = lanes.reduce<number | null>(
    (low, { holding, total }) => (low === null ? holding / total : Math.min(low, holding / total)),
    null,
  );
  return { verdict: together(verdicts), least };
}

/**
 * Claims to verdicts. Every axis left in an expectation is a "for all"; `where` restricts, `for 90% of seed` relaxes one.
 * An expectation fails as soon as one entry does; it is undecided when none fails and one is missing, or none is there.
 */
import type { CheckedClaim, CheckedExpectation } from "../language/results/index.js";
import type { Expectation, Outcome, Verdict } from "./chart-types.js";
import type { Analysis } from "./analysis/evaluate.js";
import { align, toLanes } from "./analysis/align.js";
import { ABSENT, VALID } from "./analysis/tensor.js";
import type { Tensor } from "./analysis/tensor.js";
import { coordinatesAt, measure } from "./verdicts/measure.js";
import { Reasons, removedCoordinates } from "./verdicts/reasons.js";

export function judge(claim: CheckedClaim, analysis: Analysis): Verdict {
  const expectations = claim.expectations.map((expectation) => judgeExpectation(expectation, analysis));
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
    share: share === null ? null : { asked: share.fraction, of: share.of, found: found?.least ?? null },
    reason: removed ?? (verdict === "undecided" || missing > 0 ? why : null),
  };
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

/** For each point of the other axes the share of entries along `of` that hold; missing ones may hold or not. */
function shares(
  conditions: Tensor,
  mask: Tensor | null,
  of: string,
  asked: number,
): { readonly verdict: Outcome; readonly least: number | null } {
  const lanes = toLanes(mask === null ? [conditions] : [conditions, mask], [of]);
  const [entries, masks] = lanes.tensors;
  const verdicts: Outcome[] = [];
  let least: number | null = null;
  const enough = (share: number): boolean => share >= asked - 1e-12;
  const size = entries?.values.length ?? 0;
  for (let from = 0; lanes.length > 0 && from < size; from += lanes.length) {
    let holding = 0;
    let missing = 0;
    let total = 0;
    for (let i = from; i < from + lanes.length; i++) {
      const entry = entryOf(entries, masks, i);
      if (entry.kind === "skipped") continue;
      total++;
      if (entry.kind === "holds") holding++;
      else if (entry.kind === "missing") missing++;
    }
    if (total === 0) continue;
    if (least === null || holding / total < least) least = holding / total;
    verdicts.push(enough(holding / total) ? "holds" : enough((holding + missing) / total) ? "undecided" : "fails");
  }
  return { verdict: together(verdicts), least };
}

/** Which lines of a spec changed since its results were computed, phase by phase. */
import { changesBetween, phaseFacts, type Change } from "../language/facts.js";
import type { Span } from "../base/span.js";
import { Lines } from "../base/positions.js";
import { checkSpec, type CheckedSpec } from "../pipeline.js";
import type { Revision } from "../results/store/revisions.js";
import { storedSpec, type SpecTexts } from "./spec-texts.js";

/** One declaration that is not what it was. */
export interface ChangedLine {
  readonly kind: Change["kind"];
  readonly name: string;
  readonly file: string;
  readonly line: number;
  /** The line as it is; of what is gone, as it was. */
  readonly text: string;
  /** The line as it was; null where there was none, or where the two look alike. */
  readonly before: string | null;
  readonly phases: readonly string[];
}

/** The changes that the given phases rest on; empty when the texts of that revision cannot be checked any more. */
export async function changedLines(
  spec: CheckedSpec,
  experiment: string,
  phases: readonly string[],
  revision: Revision,
): Promise<readonly ChangedLine[]> {
  const texts = storedSpec(revision);
  const { profile, settings } = revision;
  const old = await checkSpec(texts, { profile, settings });
  const oldExperiment = old.experiments.find(({ checked }) => checked.experiment.name === experiment)?.checked
    .experiment;
  const now = spec.experiments.find(({ checked }) => checked.experiment.name === experiment)?.checked.experiment;
  if (oldExperiment === undefined || now === undefined) return [];
  const found = new Map<string, ChangedLine>();
  for (const phase of phases)
    for (const change of changesBetween(phaseFacts(oldExperiment, phase), phaseFacts(now, phase)))
      for (const one of linesOf(change, texts, spec.texts)) {
        const key = JSON.stringify(one);
        found.set(key, { ...one, phases: [...(found.get(key)?.phases ?? []), phase] });
      }
  return [...found.values()];
}

/** Lines that are shown of one declaration. */
const MOST_LINES = 5;

/** The lines of a declaration that are not what they were; its first line where all of them look alike. */
function linesOf(change: Change, before: SpecTexts, now: SpecTexts): readonly Omit<ChangedLine, "phases">[] {
  const { kind, name } = change;
  const own = textLines(kind === "gone" ? before : now, change.span);
  const [head] = own;
  if (head === undefined) return [];
  if (change.was === null) return [{ kind, name, ...head, before: null }];
  const old = textLines(before, change.was);
  const fresh = without(own, old);
  const lost = without(old, own);
  if (fresh.length === 0 && lost.length === 0) return [{ kind, name, ...head, before: null }];
  const gone = lost.slice(fresh.length).map((line) => ({ kind: "gone" as const, name, ...line, before: null }));
  const changed = fresh.map((line, k) => ({ kind, name, ...line, before: lost[k]?.text ?? null }));
  return [...changed, ...gone].slice(0, MOST_LINES);
}

interface Line {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** The lines on which a declaration stands. */
function textLines(texts: SpecTexts, span: Span): readonly Line[] {
  const lines = new Lines(texts.text(span.file) ?? "");
  const [first, last] = [lines.position(span.start).line, lines.position(Math.max(span.start, span.end - 1)).line];
  const file = texts.shown(span.file);
  return Array.from({ length: last - first + 1 }, (_, k) => ({
    file,
    line: first + k,
    text: lines.line(first + k).trim(),
  }));
}

function without(lines: readonly Line[], others: readonly Line[]): readonly Line[] {
  const known = new Set(others.map(({ text }) => text));
  return lines.filter(({ text }) => !known.has(text));
}

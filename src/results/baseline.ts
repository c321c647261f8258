/**
 * Claims and their numbers as they were once recorded, and how those of a run differ from them.
 * Pure; `store/baseline-file.ts` reads and writes the file.
 */
import type { Expectation, Outcome, Verdict } from "./chart-types.js";
import { OF_FILE } from "./judged.js";
import type { JudgedClaims } from "./judged.js";

export interface Baseline {
  readonly format: "amemc baseline 1";
  /** The name of the spec's file. */
  readonly spec: string;
  readonly engine: "graph" | "portable";
  readonly profile: string | null;
  readonly settings: Readonly<Record<string, string>>;
  /** For claims that state none; written by hand. */
  readonly tolerance?: Tolerance;
  /** By their names; `*` are the claims outside of experiments. */
  readonly experiments: Readonly<Record<string, RecordedExperiment>>;
}

/** A number may be off by `relative` times the larger of the two, plus `absolute`. */
export interface Tolerance {
  readonly relative?: number;
  readonly absolute?: number;
}

export interface RecordedExperiment {
  readonly precision: "f32" | "f64";
  readonly claims: Readonly<Record<string, RecordedClaim>>;
}

export interface RecordedClaim {
  readonly verdict: Outcome;
  /** Written by hand; kept when the numbers are recorded again. */
  readonly tolerance?: Tolerance;
  readonly expectations: readonly RecordedExpectation[];
}

export interface RecordedExpectation {
  readonly text: string;
  /** The two sides at the worst point; null for conditions without numbers. */
  readonly left: number | null;
  readonly right: number | null;
  /** The least share that was found, of `for 90% of seed`. */
  readonly share: number | null;
  readonly holding: number;
  readonly total: number;
}

export interface Comparison {
  /** The baseline's file. */
  readonly file: string;
  readonly compared: number;
  readonly differences: readonly Difference[];
}

export interface Difference {
  readonly experiment: string;
  readonly claim: string;
  readonly kind: "verdict" | "number" | "condition" | "new" | "gone";
  /** What differs: `left`, `right`, `share`, `holding`, `total` of a condition; null where it is the whole claim. */
  readonly what: { readonly name: keyof typeof NAMES; readonly condition: string } | null;
  readonly recorded: number | string | null;
  readonly measured: number | string | null;
  /** How far apart two numbers may be. */
  readonly allowed: number | null;
}

/**
 * On one engine and machine numbers are the same to the bit. Another engine adds in another order, which training
 * makes larger; what is meant to be compared more loosely states its tolerance in the file.
 */
const SAME_ENGINE = 1e-6;
const OTHER_ENGINE = { f32: 1e-4, f64: 1e-6 } as const;
/** What is left of zero after rounding. */
const ABSOLUTE = 1e-12;

const NAMES = {
  left: "left side",
  right: "right side",
  share: "share",
  holding: "points that hold",
  total: "points",
} as const;

/** What a run found, to be recorded; tolerances of an earlier record stay. */
export function baselineOf({ spec, experiments, ofFile }: JudgedClaims, before: Baseline | null): Baseline {
  const plan = experiments[0]?.file.plan;
  const tolerance = before?.tolerance;
  const groups = [
    ...experiments.map(({ name, file, evaluated }) => ({ name, precision: file.plan.precision, evaluated })),
    ...(ofFile === null ? [] : [{ ...ofFile, name: OF_FILE }]),
  ];
  return {
    format: "amemc baseline 1",
    spec: spec.file,
    engine: plan?.engine ?? "portable",
    profile: plan?.profile ?? null,
    settings: plan?.settings ?? {},
    ...(tolerance === undefined ? {} : { tolerance }),
    experiments: Object.fromEntries(
      groups.map(({ name, precision, evaluated }) => [
        name,
        {
          precision,
          claims: Object.fromEntries(
            evaluated.verdicts.map((claim) => [
              claim.name,
              recordClaim(claim, own(own(before?.experiments, name)?.claims, claim.name)?.tolerance),
            ]),
          ),
        },
      ]),
    ),
  };
}

/** Claims may be named like what every object has: `constructor`. */
function own<T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}

function recordClaim({ verdict, expectations }: Verdict, tolerance: Tolerance | undefined): RecordedClaim {
  return {
    verdict,
    ...(tolerance === undefined ? {} : { tolerance }),
    expectations: expectations.map(recordExpectation),
  };
}

function recordExpectation({ text, measured, share, counts }: Expectation): RecordedExpectation {
  return {
    text,
    left: measured?.leftValue ?? null,
    right: measured?.rightValue ?? null,
    share: share?.found ?? null,
    holding: counts.holding,
    total: counts.total,
  };
}

/** In the order of the spec; what only the baseline has comes last. */
export function compareWithBaseline(file: string, baseline: Baseline, judged: JudgedClaims): Comparison {
  const now = baselineOf(judged, null);
  const names = [...new Set([...Object.keys(now.experiments), ...Object.keys(baseline.experiments)])];
  const differences = names.flatMap((experiment) => {
    const [before, after] = [own(baseline.experiments, experiment), own(now.experiments, experiment)];
    const claims = [...new Set([...Object.keys(after?.claims ?? {}), ...Object.keys(before?.claims ?? {})])];
    const precision = after?.precision ?? before?.precision ?? "f32";
    const usual = now.engine === baseline.engine ? SAME_ENGINE : OTHER_ENGINE[precision];
    return claims.flatMap((claim) => {
      const [recorded, found] = [own(before?.claims, claim), own(after?.claims, claim)];
      const base = { experiment, claim, what: null, allowed: null };
      if (recorded === undefined)
        return [{ ...base, kind: "new" as const, recorded: null, measured: found?.verdict ?? null }];
      if (found === undefined) return [{ ...base, kind: "gone" as const, recorded: recorded.verdict, measured: null }];
      const stated = recorded.tolerance ?? baseline.tolerance ?? {};
      const tolerance = { relative: stated.relative ?? usual, absolute: stated.absolute ?? ABSOLUTE };
      return compareClaims(recorded, found, tolerance).map((difference) => ({ ...difference, experiment, claim }));
    });
  });
  const compared = Object.values(now.experiments).reduce((sum, { claims }) => sum + Object.keys(claims).length, 0);
  return { file, compared, differences };
}

type OfClaim = Omit<Difference, "experiment" | "claim">;

function compareClaims(before: RecordedClaim, after: RecordedClaim, tolerance: Required<Tolerance>): OfClaim[] {
  const found: OfClaim[] = [];
  const whole = { what: null, allowed: null };
  if (before.verdict !== after.verdict)
    found.push({ ...whole, kind: "verdict", recorded: before.verdict, measured: after.verdict });
  const texts = [before, after].map(({ expectations }) => expectations.map(({ text }) => text).join("; "));
  if (texts[0] !== texts[1])
    // Numbers of another condition are other numbers.
    return [...found, { ...whole, kind: "condition", recorded: texts[0] ?? null, measured: texts[1] ?? null }];
  for (const [k, recorded] of before.expectations.entries()) {
    const measured = after.expectations[k];
    if (measured === undefined) continue;
    for (const name of ["left", "right", "share", "holding", "total"] as const) {
      const [one, other] = [recorded[name], measured[name]];
      const allowed = allowedBetween(one, other, tolerance);
      if (areClose(one, other, allowed)) continue;
      found.push({
        kind: "number",
        what: { name, condition: recorded.text },
        recorded: one,
        measured: other,
        allowed,
      });
    }
  }
  return found;
}

function allowedBetween(one: number | null, other: number | null, tolerance: Required<Tolerance>): number {
  const size = Math.max(Math.abs(one ?? 0), Math.abs(other ?? 0));
  return tolerance.absolute + (Number.isFinite(size) ? tolerance.relative * size : 0);
}

function areClose(one: number | null, other: number | null, allowed: number): boolean {
  if (one === null || other === null) return one === other;
  if (one === other || (Number.isNaN(one) && Number.isNaN(other))) return true;
  return Math.abs(one - other) <= allowed;
}

/** `left side of fit.loss < 1: 0.25 recorded, now 0.5 (may be off by 1e-6)`. */
export function differenceWords({ kind, what, recorded, measured, allowed }: Difference): string {
  switch (kind) {
    case "new":
      return "is not in the baseline";
    case "gone":
      return "is in the baseline, and not in the spec any more";
    case "verdict":
      return `verdict: ${String(recorded)} recorded, now ${String(measured)}`;
    case "condition":
      return `condition: \`${String(recorded)}\` recorded, now \`${String(measured)}\``;
    case "number": {
      const isCount = what?.name === "holding" || what?.name === "total";
      const off =
        allowed === null || (isCount && allowed < 1) ? "" : ` (may be off by ${Number(allowed.toPrecision(2))})`;
      const where = what === null ? "" : `${NAMES[what.name]} of ${what.condition}: `;
      return `${where}${numberWord(recorded)} recorded, now ${numberWord(measured)}${off}`;
    }
  }
}

/** All digits: both numbers are there to be compared. */
const numberWord = (value: Difference["recorded"]): string => (value === null ? "none" : String(value));

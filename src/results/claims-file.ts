/** `claims.json` and `junit.xml`: what became of the claims, for programs. */
import { join } from "node:path";
import { schemaErrors } from "../base/validator.js";
import type { Verdict } from "./chart-types.js";
import type { Judged, PhaseSummary } from "./judged.js";
import { writeDurablySync } from "./store/files.js";
import { toJson } from "./store/json.js";

export interface ClaimsFile {
  readonly format: 1;
  readonly amemc: string;
  readonly spec: { readonly file: string; readonly sha256: string };
  readonly counts: { readonly met: number; readonly notMet: number; readonly undecided: number };
  readonly experiments: readonly {
    readonly name: string;
    readonly title: string | null;
    readonly revision: number;
    readonly points: readonly PhaseSummary[];
    readonly claims: readonly Verdict[];
  }[];
}

export function claimsOf({ amemc, spec, experiments }: Judged): ClaimsFile {
  const all = experiments.flatMap((experiment) => experiment.evaluated.verdicts);
  const undecided = all.filter((claim) => claim.verdict === "undecided").length;
  const met = all.filter((claim) => claim.met).length;
  return {
    format: 1,
    amemc,
    spec: { file: spec.file, sha256: spec.sha256 },
    counts: { met, notMet: all.length - met - undecided, undecided },
    experiments: experiments.map(({ name, title, file, summaries, evaluated }) => ({
      name,
      title,
      revision: file.revision,
      points: summaries,
      claims: evaluated.verdicts,
    })),
  };
}

export async function writeClaims(folder: string, claims: ClaimsFile): Promise<void> {
  const { validate } = await import("./schemas/claims.validate.js");
  const text = toJson(claims, 1);
  if (!validate(JSON.parse(text))) throw new Error(`claims.json does not fit its schema: ${schemaErrors(validate)}`);
  writeDurablySync(join(folder, "claims.json"), `${text}\n`);
  writeDurablySync(join(folder, "junit.xml"), junit(claims));
}

/** One test case a claim; an undecided one is skipped with its reason. */
function junit({ spec, experiments }: ClaimsFile): string {
  const suites = experiments.map(({ name, claims }) => {
    const cases = claims.map((claim) => testCase(name, claim));
    const failures = claims.filter((claim) => !claim.met && claim.verdict !== "undecided").length;
    const skipped = claims.filter((claim) => claim.verdict === "undecided").length;
    const head = `  <testsuite name="${xml(name)}" tests="${claims.length}" failures="${failures}" skipped="${skipped}">`;
    return [head, ...cases, "  </testsuite>"].join("\n");
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${xml(spec.file)}">`,
    ...suites,
    "</testsuites>",
    "",
  ].join("\n");
}

function testCase(experiment: string, claim: Verdict): string {
  const start = `    <testcase classname="${xml(experiment)}" name="${xml(claim.name)}"`;
  if (claim.met) return `${start}/>`;
  const text = claim.expectations
    .filter(({ verdict }) => verdict === claim.verdict)
    .map(({ text: written, measured, reason }) => {
      const values =
        measured === null ? "" : `: ${measured.leftValue ?? "?"} ${measured.comparator} ${measured.rightValue ?? "?"}`;
      return `${written}${values}${reason === null ? "" : ` (${reason})`}`;
    });
  const tag = claim.verdict === "undecided" ? "skipped" : "failure";
  const message = xml(claim.title ?? claim.name);
  return `${start}>\n      <${tag} message="${message}">${xml(text.join("\n"))}</${tag}>\n    </testcase>`;
}

/** XML has no way to write most control characters. */
function xml(text: string): string {
  const names: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "\n": "&#10;",
  };
  return text.replaceAll(/[&<>"\n]/gu, (found) => names[found] ?? "").replaceAll(/[^\P{Cc}\t\n\r]/gu, "\u{FFFD}");
}

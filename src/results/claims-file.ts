/** `claims.json` and `junit.xml`: what became of the claims, for programs. */
import { join } from "node:path";
import { schemaErrors } from "../base/validator.js";
import type { Verdict } from "./chart-types.js";
import { allVerdicts } from "./judged.js";
import type { Judged, PhaseSummary } from "./judged.js";
import { junitText } from "./junit.js";
import { writeDurablySync } from "./store/files.js";
import { toJson } from "./store/json.js";

export interface ClaimsFile {
  readonly format: 1;
  readonly amemc: string;
  readonly spec: { readonly file: string; readonly sha256: string };
  readonly counts: { readonly met: number; readonly notMet: number; readonly undecided: number };
  /** Those that stand outside of experiments. */
  readonly claims: readonly Verdict[];
  readonly experiments: readonly {
    readonly name: string;
    readonly title: string | null;
    readonly revision: number;
    readonly points: readonly PhaseSummary[];
    readonly claims: readonly Verdict[];
  }[];
}

export function claimsOf(judged: Judged): ClaimsFile {
  const { amemc, spec, experiments, ofFile } = judged;
  const all = allVerdicts(judged);
  const undecided = all.filter((claim) => claim.verdict === "undecided").length;
  const met = all.filter((claim) => claim.met).length;
  return {
    format: 1,
    amemc,
    spec: { file: spec.file, sha256: spec.sha256 },
    counts: { met, notMet: all.length - met - undecided, undecided },
    claims: ofFile?.evaluated.verdicts ?? [],
    experiments: experiments.map(({ name, title, file, summaries, evaluated }) => ({
      name,
      title,
      revision: file.revision,
      points: summaries,
      claims: evaluated.verdicts,
    })),
  };
}

export async function writeClaims(folder: string, judged: Judged): Promise<void> {
  const claims = claimsOf(judged);
  const { validate } = await import("./schemas/claims.validate.js");
  const text = toJson(claims, 1);
  if (!validate(JSON.parse(text))) throw new Error(`claims.json does not fit its schema: ${schemaErrors(validate)}`);
  writeDurablySync(join(folder, "claims.json"), `${text}\n`);
  writeDurablySync(join(folder, "junit.xml"), junitText(judged, null));
}

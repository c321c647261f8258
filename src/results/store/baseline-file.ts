/** A baseline's file: found, read and checked before anything runs, and written so that it is the same for the same numbers. */
import type { Diagnostic } from "../../base/diagnostic.js";
import { UserError } from "../../base/diagnostic.js";
import { schemaErrors } from "../../base/validator.js";
import type { Baseline } from "../baseline.js";
import { readText, writeDurablySync } from "./files.js";
import { canonicalJson, fromJson } from "./json.js";

/** What the baseline must have been recorded from, to be compared with. */
export interface Origin {
  /** The name of the spec's file. */
  readonly spec: string;
  readonly profile: string | null;
  readonly settings: Readonly<Record<string, string>>;
}

/** Null where there is no such file; throws when it is no baseline, or was recorded from something else. */
export async function readBaseline(file: string, origin: Origin): Promise<Baseline | null> {
  const text = readText(file);
  if (text === undefined) return null;
  const baseline = await parse(file, text);
  if (baseline.spec !== origin.spec)
    throw fault("AM8022", `\`${file}\` is the baseline of another spec, \`${baseline.spec}\``, {
      help: `name the one of \`${origin.spec}\`, or another file for \`--update-baseline\` to write`,
    });
  const [recorded, now] = [optionWords(baseline), optionWords(origin)];
  if (recorded !== now)
    throw fault("AM8022", `\`${file}\` was recorded ${recorded}, and this run is ${now}`, {
      help: "give the options that it was recorded with, or a baseline of its own to each set of options",
    });
  return baseline;
}

/** The baseline to compare a run with; throws where there is none too. */
export async function requireBaseline(file: string, origin: Origin): Promise<Baseline> {
  const baseline = await readBaseline(file, origin);
  if (baseline === null)
    throw fault("AM8021", `there is no baseline \`${file}\``, {
      help: "`--update-baseline` beside `--baseline` records it",
    });
  return baseline;
}

/** Says whether the file changed. */
export async function writeBaseline(file: string, baseline: Baseline): Promise<boolean> {
  const { validate } = await import("../schemas/baseline.validate.js");
  const text = `${canonicalJson(baseline, 2)}\n`;
  if (!validate(JSON.parse(text))) throw new Error(`a baseline does not fit its schema: ${schemaErrors(validate)}`);
  if (readText(file) === text) return false;
  writeDurablySync(file, text);
  return true;
}

async function parse(file: string, text: string): Promise<Baseline> {
  const { validate } = await import("../schemas/baseline.validate.js");
  const bad = (reason: string): UserError =>
    fault("AM8021", `\`${file}\` is no baseline: ${reason}`, {
      help: "restore it from the repository, or remove it and record it anew with `--update-baseline`",
    });
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw bad("it is no JSON");
  }
  if (!validate(data)) throw bad(schemaErrors(validate));
  return fromJson(text) as Baseline;
}

function optionWords({ profile, settings }: Pick<Origin, "profile" | "settings">): string {
  const words = [
    ...(profile === null ? [] : [`--profile ${profile}`]),
    ...Object.entries(settings)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => `--set ${name}=${value}`),
  ];
  return words.length === 0 ? "without `--profile` and `--set`" : `with \`${words.join(" ")}\``;
}

function fault(code: Diagnostic["code"], message: string, more: Pick<Diagnostic, "help">): UserError {
  return new UserError({ code, severity: "error", message, span: null, ...more });
}

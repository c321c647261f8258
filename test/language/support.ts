/** Helpers for tests of the checker. */
import type { Diagnostic } from "../../src/base/diagnostic.js";
import { check, type Checked, type CheckOptions } from "../../src/language/check.js";
import { library, loaderOver } from "../../src/language/library.js";
import { printExperiment } from "../../src/language/print.js";
import type { CheckedExperiment } from "../../src/language/typed.js";

export interface CheckText extends Partial<CheckOptions> {
  /** Files beside the spec, by the name after `use`. */
  readonly files?: Readonly<Record<string, string>>;
}

export function checkText(text: string, options: CheckText = {}): Checked {
  const files = options.files ?? {};
  const loader = loaderOver(
    (path) => {
      const name = path.join(".");
      const found = files[name];
      return found === undefined ? null : { file: `${name}.amem`, text: found };
    },
    () => Object.keys(files),
  );
  return check({ file: "spec.amem", text }, loader, { settings: {}, profile: null, datasets: null, ...options });
}

/** The experiment of a spec without faults. */
export function checkedText(text: string, options: CheckText = {}): CheckedExperiment {
  const { experiments, diagnostics } = checkText(text, options);
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === "error");
  if (errors.length > 0) throw new Error(errors.map(oneLine).join("\n"));
  const [experiment] = experiments;
  if (experiment === undefined) throw new Error("no experiment");
  return experiment;
}

/** `AM2001 3..8 there is no …`. */
export function oneLine(diagnostic: Diagnostic): string {
  const { code, span, message } = diagnostic;
  return `${code} ${span === null ? "" : `${span.file}:${span.start}`} ${message}`;
}

/** The codes of all faults, with the text that each points at. */
export function faultsIn(text: string, options: CheckText = {}): readonly string[] {
  const textOf = (file: string): string =>
    file === "spec.amem"
      ? text
      : (library.get(file.replace(/^std\/|\.amem$/g, ""))?.text ?? options.files?.[file.replace(/\.amem$/, "")] ?? "");
  return checkText(text, options).diagnostics.map(({ code, span }) =>
    `${code} ${span === null ? "" : textOf(span.file).slice(span.start, span.end)}`.trim(),
  );
}

/** Definitions, phases and sweeps of an experiment as printed, without the numbers of indices. */
export function printed(text: string, options: CheckText = {}): readonly string[] {
  return printExperiment(checkedText(text, options).experiment).replace(/#\d+/gu, "").split("\n");
}

/** The printed line that defines a name. */
export function definitionIn(text: string, name: string, options: CheckText = {}): string {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/gu, "\\$&");
  const found = printed(text, options).filter((line) =>
    new RegExp(`^(?:param |state |let )?${escaped}(?:\\[|:| =)`, "u").test(line),
  );
  if (found.length !== 1) throw new Error(`${found.length} definitions of ${name}`);
  return (found[0] ?? "").replace(/^[^=~]*[=~]\s*/u, (head) => (head.trimEnd().endsWith("~") ? "~ " : ""));
}

/** `amemc check`: what is wrong with a spec, and nothing else. */
import { checkSpec } from "../../pipeline.js";
import { EXIT } from "../exit-code.js";
import type { SpecOptions } from "../options.js";
import { diagnosticsAsJson, noteDiagnostics, showDiagnostics } from "../show.js";
import { readSpec } from "../spec-texts.js";
import type { Terminal } from "../terminal.js";

export async function check(
  terminal: Terminal,
  path: string,
  options: SpecOptions & { readonly json?: boolean },
): Promise<number> {
  const texts = readSpec(path);
  const { diagnostics, experiments, ofFile } = await checkSpec(texts, {
    profile: options.profile ?? null,
    settings: options.set ?? {},
  });
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  if (options.json === true) {
    noteDiagnostics(terminal, diagnostics, texts);
    terminal.out(
      `${JSON.stringify({ file: path, ok: errors === 0, diagnostics: diagnosticsAsJson(diagnostics, texts) }, null, 2)}\n`,
    );
    return errors === 0 ? 0 : EXIT.wrong;
  }
  showDiagnostics(terminal, diagnostics, texts);
  if (errors > 0) {
    terminal.err(`${path}: ${errors} ${errors === 1 ? "error" : "errors"}\n`);
    return EXIT.wrong;
  }
  const claims = experiments.reduce((sum, { results }) => sum + results.claims.length, ofFile?.claims.length ?? 0);
  const names = experiments.map(({ checked }) => checked.experiment.name).join(", ");
  terminal.out(
    `${path}: no errors; ${names === "" ? "no experiment" : names} (${claims} ${claims === 1 ? "claim" : "claims"})\n`,
  );
  return 0;
}

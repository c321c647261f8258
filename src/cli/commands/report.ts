/** `amemc report`: verdicts and page again, from a folder of results alone. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Diagnostic } from "../../base/diagnostic.js";
import { judgeFolder } from "../../pipeline.js";
import { openBaseline } from "../baselines.js";
import type { JudgingOptions } from "../options.js";
import { showDiagnostics } from "../show.js";
import type { Terminal } from "../terminal.js";
import { showVerdicts } from "../verdicts.js";

export async function report(terminal: Terminal, folder: string, options: JudgingOptions): Promise<number> {
  // The folder of one experiment stands for that of its spec.
  const whole = existsSync(join(folder, "plan.json")) ? dirname(folder) : folder;
  const show = (diagnostic: Diagnostic): void => showDiagnostics(terminal, [diagnostic], null);
  const input = await judgeFolder(whole, show);
  const { spec, experiments } = input;
  const { profile = null, settings = {} } = experiments[0]?.file.plan ?? {};
  const baseline = await openBaseline(options, { spec: spec.file, profile, settings });
  const shown = { json: options.json === true, onlyMissing: true, texts: null, baseline, junit: options.junit ?? null };
  return showVerdicts(terminal, whole, input, shown, show);
}

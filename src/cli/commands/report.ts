/** `amemc report`: verdicts and page again, from a folder of results alone. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Diagnostic } from "../../base/diagnostic.js";
import { judgeFolder } from "../../pipeline.js";
import { showDiagnostics } from "../show.js";
import type { Terminal } from "../terminal.js";
import { showVerdicts } from "../verdicts.js";

export async function report(
  terminal: Terminal,
  folder: string,
  options: { readonly json?: boolean },
): Promise<number> {
  // The folder of one experiment stands for that of its spec.
  const whole = existsSync(join(folder, "plan.json")) ? dirname(folder) : folder;
  const show = (diagnostic: Diagnostic): void => showDiagnostics(terminal, [diagnostic], null);
  const input = await judgeFolder(whole, show);
  return showVerdicts(terminal, whole, input, { json: options.json === true, onlyMissing: true }, show);
}

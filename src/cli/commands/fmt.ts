/** `amemc fmt`: specs in their one layout; a spec with faults stays as it is. */
import { accessSync, chmodSync, constants, realpathSync, statSync } from "node:fs";
import { format } from "../../../grammar/format/index.js";
import { UserError } from "../../base/diagnostic.js";
import { codeOf, writeDurablySync } from "../../results/store/files.js";
import { counted } from "../counted.js";
import { exitCode } from "../exit-code.js";
import { showDiagnostics } from "../show.js";
import { specFiles } from "../spec-files.js";
import { readPipedSpec, readSpec } from "../spec-texts.js";
import type { Terminal } from "../terminal.js";

type Outcome = "as it was" | "changed" | "refused";

export async function fmt(
  terminal: Terminal,
  paths: readonly string[],
  options: { readonly check?: boolean },
): Promise<number> {
  const check = options.check === true;
  const outcomes: Outcome[] = [];
  const files = specFiles(paths);
  if (files.length === 0) throw noSpecs(paths);
  for (const path of files) outcomes.push(await formatOne(terminal, path, check));
  const changed = outcomes.filter((outcome) => outcome === "changed").length;
  if (check && changed > 0)
    terminal.err(`${counted(changed, "file")} of ${files.length} would change; \`amemc fmt\` does it\n`);
  return exitCode({ wrong: outcomes.includes("refused"), failing: check && changed > 0 });
}

const noSpecs = (folders: readonly string[]): UserError =>
  new UserError({
    code: "AM8004",
    severity: "error",
    message: `there is no spec in ${folders.map((folder) => `\`${folder}\``).join(", ")}`,
    span: null,
    help: "specs are files that end with `.amem`",
  });

async function formatOne(terminal: Terminal, path: string, check: boolean): Promise<Outcome> {
  const piped = path === "-";
  try {
    const texts = piped ? await readPipedSpec() : readSpec(path);
    const { text, diagnostics } = format(texts.source);
    showDiagnostics(terminal, diagnostics, texts);
    if (text === null) return "refused";
    const isChanged = text !== texts.source.text;
    if (piped && !check) terminal.out(text);
    else if (isChanged) {
      if (!check) replace(path, text);
      terminal.out(`${piped ? texts.source.file : path}\n`);
    }
    return isChanged ? "changed" : "as it was";
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    showDiagnostics(terminal, [error.diagnostic], null);
    return "refused";
  }
}

/** The file is there with the old text or with the new one, wherever a link leads; who may read it stays. */
function replace(path: string, text: string): void {
  const file = realpathSync(path);
  const { mode } = statSync(file);
  try {
    accessSync(file, constants.W_OK);
    writeDurablySync(file, text);
    chmodSync(file, mode);
  } catch (error) {
    const reason = codeOf(error) ?? (error instanceof Error ? error.message : String(error));
    throw new UserError({
      code: "AM8008",
      severity: "error",
      message: `\`${path}\` cannot be written: ${reason}`,
      span: null,
      help: "it stays as it was; it and its folder must be writable, for the new text is written beside it first",
    });
  }
}

/** `amemc explain AM2003`: what the catalogue of diagnostics says about a code. */
import { allCodes, codeEntry, mended } from "../../base/codes.js";
import { UserError } from "../../base/diagnostic.js";
import { nearestWord } from "../nearest.js";
import type { Terminal } from "../terminal.js";

export function explainCode(terminal: Terminal, code: string): number {
  const entry = codeEntry(code);
  if (entry === undefined) {
    const near = nearestWord(code, allCodes());
    throw new UserError({
      code: "AM8003",
      severity: "error",
      message: `there is no code \`${code}\``,
      span: null,
      ...(near === null ? {} : { help: `did you mean \`${near}\`?` }),
    });
  }
  terminal.out(`${code}: ${entry.title}\n\n${entry.explanation}\n`);
  const right = mended(entry);
  if (entry.example !== null) terminal.out(`\nWrong:\n\n${indented(entry.example)}\n`);
  if (right !== null) terminal.out(`\nMended:\n\n${indented(right)}\n`);
  return 0;
}

const indented = (text: string): string => text.trimEnd().replaceAll(/^(?=.)/gmu, "  ");

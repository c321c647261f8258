/** Diagnostics on the terminal: in frames, or as JSON. */
import type { Diagnostic } from "../base/diagnostic.js";
import { UserError } from "../base/diagnostic.js";
import { Lines } from "../base/positions.js";
import type { SourceText } from "../base/render.js";
import { renderDiagnostics } from "../base/render.js";
import { EXIT } from "./exit-code.js";
import type { SpecTexts } from "./spec-texts.js";
import { asShown } from "./spec-texts.js";
import type { Terminal } from "./terminal.js";

/** Where the texts of files come from, by the names that are shown. */
function sourceOf(texts: SpecTexts | null): SourceText {
  if (texts === null) return () => undefined;
  const names = new Map([texts.source, ...texts.modules].map(({ file, text }) => [texts.shown(file), text]));
  return (file) => names.get(file) ?? texts.text(file);
}

export function showDiagnostics(terminal: Terminal, list: readonly Diagnostic[], texts: SpecTexts | null): void {
  if (list.length === 0) return;
  const { shown, source } = noteDiagnostics(terminal, list, texts);
  const color = terminal.errColors.isColorSupported;
  terminal.err(`${renderDiagnostics(shown, source, { color, width: terminal.width })}\n`);
}

/** Keeps diagnostics for what is written at the end, with files named as the user would. */
export function noteDiagnostics(
  terminal: Pick<Terminal, "journal">,
  list: readonly Diagnostic[],
  texts: SpecTexts | null,
): { readonly shown: readonly Diagnostic[]; readonly source: SourceText } {
  const shown = texts === null ? list : list.map((diagnostic) => asShown(diagnostic, texts));
  const source = sourceOf(texts);
  terminal.journal.note(shown, source);
  return { shown, source };
}

interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

function positionOf({ span }: Pick<Diagnostic, "span">, source: SourceText): Position | null {
  if (span === null) return null;
  const text = source(span.file);
  if (text === undefined) return { file: span.file, line: 1, column: 1, endLine: 1, endColumn: 1 };
  const lines = new Lines(text);
  const [start, end] = [lines.position(span.start), lines.position(span.end)];
  return { file: span.file, line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
}

/** For `--json`: plain data with lines and columns, counted from 1. */
export function diagnosticsAsJson(list: readonly Diagnostic[], texts: SpecTexts | null): readonly object[] {
  const source = sourceOf(texts);
  return list.map((diagnostic) => {
    const shown = texts === null ? diagnostic : asShown(diagnostic, texts);
    const { code, severity, message, here, labels, notes, help, fix } = shown;
    return {
      code,
      severity,
      message,
      at: positionOf(shown, source),
      ...(here === undefined ? {} : { here }),
      ...(labels === undefined
        ? {}
        : { labels: labels.map((label) => ({ text: label.text, at: positionOf(label, source) })) }),
      ...(notes === undefined ? {} : { notes }),
      ...(help === undefined ? {} : { help }),
      ...(fix === undefined
        ? {}
        : {
            fix: {
              title: fix.title,
              edits: fix.edits.map((edit) => ({ text: edit.text, at: positionOf(edit, source) })),
            },
          }),
    };
  });
}

/** Carries out a part of a command; what is wrong with the spec is shown at its place. */
export async function withTexts(terminal: Terminal, texts: SpecTexts, task: () => Promise<number>): Promise<number> {
  try {
    return await task();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    showDiagnostics(terminal, [error.diagnostic], texts);
    return EXIT.wrong;
  }
}

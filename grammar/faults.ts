/** Faults of the text as lexer and parser find them: by offsets, made into diagnostics in one place. */
import type { Code, Diagnostic } from "../src/base/diagnostic.js";

/** A fault of the text, by offsets. */
export interface Fault {
  readonly code: Code;
  readonly start: number;
  readonly end: number;
  readonly message: string;
  readonly here?: string;
  readonly labels?: readonly { readonly start: number; readonly end: number; readonly text: string }[];
  readonly notes?: readonly string[];
  readonly help?: string;
  readonly fix?: { readonly title: string; readonly edits: readonly { start: number; end: number; text: string }[] };
}
export type Report = (fault: Fault) => void;

/** The diagnostic of a fault in a file. */
export function asDiagnostic(fault: Fault, file: string): Diagnostic {
  const { code, start, end, message, here, labels, notes, help, fix } = fault;
  const at = (place: { start: number; end: number }): { file: string; start: number; end: number } => ({
    file,
    start: place.start,
    end: place.end,
  });
  return {
    code,
    severity: "error",
    message,
    span: at({ start, end }),
    ...(here === undefined ? {} : { here }),
    ...(labels === undefined ? {} : { labels: labels.map((label) => ({ span: at(label), text: label.text })) }),
    ...(notes === undefined ? {} : { notes }),
    ...(help === undefined ? {} : { help }),
    ...(fix === undefined
      ? {}
      : { fix: { title: fix.title, edits: fix.edits.map((edit) => ({ span: at(edit), text: edit.text })) } }),
  };
}

import type { Span } from "./span.js";

export type Severity = "error" | "warning" | "hint";

/** A second place that has part in a fault, with what is to be seen there. */
export interface Label {
  readonly span: Span;
  readonly text: string;
}

/** A change of the text that mends a fault. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly { readonly span: Span; readonly text: string }[];
}

/** What is told to the user: data first, text by the renderers. */
export interface Diagnostic {
  readonly code: Code;
  readonly severity: Severity;
  /** One sentence in the user's words, names in backquotes. */
  readonly message: string;
  /** The place; null only for faults of the command line or the machine. */
  readonly span: Span | null;
  /** What is to be seen at the place itself, beside the carets. */
  readonly here?: string;
  readonly labels?: readonly Label[];
  readonly notes?: readonly string[];
  /** What to do. */
  readonly help?: string;
  readonly fix?: Fix;
}

/** `AM` and four digits; the first digit is the stage (see `codes.ts`). */
export type Code = `AM${number}`;

/** Collects diagnostics; one bad line does not hide the next. */
export class Diagnostics {
  readonly list: Diagnostic[] = [];
  private readonly seen = new Set<string>();

  /** Adds a diagnostic unless the same code already stands at the same place. */
  add(diagnostic: Diagnostic): void {
    const place = diagnostic.span;
    const key = `${diagnostic.code}@${place === null ? diagnostic.message : `${place.file}:${place.start}:${place.end}`}`;
    if (this.seen.has(key)) return;
    this.seen.add(key);
    this.list.push(diagnostic);
  }

  get hasErrors(): boolean {
    return this.list.some((diagnostic) => diagnostic.severity === "error");
  }
}

/** Thrown where going on makes no sense; carries what to tell the user. Never used for bugs. */
export class UserError extends Error {
  constructor(readonly diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.name = "UserError";
  }
}

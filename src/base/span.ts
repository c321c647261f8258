/** Where a piece of text stands: files are named as the user named them. */
export interface Span {
  /** The file's name as shown to the user (a path, or `std/linear.amem`). */
  readonly file: string;
  /** Offset of the first character. */
  readonly start: number;
  /** Offset after the last character. */
  readonly end: number;
}

/** A text that diagnostics can quote. */
export interface Source {
  readonly file: string;
  readonly text: string;
}

/** The smallest span that holds both; both must lie in one file. */
export function cover(first: Span, last: Span): Span {
  return { file: first.file, start: Math.min(first.start, last.start), end: Math.max(first.end, last.end) };
}

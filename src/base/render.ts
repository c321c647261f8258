/**
 * Diagnostics as text for a terminal: code, message, the place in a frame with carets, what else has part in it,
 * notes, help.
 */
import type { Diagnostic, Label, Severity } from "./diagnostic.js";
import { Lines } from "./positions.js";
import type { Span } from "./span.js";
import { showLine, textWidth, visible } from "./visible.js";

/** The text of a file, as it was when the diagnostic was made; undefined when it is not at hand. */
export type SourceText = (file: string) => string | undefined;

export interface RenderOptions {
  readonly color?: boolean;
  /** Columns of the terminal: longer source lines are cut around the place. */
  readonly width?: number;
  /** How many diagnostics are shown before only their number is told. */
  readonly limit?: number;
}

type Paint = (text: string) => string;
interface Palette {
  readonly severity: Readonly<Record<Severity, Paint>>;
  readonly bold: Paint;
  readonly frame: Paint;
  readonly label: Paint;
}
const ansi =
  (open: number, close: number): Paint =>
  (text) =>
    text === "" ? text : `\u001b[${open}m${text}\u001b[${close}m`;
const plain: Paint = (text) => text;
const colored: Palette = {
  severity: { error: ansi(31, 39), warning: ansi(33, 39), hint: ansi(36, 39) },
  bold: ansi(1, 22),
  frame: ansi(34, 39),
  label: ansi(34, 39),
};
const uncolored: Palette = {
  severity: { error: plain, warning: plain, hint: plain },
  bold: plain,
  frame: plain,
  label: plain,
};

/** All diagnostics with a blank line between them, and how many more there are. */
export function renderDiagnostics(
  list: readonly Diagnostic[],
  source: SourceText,
  options: RenderOptions = {},
): string {
  const limit = options.limit ?? 20;
  const lines = cached(source);
  const shown = list.slice(0, limit).map((diagnostic) => render(diagnostic, lines, options));
  const more = list.length - shown.length;
  if (more > 0) shown.push(`and ${more} more`);
  return shown.join("\n\n");
}

export function renderDiagnostic(diagnostic: Diagnostic, source: SourceText, options: RenderOptions = {}): string {
  return render(diagnostic, cached(source), options);
}

type LinesOf = (file: string) => Lines | null;
function cached(source: SourceText): LinesOf {
  const known = new Map<string, Lines | null>();
  return (file) => {
    let lines = known.get(file);
    if (lines === undefined) {
      const text = source(file);
      lines = text === undefined ? null : new Lines(text);
      known.set(file, lines);
    }
    return lines;
  };
}

function render(diagnostic: Diagnostic, linesOf: LinesOf, options: RenderOptions): string {
  const palette = options.color === true ? colored : uncolored;
  const paint = palette.severity[diagnostic.severity];
  const { span } = diagnostic;
  const out = [
    `${paint(palette.bold(`${diagnostic.severity}[${diagnostic.code}]`))}${palette.bold(`: ${oneLine(diagnostic.message)}`)}`,
  ];
  const labels = diagnostic.labels ?? [];
  const near = span === null ? [] : labels.filter((label) => label.span.file === span.file);
  if (span !== null) out.push(...frame(span, diagnostic.here ?? "", near, linesOf(span.file), paint, palette, options));
  for (const label of labels)
    if (!near.includes(label)) out.push(...remark("note", elsewhere(label, linesOf), palette));
  for (const note of diagnostic.notes ?? []) out.push(...remark("note", note, palette));
  const help = diagnostic.help ?? diagnostic.fix?.title;
  if (help !== undefined) out.push(...remark("help", help, palette));
  return out.join("\n");
}

const oneLine = (text: string): string => visible(text).replace(/\s*\n\s*/gu, " ");

function remark(kind: "note" | "help", text: string, palette: Palette): string[] {
  const [first = "", ...rest] = visible(text).split("\n");
  return [`  ${palette.bold(`${kind}:`)} ${first}`, ...rest.map((line) => `        ${line}`)];
}

/** A label in another file: what is to be seen, the text that is there, and where. */
function elsewhere(label: Label, linesOf: LinesOf): string {
  const { file, start, end } = label.span;
  const lines = linesOf(file);
  if (lines === null) return `${label.text}   (${file})`;
  const { line, column } = lines.position(start);
  const stop = Math.min(end, lines.start(line) + lines.line(line).length);
  const quoted = lines.text.slice(start, stop).trim();
  return `${label.text}${quoted === "" ? "" : `: ${quoted}`}   (${file}:${line}:${column})`;
}

interface Mark {
  readonly span: Span;
  readonly text: string;
  readonly primary: boolean;
}

function frame(
  span: Span,
  here: string,
  labels: readonly Label[],
  lines: Lines | null,
  paint: Paint,
  palette: Palette,
  options: RenderOptions,
): string[] {
  if (lines === null) return [`  ${palette.frame("┌─")} ${visible(span.file)}`];
  const { line, column } = lines.position(span.start);
  const marks: Mark[] = [{ span, text: here, primary: true }, ...labels.map((label) => ({ ...label, primary: false }))];
  const byLine = new Map<number, Mark[]>();
  for (const mark of marks) {
    const at = lines.position(mark.span.start).line;
    byLine.set(at, [...(byLine.get(at) ?? []), mark]);
  }
  const numbers = [...byLine.keys()].sort((a, b) => a - b);
  const gutter = Math.max(2, String(numbers.at(-1) ?? line).length);
  const blank = " ".repeat(gutter);
  const out = [`${blank}${palette.frame("┌─")} ${visible(span.file)}:${line}:${column}`];
  let previous = 0;
  for (const number of numbers) {
    if (previous > 0 && number > previous + 1) out.push(`${blank} ${palette.frame("┆")}`);
    previous = number;
    const width = Math.max(40, (options.width ?? 160) - gutter - 3);
    out.push(
      ...sourceLine(lines, number, byLine.get(number) ?? [], width).map(({ text, mark }, i) => {
        const bar = palette.frame("│");
        if (i === 0) return `${palette.frame(String(number).padStart(gutter))} ${bar} ${text}`.trimEnd();
        return `${blank} ${bar} ${mark?.primary === true ? paint(text) : palette.label(text)}`;
      }),
    );
  }
  return out;
}

/** One line of the source, and below it a line of carets for each mark, first the place itself. */
function sourceLine(
  lines: Lines,
  number: number,
  marks: readonly Mark[],
  width: number,
): { text: string; mark: Mark | null }[] {
  const start = lines.start(number);
  const source = lines.line(number);
  const shown = showLine(source);
  const columns = marks.map((mark) => {
    const from = shown.column(mark.span.start - start);
    const to = shown.column(Math.min(mark.span.end - start, source.length));
    return { mark, from, length: Math.max(1, to - from) };
  });
  const first = columns[0];
  const cut = window(shown.text, first?.from ?? 0, width);
  const out: { text: string; mark: Mark | null }[] = [{ text: cut.text, mark: null }];
  for (const { mark, from, length } of columns) {
    const at = Math.max(0, from - cut.offset);
    const carets = (mark.primary ? "^" : "-").repeat(
      Math.max(1, Math.min(length, cut.end - Math.max(from, cut.offset))),
    );
    out.push({ text: `${" ".repeat(at)}${carets} ${oneLine(mark.text)}`.trimEnd(), mark });
  }
  return out;
}

/** The part of a long line that holds a column; `offset` is how far the carets move left. */
function window(text: string, column: number, width: number): { text: string; offset: number; end: number } {
  const whole = textWidth(text);
  if (whole <= width) return { text, offset: 0, end: Math.max(whole, 1) };
  const begin = Math.max(0, Math.min(column - Math.floor(width / 3), whole - width + 1));
  let at = 0;
  let part = "";
  let from = -1;
  for (const char of text) {
    const next = at + textWidth(char);
    if (at >= begin && next <= begin + width - 2) {
      if (from < 0) from = at;
      part += char;
    }
    at = next;
  }
  const offset = Math.max(0, from);
  const left = offset > 0 ? "…" : "";
  const right = offset + textWidth(part) < whole ? "…" : "";
  return { text: `${left}${part}${right}`, offset: offset - left.length, end: offset + textWidth(part) };
}

/** Columns that the author lined up stay lined up: `=` of lines in a row, comments at the ends of lines. */
import type { Line } from "./layout.js";

/** Moves anchors that stood in one column, with more than a blank before one of them, to one column again. */
export function alignAnchors(lines: readonly Line[]): void {
  forRuns(lines, isSameColumn, (run) => {
    const anchored = run.flatMap((line) => (line.anchor === null ? [] : [{ line, ...line.anchor }]));
    if (run.length < 2 || !anchored.some(({ blanks }) => blanks > 1)) return;
    const column = Math.max(...anchored.map(({ at }) => at));
    for (const { line, at } of anchored)
      line.text = `${line.text.slice(0, at)}${" ".repeat(column - at)}${line.text.slice(at)}`;
  });
}

function isSameColumn(last: Line, line: Line): boolean {
  if (last.anchor === null || line.anchor === null || line.blankBefore) return false;
  return last.indent === line.indent && last.anchor.column === line.anchor.column;
}

/** The lines as text, their comments two blanks behind the longest of those that stood in one column. */
export function printed(lines: readonly Line[]): string[] {
  const columns = new Map<Line, number>();
  const inOneColumn = (last: Line, line: Line): boolean =>
    last.comment !== null && last.comment.column === line.comment?.column;
  forRuns(lines, inOneColumn, (run) => {
    const column = Math.max(...run.map(widthOf)) + 2;
    for (const line of run) columns.set(line, column);
  });
  return lines.flatMap((line) => {
    const code = line.text === "" ? "" : " ".repeat(line.indent) + line.text;
    const padding = " ".repeat(Math.max(0, (columns.get(line) ?? 0) - widthOf(line)));
    return [...(line.blankBefore ? [""] : []), line.comment === null ? code : code + padding + line.comment.text];
  });
}

/** How far a line reaches, without the comment at its end. */
export function widthOf(line: Line): number {
  const tail = line.text.lastIndexOf("\n");
  return tail < 0 ? line.indent + line.text.length : line.text.length - tail - 1;
}

/** Calls `act` for the longest runs of lines of which each belongs to the one before. */
function forRuns(
  lines: readonly Line[],
  together: (last: Line, line: Line) => boolean,
  act: (run: readonly Line[]) => void,
): void {
  let run: Line[] = [];
  for (const line of lines) {
    const last = run.at(-1);
    if (last !== undefined && !together(last, line)) {
      act(run);
      run = [];
    }
    run.push(line);
  }
  if (run.length > 0) act(run);
}

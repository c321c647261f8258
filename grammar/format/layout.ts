/** Pieces to lines: what stands on each, how far it is indented. */
import { breaksOf, ownerOf } from "./breaks.js";
import { holdsList } from "./braces.js";
import type { Piece } from "./pieces.js";
import { isCloser, isComment, isOpener, tokenAfter } from "./pieces.js";
import { gapBefore } from "./spacing.js";

export interface Line {
  indent: number;
  /** Without indentation and without the comment that ends it. */
  text: string;
  blankBefore: boolean;
  /** The comment at its end, with its column in the source. */
  comment: { readonly text: string; readonly column: number } | null;
  /** The first `=`, `~`, `<-` or `in` of what begins here: its place in `text`, its column and the blanks before it in the source. */
  anchor: { readonly at: number; readonly column: number; readonly blanks: number } | null;
  /** The pieces on it, from the first to before the last. */
  readonly from: number;
  to: number;
}

interface Level {
  readonly opener: number;
  /** Of the line that the bracket stands on. */
  readonly outer: number;
  /** Of what stands in it. */
  readonly inner: number;
  readonly isBlock: boolean;
  readonly list: boolean;
  /** What is being read began with its line, so what goes on is indented further. */
  ownLine: boolean;
  anchored: boolean;
}

const STEP = 2;

/** Lays the pieces out; blocks whose opening braces are in `spread` get more than a line. */
export function linesOf(text: string, pieces: readonly Piece[], spread: ReadonlySet<number>): readonly Line[] {
  const printer = new Printer(pieces, breaksOf(text, pieces, spread));
  for (const at of pieces.keys()) printer.add(at);
  return printer.lines;
}

class Printer {
  readonly lines: Line[] = [];
  private readonly levels: Level[] = [
    { opener: -1, outer: 0, inner: 0, isBlock: true, list: false, ownLine: true, anchored: false },
  ];
  /** Where in the line's text the last token ends. */
  private tokenEnd = 0;

  constructor(
    private readonly pieces: readonly Piece[],
    private readonly breaks: readonly boolean[],
  ) {}

  add(at: number): void {
    const piece = this.pieces[at];
    const level = this.levels.at(-1);
    if (piece === undefined || level === undefined) return;
    const isNew = at === 0 || this.breaks[at] === true;
    if (isNew) this.begin(at, piece, level);
    const line = this.lines.at(-1);
    if (line === undefined) return;
    line.to = at + 1;
    if (isComment(piece)) this.comment(line, piece, isNew);
    else this.token(line, at, piece, level);
  }

  private begin(at: number, piece: Piece, level: Level): void {
    const token = ownerOf(this.pieces, at);
    const next = this.pieces[token];
    const follower = next === undefined || isComment(next) ? tokenAfter(this.pieces, token) : token;
    const goesOn = !this.startsItem(follower, level) && !this.closes(follower, level);
    let indent = level.inner + (goesOn && level.ownLine ? STEP : 0);
    if (follower === at && this.closes(at, level)) indent = level.outer;
    const last = this.pieces[at - 1];
    const afterOpener = last !== undefined && isOpener(last);
    const blankBefore =
      piece.newlines > 1 && !afterOpener && !isCloser(piece) && (isComment(piece) || !goesOn) && at > 0;
    this.lines.push({ indent, text: "", blankBefore, comment: null, anchor: null, from: at, to: at + 1 });
    this.tokenEnd = 0;
  }

  private closes(at: number, level: Level): boolean {
    return level.opener >= 0 && this.pieces[level.opener]?.partner === at;
  }

  /** Whether a statement, an entry or an argument begins at a token. */
  private startsItem(at: number, level: Level): boolean {
    const piece = this.pieces[at];
    if (piece === undefined || piece.begins || piece.before === level.opener) return true;
    const last = this.pieces[piece.before];
    return (!level.isBlock || level.list) && last?.class === "operator" && last.text === ",";
  }

  private comment(line: Line, piece: Piece, isNew: boolean): void {
    const next = this.pieces[line.to];
    if (piece.toLineEnd && !isNew && next?.newlines !== 0) {
      line.comment = { text: piece.text, column: piece.column };
      return;
    }
    line.text += (line.text === "" ? "" : " ") + (isNew ? shifted(piece, line.indent) : piece.text);
  }

  private token(line: Line, at: number, piece: Piece, level: Level): void {
    const starts = this.startsItem(at, level);
    const opensLine = this.pieces.slice(line.from, at).every(isComment);
    // Two statements on one line.
    if (piece.begins && !opensLine) {
      line.text = `${line.text.slice(0, this.tokenEnd)};${line.text.slice(this.tokenEnd)}`;
    }
    if (starts) [level.ownLine, level.anchored] = [opensLine, false];
    line.text += at === line.from ? "" : gapBefore(this.pieces, at);
    if (isAnchor(piece) && !level.anchored) {
      level.anchored = true;
      if (level.ownLine && this.beganHere(line, level))
        line.anchor = { at: line.text.length, column: piece.column, blanks: piece.blanks };
    }
    line.text += piece.text;
    this.tokenEnd = line.text.length;
    if (isOpener(piece)) this.open(at, piece, line, level);
    else if (isCloser(piece) && this.levels.length > 1) this.levels.pop();
  }

  /** Whether what is being read began with this line. */
  private beganHere(line: Line, level: Level): boolean {
    return this.startsItem(tokenAfter(this.pieces, line.from - 1), level);
  }

  private open(at: number, piece: Piece, line: Line, level: Level): void {
    const isBlock = piece.text === "{";
    const list = isBlock && holdsList(this.pieces, at);
    // A block belongs to its statement, other brackets to their line.
    const outer = isBlock && !list && level.isBlock ? level.inner : line.indent;
    this.levels.push({ opener: at, outer, inner: outer + STEP, isBlock, list, ownLine: false, anchored: false });
  }
}

const anchors: ReadonlySet<string> = new Set(["=", "~", "<-"]);
const isAnchor = ({ class: kind, text }: Piece): boolean =>
  kind === "operator" ? anchors.has(text) : kind === "keyword" && text === "in";

/** A comment of several lines is moved as a whole. */
function shifted({ text, column }: Piece, indent: number): string {
  if (column === indent || !text.includes("\n")) return text;
  const [first = "", ...rest] = text.split("\n");
  const moved = rest.map((line) => {
    const blanks = line.search(/\S/u);
    return blanks < 0 ? "" : " ".repeat(Math.max(0, blanks + indent - column)) + line.slice(blanks);
  });
  return [first, ...moved].join("\n");
}

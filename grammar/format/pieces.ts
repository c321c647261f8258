/** A file as the list of its tokens and comments, each with what a printer asks about its surroundings. */
import type { Comment, Parsed, TokenClass } from "../index.js";
import type { Node } from "../walk.js";
import { walk } from "../walk.js";

export interface Piece {
  readonly class: TokenClass | "comment";
  readonly text: string;
  readonly start: number;
  /** Characters between the beginning of its line and it, as the author wrote them. */
  readonly column: number;
  /** Line breaks between it and the piece before. */
  readonly newlines: number;
  /** Blanks right before it. */
  readonly blanks: number;
  /** A comment to the end of the line. */
  readonly toLineEnd: boolean;
  /** A statement, or an entry on a line of its own, begins here. */
  readonly begins: boolean;
  /** A sign, not a difference. */
  readonly sign: boolean;
  /** What a reduction works on begins here: `sum(i) (…)`. */
  readonly body: boolean;
  /** The token before, comments left out; -1 for none. */
  readonly before: number;
  /** Of a bracket: its partner; -1 otherwise. */
  readonly partner: number;
}

type Open = { -readonly [K in keyof Piece]: Piece[K] };

/** The pieces of a file without faults, in order. */
export function piecesOf(text: string, parsed: Parsed, marks: Marks): readonly Piece[] {
  const comments = parsed.comments.map((comment) => ({ ...comment, class: "comment" as const, sort: comment.class }));
  const tokens = parsed.tokens.map((token) => ({ ...token, sort: null }));
  const all = [...tokens, ...comments].sort((a, b) => a.span.start - b.span.start);
  const pieces: Open[] = [];
  const open: number[] = [];
  let [end, before, begins] = [0, -1, false];
  for (const { class: kind, sort, span } of all) {
    if (kind === "newline") {
      begins = true;
      continue;
    }
    const at = pieces.length;
    const piece: Open = {
      ...{ class: kind, text: trimmed(text.slice(span.start, span.end), sort), start: span.start },
      ...placeIn(text, end, span.start),
      toLineEnd: sort === "line" || sort === "doc",
      begins: kind !== "comment" && begins && text[span.start] !== "}",
      sign: marks.signs.has(span.start),
      ...{ body: false, before, partner: -1 },
    };
    pieces.push(piece);
    end = span.end;
    if (kind === "comment") continue;
    [before, begins] = [at, false];
    if (isOpener(piece)) open.push(at);
    if (isCloser(piece)) join(pieces, open.pop() ?? -1, at);
  }
  markBodies(pieces, marks.heads);
  return pieces;
}

export const isComment = (piece: Piece): boolean => piece.class === "comment";
const isMark = (piece: Piece, marks: string): boolean => piece.class === "operator" && marks.includes(piece.text);
export const isOpener = (piece: Piece): boolean => isMark(piece, "([{");
export const isCloser = (piece: Piece): boolean => isMark(piece, ")]}");

function join(pieces: readonly Open[], opener: number, closer: number): void {
  const [first, last] = [pieces[opener], pieces[closer]];
  if (first === undefined || last === undefined) return;
  first.partner = closer;
  last.partner = opener;
}

/** Blanks at the ends of a comment's lines say nothing. */
const trimmed = (text: string, sort: Comment["class"] | null): string =>
  sort === null ? text : text.replace(/\r\n?/gu, "\n").replace(/[^\S\n]+$/gmu, "");

function placeIn(text: string, end: number, start: number): Pick<Piece, "column" | "newlines" | "blanks"> {
  const gap = text.slice(end, start);
  const newlines = gap.match(/\r\n?|\n/gu)?.length ?? 0;
  let line = start;
  while (line > 0 && text[line - 1] !== "\n" && text[line - 1] !== "\r") line--;
  return { newlines, column: start - line, blanks: gap.length - gap.trimEnd().length };
}

/** What only the tree knows, by the offsets of tokens. */
export interface Marks {
  /** Every `-` that is a sign. */
  readonly signs: ReadonlySet<number>;
  /** The names of reductions that work on what follows their parentheses. */
  readonly heads: ReadonlySet<number>;
}
export const noMarks: Marks = { signs: new Set(), heads: new Set() };

export function marksIn(text: string, tree: Node): Marks {
  const [signs, heads] = [new Set<number>(), new Set<number>()];
  walk(tree, (node) => {
    // A node begins at a sign, and at no difference.
    if (text[node.span.start] === "-") signs.add(node.span.start);
    if (node.kind === "reduction" && node.body !== null) heads.add(node.name.span.start);
    return undefined;
  });
  return { signs, heads };
}

function markBodies(pieces: readonly Open[], heads: ReadonlySet<number>): void {
  for (const [k, name] of pieces.entries()) {
    if (!heads.has(name.start)) continue;
    const closer = pieces[tokenAfter(pieces, k)]?.partner ?? -1;
    const body = closer < 0 ? undefined : pieces[tokenAfter(pieces, closer)];
    if (body !== undefined) body.body = true;
  }
}

/** The next token, comments left out; the number of pieces when there is none. */
export function tokenAfter(pieces: readonly Piece[], at: number): number {
  for (let k = at + 1; k < pieces.length; k++) if (pieces[k]?.class !== "comment") return k;
  return pieces.length;
}

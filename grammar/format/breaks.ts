/** Where lines break: where the author broke them, and around the statements of a block of several lines. */
import { holdsList } from "./braces.js";
import type { Piece } from "./pieces.js";
import { isCloser, isComment, isOpener } from "./pieces.js";
import { gapBefore } from "./spacing.js";

/** Of each piece, whether a line begins with it. `spread`: the opening braces of blocks that are too wide for a line. */
export function breaksOf(text: string, pieces: readonly Piece[], spread: ReadonlySet<number>): readonly boolean[] {
  const forced = forcedBreaks(text, pieces, spread);
  const breaks = pieces.map(() => false);
  for (let at = 0; at < pieces.length;) {
    // Comments that stand before a token on its line stay with it.
    const token = ownerOf(pieces, at);
    breaks[at] = at > 0 && (forced.has(token) || breaksAt(pieces, at));
    at = token + 1;
  }
  return breaks;
}

/** The token that a comment stands before, on one line; the piece itself otherwise. */
export function ownerOf(pieces: readonly Piece[], at: number): number {
  let token = at;
  for (;;) {
    const piece = pieces[token];
    if (piece === undefined) return at;
    if (!isComment(piece)) return token;
    const follower = pieces[token + 1];
    if (piece.toLineEnd || (follower?.newlines ?? 1) > 0) return at;
    token++;
  }
}

const declaring: ReadonlySet<string> = new Set(["param", "state", "fn"]);

/** The author broke the line here, and it was no break inside of what belongs together. */
function breaksAt(pieces: readonly Piece[], at: number): boolean {
  const [piece, last] = [pieces[at], pieces[at - 1]];
  if (piece === undefined || last === undefined) return false;
  if (last.toLineEnd) return true;
  if (piece.newlines === 0) return false;
  if (isComment(piece) || isComment(last) || piece.begins) return true;
  // A line that begins with `W[i] =` would be read as a statement of its own.
  if (last.class === "keyword" && declaring.has(last.text)) return false;
  const closes = piece.class === "operator" && (piece.text === ")" || piece.text === "]");
  if (closes || isOpener(last)) return true;
  return piece.text !== "{" && piece.text !== "}" && gapBefore(pieces, at) !== "";
}

/** The tokens that begin a line because a block of several lines asks for it. */
function forcedBreaks(text: string, pieces: readonly Piece[], spread: ReadonlySet<number>): ReadonlySet<number> {
  const forced = new Set<number>();
  const open: { readonly tall: boolean; readonly items: boolean; readonly opener: number }[] = [];
  for (const [at, piece] of pieces.entries()) {
    if (isComment(piece)) continue;
    const inside = open.at(-1);
    const isFirst = piece.before === inside?.opener;
    const isLast = isCloser(piece) && piece.partner === inside?.opener;
    if (isLast) open.pop();
    const last = pieces[piece.before];
    const follows = piece.begins || (inside?.items === true && last?.class === "operator" && last.text === ",");
    if (inside === undefined ? piece.begins : inside.tall && (isFirst || isLast || follows)) forced.add(at);
    if (!isOpener(piece)) continue;
    const tall = piece.text === "{" && (spread.has(at) || isTall(text, pieces, at));
    open.push({ tall, items: spread.has(at) && holdsList(pieces, at), opener: at });
  }
  return forced;
}

/** Whether the author gave a pair of braces more than a line. */
function isTall(text: string, pieces: readonly Piece[], opener: number): boolean {
  const first = pieces[opener];
  const last = pieces[first?.partner ?? -1];
  if (first === undefined || last === undefined || first.partner === opener + 1) return false;
  return /[\n\r]/u.test(text.slice(first.start, last.start));
}

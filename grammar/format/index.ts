/**
 * The one layout of a spec: two blanks a level, a statement a line, single blank lines, the author's line breaks.
 * Tokens and comments stay as they are and in their order; only what lies between them changes.
 */
import type { Diagnostic } from "../../src/base/diagnostic.js";
import type { Source } from "../../src/base/span.js";
import { parse } from "../index.js";
import { alignAnchors, printed, widthOf } from "./align.js";
import { linesOf } from "./layout.js";
import type { Line } from "./layout.js";
import type { Piece } from "./pieces.js";
import { isComment, isOpener, marksIn, noMarks, piecesOf, tokenAfter } from "./pieces.js";

/** A block stays on one line as long as that has no more characters. */
export const WIDTH = 110;

export interface Formatted {
  /** The text as it should stand; null when the source has faults. */
  readonly text: string | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Lays a file out. Throws where the outcome would not say what the source says, which is a fault of ours. */
export function format(source: Source): Formatted {
  const parsed = parse(source);
  const { diagnostics } = parsed;
  if (!parsed.complete) return { text: null, diagnostics };
  const pieces = piecesOf(source.text, parsed, marksIn(source.text, parsed.tree));
  const text = layOutPieces(source.text, pieces);
  if (!saysTheSame(pieces, { file: source.file, text })) throw new Error("formatting would change what the file says");
  return { text, diagnostics };
}

function layOutPieces(text: string, pieces: readonly Piece[]): string {
  const spread = new Set<number>();
  for (;;) {
    const lines = linesOf(text, pieces, spread);
    alignAnchors(lines);
    const wide = lines.flatMap((line) => (widthOf(line) > WIDTH ? (spreadable(pieces, line) ?? []) : []));
    if (wide.length === 0) return [...printed(lines), ""].join("\n").replace(/^\n$/u, "");
    for (const opener of wide) spread.add(opener);
  }
}

/** The outermost block of a line that begins and ends on it and ends its statement. */
function spreadable(pieces: readonly Piece[], { from, to }: Line): number | null {
  for (let at = from; at < to; at++) {
    const piece = pieces[at];
    if (piece === undefined || !isOpener(piece)) continue;
    const { partner } = piece;
    if (piece.text === "{") {
      const next = pieces[tokenAfter(pieces, partner)];
      const endsStatement = next === undefined || next.begins || next.text === "}";
      if (partner < to && partner > at + 1 && endsStatement) return at;
    }
    // What stands in brackets of this line is no block of a statement.
    if (piece.text !== "{" && partner < to) at = partner;
    else if (piece.text !== "{") return null;
  }
  return null;
}

/** Whether a text has the same tokens and comments, statements that begin at the same ones, and no faults. */
function saysTheSame(pieces: readonly Piece[], source: Source): boolean {
  const parsed = parse(source);
  if (!parsed.complete) return false;
  const again = piecesOf(source.text, parsed, noMarks);
  const words = (text: string): string => text.replace(/\n[^\S\n]*/gu, "\n");
  return (
    again.length === pieces.length &&
    again.every((piece, k) => {
      const old = pieces[k];
      if (old?.class !== piece.class || old.begins !== piece.begins) return false;
      return isComment(piece) ? words(old.text) === words(piece.text) : old.text === piece.text;
    })
  );
}

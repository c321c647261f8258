/** What stands in a pair of braces: statements, or entries that commas separate. */
import type { Piece } from "./pieces.js";
import { isCloser } from "./pieces.js";

/** Whether commas separate what stands in the braces: `record { a, b }`, `case k { … }`, `in {a, b}`, columns of files. */
export function holdsList(pieces: readonly Piece[], opener: number): boolean {
  const owner = pieces[pieces[opener]?.before ?? -1];
  if (owner?.class === "keyword" && owner.text === "in") return true;
  let [first, dataset, ofCase]: [Piece | undefined, boolean, boolean] = [undefined, false, false];
  for (let at = pieces[opener]?.before ?? -1; at >= 0;) {
    const piece = pieces[at];
    if (piece === undefined) break;
    // What stands in brackets of the same statement is passed over.
    const outside = isCloser(piece) ? piece.partner : at;
    const begin = pieces[outside];
    if (begin === undefined || opens(begin, outside === at)) break;
    first = begin;
    dataset ||= begin.text === "dataset";
    ofCase ||= begin.class === "keyword" && begin.text === "case";
    if (begin.begins) break;
    at = begin.before;
  }
  if (ofCase) return true;
  if (first?.class !== "keyword") return false;
  return first.text === "record" || first.text === "table" || (first.text === "data" && dataset);
}

const opens = (piece: Piece, unpaired: boolean): boolean =>
  unpaired && piece.class === "operator" && (piece.text === "(" || piece.text === "[" || piece.text === "{");

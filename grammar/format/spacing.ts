/** Whether a blank stands between two tokens of one line. */
import type { Piece } from "./pieces.js";
import { isComment, tokenAfter } from "./pieces.js";

/** What stands between a piece and the one before it, where no line breaks between them: "" or " ". */
export function gapBefore(pieces: readonly Piece[], at: number): "" | " " {
  const piece = pieces[at];
  const last = pieces[at - 1];
  if (piece === undefined || last === undefined) return "";
  if (isComment(piece) || isComment(last)) return " ";
  return isTight(pieces, last, piece, at) ? "" : " ";
}

function isTight(pieces: readonly Piece[], last: Piece, piece: Piece, at: number): boolean {
  const [left, right] = [markOf(last), markOf(piece)];
  if (left === "(" || left === "[" || right === ")" || right === "]") return true;
  if (left === "{") return right === "}" || isSet(pieces, at - 1);
  if (right === "}") return isSet(pieces, piece.partner);
  if (right === ":") return left !== ",";
  // `3.x` would be another number.
  if (right === "." && last.class === "number") return false;
  if (right === "," || right === "%" || right === "." || right === "^") return true;
  if (left === "." || left === "#" || left === "^" || last.sign) return true;
  if (left === ".." || right === "..") return isShortRange(pieces, left === ".." ? at - 1 : at);
  if (piece.body) return false;
  if (right === "(") return last.class === "name" || left === ")" || left === "]";
  if (right === "[") return endsOperand(last);
  return false;
}

const markOf = (piece: Piece): string => (piece.class === "operator" ? piece.text : "");

/** `x[…]`, `f(…)[…]`, `until[…]`; but `except ["a"]`. */
function endsOperand(piece: Piece): boolean {
  if (piece.class === "operator") return piece.text === ")" || piece.text === "]" || piece.text === "}";
  return piece.class === "name" ? piece.text !== "except" : piece.text === "until";
}

/** `in {a, b}`: names, no statements. */
export function isSet(pieces: readonly Piece[], opener: number): boolean {
  const owner = pieces[pieces[opener]?.before ?? -1];
  return owner?.class === "keyword" && owner.text === "in";
}

/** `0..9`, `2..n`: a name or a number on either side and nothing more. */
function isShortRange(pieces: readonly Piece[], at: number): boolean {
  const left = pieces[at]?.before ?? -1;
  const right = tokenAfter(pieces, at);
  return (
    isShort(pieces[left]) && isShort(pieces[right]) && bounds(pieces[pieces[left]?.before ?? -1]) && ends(pieces, right)
  );
}

const isShort = (piece: Piece | undefined): boolean => piece?.class === "number" || piece?.class === "name";
const bounds = (piece: Piece | undefined): boolean =>
  piece === undefined || piece.class === "keyword" || "([{,:=".includes(markOf(piece) || "?");
function ends(pieces: readonly Piece[], operand: number): boolean {
  const after = pieces[tokenAfter(pieces, operand)];
  return after === undefined || after.begins || after.class === "keyword" || ")]}{,".includes(markOf(after) || "?");
}

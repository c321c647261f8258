/** Words for what the parser did not expect: display names, and the mistakes that can be recognised. */
import { EOF } from "chevrotain";
import type { TokenType } from "chevrotain";
import type { Fault } from "./faults.js";
import { beginsOperand } from "./lines.js";
import { elsewhereWord } from "./mistakes.js";
import { reductions } from "./reductions.js";
import * as t from "./tokens.js";
import type { Tok } from "./tokens.js";

const display = new Map<TokenType, string>([
  [t.Name, "a name"],
  [t.NumberToken, "a number"],
  [t.Text, "a text in quotation marks"],
  [t.Prose, 'prose in `"""`'],
  [t.Terminator, "the end of the line"],
  [t.Operator, "an operator"],
  [EOF, "the end of the file"],
]);

/** What a type of token is called, or `text` in backquotes. */
export function displayType(type: TokenType): string {
  const name = display.get(type);
  if (name !== undefined) return name;
  if (typeof type.PATTERN === "string") return `\`${type.PATTERN}\``;
  return `\`${type.name.replaceAll("'", "")}\``;
}

/** What stands there. */
export function displayToken(token: Tok): string {
  const type = token.tokenType;
  if (type === t.Terminator) return token.image === ";" ? "`;`" : "the end of the line";
  if (type === EOF) return "the end of the file";
  if (type === t.Text) return "a text";
  if (type === t.Prose) return "prose";
  return token.image === "" ? displayType(type) : `\`${token.image}\``;
}

export const isReserved = (type: TokenType): boolean => t.reserved.get(type.name.slice(1, -1)) === type;
export const isName = (type: TokenType): boolean => type === t.Name || (type.CATEGORIES?.includes(t.Name) ?? false);

/** Where a fault at a token is shown: ends of lines and of the file are shown after what precedes them. */
export function placeOf(token: Tok, previous: Tok | undefined, start: number): { start: number; end: number } {
  const visible =
    token.tokenType !== EOF && token.image !== "" && !(token.tokenType === t.Terminator && token.image !== ";");
  if (visible) return { start: token.startOffset, end: (token.endOffset ?? token.startOffset) + 1 };
  const end =
    previous === undefined || !(previous.startOffset >= 0) ? start : (previous.endOffset ?? previous.startOffset) + 1;
  return { start: end, end };
}

/** What is around an unexpected token. */
export interface Around {
  readonly token: Tok;
  readonly previous: Tok | undefined;
  /** The token after it. */
  readonly next: Tok | undefined;
  /** The name before the bracket that `previous` closes. */
  readonly callee: Tok | undefined;
  readonly place: { readonly start: number; readonly end: number };
}

/** The fault of meeting `around.token` where `expected` should be. */
export function unexpected(around: Around, expected: string, expectedType: TokenType | null): Fault {
  const { token, previous, place } = around;
  const found = displayToken(token);
  const known = recognised(around, expectedType);
  if (known !== null) return { ...place, ...known };
  if (expectedType === t.Name)
    return isReserved(token.tokenType)
      ? {
          ...place,
          code: "AM1004",
          message: `${found} is a reserved word and cannot be a name`,
          here: "a name is expected here",
        }
      : { ...place, code: "AM1003", message: `a name is missing ${where(token)}`, here: "a name is expected here" };
  if (token.tokenType === t.Where)
    return {
      ...place,
      code: "AM1022",
      message: "`where` does not belong here",
      help: "a value that depends on a condition is `if c then a else b`",
    };
  if (expectedType === null && expected === "the end of the statement" && beginsOperand(token.tokenType))
    return { ...place, code: "AM1001", message: `an operator or a new line is missing before ${found}` };
  if (expectedType === t.Over)
    return {
      ...place,
      code: "AM1001",
      message: `expected \`over\`, found ${found}`,
      help: "say what is changed: `minimize loss over M`, or `over M.W, M.b`",
    };
  if (previous !== undefined && t.parameterSorts.has(previous.image) && isName(token.tokenType)) {
    const written = `${token.image}: ${previous.image}`;
    return {
      ...place,
      code: "AM1001",
      message: `\`${previous.image} ${token.image}\` is no parameter: its name comes first, then what it is`,
      help: `write \`${written}\`; where a template is used the name of what is given stands alone`,
      fix: replace({ start: previous.startOffset, end: place.end }, written),
    };
  }
  if (expected === "an expression")
    return { ...place, code: "AM1002", message: `an expression is missing ${where(token)}` };
  return { ...place, code: "AM1001", message: `expected ${expected}, found ${found}` };
}

function where(token: Tok): string {
  const type = token.tokenType;
  return type === EOF || type === t.Terminator ? `at ${displayToken(token)}` : `before ${displayToken(token)}`;
}

type Known = Pick<Fault, "code" | "message" | "help" | "here" | "fix" | "notes">;
const replace = (place: { start: number; end: number }, text: string): NonNullable<Fault["fix"]> => ({
  title: `write \`${text}\``,
  edits: [{ ...place, text }],
});

/** Mistakes with a name of their own. */
function recognised({ token, previous, next, callee, place }: Around, expected: TokenType | null): Known | null {
  const type = token.tokenType;
  if (type === t.EqualEqual && expected === t.Equals)
    return {
      code: "AM1013",
      message: "`==` compares; a definition is written `=`",
      help: "write `=`",
      fix: replace(place, "="),
    };
  if (type === t.Equals && expected !== t.Name)
    return {
      code: "AM1012",
      message: "`=` defines; a comparison is written `==`",
      help: "write `==`",
      fix: replace(place, "=="),
    };
  if (type === t.Arrow)
    return {
      code: "AM1012",
      message: "`<-` updates a state; it cannot stand inside an expression",
      help: "less than a negative number is written with a blank: `< -1`",
    };
  if (type === t.Percent)
    return { code: "AM1011", message: "`%` is no operator here", help: "the remainder is the function `mod(a, b)`" };
  if (type === t.Hash)
    return {
      code: "AM1019",
      message: "`#` begins no comment",
      help: "comments begin with `//`, descriptions with `///`",
    };
  if (type === t.Then && expected === t.Else) return null;
  if (type === t.LBrace && (expected === null || expected === t.NumberToken))
    return {
      code: "AM1002",
      message: "an expression is missing before `{`",
      help: "a list stands in square brackets: `[a, b]`; only labels of an axis or a sweep stand in `{a, b}`",
    };
  if (
    previous?.tokenType === t.NumberToken &&
    isName(type) &&
    previous.startOffset + previous.image.length === token.startOffset
  )
    return {
      code: "AM1010",
      message: `\`${previous.image}${token.image}\` is neither a number nor a name`,
      help: `a product is written \`${previous.image} * ${token.image}\``,
    };
  if (type === t.Equals && expected === t.Colon) return null;
  if (callee !== undefined && beginsOperand(type) && type !== t.Minus && expected !== t.Colon)
    return afterCall(callee, token, next);
  return null;
}

function afterCall(callee: Tok, token: Tok, _next: Tok | undefined): Known {
  const what = displayToken(token);
  if (reductions.has(callee.image)) return { code: "AM1001", message: `an operator is missing before ${what}` };
  return {
    code: "AM1022",
    message: `an operator is missing between \`${callee.image}(…)\` and ${what}`,
    notes: [`\`${callee.image}\` is no reduction, so nothing may follow its brackets without an operator`],
  };
}

/** The fault of a statement that begins with something that begins none. */
export function noStatement(around: Around): Fault {
  const { token, next, place } = around;
  const type = token.tokenType;
  const found = displayToken(token);
  if (type === t.Hash)
    return {
      ...place,
      code: "AM1019",
      message: "`#` begins no comment",
      help: "comments begin with `//`, descriptions with `///`",
    };
  if (isReserved(type)) {
    const isTarget =
      next !== undefined &&
      (next.tokenType === t.Equals || next.tokenType === t.Tilde || next.tokenType === t.LBracket);
    if (isTarget) return { ...place, code: "AM1004", message: `${found} is a reserved word and cannot be a name` };
  }
  const help =
    type === t.If || type === t.Case
      ? "a choice is a value: `x[i] = if c then a else b`"
      : "a statement defines a name, or begins with a keyword such as `memory`, `train`, `chart`";
  return { ...place, code: "AM1020", message: `no statement begins with ${found}`, help };
}

/** The fault of a statement that begins with a name that is followed by neither `=` nor `~` nor `<-`. */
export function unfinished(head: Tok, around: Around): Fault {
  const { token, place } = around;
  const known = recognised(around, t.Equals);
  if (known !== null) return { ...place, ...known };
  const at = { start: head.startOffset, end: (head.endOffset ?? head.startOffset) + 1 };
  const elsewhere = elsewhereWord(head.image);
  if (elsewhere !== null)
    return { ...at, code: "AM1019", message: `\`${head.image}\` begins no statement`, help: elsewhere };
  const near = nearestStatementWord(head.image);
  if (near !== null && isName(token.tokenType))
    return {
      ...at,
      code: "AM1020",
      message: `\`${head.image}\` begins no statement`,
      help: `did you mean \`${near}\`?`,
      fix: replace(at, near),
    };
  return {
    ...place,
    code: "AM1001",
    message: `expected \`=\`, \`~\` or \`<-\`, found ${displayToken(token)}`,
    notes: ["a statement defines something: `x[i] = …`, draws it: `x[i] ~ …`, or updates it: `x[i] <- …`"],
  };
}

/** A keyword one or two letters away. */
function nearestStatementWord(text: string): string | null {
  let best: string | null = null;
  let least = text.length > 5 ? 3 : text.length > 3 ? 2 : 1;
  for (const word of t.statementWordList) {
    const distance = editDistance(text, word, least);
    if (distance < least) {
      least = distance;
      best = word;
    }
  }
  return best;
}

/** Levenshtein's distance with transpositions; anything from `limit` on may be returned as `limit`. */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let above: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (above[j - 2] ?? 0) + 1);
      next.push(cost);
    }
    above = row;
    row = next;
  }
  return row[b.length] ?? limit;
}

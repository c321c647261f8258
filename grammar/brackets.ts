/**
 * Pairs the brackets of a token list. What is never closed gets a closing bracket at the likeliest place, what
 * closes nothing is dropped, each with a diagnostic: the parser meets balanced brackets only.
 */
import type { IToken, TokenType } from "chevrotain";
import type { Report } from "./faults.js";
import { beginsDefinition } from "./lines.js";
import * as t from "./tokens.js";

interface Early {
  readonly opener: IToken;
  /** Where the closing bracket is taken to stand. */
  readonly offset: number;
}

export interface Pairs {
  /** The closing brackets to be supplied before a token, innermost first. */
  before(index: number): readonly Early[];
  /** The indices of closing brackets that close nothing. */
  readonly dropped: ReadonlySet<number>;
}

const closers = new Map<TokenType, TokenType>([
  [t.LParen, t.RParen],
  [t.LBracket, t.RBracket],
  [t.LBrace, t.RBrace],
]);
const closing = new Set<TokenType>(closers.values());

export function closerOf(opener: IToken): TokenType {
  return closers.get(opener.tokenType) ?? t.RParen;
}
const isOpener = (token: IToken): boolean => closers.has(token.tokenType);
const endOf = (token: IToken): number => (token.endOffset ?? token.startOffset) + 1;
const none: readonly Early[] = [];

export function pairBrackets(raw: readonly IToken[], text: string, base: number, report: Report): Pairs {
  const indent = indentation(text, base);
  const dropped = new Set<number>();
  const unclosed = findUnclosed(raw, indent, dropped, report);
  const inserted = new Map<number, Early[]>();
  if (unclosed.size > 0) placeClosers(raw, unclosed, dropped, indent, inserted, report);
  return { before: (index) => inserted.get(index) ?? none, dropped };
}

/** The openers that are never closed, each with the index of the token where that shows. */
function findUnclosed(
  raw: readonly IToken[],
  indent: Indentation,
  dropped: Set<number>,
  report: Report,
): Map<IToken, number> {
  const unclosed = new Map<IToken, number>();
  const stack: IToken[] = [];
  const count = (type: TokenType): number => raw.reduce((n, token) => n + (token.tokenType === type ? 1 : 0), 0);
  const lacksBraces = count(t.LBrace) > count(t.RBrace);

  for (const [index, token] of raw.entries()) {
    if (isOpener(token)) stack.push(token);
    if (token.tokenType === t.Newline && stack.length > 0 && startsAfresh(raw, index))
      for (let top = stack.at(-1); top !== undefined && top.tokenType !== t.LBrace; top = stack.at(-1)) {
        unclosed.set(top, index);
        stack.pop();
      }
    if (!closing.has(token.tokenType)) continue;
    const partner = partnerOf(stack, token, lacksBraces ? indent : null);
    if (partner < 0) {
      dropped.add(index);
      report({
        code: "AM1006",
        start: token.startOffset,
        end: endOf(token),
        message: `\`${token.image}\` closes nothing`,
        here: "no bracket is open here",
      });
      continue;
    }
    for (const opener of stack.splice(partner).slice(1)) unclosed.set(opener, index);
  }
  for (const opener of stack) unclosed.set(opener, raw.length);
  return unclosed;
}

/** Whether a line begins a definition although the one before it does not end in a comma, an operator or a bracket. */
function startsAfresh(raw: readonly IToken[], index: number): boolean {
  const previous = raw[index - 1];
  if (previous === undefined || !endsOperand.has(previous.tokenType)) return false;
  if (previous.tokenType === t.Name && t.reserved.has(previous.image)) return false;
  return beginsDefinition(raw, index + 1);
}
const endsOperand = new Set<TokenType>([t.Name, t.NumberToken, t.Text, t.Prose, t.RParen, t.RBracket, t.RBrace]);

/** Which of the open brackets a closing one belongs to; -1 for none. */
function partnerOf(stack: readonly IToken[], token: IToken, indent: Indentation | null): number {
  let found = -1;
  for (let i = stack.length - 1; i >= 0 && found < 0; i--) {
    const opener = stack[i];
    if (opener === undefined) break;
    if (closers.get(opener.tokenType) === token.tokenType) found = i;
    // A `)` never reaches out of a block.
    else if (opener.tokenType === t.LBrace) break;
  }
  // Where a `}` is missing, indentation tells which block this one closes.
  if (found < 0 || indent === null || token.tokenType !== t.RBrace || !indent.isFirst(token)) return found;
  const column = indent.of(token);
  const opener = stack[found];
  if (opener === undefined || column >= indent.of(opener)) return found;
  for (let i = found - 1; i >= 0; i--) {
    const outer = stack[i];
    if (outer?.tokenType === t.LBrace && indent.of(outer) === column) return i;
  }
  return found;
}

function placeClosers(
  raw: readonly IToken[],
  unclosed: ReadonlyMap<IToken, number>,
  dropped: ReadonlySet<number>,
  indent: Indentation,
  inserted: Map<number, Early[]>,
  report: Report,
): void {
  const stack: IToken[] = [];
  let previous: IToken | null = null;
  const insert = (opener: IToken, index: number): void => {
    const offset = previous === null ? opener.startOffset + 1 : endOf(previous);
    const list = inserted.get(index) ?? [];
    list.push({ opener, offset });
    inserted.set(index, list);
    reportUnclosed(opener, offset, report);
  };
  const insertAt = (index: number): void => {
    for (let top = stack.at(-1); top !== undefined && unclosed.get(top) === index; top = stack.at(-1)) {
      stack.pop();
      insert(top, index);
    }
  };
  for (const [index, token] of raw.entries()) {
    insertAt(index);
    if (token.tokenType === t.Newline) {
      // A line that begins no further in than the line of the bracket begins something new.
      const next = raw[index + 1];
      if (next === undefined || next.tokenType === t.Newline || closing.has(next.tokenType)) continue;
      for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
        if (!unclosed.has(top) || indent.of(next) > indent.of(top)) break;
        stack.pop();
        insert(top, index);
      }
      continue;
    }
    if (isOpener(token)) stack.push(token);
    else if (closing.has(token.tokenType) && !dropped.has(index)) stack.pop();
    previous = token;
  }
  insertAt(raw.length);
}

function reportUnclosed(opener: IToken, offset: number, report: Report): void {
  const closer = closerOf(opener).PATTERN as string;
  const message = `\`${opener.image}\` is never closed`;
  if (opener.tokenType === t.LBrace)
    report({ code: "AM1005", start: opener.startOffset, end: endOf(opener), message, here: "this block has no end" });
  else
    report({
      code: "AM1005",
      start: offset,
      end: offset,
      message,
      here: `\`${closer}\` is missing, here at the latest`,
      labels: [{ start: opener.startOffset, end: endOf(opener), text: "opened here" }],
    });
}

interface Indentation {
  /** How far in the line of a token begins. */
  of(token: IToken): number;
  /** Whether a token is the first of its line. */
  isFirst(token: IToken): boolean;
}

/** Looks up lines by bisection, so that long lines cost nothing. */
function indentation(text: string, base: number): Indentation {
  let starts: number[] | null = null;
  const lineStart = (offset: number): number => {
    if (starts === null) {
      starts = [0];
      for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) starts.push(i + 1);
    }
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return starts[low] ?? 0;
  };
  const blank = (start: number): number => {
    let end = start;
    while (text[end] === " " || text[end] === "\t") end++;
    return end - start;
  };
  return {
    of: (token) => blank(lineStart(token.startOffset - base)),
    isFirst: (token) => {
      const start = lineStart(token.startOffset - base);
      return start + blank(start) === token.startOffset - base;
    },
  };
}

/**
 * Between lexer and parser: brackets are paired (missing ones supplied), newlines that end no statement dropped,
 * keywords recognised, misspellings replaced. What comes out has balanced brackets and bounded nesting, so the
 * parser and its recovery can rely on both.
 */
import { createTokenInstance } from "chevrotain";
import type { IToken, TokenType } from "chevrotain";
import { closerOf, pairBrackets } from "./brackets.js";
import type { Report } from "./faults.js";
import { LIMITS } from "./limits.js";
import { breaksOff, continues, continuesBefore, Nesting } from "./lines.js";
import { readToken } from "./literals.js";
import * as t from "./tokens.js";
import { asTok } from "./tokens.js";
import type { Tok } from "./tokens.js";

export interface Layout {
  readonly tokens: Tok[];
  /** From the offset of a token to the `///` lines above it. */
  readonly docs: ReadonlyMap<number, string>;
}

export function layOut(
  raw: readonly IToken[],
  comments: readonly IToken[],
  text: string,
  base: number,
  report: Report,
): Layout {
  const pairs = pairBrackets(raw, text, base, report);
  const layouter = new Layouter(raw, report);
  const supply = (index: number): void => {
    for (const { opener, offset } of pairs.before(index)) layouter.supply(closerOf(opener), offset);
  };
  for (const [index, token] of raw.entries()) {
    supply(index);
    if (!pairs.dropped.has(index)) layouter.add(token, index);
  }
  supply(raw.length);
  return { tokens: layouter.tokens, docs: attachDocs(comments, layouter.tokens) };
}

const isOpener = (type: TokenType): boolean => type === t.LParen || type === t.LBracket || type === t.LBrace;
const isCloser = (type: TokenType): boolean => type === t.RParen || type === t.RBracket || type === t.RBrace;

/** A token that does not stand in the text: empty, at `offset`. */
function invented(type: TokenType, offset: number): Tok {
  return asTok(createTokenInstance(type, "", offset, offset - 1, NaN, NaN, NaN, NaN), type);
}

class Layouter {
  readonly tokens: Tok[] = [];
  private readonly open: Tok[] = [];
  private readonly nesting = new Nesting();
  private newline: IToken | null = null;
  /** After what is nested too deeply tokens are dropped, up to the end of what encloses it. */
  private dropping = false;
  /** The brackets that are open in what is dropped. */
  private dropped = 0;

  constructor(
    private readonly raw: readonly IToken[],
    private readonly report: Report,
  ) {}

  /** A closing bracket that is missing in the text. */
  supply(type: TokenType, offset: number): void {
    if (this.dropped > 0) {
      this.dropped--;
      return;
    }
    this.dropping = false;
    this.newline = null;
    this.take(invented(type, offset), this.raw.length);
  }

  /** The next token of the text. */
  add(token: IToken, index: number): void {
    if (this.dropping && this.drops(token.tokenType)) return;
    this.dropping = false;
    if (token.tokenType === t.Newline) {
      this.newline ??= token;
      return;
    }
    const read = readToken(token, this.report);
    if (read !== null) this.take(read, index);
  }

  private drops(type: TokenType): boolean {
    if (isOpener(type)) {
      this.dropped++;
      return true;
    }
    if (this.dropped > 0) {
      if (isCloser(type)) this.dropped--;
      return true;
    }
    const ends = (type === t.Newline || type === t.Semicolon) && this.inBlock();
    return !ends && !isCloser(type) && type !== t.Comma;
  }

  /** Newlines count in blocks and outside of all brackets. */
  private inBlock(): boolean {
    return this.open.length === 0 || this.open.at(-1)?.tokenType === t.LBrace;
  }

  private push(token: Tok): void {
    token.at = this.tokens.length;
    token.depth = this.open.length;
    this.tokens.push(token);
  }

  private take(token: Tok, index: number): void {
    const type = token.tokenType;
    this.endLine(type, index);
    const previous = this.tokens.at(-1)?.tokenType;
    if (type === t.Semicolon) {
      if (previous !== t.Terminator && previous !== t.LBrace) this.push(asTok(token, t.Terminator));
      this.nesting.separate();
    } else if (isCloser(type)) this.close(token);
    else this.nest(token, previous);
  }

  /** Turns the newlines before a token into a terminator, when they end a statement. */
  private endLine(type: TokenType, index: number): void {
    const newline = this.newline;
    this.newline = null;
    const previous = this.tokens.at(-1)?.tokenType;
    if (newline === null || previous === undefined || !this.inBlock()) return;
    const goesOn = continues(previous) || continuesBefore(type);
    if (goesOn && !breaksOff(previous, this.raw, index)) return;
    this.push(asTok(newline, t.Terminator));
    this.nesting.separate();
  }

  private close(token: Tok): void {
    const opener = this.open.pop();
    if (opener !== undefined) {
      opener.close = this.tokens.length;
      token.close = opener.at;
    }
    this.nesting.leave();
    this.push(token);
  }

  private nest(token: Tok, previous: TokenType | undefined): void {
    const type = token.tokenType;
    const opener = this.open.at(-1);
    if (opener !== undefined && type === t.Where) opener.where = true;
    if (opener !== undefined && type === t.Over) opener.over = true;
    this.nesting.take(type, previous);
    const deeper = isOpener(type) ? 1 : 0;
    if (this.nesting.total + deeper > LIMITS.nesting) {
      this.tooDeep(token);
      this.dropped = deeper;
      return;
    }
    this.push(token);
    if (deeper === 0) return;
    this.open.push(token);
    this.nesting.enter();
  }

  private tooDeep(token: Tok): void {
    const start = token.startOffset;
    this.report({
      code: "AM1014",
      start,
      end: start + Math.max(1, token.image.length),
      message: `this is nested more than ${LIMITS.nesting} levels deep`,
      help: "give a part of it a name of its own",
    });
    this.push(invented(t.Hole, start));
    this.dropping = true;
  }
}

/** `///` lines belong to the first token after them. */
function attachDocs(comments: readonly IToken[], tokens: readonly Tok[]): Map<number, string> {
  const docs = new Map<number, string>();
  let next = 0;
  for (const comment of comments) {
    if (comment.tokenType !== t.DocComment) continue;
    for (; next < tokens.length; next++) {
      const token = tokens[next];
      if (token !== undefined && token.startOffset > comment.startOffset && token.tokenType !== t.Terminator) break;
    }
    const owner = tokens[next];
    if (owner === undefined) break;
    const line = comment.image.slice(3).replace(/^ /u, "").trimEnd();
    const above = docs.get(owner.startOffset);
    docs.set(owner.startOffset, above === undefined ? line : `${above}\n${line}`);
  }
  return docs;
}

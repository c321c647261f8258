/** Where a newline ends a statement, and how deeply the text is nested at a token. */
import type { IToken, TokenType } from "chevrotain";
import * as t from "./tokens.js";

/** After these a line goes on. */
const after = new Set<TokenType>([
  t.Comma,
  t.Equals,
  t.Tilde,
  t.Arrow,
  t.Colon,
  t.Bar,
  t.LBrace,
  t.Terminator,
  t.Then,
  t.Else,
  t.Where,
  t.Not,
  t.If,
  t.Over,
  t.With,
  t.Case,
]);
/** Before these too; a closing brace ends the block without a terminator. */
const before = new Set<TokenType>([t.Bar, t.RBrace, t.Then, t.Else, t.Where, t.Over, t.With]);

const isNameLike = (type: TokenType): boolean => type.CATEGORIES?.includes(t.Name) ?? false;
const isOperator = (type: TokenType): boolean => type.CATEGORIES?.includes(t.Operator) ?? false;

export function continues(type: TokenType): boolean {
  return after.has(type) || isOperator(type);
}
export function continuesBefore(type: TokenType): boolean {
  return before.has(type) || isOperator(type);
}

const joins = new Set<TokenType>([t.Comma, t.LBrace, t.Terminator, t.With]);

/**
 * A line that ends in an operator goes on, unless the next line is a definition itself: then something was
 * forgotten, and swallowing the next line would only hide that. (After a comma and `with` definitions may follow.)
 */
export function breaksOff(previous: TokenType, raw: readonly IToken[], index: number): boolean {
  return continues(previous) && !joins.has(previous) && beginsDefinition(raw, index);
}

/** Whether a statement that can be nothing else begins at a token: `x[i] = …`, `memory M`. */
export function beginsDefinition(raw: readonly IToken[], index: number): boolean {
  const first = raw[index];
  // The first one may have been read already, and be a keyword by now.
  if (first === undefined || (first.tokenType !== t.Name && !isNameLike(first.tokenType))) return false;
  let at = index + 1;
  let next = raw[at];
  if (next?.tokenType === t.Name) return t.isStatementWord(first.image) && !t.reserved.has(next.image);
  while (next?.tokenType === t.Dot) next = raw[(at += 2)];
  if (next?.tokenType === t.LBracket) {
    let depth = 0;
    for (; next !== undefined && next.tokenType !== t.Newline; next = raw[++at]) {
      if (next.tokenType === t.LBracket) depth++;
      if (next.tokenType === t.RBracket && --depth === 0) break;
    }
    next = raw[at + 1];
  }
  return (
    next !== undefined && (next.tokenType === t.Equals || next.tokenType === t.Tilde || next.tokenType === t.Arrow)
  );
}

/** Tokens that an operand may begin with. */
export const operandStart: ReadonlySet<TokenType> = new Set([
  t.Name,
  t.NumberToken,
  t.Text,
  t.Prose,
  t.LParen,
  t.LBracket,
  t.If,
  t.Case,
  t.Not,
  t.Minus,
  t.True,
  t.False,
  t.Hole,
]);
export function beginsOperand(type: TokenType): boolean {
  return operandStart.has(type) || isNameLike(type);
}

interface Level {
  /** `if` since the last separator: each nests in the one before. */
  ifs: number;
  /** Signs, powers, reductions, members in a row. */
  chain: number;
}

/** Counts what will nest in the tree, token by token, so that depth is known before parsing. */
export class Nesting {
  total = 0;
  private level: Level = { ifs: 0, chain: 0 };
  private readonly outer: Level[] = [];

  enter(): void {
    this.outer.push(this.level);
    this.level = { ifs: 0, chain: 0 };
    this.total++;
  }
  leave(): void {
    this.separate();
    const level = this.outer.pop();
    if (level === undefined) return;
    this.level = level;
    this.total--;
  }
  separate(): void {
    this.total -= this.level.ifs + this.level.chain;
    this.level.ifs = 0;
    this.level.chain = 0;
  }
  /** Takes a token and the one before it. */
  take(type: TokenType, previous: TokenType | undefined): void {
    const afterOperand =
      previous !== undefined &&
      (previous === t.RParen || previous === t.RBracket || previous === t.Name || isNameLike(previous));
    if (type === t.Comma || type === t.Equals || type === t.Tilde || type === t.Arrow) this.separate();
    else if (type === t.If) this.add("ifs");
    else if (type === t.Caret || type === t.Dot || type === t.Not || type === t.With) this.add("chain");
    else if (type === t.Minus && !afterOperand && previous !== t.NumberToken) this.add("chain");
    else if ((type === t.LParen || type === t.LBracket) && (previous === t.RParen || previous === t.RBracket))
      this.add("chain");
    else if (previous === t.RParen && beginsOperand(type) && type !== t.Minus) this.add("chain");
    else if (isOperator(type)) {
      this.total -= this.level.chain;
      this.level.chain = 0;
    }
  }
  private add(kind: "ifs" | "chain"): void {
    this.level[kind]++;
    this.total++;
  }
}

/**
 * What all grammar rules use: spans, looking ahead, faults and recovery. Chevrotain's own recovery is off: it
 * guesses tokens, which hides what the user wrote. Instead a rule that fails is left, the rest of its item or
 * statement skipped (brackets are balanced, see `brackets.ts`), and parsing goes on behind it.
 */
import {
  EarlyExitException,
  EmbeddedActionsParser,
  EOF,
  isRecognitionException,
  MismatchedTokenException,
  NoViableAltException,
} from "chevrotain";
import type { IParserErrorMessageProvider, IToken, ParserMethod, TokenType } from "chevrotain";
import type { Span } from "../src/base/span.js";
import { PreparedDecisions } from "./decisions.js";
import type { Decide, Decisions } from "./decisions.js";
import { unexpected, displayType, isName, placeOf } from "./explain.js";
import type { Around } from "./explain.js";
import type { Fault } from "./faults.js";
import type { Layout } from "./layout.js";
import { beginsOperand } from "./lines.js";
import { preparedDecisions } from "./prepared.js";
import * as t from "./tokens.js";
import type { Tok, Word } from "./tokens.js";
import type { Missing, Name, Statement } from "./tree.js";

/** A rule without or with one argument, by what it returns. */
export type Rule<R> = ParserMethod<[], R>;
export type RuleOf<A, R> = ParserMethod<[A], R>;

export interface ParserOptions {
  /** Check the grammar itself while building the parser: for tests, it costs more than parsing. */
  readonly validate: boolean;
  /** Decisions that are known already; null to work them out. Else those of the bundle, if this is one. */
  readonly decisions?: Decisions | null;
}

/** Texts come from `explain.ts`, at the moment of the fault; Chevrotain's own list of errors is not used. */
class Messages implements IParserErrorMessageProvider {
  parser: BaseParser | null = null;
  buildMismatchTokenMessage(options: { expected: TokenType; actual: IToken; previous: IToken }): string {
    return this.parser?.faultAt(options.actual as Tok, displayType(options.expected), options.expected) ?? "";
  }
  buildNotAllInputParsedMessage(options: { firstRedundant: IToken }): string {
    return this.parser?.faultAt(options.firstRedundant as Tok, "the end of the expression", null) ?? "";
  }
  buildNoViableAltMessage(options: { actual: IToken[]; customUserDescription?: string }): string {
    return this.parser?.faultAt(options.actual[0] as Tok, options.customUserDescription ?? "an expression", null) ?? "";
  }
  buildEarlyExitMessage(options: { actual: IToken[]; customUserDescription?: string }): string {
    return this.parser?.faultAt(options.actual[0] as Tok, options.customUserDescription ?? "an expression", null) ?? "";
  }
}

export abstract class BaseParser extends EmbeddedActionsParser {
  protected file = "";
  protected text = "";
  private start = 0;
  private docs: ReadonlyMap<number, string> = new Map();
  private faults: (fault: Fault) => void = () => undefined;
  /** Words that end the expression being read, though a name could stand there: `max(a, b) asynchronously`. */
  protected stops: ReadonlySet<string> = noWords;
  /** A comma ends the expression being read. */
  protected commaEnds = false;

  /** Chevrotain asks whether all rules are known. */
  protected selfAnalysisDone = false;
  /** What lies before each alternative and optional part, by Chevrotain's key. */
  private readonly decided = new Map<number, Decide>();
  private readonly prepared: PreparedDecisions | null;
  private readonly messages: Messages;

  /** The statements of a block; defined with the statements. */
  abstract readonly block: Rule<Statement[]>;

  constructor(options: ParserOptions) {
    const messages = new Messages();
    super(t.vocabulary, {
      recoveryEnabled: false,
      maxLookahead: 1,
      skipValidations: !options.validate,
      errorMessageProvider: messages,
    });
    messages.parser = this;
    this.messages = messages;
    const decisions = options.decisions === undefined ? preparedDecisions : options.decisions;
    this.prepared = decisions === null ? null : new PreparedDecisions(decisions, t.vocabulary);
  }

  /** To record the grammar and to work its decisions out takes as long as to parse a spec. */
  protected override performSelfAnalysis(): void {
    if (this.prepared === null) super.performSelfAnalysis();
    else this.selfAnalysisDone = true;
  }
  /** Chevrotain's own name, as that of the next: where it puts decisions, and looks for them. */
  setLaFuncCache(key: number, decide: Decide): void {
    this.decided.set(key, decide);
  }
  getLaFuncFromCache(key: number): Decide | undefined {
    const known = this.decided.get(key);
    if (known !== undefined) return known;
    const decide = this.prepared?.at(key);
    if (decide !== undefined) this.decided.set(key, decide);
    return decide;
  }
  /** Chevrotain's would look for all that could stand there in the recorded grammar; our texts do not name it. */
  raiseNoAltException(_occurrence: number, description?: string): never {
    const told = description === undefined ? {} : { customUserDescription: description };
    const message = this.messages.buildNoViableAltMessage({ actual: [this.tok(1)], ...told });
    throw new NoViableAltException(message, this.tok(1), this.tok(0));
  }
  raiseEarlyExitException(_occurrence: number, _kind: unknown, description?: string): never {
    const told = description === undefined ? {} : { customUserDescription: description };
    const message = this.messages.buildEarlyExitMessage({ actual: [this.tok(1)], ...told });
    throw new EarlyExitException(message, this.tok(1), this.tok(0));
  }
  get decisions(): ReadonlyMap<number, Decide> {
    return this.decided;
  }

  /** Makes ready for a new text. */
  begin(file: string, text: string, start: number, layout: Layout, faults: (fault: Fault) => void): void {
    this.file = file;
    this.text = text;
    this.start = start;
    this.docs = layout.docs;
    this.faults = faults;
    this.stops = noWords;
    this.commaEnds = false;
    this.input = layout.tokens;
  }

  // ----------------------------------------------------------------- looking
  protected tok(ahead: number): Tok {
    return this.LA(ahead) as Tok;
  }
  protected is(ahead: number, type: TokenType): boolean {
    return this.LA(ahead).tokenType === type;
  }
  protected isName(ahead: number): boolean {
    return isName(this.LA(ahead).tokenType);
  }
  protected beginsOperand(ahead: number): boolean {
    return beginsOperand(this.LA(ahead).tokenType);
  }
  /** The token at an index of the whole list. */
  protected tokenAt(index: number): Tok {
    return this.tok(index - this.tok(1).at + 1);
  }
  /** How far ahead the token behind a bracket's partner is. */
  protected behind(ahead: number): number {
    const opener = this.tok(ahead);
    return opener.close < 0 ? ahead + 1 : opener.close - opener.at + ahead + 1;
  }

  // ------------------------------------------------------------------- spans
  /** Where the next token begins. */
  protected mark(): number {
    const token = this.tok(1);
    return token.startOffset >= 0 ? token.startOffset : this.end();
  }
  /** Where the last token ended. */
  protected end(): number {
    const token = this.tok(0);
    return token.startOffset >= 0 ? (token.endOffset ?? token.startOffset) + 1 : this.start;
  }
  protected span(start: number): Span {
    return { file: this.file, start, end: Math.max(start, this.end()) };
  }
  protected spanOf(token: IToken): Span {
    return { file: this.file, start: token.startOffset, end: (token.endOffset ?? token.startOffset) + 1 };
  }
  protected doc(): string | null {
    return this.docs.get(this.tok(1).startOffset) ?? null;
  }

  // ------------------------------------------------------------------ faults
  report(fault: Fault): void {
    this.faults(fault);
  }
  protected around(token: Tok): Around {
    const ahead = this.tok(1) === token ? 1 : token.at - this.tok(1).at + 1;
    const last = this.tok(Number.isNaN(ahead) ? 0 : ahead - 1);
    const previous = last.tokenType === EOF ? undefined : last;
    const callee = previous?.tokenType === t.RParen ? this.tokenAt(previous.close - 1) : undefined;
    return {
      token,
      previous,
      next: this.tok(Number.isNaN(ahead) ? 2 : ahead + 1),
      callee: callee !== undefined && isName(callee.tokenType) ? callee : undefined,
      place: placeOf(token, previous, this.start),
    };
  }
  /** Reports an unexpected token, unless what precedes it was given up already. */
  faultAt(token: Tok, expected: string, type: TokenType | null): string {
    const around = this.around(token);
    if (token.tokenType !== t.Hole && around.previous?.tokenType !== t.Hole)
      this.report(unexpected(around, expected, type));
    return expected;
  }
  /** Leaves the rule at the next token. */
  protected fail(fault: Fault | null): never {
    const token = this.tok(1);
    if (fault !== null && this.around(token).previous?.tokenType !== t.Hole) this.report(fault);
    throw new MismatchedTokenException(fault?.message ?? "", token, this.tok(0));
  }
  protected missingExpression(): never {
    return this.fail(unexpected(this.around(this.tok(1)), "an expression", null));
  }

  // ---------------------------------------------------------------- recovery
  /**
   * Runs a part of a rule. When it fails, what is left of the statement (or of the item of a list) is skipped,
   * and `otherwise` gets the span of what could not be read.
   */
  protected attempt<T>(unit: "statement" | "item", parse: () => T, otherwise: (span: Span) => T): T {
    if (this.RECORDING_PHASE) return parse();
    const { stops, commaEnds } = this;
    const first = this.tok(1);
    const depth = isCloser(first.tokenType) ? first.depth + 1 : first.depth;
    const start = this.mark();
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof Error) || !isRecognitionException(error)) throw error;
      this.stops = stops;
      this.commaEnds = commaEnds;
      this.skip(unit, Number.isNaN(depth) ? 0 : depth);
      return otherwise(this.span(Math.min(start, this.end())));
    }
  }

  /** Skips to the end of a statement or item that began `depth` brackets deep. */
  protected skip(unit: "statement" | "item", depth: number): void {
    for (let token = this.tok(1); token.tokenType !== EOF; token = this.tok(1)) {
      const type = token.tokenType;
      if (token.depth < depth) return;
      if (token.depth === depth && (type === t.Terminator || (unit === "item" && type === t.Comma))) return;
      token.named = isName(type);
      this.consume(0, type);
    }
  }

  protected missing(span: Span): Missing {
    return { kind: "missing", span };
  }

  /** Reads a part in which other words, or a comma, end an expression; brackets begin afresh. */
  protected within<T>(stops: ReadonlySet<string>, commaEnds: boolean, parse: () => T): T {
    const { stops: oldStops, commaEnds: oldEnds } = this;
    this.stops = stops;
    this.commaEnds = commaEnds;
    const result = parse();
    this.stops = oldStops;
    this.commaEnds = oldEnds;
    return result;
  }

  /**
   * Items between brackets, separated by commas, one comma may follow the last; `newlines`: in braces a new line
   * separates too. The closing bracket is left to the caller. In the recorded grammar: `{ item "," }`.
   */
  protected list<T>(idx: number, close: TokenType, newlines: boolean, item: () => T): T[] {
    const items: T[] = [];
    if (this.RECORDING_PHASE) {
      this.many(idx, () => {
        item();
        this.consume(idx, t.Comma);
      });
      return items;
    }
    const end = (): boolean => this.is(1, close) || this.is(1, EOF);
    const skipLines = (): void => {
      while (newlines && this.is(1, t.Terminator)) this.consume(0, t.Terminator);
    };
    for (;;) {
      skipLines();
      if (end()) break;
      const before = this.tok(1).at;
      items.push(item());
      if (end()) break;
      this.separator(idx, newlines);
      // An item that reads nothing would be tried for ever: a `;` between parentheses.
      if (this.tok(1).at === before) this.consume(0, this.tok(1).tokenType);
    }
    return items;
  }
  /** A comma; in braces a new line will do. */
  private separator(idx: number, newlines: boolean): void {
    if (newlines && this.is(1, t.Terminator)) return;
    this.attempt<unknown>(
      "item",
      () => this.consume(idx, t.Comma),
      () => this.leftComma(idx),
    );
  }
  /** A token that may stand there and what follows it; null when it does not. */
  protected after<T>(idx: number, token: TokenType, parse: () => T): T | null {
    const found = this.option(idx, () => {
      this.consume(idx, token);
      return parse();
    });
    return found ?? null;
  }
  /** Whether a token stands there; reads it. */
  protected flag(idx: number, token: TokenType): boolean {
    return this.after(idx, token, () => true) !== null;
  }

  /** After the rest of an item was skipped its comma is still there. */
  private leftComma(idx: number): IToken {
    if (this.is(1, t.Comma)) this.consume(idx, t.Comma);
    return this.tok(0);
  }

  // ------------------------------------------------------------------- names
  readonly name: Rule<Name> = this.RULE("name", (): Name => {
    const token = this.CONSUME(t.Name) as Tok;
    return this.ACTION((): Name => {
      token.named = true;
      return { kind: "name", text: token.image.normalize("NFC"), span: this.spanOf(token) };
    });
  });

  /** The next token is this word, as a keyword. */
  protected isWord(ahead: number, word: Word): boolean {
    return this.is(ahead, t.words[word]);
  }
}

const noWords: ReadonlySet<string> = new Set();
const isCloser = (type: TokenType): boolean => type === t.RParen || type === t.RBracket || type === t.RBrace;

/** Sets of words, for `within`. */
export const stopWords = {
  none: noWords,
  assign: new Set(["asynchronously"]),
  expect: new Set(["for"]),
  draw: new Set(["by", "every"]),
  channel: new Set(["scale"]),
  count: new Set(["step", "steps", "epoch", "epochs"]),
  times: new Set(["times", "from", "to"]),
  sweep: new Set(["refine", "until"]),
  scan: new Set(["until", "reverse"]),
  iterate: new Set(["from"]),
  minimize: new Set(["using"]),
} as const satisfies Record<string, ReadonlySet<string>>;

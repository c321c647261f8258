/** What stands on right sides and in calls: choices, blocks, definitions by parts, arguments. */
import { EOF } from "chevrotain";
import type { TokenType } from "chevrotain";
import { stopWords } from "./base-parser.js";
import type { Rule } from "./base-parser.js";
import { unexpected } from "./explain.js";
import { OperandParser } from "./operands.js";
import * as t from "./tokens.js";
import type { Argument, BlockExpr, Case, Expr, Joined, Name, Statement } from "./tree.js";

const endsExpression = new Set<TokenType>([EOF, t.Terminator, t.RParen, t.RBrace, t.RBracket, t.Comma]);

type Arm = Case["arms"][number];
type Part = Joined["parts"][number];

export abstract class ValueParser extends OperandParser {
  /** `fn …` and `param …`, as declarations and as arguments. */
  abstract readonly fn: Rule<Statement>;
  abstract readonly param: Rule<Statement>;
  abstract readonly state: Rule<Statement>;
  /** `x[i] = …`, `x[i] ~ …`, `x[i] <- …`. */
  abstract readonly equation: Rule<Statement>;

  /** A right side: an expression, a definition by parts, or a block. A fault in it costs no more than itself. */
  readonly rightSide: Rule<Expr> = this.RULE("rightSide", (): Expr =>
    this.attempt(
      this.commaEnds ? "item" : "statement",
      () =>
        this.OR<Expr>({
          DEF: [
            { GATE: () => this.isName(1) && this.is(2, t.Colon), ALT: () => this.SUBRULE(this.joined) },
            { ALT: () => this.SUBRULE(this.blockExpr) },
            { ALT: () => this.SUBRULE(this.expression) },
          ],
          IGNORE_AMBIGUITIES: true,
          ERR_MSG: "an expression",
        }),
      (span) => this.missing(span),
    ),
  );

  /** `pixel: v[pixel] | class: -1`. */
  private readonly joined: Rule<Joined> = this.RULE("joined", (): Joined => {
    const start = this.mark();
    const parts = [this.SUBRULE(this.part)];
    this.MANY(() => {
      this.CONSUME(t.Bar);
      parts.push(this.SUBRULE2(this.part));
    });
    return { kind: "joined", parts, span: this.span(start) };
  });
  private readonly part: Rule<Part> = this.RULE("part", (): Part => {
    const part = this.SUBRULE(this.name);
    this.CONSUME(t.Colon);
    return { part, value: this.SUBRULE(this.substitution) };
  });

  private readonly blockExpr: Rule<BlockExpr> = this.RULE("blockExpr", (): BlockExpr => {
    const start = this.mark();
    if (!this.RECORDING_PHASE && this.isSet()) this.fail(unexpected(this.around(this.tok(1)), "an expression", null));
    const statements = this.SUBRULE(this.block);
    return { kind: "block", statements, span: this.span(start) };
  });

  /** `{a, b}`, `{1, 2}`: a set, which only axes and sweeps have. */
  private isSet(): boolean {
    if (!this.is(1, t.LBrace)) return false;
    if (this.is(2, t.NumberToken) || this.is(2, t.Text)) return true;
    return this.isName(2) && (this.is(3, t.Comma) || this.is(3, t.RBrace));
  }

  readonly branching: Rule<Expr> = this.RULE("branching", (): Expr =>
    this.OR([{ ALT: () => this.SUBRULE(this.conditional) }, { ALT: () => this.SUBRULE(this.choice) }]),
  );

  private readonly conditional: Rule<Expr> = this.RULE("conditional", (): Expr => {
    const start = this.mark();
    this.CONSUME(t.If);
    const condition = this.SUBRULE(this.operation);
    this.CONSUME(t.Then);
    const then = this.SUBRULE2(this.operation);
    this.expectElse();
    this.CONSUME(t.Else);
    const otherwise = this.SUBRULE3(this.operation);
    return { kind: "if", condition, then, otherwise, span: this.span(start) };
  });
  private expectElse(): void {
    if (this.RECORDING_PHASE || this.is(1, t.Else)) return;
    const { place, previous } = this.around(this.tok(1));
    if (previous?.tokenType === t.Hole || this.is(1, t.Equals)) return;
    if (!endsExpression.has(this.tok(1).tokenType)) return;
    this.fail({
      ...place,
      code: "AM1001",
      message: "this `if` has no `else`",
      help: "an expression has a value in both cases: `if c then a else b`",
    });
  }

  /** `case L { a: X, b: Y, else: Z }`. */
  private readonly choice: Rule<Expr> = this.RULE("choice", (): Expr => {
    const start = this.mark();
    this.CONSUME(t.Case);
    const subject = this.SUBRULE(this.operation);
    this.CONSUME(t.LBrace);
    const arms = this.within(stopWords.none, true, () => this.list(1, t.RBrace, true, () => this.SUBRULE(this.arm)));
    this.CONSUME(t.RBrace);
    return this.ACTION((): Case => {
      const labelled: Arm[] = [];
      let otherwise: Expr | null = null;
      for (const arm of arms) {
        if (arm === null) continue;
        const { label, value } = arm;
        if (label !== null) labelled.push({ label, value });
        else if (otherwise === null) otherwise = value;
        else
          this.report({
            code: "AM1001",
            start: value.span.start,
            end: value.span.end,
            message: "a `case` has one `else`",
          });
      }
      return { kind: "case", subject, arms: labelled, otherwise, span: this.span(start) };
    });
  });
  private readonly arm = this.RULE("arm", () =>
    this.attempt<{ label: Name | null; value: Expr } | null>(
      "item",
      () => {
        const label = this.OR<Name | null>([
          {
            ALT: () => {
              this.CONSUME(t.Else);
              return null;
            },
          },
          { ALT: () => this.SUBRULE(this.name) },
        ]);
        this.CONSUME(t.Colon);
        return { label, value: this.SUBRULE(this.expression) };
      },
      () => null,
    ),
  );

  /** `iterate 5 from x[i, o] = m[i, o] { … }`. */
  readonly iterate: Rule<Expr> = this.RULE("iterate", (): Expr => {
    const start = this.mark();
    this.CONSUME(t.words.iterate);
    const count = this.within(stopWords.iterate, this.commaEnds, () => this.SUBRULE(this.operation));
    this.CONSUME(t.words.from);
    const target = this.SUBRULE(this.target);
    this.CONSUME(t.Equals);
    const from = this.SUBRULE2(this.operation);
    const body = this.SUBRULE(this.block);
    return { kind: "iterate", count, target, start: from, body, span: this.span(start) };
  });

  // ----------------------------------------------------------------- arguments
  /** `a`, `name: b`, `x[i] = e`, `x[i] ~ d`, `param W[i] ~ d`, `fn f(x) = …`, `except "y"`. */
  readonly argument: Rule<Argument> = this.RULE("argument", (): Argument =>
    this.attempt<Argument>(
      "item",
      () => this.SUBRULE(this.plainArgument),
      (span) => ({ kind: "positional", value: this.missing(span), span }),
    ),
  );
  private readonly plainArgument: Rule<Argument> = this.RULE("plainArgument", (): Argument => {
    const start = this.mark();
    return this.OR<Argument>({
      DEF: [
        { GATE: () => this.replaces() === "fn", ALT: () => this.replacementOf(start, this.SUBRULE(this.fn)) },
        { GATE: () => this.replaces() === "param", ALT: () => this.replacementOf(start, this.SUBRULE(this.param)) },
        { GATE: () => this.replaces() === "state", ALT: () => this.replacementOf(start, this.SUBRULE(this.state)) },
        {
          GATE: () => this.replaces() === "equation",
          ALT: () => this.replacementOf(start, this.SUBRULE(this.equation)),
        },
        {
          GATE: () => this.isName(1) && this.is(2, t.Colon),
          ALT: () => {
            const name = this.SUBRULE(this.name);
            this.CONSUME(t.Colon);
            const value = this.SUBRULE(this.expression);
            return { kind: "named", name, value, span: this.span(start) };
          },
        },
        {
          GATE: () => this.isWord(1, "except") && (this.is(2, t.Text) || this.is(2, t.LBracket)),
          ALT: () => {
            const name = this.SUBRULE2(this.name);
            const value = this.SUBRULE2(this.expression);
            return { kind: "named", name, value, span: this.span(start) };
          },
        },
        { ALT: () => ({ kind: "positional", value: this.SUBRULE3(this.expression), span: this.span(start) }) },
      ],
      IGNORE_AMBIGUITIES: true,
    });
  });
  private replacementOf(start: number, statement: Statement): Argument {
    return { kind: "replacement", statement, span: this.span(start) };
  }
  /** Which kind of declaration an argument replaces; null for a value. */
  private replaces(): "fn" | "param" | "state" | "equation" | null {
    if (this.isName(2)) {
      if (this.isWord(1, "fn")) return "fn";
      if (this.isWord(1, "param")) return "param";
      if (this.isWord(1, "state")) return "state";
    }
    const behind = this.behindTarget(1);
    if (behind === 1) return null;
    return this.is(behind, t.Equals) || this.is(behind, t.Tilde) || this.is(behind, t.Arrow) ? "equation" : null;
  }
}

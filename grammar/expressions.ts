/**
 * Expressions: one flat rule of operands, prefixes and operators; what binds how is in `precedence.ts`, what an
 * operand is in `operands.ts`.
 */
import type { TokenType } from "chevrotain";
import { BaseParser, stopWords } from "./base-parser.js";
import type { Rule, RuleOf } from "./base-parser.js";
import { LIMITS } from "./limits.js";
import { combine, longestChain, standsAlone } from "./precedence.js";
import type { Head, Item } from "./precedence.js";
import { alsoCalls, reductions } from "./reductions.js";
import * as t from "./tokens.js";
import type { Tok } from "./tokens.js";
import type { Binder, Expr, Name, Target } from "./tree.js";

export abstract class ExpressionParser extends BaseParser {
  abstract readonly operand: Rule<Expr>;
  abstract readonly target: Rule<Target>;

  // ---------------------------------------------------------- whole expressions
  /** An expression with everything: `clip_norm(1) | adam(lr: 1)`. */
  readonly expression: Rule<Expr> = this.RULE("expression", (): Expr => {
    let left = this.SUBRULE(this.substitution);
    let count = 0;
    this.MANY(() => {
      this.ACTION(() => this.countLinks(++count));
      const bar = this.CONSUME(t.Bar);
      const right = this.SUBRULE2(this.substitution);
      this.ACTION(() => {
        const span = { file: this.file, start: left.span.start, end: right.span.end };
        left = { kind: "binary", operator: "|", left, right, operatorSpan: this.spanOf(bar), span };
      });
    });
    return left;
  });

  /** Every `|` and every `with` makes the tree one level higher. */
  private countLinks(count: number): void {
    if (count <= LIMITS.nesting) return;
    const { place } = this.around(this.tok(1));
    this.fail({
      ...place,
      code: "AM1023",
      message: `this is a chain of more than ${LIMITS.nesting} links`,
      help: "give parts of it names of their own",
    });
  }

  /** `e with W[i, j] = x, b = y` and `M with ema`. */
  readonly substitution: Rule<Expr> = this.RULE("substitution", (): Expr => {
    const start = this.mark();
    let body = this.SUBRULE(this.operation);
    let count = 0;
    this.MANY(() => {
      this.ACTION(() => this.countLinks(++count));
      this.CONSUME(t.With);
      this.OR({
        DEF: [
          {
            GATE: () => this.isReplacement(1),
            ALT: () => {
              const replacements = [this.SUBRULE(this.replacement)];
              this.MANY2({
                GATE: () => !this.commaEnds && this.isReplacement(2),
                DEF: () => {
                  this.CONSUME(t.Comma);
                  replacements.push(this.SUBRULE2(this.replacement));
                },
              });
              this.ACTION(() => {
                body = { kind: "with", body, replacements, tuple: null, span: this.span(start) };
              });
            },
          },
          {
            ALT: () => {
              const tuple = this.SUBRULE2(this.operation);
              this.ACTION(() => {
                body = { kind: "with", body, replacements: [], tuple, span: this.span(start) };
              });
            },
          },
        ],
        IGNORE_AMBIGUITIES: true,
      });
    });
    return body;
  });

  private readonly replacement = this.RULE("replacement", () => {
    const start = this.mark();
    const target = this.SUBRULE(this.target);
    this.CONSUME(t.Equals);
    const value = this.SUBRULE(this.operation);
    return { target, value, span: this.span(start) };
  });

  /** Whether a target and `=` stand there. */
  protected isReplacement(ahead: number): boolean {
    return this.is(this.behindTarget(ahead), t.Equals);
  }
  /** How far ahead the token behind `a.b[…]` is; `ahead` itself when no name stands there. */
  protected behindTarget(ahead: number): number {
    let at = ahead;
    if (!this.isName(at)) return at;
    at++;
    while (this.is(at, t.Dot) && this.isName(at + 1)) at += 2;
    return this.is(at, t.LBracket) ? this.behind(at) : at;
  }

  // ------------------------------------------------------------- the flat rule
  readonly operation: Rule<Expr> = this.RULE("operation", (): Expr => {
    const items: Item[] = [];
    const start = this.mark();
    this.SUBRULE(this.prefixed, { ARGS: [items] });
    this.MANY({
      GATE: () => this.operatorFollows(),
      DEF: () => {
        const token = this.CONSUME(t.Operator) as Tok;
        this.ACTION(() => items.push({ kind: "operator", token }));
        this.SUBRULE2(this.prefixed, { ARGS: [items] });
      },
    });
    return this.ACTION((): Expr => {
      const [only] = items;
      if (items.length === 1 && only?.kind === "operand") return only.expr;
      if (items.length <= LIMITS.operators || longestChain(items) <= LIMITS.operators)
        return combine(items, this.file, this.text, (fault) => this.report(fault));
      const { span } = this.missing(this.span(start));
      const help = "give parts of it names of their own";
      const message = `this expression is a chain of more than ${LIMITS.operators} operators`;
      this.report({ code: "AM1023", start: span.start, end: Math.min(span.end, span.start + 1), message, help });
      return this.missing(span);
    });
  });

  /** An operator between two operands; not `x[i, ..]`, not `in reverse`. */
  private operatorFollows(): boolean {
    if (this.is(1, t.In)) return !(this.stops.has("reverse") && this.isWord(2, "reverse"));
    if (this.is(1, t.DotDot)) return !this.is(2, t.RBracket) && !this.is(2, t.Comma);
    return true;
  }

  /** Signs and reductions in a row, then an operand. */
  readonly prefixed: RuleOf<Item[], void> = this.RULE("prefixed", (items: Item[]) => {
    this.MANY({
      GATE: () => this.is(1, t.Minus) || this.is(1, t.Not) || this.isHead(),
      DEF: () => {
        const item = this.OR<Item>([
          { ALT: () => ({ kind: "sign", token: this.CONSUME(t.Minus) as Tok }) },
          { ALT: () => ({ kind: "sign", token: this.CONSUME(t.Not) as Tok }) },
          { ALT: () => this.SUBRULE(this.head) },
        ]);
        this.ACTION(() => items.push(item));
      },
    });
    const expr = this.SUBRULE(this.operand);
    this.ACTION(() => items.push({ kind: "operand", expr }));
  });

  // ---------------------------------------------------------------- reductions
  /** Whether `NAME( … )` begins here with an operand behind it. */
  private isHead(): boolean {
    if (!this.is(2, t.LParen)) return false;
    const name = this.tok(1).image;
    if (!reductions.has(name) || standsAlone(name, this.tok(2).where) || this.tok(2).over) return false;
    const behind = this.behind(2);
    const type: TokenType = this.tok(behind).tokenType;
    if (type === t.LBracket || (type === t.Minus && alsoCalls.has(name))) return false;
    return this.beginsOperand(behind) && !(this.isName(behind) && this.stops.has(this.tok(behind).image));
  }
  /** Whether `NAME( … over … )` or `first(… where …)` begins here, which take no operand. */
  protected isAlone(): boolean {
    return this.isName(1) && this.is(2, t.LParen) && (this.tok(2).where || this.tok(2).over);
  }

  private readonly head: Rule<Head> = this.RULE("head", (): Head => {
    const start = this.mark();
    const name = this.SUBRULE(this.name);
    const inside = this.SUBRULE(this.binders);
    return this.ACTION((): Head => {
      const { binders, where } = inside;
      return {
        kind: "head",
        name,
        binders,
        where,
        extent: reductions.get(name.text) ?? "operand",
        span: this.span(start),
      };
    });
  });

  /** `( i, j: dim, k: 1 .. n over a, b where c )`. */
  private readonly binders = this.RULE("binders", () => {
    this.CONSUME(t.LParen);
    const inside = this.within(stopWords.none, true, () => {
      const binders = this.binderList();
      const over = this.after(1, t.Over, () => this.SUBRULE(this.names));
      const where = this.after(2, t.Where, () => this.SUBRULE(this.expression));
      return { binders, over, where };
    });
    this.CONSUME(t.RParen);
    return inside;
  });
  private binderList(): Binder[] {
    const list: Binder[] = [];
    this.OPTION3({
      GATE: () => !this.is(1, t.Where) && !this.is(1, t.Over),
      DEF: () => {
        list.push(this.SUBRULE(this.binder));
        this.MANY(() => {
          this.CONSUME(t.Comma);
          list.push(this.SUBRULE2(this.binder));
        });
      },
    });
    return list;
  }
  private readonly binder: Rule<Binder> = this.RULE("binder", (): Binder => {
    const start = this.mark();
    return this.OR<Binder>([
      {
        ALT: () => {
          this.CONSUME(t.DotDot);
          return this.ACTION((): Binder => {
            const span = this.span(start);
            return { name: { kind: "name", text: "..", span }, value: null, span };
          });
        },
      },
      {
        ALT: () => {
          const name = this.label(1);
          const value = this.SUBRULE(this.expression);
          return this.ACTION((): Binder => {
            if (name === null && value.kind === "name") return { name: value, value: null, span: value.span };
            return { name, value, span: this.span(start) };
          });
        },
      },
    ]);
  });
  /** `name:` before a value; null when there is none. */
  protected label(idx: number): Name | null {
    const found = this.option(idx, {
      GATE: () => this.isName(1) && this.is(2, t.Colon),
      DEF: () => {
        const name = this.subrule(idx, this.name);
        this.consume(idx, t.Colon);
        return name;
      },
    });
    return found ?? null;
  }
  /** One name or several, separated by commas. */
  readonly names: Rule<Name[]> = this.RULE("names", (): Name[] => {
    const list = [this.SUBRULE(this.name)];
    this.MANY(() => {
      this.CONSUME(t.Comma);
      list.push(this.SUBRULE2(this.name));
    });
    return list;
  });
  /** `slope(x, y over step)`, `first(step where c)`. */
  protected readonly statistic: Rule<Expr> = this.RULE("statistic", (): Expr => {
    const start = this.mark();
    const name = this.SUBRULE(this.name);
    const inside = this.SUBRULE(this.binders);
    return this.ACTION((): Expr => {
      const { binders, over, where } = inside;
      if (over === null && !standsAlone(name.text, where !== null)) this.faultAlone(name);
      return { kind: "reduction", name, binders, over, where, body: null, at: null, span: this.span(start) };
    });
  });
  private faultAlone(name: Name): void {
    const { start, end } = name.span;
    if (reductions.has(name.text))
      this.report({
        code: "AM1021",
        start,
        end,
        message: `\`${name.text}\` has nothing to work on: an operand follows its parentheses`,
      });
    else
      this.report({
        code: "AM1022",
        start,
        end,
        message: `\`where\` stands inside the parentheses of a reduction, and \`${name.text}\` is none`,
        help: "a value that depends on a condition is `if c then a else b`",
      });
  }
}

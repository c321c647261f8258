/** Operands: names, numbers, texts, lists, parentheses, and what is appended to them: members, subscripts, calls. */
import { stopWords } from "./base-parser.js";
import type { Rule, RuleOf } from "./base-parser.js";
import { ExpressionParser } from "./expressions.js";
import { dedent, numberValue, unescape, unquote } from "./literals.js";
import * as t from "./tokens.js";
import type { Argument, Expr, Selector, StringLiteral, SubscriptItem, Target } from "./tree.js";

export abstract class OperandParser extends ExpressionParser {
  abstract readonly argument: Rule<Argument>;
  /** `if`, `case`. */
  abstract readonly branching: Rule<Expr>;
  abstract readonly iterate: Rule<Expr>;

  readonly operand: Rule<Expr> = this.RULE("operand", (): Expr => {
    const start = this.mark();
    let expr = this.SUBRULE(this.primary);
    this.MANY({
      GATE: () => !this.is(1, t.LParen) || this.callFollows(expr),
      DEF: () => {
        this.OR([
          {
            ALT: () => {
              this.CONSUME(t.Dot);
              const name = this.SUBRULE(this.name);
              this.ACTION(() => (expr = { kind: "member", object: expr, name, span: this.span(start) }));
            },
          },
          {
            ALT: () => {
              const items = this.SUBRULE(this.subscript);
              this.ACTION(() => (expr = { kind: "subscript", object: expr, items, span: this.span(start) }));
            },
          },
          {
            ALT: () => {
              this.CONSUME(t.LParen);
              const args = this.within(stopWords.none, true, () =>
                this.list(1, t.RParen, false, () => this.SUBRULE(this.argument)),
              );
              this.CONSUME(t.RParen);
              this.ACTION(() => (expr = { kind: "call", callee: expr, args, span: this.span(start) }));
            },
          },
        ]);
      },
    });
    return expr;
  });
  /** `2(a + b)` is no call. */
  private callFollows(callee: Expr): boolean {
    return callee.kind !== "number" && callee.kind !== "string" && callee.kind !== "boolean" && callee.kind !== "list";
  }

  readonly primary: Rule<Expr> = this.RULE("primary", (): Expr => {
    if (!this.RECORDING_PHASE && !this.beginsOperand(1)) this.missingExpression();
    const start = this.mark();
    return this.OR<Expr>({
      DEF: [
        { GATE: () => this.isAlone(), ALT: () => this.SUBRULE(this.statistic) },
        { GATE: () => this.isIterate(), ALT: () => this.SUBRULE(this.iterate) },
        { ALT: () => this.SUBRULE(this.name) },
        {
          ALT: (): Expr => {
            const token = this.CONSUME(t.NumberToken);
            const image = token.image;
            return {
              kind: "number",
              value: numberValue(image),
              integer: !/[.eE]/u.test(image),
              span: this.span(start),
            };
          },
        },
        { ALT: () => this.SUBRULE(this.string) },
        {
          ALT: (): Expr => {
            this.CONSUME(t.True);
            return { kind: "boolean", value: true, span: this.span(start) };
          },
        },
        {
          ALT: (): Expr => {
            this.CONSUME(t.False);
            return { kind: "boolean", value: false, span: this.span(start) };
          },
        },
        { ALT: () => this.SUBRULE(this.group) },
        {
          ALT: (): Expr => {
            this.CONSUME(t.LBracket);
            const items = this.within(stopWords.none, false, () =>
              this.list(1, t.RBracket, false, () => this.item(() => this.SUBRULE(this.expression))),
            );
            this.CONSUME(t.RBracket);
            return { kind: "list", items, span: this.span(start) };
          },
        },
        { ALT: () => this.SUBRULE(this.branching) },
        {
          ALT: (): Expr => {
            this.CONSUME(t.Hole);
            return this.missing(this.span(start));
          },
        },
      ],
      IGNORE_AMBIGUITIES: true,
    });
  });

  /** `iterate 5 from x[i] = …`, not the name `iterate`. */
  private isIterate(): boolean {
    if (!this.isWord(1, "iterate")) return false;
    if (this.is(2, t.LParen)) return this.isWord(this.behind(2), "from");
    return this.is(2, t.NumberToken) || this.isName(2);
  }

  /** An item of a list; a fault in it costs no more than itself. */
  private item(parse: () => Expr): Expr {
    return this.attempt("item", parse, (span) => this.missing(span));
  }

  /** `(e)`, `(a, b)`. */
  private readonly group: Rule<Expr> = this.RULE("group", (): Expr => {
    const start = this.mark();
    this.CONSUME(t.LParen);
    const { items, comma } = this.within(stopWords.none, false, () => {
      const items = this.list(1, t.RParen, false, () => this.item(() => this.SUBRULE(this.expression)));
      return { items, comma: this.is(0, t.Comma) };
    });
    this.CONSUME(t.RParen);
    return this.ACTION((): Expr => {
      const only = items[0];
      const span = this.span(start);
      const supplied = this.tok(0).image === "";
      if (only === undefined && supplied) return this.missing(span);
      if (only === undefined) {
        this.report({
          code: "AM1002",
          start: span.start,
          end: span.end,
          message: "an expression is missing between the parentheses",
        });
        return this.missing(span);
      }
      if (items.length > 1 || comma) return { kind: "tuple", items, span };
      return { ...only, span, parenthesised: true };
    });
  });

  readonly string: Rule<StringLiteral> = this.RULE("string", (): StringLiteral => {
    const start = this.mark();
    const token = this.OR([{ ALT: () => this.CONSUME(t.Text) }, { ALT: () => this.CONSUME(t.Prose) }]);
    return this.ACTION((): StringLiteral => {
      const prose = token.tokenType === t.Prose;
      const inside = unquote(token.image);
      const value = prose ? dedent(inside) : unescape(inside, start + 1, (fault) => this.report(fault));
      return { kind: "string", value, prose, span: this.span(start) };
    });
  });

  // ---------------------------------------------------------------- subscripts
  /** `[i, step: last, :, .., #3, near x]`. */
  readonly subscript: Rule<SubscriptItem[]> = this.RULE("subscript", (): SubscriptItem[] => {
    const start = this.mark();
    this.CONSUME(t.LBracket);
    const items = this.within(stopWords.none, true, () =>
      this.list(1, t.RBracket, false, () =>
        this.attempt<SubscriptItem>(
          "item",
          () => this.SUBRULE(this.subscriptItem),
          (span) => ({ name: null, value: { kind: "expr", expr: this.missing(span) }, span }),
        ),
      ),
    );
    this.CONSUME(t.RBracket);
    this.ACTION(() => {
      const { end } = this.span(start);
      if (items.length === 0)
        this.report({
          code: "AM1002",
          start,
          end,
          message: "an index is missing between the brackets",
          help: "what has no axes is written without brackets; `[..]` stands for all axes",
        });
    });
    return items;
  });
  private readonly subscriptItem: Rule<SubscriptItem> = this.RULE("subscriptItem", (): SubscriptItem => {
    const start = this.mark();
    const name = this.label(1);
    const value = this.SUBRULE(this.selector, { ARGS: [name !== null] });
    return { name, value, span: this.span(start) };
  });
  private readonly selector: RuleOf<boolean, Selector> = this.RULE("selector", (named: boolean): Selector =>
    this.OR<Selector>({
      DEF: [
        {
          ALT: () => {
            this.CONSUME(t.Colon);
            return { kind: "whole" };
          },
        },
        {
          ALT: () => {
            this.CONSUME(t.DotDot);
            return { kind: "rest" };
          },
        },
        {
          ALT: () => {
            this.CONSUME(t.Hash);
            return { kind: "position", expr: this.SUBRULE(this.expression) };
          },
        },
        {
          GATE: () => this.isNear(named),
          ALT: () => {
            this.CONSUME(t.words.near);
            return { kind: "near", expr: this.SUBRULE2(this.expression) };
          },
        },
        { ALT: () => ({ kind: "expr", expr: this.SUBRULE3(this.expression) }) },
      ],
      IGNORE_AMBIGUITIES: true,
      ERR_MSG: "an index",
    }),
  );
  /** `near 0.6`, `near x`; after `eta:` also `near (a + b)` and `near -1`, which are a call and a difference elsewhere. */
  private isNear(named: boolean): boolean {
    if (!this.isWord(1, "near")) return false;
    if (this.is(2, t.NumberToken) || this.isName(2)) return true;
    return named && (this.is(2, t.LParen) || this.is(2, t.Minus));
  }

  /** `name[i, j]`, `M.best[i]`: what a definition or an update is of. */
  readonly target: Rule<Target> = this.RULE("target", (): Target => {
    const start = this.mark();
    const path = [this.SUBRULE(this.name)];
    this.MANY(() => {
      this.CONSUME(t.Dot);
      path.push(this.SUBRULE2(this.name));
    });
    const subscripts = this.OPTION(() => this.SUBRULE(this.subscript)) ?? null;
    return { path, subscripts, span: this.span(start) };
  });
}

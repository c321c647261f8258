/** Axes, sweeps, constants, tensors, and what is defined, drawn or updated. */
import { stopWords } from "./base-parser.js";
import type { Rule } from "./base-parser.js";
import * as t from "./tokens.js";
import { ValueParser } from "./values.js";
import type {
  Adaptive,
  Assign,
  AxisDeclaration,
  DrawEquation,
  Equation,
  Expr,
  Initial,
  Let,
  Name,
  Param,
  Refine,
  State,
  SweepDeclaration,
  Target,
  Use,
} from "./tree.js";

export abstract class DeclarationParser extends ValueParser {
  readonly use: Rule<Use> = this.RULE("use", (): Use => {
    const start = this.mark();
    const doc = this.doc();
    this.CONSUME(t.words.use);
    const path = [this.SUBRULE(this.name)];
    this.MANY(() => {
      this.CONSUME(t.Dot);
      path.push(this.SUBRULE2(this.name));
    });
    if (!this.RECORDING_PHASE && this.is(1, t.Slash)) this.slashInUse();
    return { kind: "use", path, doc, span: this.span(start) };
  });
  private slashInUse(): never {
    const { place } = this.around(this.tok(1));
    const fix = { title: "write `.`", edits: [{ ...place, text: "." }] };
    return this.fail({
      ...place,
      code: "AM1001",
      message: "the names after `use` are joined by `.`",
      help: "write `use std.linear`",
      fix,
    });
  }

  // ------------------------------------------------------------ axes and sweeps
  readonly axis: Rule<AxisDeclaration> = this.RULE("axis", (): AxisDeclaration => {
    const start = this.mark();
    const doc = this.doc();
    this.CONSUME(t.words.axis);
    const name = this.SUBRULE(this.name);
    const value = this.OR<AxisDeclaration["value"]>([
      {
        ALT: () => {
          this.CONSUME(t.Equals);
          return { kind: "is", expr: this.SUBRULE(this.rightSide) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.In);
          return this.SUBRULE(this.grid);
        },
      },
    ]);
    return { kind: "axis", name, value, doc, span: this.span(start) };
  });

  /** `{a, b}` or an expression. */
  protected readonly grid = this.RULE("grid", () =>
    this.OR<SweepDeclaration["values"]>({
      DEF: [
        {
          ALT: () => {
            this.CONSUME(t.LBrace);
            const labels = this.list(1, t.RBrace, true, () => this.SUBRULE(this.name));
            this.CONSUME(t.RBrace);
            return { kind: "labels", labels };
          },
        },
        { ALT: () => ({ kind: "in", expr: this.SUBRULE(this.expression) }) },
      ],
      ERR_MSG: "coordinates",
    }),
  );

  readonly sweep: Rule<SweepDeclaration> = this.RULE("sweep", (): SweepDeclaration => {
    const start = this.mark();
    const doc = this.doc();
    this.CONSUME(t.words.sweep);
    const variables = this.OR<Name[]>([
      { ALT: () => [this.SUBRULE(this.name)] },
      {
        ALT: () => {
          this.CONSUME(t.LParen);
          const names = this.SUBRULE(this.names);
          this.CONSUME(t.RParen);
          return names;
        },
      },
    ]);
    this.CONSUME(t.In);
    const { values, where } = this.within(stopWords.sweep, false, () => ({
      values: this.SUBRULE(this.grid),
      where: this.after(1, t.Where, () => this.SUBRULE(this.expression)),
    }));
    const adaptive = this.OPTION2(() => this.SUBRULE(this.adaptive)) ?? null;
    return { kind: "sweep", variables, values, where, adaptive, doc, span: this.span(start) };
  });

  /** `refine (load log, flip) 4 times where c` as a statement. */
  readonly refine: Rule<Refine> = this.RULE("refine", (): Refine => {
    const start = this.mark();
    const doc = this.doc();
    const adaptive = this.SUBRULE(this.adaptive);
    return { kind: "refine", adaptive, doc, span: this.span(start) };
  });

  private readonly adaptive: Rule<Adaptive> = this.RULE("adaptive", (): Adaptive => {
    const start = this.mark();
    return this.OR<Adaptive>([
      {
        ALT: () => {
          this.CONSUME(t.words.until);
          const conditions = [this.SUBRULE(this.expression)];
          return {
            mode: "until",
            variables: [],
            start: null,
            tolerance: null,
            times: null,
            conditions,
            span: this.span(start),
          };
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.words.refine);
          const variables = this.OPTION(() => this.SUBRULE(this.refined)) ?? [];
          const rest = this.SUBRULE(this.refinement);
          return { mode: "refine", variables, ...rest, span: this.span(start) };
        },
      },
    ]);
  });
  private readonly refined = this.RULE("refined", () => {
    this.CONSUME(t.LParen);
    const list = this.list(1, t.RParen, false, () => {
      const name = this.SUBRULE(this.name);
      const log = this.flag(1, t.words.log);
      return { name, log };
    });
    this.CONSUME(t.RParen);
    return list;
  });
  /** `from [a, b] to 4% 3 times where c, c2`, each part at most once. */
  private readonly refinement = this.RULE("refinement", () => {
    const parts = this.within(stopWords.times, false, () => ({
      start: this.after(1, t.words.from, () => this.SUBRULE(this.operation)),
      tolerance: this.after(2, t.words.to, () => this.SUBRULE(this.tolerance)),
      times:
        this.OPTION3({
          GATE: () => !this.is(1, t.Where) && !this.is(1, t.Terminator),
          DEF: () => {
            const times = this.SUBRULE3(this.operation);
            this.CONSUME(t.words.times);
            return times;
          },
        }) ?? null,
    }));
    const conditions = this.after(4, t.Where, () => this.within(stopWords.none, true, () => this.conditions())) ?? [];
    return { ...parts, conditions };
  });
  /** `4%`, `0.04`. */
  private readonly tolerance = this.RULE("tolerance", (): NonNullable<Adaptive["tolerance"]> => {
    const value = this.SUBRULE(this.operation);
    const percent = this.flag(1, t.Percent);
    return this.ACTION(() => ({ value: percent ? hundredth(value) : value, percent }));
  });
  private conditions(): Expr[] {
    const list = [this.SUBRULE(this.expression)];
    this.MANY(() => {
      this.CONSUME(t.Comma);
      list.push(this.SUBRULE2(this.expression));
    });
    return list;
  }

  // --------------------------------------------------------------- definitions
  readonly let: Rule<Let> = this.RULE("let", (): Let => {
    const start = this.mark();
    const doc = this.doc();
    this.CONSUME(t.words.let);
    const target = this.SUBRULE(this.target);
    this.CONSUME(t.Equals);
    const value = this.SUBRULE(this.rightSide);
    return { kind: "let", target, value, doc, span: this.span(start) };
  });

  readonly param: Rule<Param> = this.RULE("param", (): Param => {
    const start = this.mark();
    const doc = this.doc();
    this.CONSUME(t.words.param);
    const target = this.SUBRULE(this.target);
    const init = this.SUBRULE(this.initial);
    return { kind: "param", target, init, doc, span: this.span(start) };
  });
  readonly state: Rule<State> = this.RULE("state", (): State => {
    const start = this.mark();
    const doc = this.doc();
    this.CONSUME(t.words.state);
    const target = this.SUBRULE(this.target);
    const init = this.SUBRULE(this.initial);
    return { kind: "state", target, init, doc, span: this.span(start) };
  });
  private readonly initial: Rule<Initial> = this.RULE("initial", (): Initial => {
    const init = this.OPTION(() =>
      this.OR<Initial>([
        {
          ALT: () => {
            this.CONSUME(t.Equals);
            return { kind: "value", value: this.SUBRULE(this.rightSide) };
          },
        },
        { ALT: () => ({ kind: "draw", ...this.SUBRULE(this.drawn) }) },
      ]),
    );
    return init ?? { kind: "none" };
  });
  /** `~ dist by e`. */
  protected readonly drawn = this.RULE("drawn", (): { distribution: Expr; by: Expr | null } => {
    this.CONSUME(t.Tilde);
    return this.within(stopWords.draw, this.commaEnds, () => ({
      distribution: this.SUBRULE(this.rightSide),
      by: this.after(1, t.words.by, () => this.SUBRULE(this.operation)),
    }));
  });

  /** `x[i] = e`, `(q[a], k[a]) = f(x)`, `x[i] ~ d`, `s[i] <- e`. */
  readonly equation: Rule<Equation | DrawEquation | Assign> = this.RULE("equation", () => {
    const start = this.mark();
    const doc = this.doc();
    const head = this.tok(1);
    const targets = this.SUBRULE(this.targets);
    if (!this.RECORDING_PHASE) this.checkEquation(head, targets);
    return this.OR<Equation | DrawEquation | Assign>([
      {
        ALT: () => {
          this.CONSUME(t.Equals);
          const value = this.SUBRULE(this.rightSide);
          return { kind: "equation", targets, value, doc, span: this.span(start) };
        },
      },
      {
        ALT: () => {
          const { distribution, by } = this.SUBRULE(this.drawn);
          return this.ACTION(() => {
            const target = targets[0] ?? { path: [], subscripts: null, span: this.span(start) };
            return { kind: "draws", target, distribution, by, doc, span: this.span(start) };
          });
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.Arrow);
          const rest = this.SUBRULE(this.update);
          return { kind: "assign", targets, ...rest, doc, span: this.span(start) };
        },
      },
    ]);
  });
  private readonly targets: Rule<Target[]> = this.RULE("targets", (): Target[] =>
    this.OR<Target[]>([
      { ALT: () => [this.SUBRULE(this.target)] },
      {
        ALT: () => {
          this.CONSUME(t.LParen);
          const list = this.list(1, t.RParen, false, () => this.SUBRULE2(this.target));
          this.CONSUME(t.RParen);
          return list;
        },
      },
    ]),
  );
  /** Says what is wrong where neither `=` nor `~` nor `<-` follows. */
  protected abstract checkEquation(head: unknown, targets: readonly Target[]): void;

  /** The right side of `<-`, its `where` and its order. */
  private readonly update = this.RULE("update", () => {
    const value = this.within(stopWords.assign, this.commaEnds, () => this.SUBRULE(this.rightSide));
    const early = this.condition();
    const asynchronously = this.OPTION2(() => this.SUBRULE(this.order)) ?? null;
    // The two may stand in either order; the grammar is recorded with one.
    const where = early ?? (this.RECORDING_PHASE ? null : this.condition());
    return { value, where, asynchronously };
  });
  private condition(): Expr | null {
    return this.after(1, t.Where, () => this.within(stopWords.assign, false, () => this.SUBRULE(this.expression)));
  }
  /** `asynchronously over n in order per query`. */
  private readonly order = this.RULE("order", (): NonNullable<Assign["asynchronously"]> => {
    this.CONSUME(t.words.asynchronously);
    this.CONSUME(t.Over);
    const over = this.SUBRULE(this.name);
    const order = this.OPTION(() =>
      this.OR<"natural" | "one">([
        {
          ALT: () => {
            this.CONSUME(t.In);
            this.CONSUME(t.words.order);
            return "natural";
          },
        },
        {
          ALT: () => {
            this.CONSUME(t.words.one);
            return "one";
          },
        },
      ]),
    );
    const per = this.after(2, t.words.per, () => this.SUBRULE(this.names));
    return { over, order: order ?? "random", per: per ?? [] };
  });
}

/** `4%` is 0.04, whatever kind of number stands there. */
function hundredth(value: Expr): Expr {
  return value.kind === "number" ? { ...value, value: value.value / 100, integer: false } : value;
}

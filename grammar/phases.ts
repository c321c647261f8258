/** Phases, what stands in them, and loops. */
import { stopWords } from "./base-parser.js";
import type { Rule, RuleOf } from "./base-parser.js";
import { ComponentParser } from "./components.js";
import * as t from "./tokens.js";
import type {
  Batch,
  Count,
  DrawStatement,
  Every,
  Expr,
  For,
  Minimize,
  Parameter,
  Phase,
  Record,
  Return,
  Scan,
  Sequence,
  Statement,
  Stop,
  Until,
  Using,
} from "./tree.js";

type Entry = Record["entries"][number];
type Schedule = Record["schedule"];

export abstract class PhaseParser extends ComponentParser {
  readonly phase: RuleOf<Phase["sort"], Phase> = this.RULE("phase", (sort: Phase["sort"]): Phase => {
    const start = this.mark();
    const doc = this.doc();
    this.OR([
      { ALT: () => this.CONSUME(t.words.train) },
      { ALT: () => this.CONSUME(t.words.evolve) },
      { ALT: () => this.CONSUME(t.words.measure) },
      { ALT: () => this.CONSUME(t.words.do) },
    ]);
    const name = this.SUBRULE(this.name);
    const parameters: Parameter[] | null = this.OPTION(() => this.SUBRULE(this.parameters)) ?? null;
    const from = this.after(2, t.words.from, () => this.SUBRULE2(this.name));
    const instance = this.after(3, t.Equals, () => this.SUBRULE(this.rightSide));
    this.needsBody(instance);
    const body = this.OPTION4(() => this.SUBRULE(this.block)) ?? null;
    return { kind: "phase", sort, name, parameters, from, instance, body, doc, span: this.span(start) };
  });

  /** `draw t[slot] ~ categorical(…) every 10 steps`, `draw d = sequences(slot)`. */
  readonly draw: Rule<DrawStatement> = this.RULE("draw", (): DrawStatement => {
    const start = this.mark();
    const doc = this.doc();
    this.CONSUME(t.words.draw);
    const target = this.SUBRULE(this.target);
    const drawn = this.OR<{ distribution: Expr; by: Expr | null; component: boolean }>([
      { ALT: () => ({ ...this.SUBRULE(this.drawn), component: false }) },
      {
        ALT: () => {
          this.CONSUME(t.Equals);
          const distribution = this.within(stopWords.draw, false, () => this.SUBRULE(this.rightSide));
          return { distribution, by: null, component: true };
        },
      },
    ]);
    const every = this.after(1, t.words.every, () => this.SUBRULE(this.count));
    return { kind: "draw", target, ...drawn, every, doc, span: this.span(start) };
  });

  /** `10 steps`, `20 epochs`, `10`, `epoch`. */
  readonly count: Rule<Count> = this.RULE("count", (): Count => {
    const start = this.mark();
    const { count, unit } = this.OR<{ count: Expr | null; unit: Count["unit"] }>({
      DEF: [
        {
          GATE: () => !this.beginsOperand(2) || this.is(2, t.LBrace),
          ALT: () => ({ count: null, unit: this.SUBRULE(this.single) }),
        },
        {
          ALT: () => {
            const count = this.within(stopWords.count, false, () => this.SUBRULE(this.operation));
            const unit = this.OPTION(() => this.SUBRULE(this.unit));
            return { count, unit: unit ?? "steps" };
          },
        },
      ],
      IGNORE_AMBIGUITIES: true,
    });
    return { count, unit, span: this.span(start) };
  });
  private readonly single: Rule<Count["unit"]> = this.RULE("single", (): Count["unit"] =>
    this.OR<Count["unit"]>([
      { ALT: () => this.unitOf("epochs", this.CONSUME(t.words.epoch)) },
      { ALT: () => this.unitOf("steps", this.CONSUME(t.words.step)) },
    ]),
  );
  private readonly unit: Rule<Count["unit"]> = this.RULE("unit", (): Count["unit"] =>
    this.OR<Count["unit"]>([
      { ALT: () => this.unitOf("steps", this.CONSUME(t.words.steps)) },
      { ALT: () => this.unitOf("steps", this.CONSUME(t.words.step)) },
      { ALT: () => this.unitOf("epochs", this.CONSUME(t.words.epochs)) },
      { ALT: () => this.unitOf("epochs", this.CONSUME(t.words.epoch)) },
    ]),
  );
  private unitOf(unit: Count["unit"], _word: unknown): Count["unit"] {
    return unit;
  }

  readonly batch: Rule<Batch> = this.RULE("batch", (): Batch => {
    const start = this.mark();
    const doc = this.doc();
    this.CONSUME(t.words.batch);
    const index = this.SUBRULE(this.name);
    this.CONSUME(t.Colon);
    const axis = this.SUBRULE2(this.name);
    this.CONSUME(t.Equals);
    const size = this.SUBRULE(this.rightSide);
    return { kind: "batch", index, axis, size, doc, span: this.span(start) };
  });

  // ------------------------------------------------------------------- clauses
  readonly minimize: Rule<Minimize> = this.RULE("minimize", (): Minimize => {
    const start = this.mark();
    const doc = this.doc();
    this.CONSUME(t.words.minimize);
    const { objective, over } = this.within(stopWords.minimize, false, () => {
      const objective = this.SUBRULE(this.expression);
      this.CONSUME(t.Over);
      const over = [this.SUBRULE2(this.expression)];
      this.MANY(() => {
        this.CONSUME(t.Comma);
        over.push(this.SUBRULE3(this.expression));
      });
      return { objective, over };
    });
    return { kind: "minimize", objective, over, doc, span: this.span(start) };
  });

  /** `using clip_norm(1) | adam(lr: 1e-3) over M.W, fresh gd(lr: 1) over (M.b, M.c)`. */
  readonly using: Rule<Using> = this.RULE("using", (): Using => {
    const start = this.mark();
    const doc = this.doc();
    this.CONSUME(t.words.using);
    const optimizers = this.within(stopWords.none, true, () => {
      const list = [this.SUBRULE(this.optimizerOf)];
      this.MANY(() => {
        this.CONSUME(t.Comma);
        list.push(this.SUBRULE2(this.optimizerOf));
      });
      return list;
    });
    return { kind: "using", optimizers, doc, span: this.span(start) };
  });
  private readonly optimizerOf = this.RULE("optimizerOf", (): Using["optimizers"][number] => {
    const start = this.mark();
    const fresh = this.OPTION({
      GATE: () => this.isName(2) || this.is(2, t.Case) || this.is(2, t.LParen),
      DEF: () => this.CONSUME(t.words.fresh),
    });
    const optimizer = this.SUBRULE(this.expression);
    const over = this.after(2, t.Over, () => this.SUBRULE2(this.expression));
    const list = over === null ? null : over.kind === "tuple" ? over.items : [over];
    return { fresh: fresh !== undefined, optimizer, over: list, span: this.span(start) };
  });

  readonly forCount: Rule<For> = this.RULE("forCount", (): For => {
    const start = this.mark();
    const doc = this.doc();
    this.CONSUME(t.words.for);
    const count = this.SUBRULE(this.count);
    return { kind: "for", count, doc, span: this.span(start) };
  });

  readonly stop: Rule<Stop> = this.RULE("stop", (): Stop => {
    const start = this.mark();
    const doc = this.doc();
    this.CONSUME(t.words.stop);
    this.CONSUME(t.words.when);
    const condition = this.SUBRULE(this.rightSide);
    return { kind: "stop", condition, doc, span: this.span(start) };
  });

  readonly until: Rule<Until> = this.RULE("until", (): Until => {
    const start = this.mark();
    const doc = this.doc();
    this.CONSUME(t.words.until);
    const axes = this.OPTION({ GATE: () => this.is(1, t.LBracket), DEF: () => this.SUBRULE(this.axes) }) ?? [];
    const condition = this.SUBRULE(this.rightSide);
    return { kind: "until", axes, condition, doc, span: this.span(start) };
  });

  readonly record: Rule<Record> = this.RULE("record", (): Record => {
    const start = this.mark();
    const doc = this.doc();
    this.CONSUME(t.words.record);
    const schedule = this.SUBRULE(this.schedule);
    this.CONSUME(t.LBrace);
    const entries = this.within(stopWords.none, true, () =>
      this.list(1, t.RBrace, true, () =>
        this.attempt<Entry | null>(
          "item",
          () => this.SUBRULE(this.entry),
          () => null,
        ),
      ),
    );
    this.CONSUME(t.RBrace);
    return this.ACTION((): Record => {
      const read = entries.filter((entry) => entry !== null);
      return { kind: "record", schedule, entries: read, doc, span: this.span(start) };
    });
  });
  private readonly schedule: Rule<Schedule> = this.RULE("schedule", (): Schedule => {
    const schedule = this.OPTION(() =>
      this.OR<Schedule>([
        {
          ALT: () => {
            this.CONSUME(t.words.every);
            return { kind: "every", count: this.SUBRULE(this.count) };
          },
        },
        {
          ALT: () => {
            this.CONSUME(t.At);
            return { kind: "at", steps: this.SUBRULE(this.expression) };
          },
        },
        {
          ALT: () => {
            this.CONSUME(t.words.last);
            return { kind: "last" };
          },
        },
        {
          ALT: () => {
            this.CONSUME(t.words.stepwise);
            return { kind: "stepwise" };
          },
        },
      ]),
    );
    return schedule ?? { kind: "each" };
  });
  private readonly entry: Rule<Entry> = this.RULE("entry", (): Entry => {
    const start = this.mark();
    return this.OR<Entry>({
      DEF: [
        {
          GATE: () => this.isReplacement(1),
          ALT: () => {
            const target = this.SUBRULE(this.target);
            this.CONSUME(t.Equals);
            const value = this.SUBRULE(this.rightSide);
            return { kind: "equation", target, value, span: this.span(start) };
          },
        },
        { ALT: () => ({ kind: "expr", value: this.SUBRULE(this.expression), span: this.span(start) }) },
      ],
      IGNORE_AMBIGUITIES: true,
    });
  });

  // --------------------------------------------------------------------- loops
  readonly every: Rule<Every> = this.RULE("every", (): Every => {
    const start = this.mark();
    const doc = this.doc();
    this.CONSUME(t.words.every);
    const count = this.SUBRULE(this.count);
    const body = this.SUBRULE(this.block);
    return { kind: "every", count, body, doc, span: this.span(start) };
  });

  readonly sequence: Rule<Sequence> = this.RULE("sequence", (): Sequence => {
    const start = this.mark();
    const doc = this.doc();
    this.CONSUME(t.words.sequence);
    const name = this.SUBRULE(this.name);
    this.CONSUME(t.In);
    const values = this.SUBRULE(this.grid);
    const body = this.SUBRULE(this.block);
    return { kind: "sequence", name, values, body, doc, span: this.span(start) };
  });

  /** `scan t: time in reverse until c { … }`. */
  readonly scan: Rule<Scan> = this.RULE("scan", (): Scan => {
    const start = this.mark();
    const doc = this.doc();
    this.CONSUME(t.words.scan);
    const index = this.SUBRULE(this.name);
    const over = this.after(1, t.Colon, () => this.within(stopWords.scan, false, () => this.SUBRULE(this.operation)));
    const reverse = this.after(2, t.In, () => this.CONSUME(t.words.reverse)) !== null;
    const until = this.after(3, t.words.until, () => this.SUBRULE(this.expression));
    const body: Statement[] = this.SUBRULE(this.block);
    return { kind: "scan", index, over, reverse, until, body, doc, span: this.span(start) };
  });

  readonly return: Rule<Return> = this.RULE("return", (): Return => {
    const start = this.mark();
    const doc = this.doc();
    this.CONSUME(t.Return);
    const values = this.within(stopWords.none, true, () => {
      const list = [this.SUBRULE(this.rightSide)];
      this.MANY(() => {
        this.CONSUME(t.Comma);
        list.push(this.SUBRULE2(this.rightSide));
      });
      return list;
    });
    return { kind: "return", values, doc, span: this.span(start) };
  });
}

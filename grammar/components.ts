/** Functions, components, experiments, and their headers. */
import type { Rule, RuleOf } from "./base-parser.js";
import { stopWords } from "./base-parser.js";
import { DeclarationParser } from "./declarations.js";
import * as t from "./tokens.js";
import type { Component, Experiment, Expr, FileColumn, Fn, Name, Parameter, Profile, Statement } from "./tree.js";

type Sort = Component["sort"];

export abstract class ComponentParser extends DeclarationParser {
  readonly fn: Rule<Fn> = this.RULE("fn", (): Fn => {
    const start = this.mark();
    const doc = this.doc();
    this.CONSUME(t.words.fn);
    const name = this.SUBRULE(this.name);
    const header = this.OPTION(() => {
      const parameters = this.SUBRULE(this.parameters);
      const results = this.OPTION2(() => this.SUBRULE(this.results)) ?? null;
      return { parameters, results };
    });
    const body = this.after(3, t.Equals, () => this.SUBRULE(this.rightSide));
    const { parameters, results } = header ?? { parameters: [], results: null };
    return { kind: "fn", name, parameters, alias: header === undefined, results, body, doc, span: this.span(start) };
  });
  /** `[a, c]`, or `([b], [c])`. */
  private readonly results: Rule<Name[][]> = this.RULE("results", (): Name[][] =>
    this.OR<Name[][]>([
      { ALT: () => [this.SUBRULE(this.axes)] },
      {
        ALT: () => {
          this.CONSUME(t.LParen);
          const list = this.list(1, t.RParen, false, () => this.SUBRULE2(this.axes));
          this.CONSUME(t.RParen);
          return list;
        },
      },
    ]),
  );
  /** `[a, b]`, names of axes. */
  protected readonly axes: Rule<Name[]> = this.RULE("axes", (): Name[] => {
    this.CONSUME(t.LBracket);
    const names = this.list(1, t.RBracket, false, () => this.SUBRULE(this.name));
    this.CONSUME(t.RBracket);
    return names;
  });

  /** `(token: axis, mass[group] = …, n = 3)`. */
  protected readonly parameters: Rule<Parameter[]> = this.RULE("parameters", (): Parameter[] => {
    this.CONSUME(t.LParen);
    const list = this.within(stopWords.none, true, () =>
      this.list(1, t.RParen, false, () => this.SUBRULE(this.parameter)),
    );
    this.CONSUME(t.RParen);
    return list;
  });
  protected readonly parameter: Rule<Parameter> = this.RULE("parameter", (): Parameter => {
    const start = this.mark();
    const name = this.SUBRULE(this.name);
    const indices = this.OPTION(() => this.SUBRULE(this.indices));
    const sort = this.after(2, t.Colon, () => this.SUBRULE(this.sort)) ?? "value";
    const standard = this.after(3, t.Equals, () => this.SUBRULE(this.expression));
    const { axes, rest } = indices ?? { axes: null, rest: false };
    return { name, axes, rest, sort, default: standard, span: this.span(start) };
  });
  /** `[a, b]`, `[i, ..]`. */
  private readonly indices = this.RULE("indices", (): { axes: Name[]; rest: boolean } => {
    this.CONSUME(t.LBracket);
    const list = this.list(1, t.RBracket, false, () =>
      this.OR<Name | null>([
        { ALT: () => this.SUBRULE(this.name) },
        {
          ALT: () => {
            this.CONSUME(t.DotDot);
            return null;
          },
        },
      ]),
    );
    this.CONSUME(t.RBracket);
    const axes = list.filter((axis) => axis !== null);
    return { axes, rest: axes.length < list.length };
  });
  private readonly sort = this.RULE("sort", (): Parameter["sort"] => {
    const word = this.SUBRULE(this.name);
    return this.ACTION(() => {
      const sort = this.sortOf(word);
      this.tok(0).named = sort === "value";
      return sort;
    });
  });
  private sortOf(word: Name): Parameter["sort"] {
    if (t.parameterSorts.has(word.text)) return word.text as Parameter["sort"];
    const { start, end } = word.span;
    const help =
      "a parameter is `x: axis`, `x: data`, `x: memory`, `x: optimizer` or `x: fn`; numbers and tensors say nothing";
    this.report({ code: "AM1001", start, end, message: `\`${word.text}\` is no sort of parameter`, help });
    return "value";
  }

  // ---------------------------------------------------------------- components
  readonly component: RuleOf<Sort, Component> = this.RULE("component", (sort: Sort): Component => {
    const start = this.mark();
    const doc = this.doc();
    this.OR([
      { ALT: () => this.CONSUME(t.words.memory) },
      { ALT: () => this.CONSUME(t.words.data) },
      { ALT: () => this.CONSUME(t.words.optimizer) },
    ]);
    const name = this.SUBRULE(this.name);
    const axes = this.OPTION(() => this.SUBRULE(this.axes)) ?? [];
    const parameters = this.OPTION2(() => this.SUBRULE(this.parameters)) ?? null;
    const subject = this.after(3, t.words.for, () => this.SUBRULE(this.parameter));
    const instance = this.after(4, t.Equals, () => this.SUBRULE(this.rightSide));
    this.needsBody(instance);
    const body =
      this.OPTION5(() =>
        this.OR2<Statement[]>({
          DEF: [
            { GATE: () => isDataset(instance), ALT: () => this.SUBRULE(this.columns) },
            { ALT: () => this.SUBRULE(this.block) },
          ],
          IGNORE_AMBIGUITIES: true,
        }),
      ) ?? null;
    return { kind: "component", sort, name, axes, parameters, instance, subject, body, doc, span: this.span(start) };
  });
  /** A block follows unless there is `= …`. */
  protected needsBody(instance: Expr | null): void {
    if (this.RECORDING_PHASE || instance !== null || this.is(1, t.LBrace)) return;
    this.faultAt(this.tok(1), "`{` or `=`", null);
    this.fail(null);
  }

  /** `{ e[token, dim] = "emb", y[token] in class = "labels" }`. */
  private readonly columns: Rule<Statement[]> = this.RULE("columns", (): Statement[] => {
    this.CONSUME(t.LBrace);
    const list = this.within(stopWords.none, true, () =>
      this.list(1, t.RBrace, true, () =>
        this.attempt<FileColumn | null>(
          "item",
          () => this.SUBRULE(this.column),
          () => null,
        ),
      ),
    );
    this.CONSUME(t.RBrace);
    return this.ACTION(() => list.filter((column) => column !== null));
  });
  private readonly column: Rule<FileColumn> = this.RULE("column", (): FileColumn => {
    const start = this.mark();
    const doc = this.doc();
    const target = this.SUBRULE(this.target);
    const within = this.after(1, t.In, () => this.SUBRULE(this.name));
    this.CONSUME(t.Equals);
    const value = this.SUBRULE(this.expression);
    return { kind: "column", target, within, value, doc, span: this.span(start) };
  });

  // --------------------------------------------------- experiments and profiles
  readonly experiment: Rule<Experiment> = this.RULE("experiment", (): Experiment => {
    const start = this.mark();
    const doc = this.doc();
    this.CONSUME(t.words.experiment);
    const name = this.SUBRULE(this.name);
    const early = this.OPTION(() => this.SUBRULE(this.string));
    const parameters = this.OPTION2(() => this.SUBRULE(this.parameters)) ?? null;
    const late = this.OPTION3({ GATE: () => early === undefined, DEF: () => this.SUBRULE2(this.string) });
    const title = (early ?? late)?.value ?? null;
    const instance = this.after(4, t.Equals, () => this.SUBRULE(this.rightSide));
    this.needsBody(instance);
    const body = this.OPTION5(() => this.SUBRULE(this.block)) ?? null;
    return { kind: "experiment", name, title, parameters, instance, body, doc, span: this.span(start) };
  });

  readonly profile: Rule<Profile> = this.RULE("profile", (): Profile => {
    const start = this.mark();
    const doc = this.doc();
    this.CONSUME(t.words.profile);
    const name = this.SUBRULE(this.name);
    const body = this.SUBRULE(this.block);
    return { kind: "profile", name, body, doc, span: this.span(start) };
  });
}

/** `dataset.npz(…)`: its block names columns of a file. */
function isDataset(instance: Expr | null): boolean {
  if (instance?.kind !== "call" || instance.callee.kind !== "member") return false;
  const { object } = instance.callee;
  return object.kind === "name" && object.text === "dataset";
}

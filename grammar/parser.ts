/** The whole grammar: which statement stands where, blocks, and the file. */
import { EOF } from "chevrotain";
import type { ParserOptions, Rule } from "./base-parser.js";
import { noStatement, unexpected, unfinished } from "./explain.js";
import { ReportingParser } from "./reporting.js";
import * as t from "./tokens.js";
import type { StatementWord, Tok } from "./tokens.js";
import type { Expr, File, Statement, Target } from "./tree.js";

/** After a word these make it a name: `data = 3`, `step[..] = …`, `record.x`, `text ~ …`. */
const afterNames = new Set([t.Equals, t.EqualEqual, t.Tilde, t.Arrow, t.LBracket, t.Dot, t.Comma]);

export class AmemParser extends ReportingParser {
  constructor(options: ParserOptions) {
    super(options);
    this.performSelfAnalysis();
  }

  /** The keyword that begins the statement here; null for an equation, an update or a draw, and for what is none. */
  private keyword(): StatementWord | "return" | null {
    const first = this.tok(1);
    if (first.tokenType === t.Return) return "return";
    if (!t.isStatementWord(first.image) || first.tokenType === t.Text) return null;
    if (first.image === "until" && this.is(2, t.LBracket)) {
      const behind = this.tok(this.behind(2)).tokenType;
      return behind === t.Equals || behind === t.Tilde || behind === t.Arrow || behind === t.Dot ? null : "until";
    }
    return afterNames.has(this.tok(2).tokenType) ? null : first.image;
  }

  readonly statement: Rule<Statement> = this.RULE("statement", (): Statement => {
    const word = this.RECORDING_PHASE ? null : this.keyword();
    if (!this.RECORDING_PHASE && word === null && !this.isName(1) && !this.is(1, t.LParen)) this.noStatement();
    const on =
      (name: StatementWord | "return"): (() => boolean) =>
      () =>
        word === name;
    return this.OR<Statement>({
      DEF: [
        { GATE: on("use"), ALT: () => this.SUBRULE(this.use) },
        { GATE: on("axis"), ALT: () => this.SUBRULE(this.axis) },
        { GATE: on("sweep"), ALT: () => this.SUBRULE(this.sweep) },
        { GATE: on("refine"), ALT: () => this.SUBRULE(this.refine) },
        { GATE: on("let"), ALT: () => this.SUBRULE(this.let) },
        { GATE: on("param"), ALT: () => this.SUBRULE(this.param) },
        { GATE: on("state"), ALT: () => this.SUBRULE(this.state) },
        { GATE: on("fn"), ALT: () => this.SUBRULE(this.fn) },
        {
          GATE: () => word === "memory" || word === "data" || word === "optimizer",
          ALT: () => this.SUBRULE(this.component, { ARGS: [word as "memory" | "data" | "optimizer"] }),
        },
        {
          GATE: () => word === "train" || word === "evolve" || word === "measure" || word === "do",
          ALT: () => this.SUBRULE(this.phase, { ARGS: [word as "train" | "evolve" | "measure" | "do"] }),
        },
        { GATE: on("experiment"), ALT: () => this.SUBRULE(this.experiment) },
        { GATE: on("profile"), ALT: () => this.SUBRULE(this.profile) },
        { GATE: on("chart"), ALT: () => this.SUBRULE(this.chart) },
        { GATE: on("table"), ALT: () => this.SUBRULE(this.table) },
        { GATE: on("text"), ALT: () => this.SUBRULE(this.prose) },
        { GATE: on("claim"), ALT: () => this.SUBRULE(this.claim) },
        { GATE: on("expect"), ALT: () => this.SUBRULE(this.expect) },
        { GATE: on("precision"), ALT: () => this.SUBRULE(this.precision) },
        { GATE: on("source"), ALT: () => this.SUBRULE(this.source) },
        { GATE: on("draw"), ALT: () => this.SUBRULE(this.draw) },
        { GATE: on("batch"), ALT: () => this.SUBRULE(this.batch) },
        { GATE: on("minimize"), ALT: () => this.SUBRULE(this.minimize) },
        { GATE: on("using"), ALT: () => this.SUBRULE(this.using) },
        { GATE: on("for"), ALT: () => this.SUBRULE(this.forCount) },
        { GATE: on("stop"), ALT: () => this.SUBRULE(this.stop) },
        { GATE: on("until"), ALT: () => this.SUBRULE(this.until) },
        { GATE: on("record"), ALT: () => this.SUBRULE(this.record) },
        { GATE: on("every"), ALT: () => this.SUBRULE(this.every) },
        { GATE: on("sequence"), ALT: () => this.SUBRULE(this.sequence) },
        { GATE: on("scan"), ALT: () => this.SUBRULE(this.scan) },
        { GATE: on("return"), ALT: () => this.SUBRULE(this.return) },
        { GATE: () => word === null, ALT: () => this.SUBRULE(this.equation) },
      ],
      IGNORE_AMBIGUITIES: true,
    });
  });

  private noStatement(): never {
    return this.fail(noStatement(this.around(this.tok(1))));
  }

  protected override checkEquation(head: unknown, targets: readonly Target[]): void {
    const token = this.tok(1);
    const type = token.tokenType;
    if (type === t.Equals || type === t.Arrow) return;
    if (type === t.Tilde) {
      const second = targets[1];
      if (second === undefined) return;
      const { start, end } = second.span;
      this.report({
        code: "AM1001",
        start,
        end,
        message: "`~` draws one tensor at a time",
        help: "write one line for each",
      });
      return;
    }
    this.fail(unfinished(head as Tok, this.around(token)));
  }

  // -------------------------------------------------------------------- blocks
  /** Statements up to a closing brace or the end; whatever stands there, it comes to an end. */
  private readonly statements: Rule<Statement[]> = this.RULE("statements", (): Statement[] => {
    const list: Statement[] = [];
    const one = (): void => {
      const statement = this.attempt<Statement | null>(
        "statement",
        () => this.SUBRULE(this.statement),
        () => null,
      );
      if (statement !== null) list.push(statement);
    };
    if (this.RECORDING_PHASE) {
      this.MANY(() => this.OR([{ ALT: () => this.CONSUME(t.Terminator) }, { ALT: one }]));
      return list;
    }
    while (!this.is(1, EOF) && !this.is(1, t.RBrace)) {
      if (this.is(1, t.Terminator)) {
        this.CONSUME(t.Terminator);
        continue;
      }
      const before = this.tok(1).at;
      one();
      this.endStatement(list.at(-1));
      // A statement that reads nothing would be tried for ever.
      if (this.tok(1).at === before) this.consume(0, this.tok(1).tokenType);
    }
    return list;
  });

  /** A statement ends with its line; `using` may follow `minimize` on the same one. */
  private endStatement(last: Statement | undefined): void {
    const token = this.tok(1);
    const type = token.tokenType;
    if (type === t.Terminator || type === t.RBrace || type === EOF) return;
    if (last?.kind === "minimize" && this.isWord(1, "using")) return;
    const around = this.around(token);
    if (around.previous?.tokenType !== t.Hole) this.report(unexpected(around, "the end of the statement", null));
    this.skip("statement", token.depth);
  }

  readonly block: Rule<Statement[]> = this.RULE("block", (): Statement[] => {
    this.CONSUME(t.LBrace);
    const { stops, commaEnds } = this;
    this.stops = new Set();
    this.commaEnds = false;
    const list = this.SUBRULE(this.statements);
    this.stops = stops;
    this.commaEnds = commaEnds;
    this.CONSUME(t.RBrace);
    return list;
  });

  readonly entireFile: Rule<File> = this.RULE("entireFile", (): File => {
    const statements = this.SUBRULE(this.statements);
    return { kind: "file", statements, span: { file: this.file, start: 0, end: this.text.length } };
  });

  /** One expression and nothing else. */
  readonly entireExpression: Rule<Expr> = this.RULE("entireExpression", (): Expr => {
    const start = this.mark();
    return this.attempt<Expr>(
      "statement",
      () => {
        const expr = this.SUBRULE(this.expression);
        if (!this.RECORDING_PHASE && !this.is(1, EOF)) {
          this.faultAt(this.tok(1), "the end of the expression", null);
          this.fail(null);
        }
        return expr;
      },
      () => this.missing({ ...this.span(start), start }),
    );
  });
}

/** What is said about results: charts, tables, prose, claims, and the notes of an experiment. */
import { stopWords } from "./base-parser.js";
import type { Rule, RuleOf } from "./base-parser.js";
import { numberValue } from "./literals.js";
import { PhaseParser } from "./phases.js";
import * as t from "./tokens.js";
import type {
  Channel,
  Chart,
  Claim,
  Expect,
  Mark,
  Name,
  Precision,
  SourceNote,
  StringLiteral,
  Table,
  Text,
} from "./tree.js";

/** A `text` whose holes are read after the rest of the file. */
export type OpenText = Text & { pieces: string[]; holes: Text["holes"][number][] };

export abstract class ReportingParser extends PhaseParser {
  /** The texts met so far, in order. */
  readonly texts: OpenText[] = [];

  readonly chart: Rule<Chart> = this.RULE("chart", (): Chart => {
    const start = this.mark();
    const doc = this.doc();
    this.CONSUME(t.words.chart);
    const name = this.SUBRULE(this.name);
    const title = this.OPTION(() => this.SUBRULE(this.string).value) ?? null;
    this.CONSUME(t.Equals);
    const body = this.OR<Chart["body"]>({
      DEF: [
        {
          GATE: () => this.is(2, t.Prose) || this.is(2, t.Text),
          ALT: () => {
            this.CONSUME(t.words.vegalite);
            return { kind: "vegalite", text: this.SUBRULE2(this.string) };
          },
        },
        { ALT: () => this.SUBRULE(this.markOf) },
      ],
      IGNORE_AMBIGUITIES: true,
      ERR_MSG: "a mark such as `line(x: step, y: …)`",
    });
    return { kind: "chart", name, title, body, doc, span: this.span(start) };
  });

  /** `line(x: step scale log, …)`, `layer(point(…), line(…))`. */
  private readonly markOf: Rule<Mark> = this.RULE("markOf", (): Mark => {
    const start = this.mark();
    const name = this.SUBRULE(this.name);
    this.CONSUME(t.LParen);
    const channels: Channel[] = [];
    const layers: Mark[] = [];
    this.within(stopWords.channel, true, () =>
      this.list(1, t.RParen, false, () =>
        this.attempt<unknown>(
          "item",
          () => this.SUBRULE(this.markItem, { ARGS: [{ channels, layers }] }),
          () => null,
        ),
      ),
    );
    this.CONSUME(t.RParen);
    this.ACTION(() => {
      const [first] = layers;
      if (first !== undefined && name.text !== "layer")
        this.report({
          code: "AM1001",
          start: first.span.start,
          end: first.span.end,
          message: `\`${name.text}\` holds no marks: its parts are named, as in \`x: step\``,
          help: "several marks over each other stand in `layer(…)`",
        });
    });
    return { kind: "mark", name, channels, layers, span: this.span(start) };
  });
  private readonly markItem: RuleOf<{ channels: Channel[]; layers: Mark[] }, void> = this.RULE(
    "markItem",
    (into: { channels: Channel[]; layers: Mark[] }) => {
      this.OR({
        DEF: [
          {
            GATE: () => this.is(2, t.Colon),
            ALT: () => {
              const channel = this.SUBRULE(this.channel);
              this.ACTION(() => into.channels.push(channel));
            },
          },
          {
            ALT: () => {
              if (!this.RECORDING_PHASE && !(this.isName(1) && this.is(2, t.LParen))) this.unnamedChannel();
              const mark = this.SUBRULE(this.markOf);
              this.ACTION(() => into.layers.push(mark));
            },
          },
        ],
        IGNORE_AMBIGUITIES: true,
        ERR_MSG: "a channel such as `x: step`",
      });
    },
  );
  private unnamedChannel(): never {
    const { place } = this.around(this.tok(1));
    if (this.isName(1) && this.is(2, t.Equals)) {
      const equals = this.spanOf(this.tok(2));
      const fix = { title: "write `:`", edits: [{ start: equals.start, end: equals.end, text: ":" }] };
      const message = "a channel is written with `:`";
      return this.fail({
        start: equals.start,
        end: equals.end,
        code: "AM1013",
        message,
        help: `write \`${this.tok(1).image}: …\``,
        fix,
      });
    }
    return this.fail({
      ...place,
      code: "AM1001",
      message: "what is drawn needs the name of its channel",
      help: "write `x: step`, `y: fit.loss`, `color: eta`",
    });
  }
  private readonly channel: Rule<Channel> = this.RULE("channel", (): Channel => {
    const start = this.mark();
    const name = this.SUBRULE(this.name);
    this.CONSUME(t.Colon);
    const value = this.SUBRULE(this.expression);
    const scale = this.after(1, t.words.scale, () => this.SUBRULE2(this.name));
    return { name, value, scale, span: this.span(start) };
  });

  readonly table: Rule<Table> = this.RULE("table", (): Table => {
    const start = this.mark();
    const doc = this.doc();
    this.CONSUME(t.words.table);
    const name = this.SUBRULE(this.name);
    const title = this.OPTION(() => this.SUBRULE(this.string).value) ?? null;
    this.CONSUME(t.LBrace);
    const rows = this.within(stopWords.none, true, () =>
      this.list(1, t.RBrace, true, () =>
        this.attempt<Table["rows"][number] | null>(
          "item",
          () => this.SUBRULE(this.row),
          () => null,
        ),
      ),
    );
    this.CONSUME(t.RBrace);
    return this.ACTION((): Table => {
      const read = rows.filter((row) => row !== null);
      return { kind: "table", name, title, rows: read, doc, span: this.span(start) };
    });
  });
  private readonly row = this.RULE("row", (): Table["rows"][number] => {
    const start = this.mark();
    this.CONSUME(t.words.row);
    const title = this.SUBRULE(this.string);
    this.CONSUME(t.Colon);
    const value = this.SUBRULE(this.expression);
    return { title, value, span: this.span(start) };
  });

  readonly prose: Rule<Text> = this.RULE("prose", (): Text => {
    const start = this.mark();
    const doc = this.doc();
    this.CONSUME(t.words.text);
    const text: StringLiteral = this.SUBRULE(this.string);
    return this.ACTION((): Text => {
      const node: OpenText = { kind: "text", text, holes: [], pieces: [text.value], doc, span: this.span(start) };
      this.texts.push(node);
      return node;
    });
  });

  readonly claim: Rule<Claim> = this.RULE("claim", (): Claim => {
    const start = this.mark();
    const doc = this.doc();
    this.CONSUME(t.words.claim);
    const name = this.SUBRULE(this.name);
    const title = this.OPTION(() => this.SUBRULE(this.string).value) ?? null;
    const expectedFails = this.OPTION2(() => this.SUBRULE(this.expectedFails)) ?? null;
    const body = this.SUBRULE(this.block);
    return { kind: "claim", name, title, expectedFails, body, doc, span: this.span(start) };
  });
  /** `expected fails "why"`. */
  private readonly expectedFails = this.RULE("expectedFails", (): NonNullable<Claim["expectedFails"]> => {
    const start = this.mark();
    this.CONSUME(t.words.expected);
    this.CONSUME(t.words.fails);
    const reason = this.OPTION(() => this.SUBRULE(this.string).value) ?? null;
    return { reason, span: this.span(start) };
  });

  /** `expect e where c for 90% of seed`. */
  readonly expect: Rule<Expect> = this.RULE("expect", (): Expect => {
    const start = this.mark();
    const doc = this.doc();
    this.CONSUME(t.words.expect);
    const { condition, where } = this.within(stopWords.expect, false, () => ({
      condition: this.SUBRULE(this.rightSide),
      where: this.after(1, t.Where, () => this.SUBRULE2(this.rightSide)),
    }));
    const share = this.OPTION2(() => this.SUBRULE(this.share)) ?? null;
    return { kind: "expect", condition, where, share, doc, span: this.span(start) };
  });
  private readonly share = this.RULE("share", (): NonNullable<Expect["share"]> => {
    this.CONSUME(t.words.for);
    const number = this.CONSUME(t.NumberToken);
    this.CONSUME(t.Percent);
    this.CONSUME(t.words.of);
    const of = this.SUBRULE(this.name);
    return { fraction: numberValue(number.image) / 100, of };
  });

  readonly precision: Rule<Precision> = this.RULE("precision", (): Precision => {
    const start = this.mark();
    const doc = this.doc();
    this.CONSUME(t.words.precision);
    const type = this.SUBRULE(this.name);
    return { kind: "precision", type, doc, span: this.span(start) };
  });

  /** `source "arXiv:…" figure "4"`. */
  readonly source: Rule<SourceNote> = this.RULE("source", (): SourceNote => {
    const start = this.mark();
    const doc = this.doc();
    this.CONSUME(t.words.source);
    const reference = this.SUBRULE(this.string).value;
    const details: { name: Name; value: string }[] = [];
    this.MANY(() => {
      const name = this.SUBRULE(this.name);
      const value = this.SUBRULE2(this.string).value;
      details.push({ name, value });
    });
    return { kind: "source", reference, details, doc, span: this.span(start) };
  });
}

/**
 * The way into the grammar: text to tree. A parse always comes back with a tree, whatever the text; only a
 * `complete` one says everything that the text says.
 */
import type { IToken, Lexer } from "chevrotain";
import { Diagnostics } from "../src/base/diagnostic.js";
import type { Diagnostic } from "../src/base/diagnostic.js";
import type { Source, Span } from "../src/base/span.js";
import { asDiagnostic } from "./faults.js";
import type { Fault, Report } from "./faults.js";
import { layOut } from "./layout.js";
import type { Layout } from "./layout.js";
import { LIMITS } from "./limits.js";
import { dedent, unescape, unquote } from "./literals.js";
import { AmemParser } from "./parser.js";
import { findHoles } from "./prose.js";
import type { OpenText } from "./reporting.js";
import * as t from "./tokens.js";
import type { Tok } from "./tokens.js";
import type { Expr, File } from "./tree.js";
import { unknownCharacters } from "./unknown.js";
import { treeHeight } from "./walk.js";

export type TokenClass = "keyword" | "name" | "number" | "string" | "operator" | "newline";
/** A token as it stands in the text; newlines only where they end a statement. */
export interface Token {
  readonly class: TokenClass;
  readonly text: string;
  readonly span: Span;
}
export interface Comment {
  readonly class: "line" | "block" | "doc";
  readonly text: string;
  readonly span: Span;
}

interface Read {
  readonly diagnostics: readonly Diagnostic[];
  /** Nothing was skipped or supplied: the tree says all that the text says. */
  readonly complete: boolean;
  readonly tokens: readonly Token[];
  readonly comments: readonly Comment[];
}
export interface Parsed extends Read {
  readonly tree: File;
}
export interface ParsedExpression extends Read {
  readonly expr: Expr;
}

// Lexer and parser take longer to build than most files to read: built once, when first needed.
let lexer: Lexer | null = null;
let parser: AmemParser | null = null;

/** Reads a whole file. */
export function parse(source: Source): Parsed {
  const { file, text } = source;
  const faults: Fault[] = [];
  const report: Report = (fault) => void faults.push(fault);
  const whole: Span = { file, start: 0, end: text.length };
  const empty: File = { kind: "file", statements: [], span: whole };
  if (text.length > LIMITS.characters) {
    const message = `this file has ${text.length} characters; amemc reads up to ${LIMITS.characters}`;
    report({
      code: "AM1015",
      start: 0,
      end: 0,
      message,
      help: "data belong into files of their own: `dataset.npz(…)`",
    });
    return new FileResult(file, faults, noTokens, empty);
  }
  const scanned = scan(text, 0, text.length, report);
  const ready = begin(source, 0, scanned, report);
  ready.texts.length = 0;
  let tree = ready.entireFile();
  const texts = ready.texts.splice(0);
  for (const node of texts) fillText(node, source, report);
  if (treeHeight(tree) > LIMITS.height) {
    report({
      code: "AM1014",
      start: 0,
      end: 0,
      message: "this file is nested too deeply",
      help: "give parts of its expressions names of their own",
    });
    tree = empty;
  }
  return new FileResult(file, faults, scanned, tree);
}

/** Reads one expression that stands from `start` to `end` in a text: a hole of prose, the input of a prompt. */
export function parseExpression(source: Source, start = 0, end = source.text.length): ParsedExpression {
  const faults: Fault[] = [];
  const { expr, scanned } = readExpression(source, start, end, (fault) => void faults.push(fault));
  return new ExpressionResult(source.file, faults, scanned, expr);
}

function readExpression(source: Source, start: number, end: number, report: Report): { expr: Expr; scanned: Scanned } {
  const scanned = scan(source.text, start, end, report);
  const partly: Report = (fault) =>
    report({ ...fault, message: fault.message.replace("the end of the file", "the end") });
  const expr = begin(source, start, scanned, partly).entireExpression();
  if (treeHeight(expr) <= LIMITS.height) return { expr, scanned };
  report({ code: "AM1014", start, end, message: "this is nested too deeply" });
  return { expr: { kind: "missing", span: { file: source.file, start, end } }, scanned };
}

interface Scanned {
  readonly layout: Layout;
  readonly comments: readonly IToken[];
  /** The first and last offsets of what belongs to no token. */
  readonly unknown: ReadonlySet<number>;
}
const noTokens: Scanned = { layout: { tokens: [], docs: new Map() }, comments: [], unknown: new Set() };

function scan(text: string, start: number, end: number, report: Report): Scanned {
  lexer ??= t.createLexer(false);
  const part = start === 0 && end === text.length ? text : text.slice(start, end);
  const { tokens, groups, errors } = lexer.tokenize(part);
  const comments = groups.comments ?? [];
  for (const list of [tokens, comments])
    for (const token of list) {
      token.startOffset += start;
      token.endOffset = token.startOffset + token.image.length - 1;
    }
  unknownCharacters(errors, part, start, report);
  const unknown = new Set(errors.flatMap((error) => [start + error.offset, start + error.offset + error.length - 1]));
  return { layout: layOut(tokens, comments, part, start, report), comments, unknown };
}

function begin(source: Source, start: number, scanned: Scanned, report: Report): AmemParser {
  parser ??= new AmemParser({ validate: false });
  const { unknown, layout } = scanned;
  // What the parser misses beside a character that was already reported is that character.
  const beside = (fault: Fault): boolean => {
    let [before, after] = [fault.start - 1, fault.end];
    while (isBlank(source.text[before])) before--;
    while (isBlank(source.text[after])) after++;
    return unknown.has(before) || unknown.has(after);
  };
  parser.begin(source.file, source.text, start, layout, (fault) => {
    if (unknown.size === 0 || !beside(fault)) report(fault);
  });
  return parser;
}
const isBlank = (char: string | undefined): boolean => char === " " || char === "\t";

/** Parses the holes of a `text` and cuts its prose at them. */
function fillText(node: OpenText, source: Source, report: Report): void {
  const { span, prose } = node.text;
  const image = source.text.slice(span.start, span.end);
  const inside = unquote(image);
  const offset = span.start + (prose ? 3 : 1);
  const holes = findHoles(inside, offset, report);
  if (holes.length === 0) return;
  for (const hole of holes) {
    const [start, end] = [offset + hole.start, offset + hole.end];
    const { expr } = readExpression(source, start + 1, end - 1, report);
    node.holes.push({ expr, span: { file: source.file, start, end } });
  }
  // Holes are cut out before indentation is, so that a hole over several lines does not shift what follows it.
  const marked = holes.reduceRight((text, hole) => `${text.slice(0, hole.start)}\u0000${text.slice(hole.end)}`, inside);
  const ready = prose ? dedent(marked) : unescape(marked, offset, () => undefined);
  node.pieces.splice(0, node.pieces.length, ...ready.split("\u0000"));
}

/** What a reading has found; tokens and comments are made when asked for. */
class Result implements Read {
  readonly diagnostics: readonly Diagnostic[];
  readonly complete: boolean;
  private madeTokens: readonly Token[] | null = null;
  private madeComments: readonly Comment[] | null = null;

  constructor(
    private readonly file: string,
    faults: readonly Fault[],
    private readonly scanned: Scanned,
  ) {
    this.complete = faults.length === 0;
    this.diagnostics = inOrder(faults, file);
  }
  get tokens(): readonly Token[] {
    const written = this.scanned.layout.tokens.filter((tok) => tok.image !== "");
    return (this.madeTokens ??= written.map((tok) => asToken(tok, this.file)));
  }
  get comments(): readonly Comment[] {
    return (this.madeComments ??= this.scanned.comments.map((comment) => asComment(comment, this.file)));
  }
}
class FileResult extends Result implements Parsed {
  constructor(
    file: string,
    faults: readonly Fault[],
    scanned: Scanned,
    readonly tree: File,
  ) {
    super(file, faults, scanned);
  }
}
class ExpressionResult extends Result implements ParsedExpression {
  constructor(
    file: string,
    faults: readonly Fault[],
    scanned: Scanned,
    readonly expr: Expr,
  ) {
    super(file, faults, scanned);
  }
}

/** By place, one a place: what follows from the first is noise. */
function inOrder(faults: readonly Fault[], file: string): readonly Diagnostic[] {
  const diagnostics = new Diagnostics();
  let last = -1;
  for (const fault of [...faults].sort((a, b) => a.start - b.start)) {
    if (fault.start === last) continue;
    last = fault.start;
    diagnostics.add(asDiagnostic(fault, file));
  }
  return diagnostics.list;
}

const spanOf = (token: IToken, file: string): Span => ({
  file,
  start: token.startOffset,
  end: (token.endOffset ?? token.startOffset) + 1,
});

function asToken(tok: Tok, file: string): Token {
  return { class: classOf(tok), text: tok.image, span: spanOf(tok, file) };
}
function classOf(tok: Tok): TokenClass {
  const type = tok.tokenType;
  if (type === t.Terminator) return "newline";
  if (type === t.NumberToken) return "number";
  if (type === t.Text || type === t.Prose) return "string";
  if (type === t.Name || tok.named) return "name";
  return /^[\p{L}_]/u.test(tok.image) ? "keyword" : "operator";
}
function asComment(comment: IToken, file: string): Comment {
  const type = comment.tokenType;
  const kind = type === t.DocComment ? "doc" : type === t.BlockComment ? "block" : "line";
  return { class: kind, text: comment.image, span: spanOf(comment, file) };
}

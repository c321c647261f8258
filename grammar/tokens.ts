/**
 * The tokens of the language. The lexer knows names, numbers, strings, marks and comments; which names are
 * keywords is decided afterwards (`layout.ts`), for most keywords are keywords only where a statement begins.
 */
import { createToken, Lexer } from "chevrotain";
import type { CustomPatternMatcherReturn, IToken, TokenType } from "chevrotain";

/** A token after the pass of `layout.ts`, which gives it its place among the others. */
export interface Tok extends IToken {
  /** Its index among the parser's tokens. */
  at: number;
  /** How many brackets are open around it; a closing bracket counts as standing outside. */
  depth: number;
  /** Of a bracket: the index of its partner. */
  close: number;
  /** Of an opening bracket: `where`, `over` stands directly inside. */
  where: boolean;
  over: boolean;
  /** The parser took it for a name, whatever its text. */
  named: boolean;
}

/** Everything that is, or could be, a name: also the keywords that are not reserved. */
const nameStart = "\\p{L}_";
const namePart = "\\p{L}\\p{M}\\p{Nd}_\u2080-\u2089";
/** A name, wherever it begins. */
export const namePattern = new RegExp(`[${nameStart}][${namePart}]*['\u2019\u2032]*`, "uy");

// Chevrotain drops the `u` flag of patterns, so names are matched by hand. It looks up candidates by the first
// character: ASCII exactly, all others in buckets of 255; naming one character a bucket names them all.
function matchName(text: string, offset: number): CustomPatternMatcherReturn | null {
  namePattern.lastIndex = offset;
  const found = namePattern.exec(text);
  return found as CustomPatternMatcherReturn | null;
}
const nameStarts: (string | number)[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_".split("");
for (let code = 128; code < 256; code++) nameStarts.push(code);
for (let code = 256; code < 65536; code += 255) nameStarts.push(code, Math.min(65535, code + 254));

export const Name = createToken({
  name: "Name",
  pattern: { exec: matchName },
  line_breaks: false,
  start_chars_hint: nameStarts,
});

// ------------------------------------------------------------------- literals
export const NumberToken = createToken({
  name: "Number",
  pattern: /\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d[\d_]*)?/,
});
export const Text = createToken({ name: "String", pattern: /"(?:[^"\\\n\r]|\\[^\n\r])*"/ });
export const Prose = createToken({ name: "Prose", pattern: /"""[\s\S]*?"""/, line_breaks: true });

/** `.5`, `1.`: numbers as other languages write them; `layout.ts` reports them. */
export const BadNumber = createToken({
  name: "BadNumber",
  pattern: /\.\d[\d_]*(?:[eE][+-]?\d+)?|\d[\d_]*\.(?![.\d])(?:[eE][+-]?\d+)?/,
  start_chars_hint: "0123456789.".split(""),
});
export const UnclosedProse = createToken({ name: "UnclosedProse", pattern: /"""[\s\S]*/, line_breaks: true });
export const UnclosedText = createToken({ name: "UnclosedString", pattern: /"(?:[^"\\\n\r]|\\[^\n\r])*\\?/ });
export const UnclosedComment = createToken({ name: "UnclosedComment", pattern: /\/\*[\s\S]*/, line_breaks: true });
/** Spellings of other languages and typographic marks, see `mistakes.ts`. */
export const Foreign = createToken({
  name: "Foreign",
  pattern:
    /\*\*|&&?|\|\||===|!==|!(?!=)|<>|:=|=>|->|[+\-*/]=(?!=)|[\u2264\u2265\u2260\u2248\u00d7\u00b7\u22c5\u2212\u2013\u2014\u2227\u2228\u00ac\u2190\u2192\u2208]|[\u201c\u201d\u201e][^\u201c\u201d"\n\r]*[\u201c\u201d"]?|'[^'\n\r]*'|[\u2018\u2019\u2032]/,
  start_chars_hint: [
    ..."*&|=!<:-+/'".split(""),
    0x2264,
    0x2265,
    0x2260,
    0x2248,
    0xd7,
    0xb7,
    0x22c5,
    0x2212,
    0x2013,
    0x2014,
    0x2227,
    0x2228,
    0xac,
    0x2190,
    0x2192,
    0x2208,
    0x201c,
    0x201d,
    0x201e,
    0x2018,
    0x2019,
    0x2032,
  ],
});

// ---------------------------------------------------------- blanks, comments
const Blank = createToken({ name: "Blank", pattern: /[ \t\f\u00a0\ufeff]+/, group: Lexer.SKIPPED });
export const Newline = createToken({ name: "Newline", pattern: /\r\n?|\n/, line_breaks: true });
export const DocComment = createToken({ name: "DocComment", pattern: /\/\/\/(?!\/)[^\n\r]*/, group: "comments" });
export const LineComment = createToken({ name: "LineComment", pattern: /\/\/[^\n\r]*/, group: "comments" });
export const BlockComment = createToken({
  name: "BlockComment",
  pattern: /\/\*(?:[^*]|\*(?!\/))*\*\//,
  group: "comments",
  line_breaks: true,
});

// ---------------------------------------------------------------------- marks
/** Everything that stands between two operands. */
export const Operator = createToken({ name: "Operator", pattern: Lexer.NA });
const mark = (name: string, pattern: string): TokenType => createToken({ name, pattern });
const operator = (name: string, pattern: string): TokenType => createToken({ name, pattern, categories: [Operator] });

export const LParen = mark("LParen", "(");
export const RParen = mark("RParen", ")");
export const LBracket = mark("LBracket", "[");
export const RBracket = mark("RBracket", "]");
export const LBrace = mark("LBrace", "{");
export const RBrace = mark("RBrace", "}");
export const Comma = mark("Comma", ",");
export const Semicolon = mark("Semicolon", ";");
export const Colon = mark("Colon", ":");
export const Hash = mark("Hash", "#");
export const Percent = mark("Percent", "%");
export const Dot = mark("Dot", ".");
export const Tilde = mark("Tilde", "~");
export const Arrow = mark("Arrow", "<-");
export const Equals = mark("Equals", "=");
export const Bar = mark("Bar", "|");

export const DotDot = operator("DotDot", "..");
export const EqualEqual = operator("EqualEqual", "==");
export const NotEqual = operator("NotEqual", "!=");
export const LessEqual = operator("LessEqual", "<=");
export const GreaterEqual = operator("GreaterEqual", ">=");
export const Less = operator("Less", "<");
export const Greater = operator("Greater", ">");
export const PlusPlus = operator("PlusPlus", "++");
export const Plus = operator("Plus", "+");
export const Minus = operator("Minus", "-");
export const Star = operator("Star", "*");
export const Slash = operator("Slash", "/");
export const Caret = operator("Caret", "^");

/** Ends a statement: a newline that counts, or `;`. Made by `layout.ts`. */
export const Terminator = createToken({ name: "Terminator", pattern: Lexer.NA });
/** Stands for text that is nested too deeply to be read; reported when it is made. */
export const Hole = createToken({ name: "Hole", pattern: Lexer.NA });

// ---------------------------------------------------------------------- words
const word = (text: string, categories: TokenType[]): TokenType =>
  createToken({ name: `'${text}'`, pattern: Lexer.NA, categories });

/** Reserved everywhere. */
export const If = word("if", []);
export const Then = word("then", []);
export const Else = word("else", []);
export const And = word("and", [Operator]);
export const Or = word("or", [Operator]);
export const Not = word("not", []);
export const In = word("in", [Operator]);
export const Where = word("where", []);
export const At = word("at", [Operator]);
export const Over = word("over", []);
export const With = word("with", []);
export const Case = word("case", []);
export const Return = word("return", []);
export const True = word("true", []);
export const False = word("false", []);
export const reserved: ReadonlyMap<string, TokenType> = new Map(
  [If, Then, Else, And, Or, Not, In, Where, At, Over, With, Case, Return, True, False].map((t) => [
    t.name.slice(1, -1),
    t,
  ]),
);

/** Keywords that begin a statement, and are names elsewhere. */
const statementWords = [
  "use",
  "axis",
  "sweep",
  "refine",
  "let",
  "param",
  "state",
  "fn",
  "memory",
  "data",
  "optimizer",
  "train",
  "evolve",
  "measure",
  "do",
  "experiment",
  "profile",
  "chart",
  "table",
  "text",
  "claim",
  "expect",
  "precision",
  "source",
  "draw",
  "batch",
  "minimize",
  "using",
  "for",
  "stop",
  "until",
  "record",
  "every",
  "sequence",
  "scan",
] as const;
/** Words with a meaning inside certain statements, and names elsewhere. */
const otherWords = [
  "iterate",
  "from",
  "to",
  "times",
  "log",
  "by",
  "when",
  "expected",
  "fails",
  "row",
  "vegalite",
  "scale",
  "step",
  "steps",
  "epoch",
  "epochs",
  "of",
  "fresh",
  "stepwise",
  "last",
  "asynchronously",
  "per",
  "order",
  "one",
  "reverse",
  "near",
  "except",
] as const;

export type Word = (typeof statementWords)[number] | (typeof otherWords)[number];
export type StatementWord = (typeof statementWords)[number];

const wordTypes = new Map<string, TokenType>();
for (const text of [...statementWords, ...otherWords]) wordTypes.set(text, word(text, [Name]));
/** The token types of the keywords that are not reserved. */
export const words = Object.fromEntries(wordTypes) as Readonly<Record<Word, TokenType>>;
export const statementWordList: readonly string[] = statementWords;
export const otherWordList: readonly string[] = otherWords;
const statementSet: ReadonlySet<string> = new Set(statementWords);
export function isStatementWord(text: string): text is StatementWord {
  return statementSet.has(text);
}
/** The type of a name, by its text. */
export function wordType(text: string): TokenType {
  return reserved.get(text) ?? wordTypes.get(text) ?? Name;
}

/** Gives a lexer's token the fields that the parser wants. */
export function asTok(token: IToken, type: TokenType): Tok {
  token.tokenType = type;
  token.tokenTypeIdx = type.tokenTypeIdx ?? 0;
  return Object.assign(token, { at: 0, depth: 0, close: -1, where: false, over: false, named: false });
}

/** In the order in which the lexer tries them. */
const lexed: TokenType[] = [
  Blank,
  Newline,
  DocComment,
  LineComment,
  BlockComment,
  UnclosedComment,
  Name,
  BadNumber,
  NumberToken,
  Prose,
  UnclosedProse,
  Text,
  UnclosedText,
  Foreign,
  LParen,
  RParen,
  LBracket,
  RBracket,
  LBrace,
  RBrace,
  Comma,
  Semicolon,
  Hash,
  Percent,
  Tilde,
  DotDot,
  Dot,
  EqualEqual,
  NotEqual,
  Arrow,
  LessEqual,
  GreaterEqual,
  Less,
  Greater,
  Equals,
  Bar,
  Colon,
  PlusPlus,
  Plus,
  Minus,
  Star,
  Slash,
  Caret,
];
/** All that the parser may meet. */
export const vocabulary: TokenType[] = [
  ...lexed.filter((type) => type !== Blank && type !== Newline && type.GROUP !== "comments"),
  Operator,
  Terminator,
  Hole,
  ...reserved.values(),
  ...wordTypes.values(),
];

/** A new lexer: about 20 ms, so it is built once, when first needed. */
export function createLexer(validate: boolean): Lexer {
  return new Lexer(lexed, {
    positionTracking: "onlyOffset",
    ensureOptimizations: true,
    skipValidations: !validate,
    lineTerminatorCharacters: ["\n", "\r"],
  });
}

/** What a parameter may be said to be: `dim: axis`. */
export const parameterSorts: ReadonlySet<string> = new Set(["axis", "data", "memory", "optimizer", "fn"]);

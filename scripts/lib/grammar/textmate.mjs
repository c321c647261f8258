// The TextMate grammar, for editors and whatever else colours code. Its words are those of the lexer; where a word that is not
// reserved is a keyword, the parser decides by what it expects, and here the neighbours must tell.
import { patternOf } from "./parts.mjs";

/** @typedef {import("./parts.mjs").Parts} Parts */
/** @typedef {{ name?: string, match?: string, begin?: string, end?: string, include?: string, captures?: Captures, beginCaptures?: Captures, endCaptures?: Captures, patterns?: Rule[] }} Rule */
/** @typedef {Record<string, { name: string }>} Captures */

/** Between these neighbours a word is a keyword although no statement begins with it. @type {Readonly<Record<string, string>>} */
const WHERE = {
  iterate: "(?<=[=,(]\\s|[=,(]|\\breturn\\s)iterate(?=\\s+[\\p{L}\\d(])",
  from: "(?<=[\\p{L}\\d)\\]'] )from(?=\\s+[\\p{L}\\[\\d])",
  to: "(?<=[\\p{L}\\d)\\]] )to(?=\\s+[\\d.]+%?)",
  times: "(?<=[\\p{L}\\d)%] )times(?=\\s+where\\b|\\s*$)",
  log: "(?<=\\brefine \\([^)\\n]{0,80}[\\p{L}\\d] )log(?=\\s*[,)])",
  by: "(?<=[)\\]\\p{L}\\d'] )by(?=\\s+[\\p{L}\\d(])",
  when: "(?<=\\bstop )when",
  expected: '(?<=["\\p{L}\\d] )expected(?=\\s+fails\\b)',
  fails: "(?<=\\bexpected )fails",
  row: 'row(?=\\s+")',
  vegalite: '(?<== )vegalite(?=\\s+")',
  scale: "(?<=[\\p{L}\\d)\\]] )scale(?=\\s+\\p{L})",
  step: "(?<=\\b\\d{1,9} |[\\p{L})] )step(?=\\s*(?:$|[{};]))|(?<=\\bevery )step(?=\\s*(?:$|[{};]))",
  steps: "(?<=[\\p{L}\\d)\\]] )steps(?=\\s*(?:$|[{};]|//))",
  epoch: "(?<=\\bevery |\\d )epoch(?=\\s*(?:$|[{};]))",
  epochs: "(?<=[\\p{L}\\d)\\]] )epochs(?=\\s*(?:$|[{};]|//))",
  of: "(?<=% )of(?=\\s+\\p{L})",
  fresh: "(?<=\\busing |, )fresh(?=\\s+[\\p{L}(])",
  stepwise: "(?<=\\brecord )stepwise(?=\\s*\\{)",
  last: "(?<=\\brecord )last(?=\\s*\\{)",
  asynchronously: "(?<=[)\\]\\p{L}\\d] )asynchronously(?=\\s+over\\b)",
  per: "(?<=\\border |\\bone |\\bover \\p{L}{1,40} )per(?=\\s+\\p{L})",
  order: "(?<=\\bin )order",
  one: "(?<=\\bover \\p{L}{1,40} )one\\b(?!\\.)",
  reverse: "(?<=\\bin )reverse",
  near: "(?<=[\\[,:] |[\\[,:])near(?=\\s+[\\p{L}\\d(.-])",
  // The parser reads it as a name, too.
  except: "",
};
/** Statement words that are keywords within a statement, too. */
const WITHIN = {
  declared: "(?<=[(,] |[(,]|^\\s{0,40})(?:param|state|fn)(?=\\s+[\\p{L}_])",
  sorts: "(?<=[\\p{L}\\d_'\\]]:\\s|[\\p{L}\\d_'\\]]:)(?:axis|data|memory|optimizer|fn)(?=\\s*[,)=])",
  every: "(?<=\\brecord |[)\\]] )every\\b",
  using: "(?<=[\\p{L}\\d)\\]'] )using(?=\\s+[\\p{L}(])",
  refine: "(?<=[\\p{L}\\d)\\]}] )(?:refine|until)(?=\\s+[\\p{L}(\\[\\d])",
  optimizerFor: "(?<=\\)\\s|\\) )for(?=\\s+[\\p{L}_]+\\[)",
  share: "(?<=[\\p{L}\\d)\\]'] )for(?=\\s+[\\d.]+\\s*%)",
};

/** @param {Parts} parts */
export function textMate(parts) {
  const untold = parts.otherWords.filter((word) => WHERE[word] === undefined);
  if (untold.length > 0)
    throw new Error(`scripts/lib/grammar/textmate.mjs does not know where these are keywords: ${untold.join(", ")}`);
  const grammar = {
    information: "made from the parser by `node scripts/grammar.mjs`",
    name: "amem",
    scopeName: "source.amem",
    fileTypes: ["amem"],
    patterns: [{ include: "#inBlock" }],
    repository: repositoryOf(parts),
  };
  return `${JSON.stringify(grammar, null, 2)}\n`;
}

/** @param {Parts} parts @returns {Record<string, Rule>} */
function repositoryOf(parts) {
  const include = (/** @type {readonly string[]} */ ...names) => names.map((name) => ({ include: `#${name}` }));
  const nested = (
    /** @type {string} */ name,
    /** @type {string} */ open,
    /** @type {string} */ close,
    /** @type {string} */ inside,
  ) => ({
    begin: open,
    end: close,
    beginCaptures: { 0: { name: `punctuation.section.${name}.begin.amem` } },
    endCaptures: { 0: { name: `punctuation.section.${name}.end.amem` } },
    patterns: include(inside),
  });
  return {
    inBlock: { patterns: include("comments", "statements", "inBrackets") },
    inBrackets: {
      patterns: include(
        "comments",
        "texts",
        "braces",
        "parentheses",
        "brackets",
        "words",
        "numbers",
        "operators",
        "names",
      ),
    },
    comments: {
      patterns: [
        { name: "comment.line.documentation.amem", match: "///(?!/).*$" },
        { name: "comment.line.double-slash.amem", match: "//.*$" },
        { name: "comment.block.amem", begin: "/\\*", end: "\\*/" },
      ],
    },
    statements: statementsOf(parts),
    texts: {
      patterns: [
        {
          name: "string.quoted.triple.amem",
          begin: '"""',
          end: '"""',
          patterns: [{ name: "meta.embedded.amem", ...nested("hole", "(?<!`)\\{(?=\\S)", "\\}", "inBrackets") }],
        },
        {
          name: "string.quoted.double.amem",
          begin: '"',
          end: '"|$',
          patterns: [{ name: "constant.character.escape.amem", match: "\\\\." }],
        },
      ],
    },
    braces: nested("block", "\\{", "\\}", "inBlock"),
    parentheses: nested("parens", "\\(", "\\)", "inBrackets"),
    brackets: nested("brackets", "\\[", "\\]", "inBrackets"),
    words: {
      patterns: [
        { name: "constant.language.amem", match: bounded("true|false") },
        {
          name: "keyword.control.amem",
          match: bounded(parts.reserved.filter((word) => word !== "true" && word !== "false").join("|")),
        },
        ...[...parts.otherWords.map((word) => WHERE[word] ?? ""), ...Object.values(WITHIN)]
          .filter((match) => match !== "")
          .map((match) => ({ name: "keyword.other.amem", match: bounded(match) })),
      ],
    },
    numbers: { name: "constant.numeric.amem", match: `(?<![\\p{L}\\p{Nd}_])${patternOf(parts, "Number")}` },
    operators: { name: "keyword.operator.amem", match: operatorsOf(parts) },
    // So that no part of a name is taken for a word.
    names: {
      name: "variable.other.amem",
      match: parts.namePattern.source.replaceAll("\u2080-\u2089", "\\x{2080}-\\x{2089}"),
    },
  };
}

/** A statement begins with one of its words, unless it defines something of that name: `data = 3`. @param {Parts} parts @returns {Rule} */
function statementsOf({ statementWords }) {
  const words = statementWords.filter((word) => word !== "until").join("|");
  const begins = "(?<=^|[{;])(?:\\s*)";
  const notDefined = "(?!\\s*(?:=(?!=)|~|<-|\\.|\\[|:|,|\\)|'))";
  return {
    patterns: [
      {
        match: `${begins}(experiment|memory|data|optimizer|fn|train|evolve|measure|do|chart|table|claim|axis|sweep|profile|sequence)\\s+([\\p{L}_][\\p{L}\\p{M}\\p{Nd}_]*)(?=\\s*(?:[^\\s=~.<]|=|$))(?!\\s*(?:<-|~|\\.))`,
        captures: { 1: { name: "keyword.declaration.amem" }, 2: { name: "entity.name.amem" } },
      },
      {
        match: `${begins}(until)(?![\\p{L}\\p{Nd}_'])(?!\\s*(?:=(?!=)|~|<-|\\.))`,
        captures: { 1: { name: "keyword.other.amem" } },
      },
      {
        match: `${begins}(${words})(?![\\p{L}\\p{Nd}_'])${notDefined}`,
        captures: { 1: { name: "keyword.other.amem" } },
      },
    ],
  };
}

/** A word that is no part of a name, nor a member. @param {string} pattern */
const bounded = (pattern) => `(?<![\\p{L}\\p{Nd}_.])(?:${pattern})(?![\\p{L}\\p{Nd}_'])`;

/** The longest first. @param {Parts} parts */
function operatorsOf({ vocabulary }) {
  const marks = vocabulary.flatMap(({ PATTERN }) =>
    typeof PATTERN === "string" && /^[^\w()[\]{}]+$/u.test(PATTERN) ? [PATTERN] : [],
  );
  return marks
    .sort((a, b) => b.length - a.length || (a < b ? -1 : 1))
    .map((mark) => mark.replaceAll(/[.*+^|]/gu, "\\$&"))
    .join("|");
}

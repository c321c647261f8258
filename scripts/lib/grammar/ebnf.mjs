// The grammar in the notation of the W3C's specifications (`::=`, `?`, `*`, `+`).
import { itemsOf, operatorLevels, patternOf } from "./parts.mjs";

/** @typedef {import("./parts.mjs").Item} Item */
/** @typedef {import("./parts.mjs").Parts} Parts */

const WIDTH = 110;

const HEAD = `/* The grammar of .amem files, made from the parser by \`node scripts/grammar.mjs\`.
   Notation: a? is none or one, a* any number, a+ at least one, a | b either; /…/ is a regular expression of JavaScript.
   Blanks and comments may stand between any two tokens. END is the end of a line that ends a statement, or ";"; where lines
   go on, and which words are keywords where, stands in docs/language.md, section "The text". */
`;

/** @param {Parts} parts */
export function ebnf(parts) {
  const written = [...itemsOf(parts.rules)].map(([name, item]) => ruleText(name, item));
  return [HEAD, ...written, tokensText(parts)].join("\n");
}

/** @param {string} name @param {Item} item */
function ruleText(name, item) {
  const line = `${name} ::= ${textOf(item, "rule")}`;
  if (line.length <= WIDTH) return `${line}\n`;
  if (item.kind === "choice")
    return `${name} ::=\n    ${item.items.map((one) => textOf(one, "choice")).join("\n  | ")}\n`;
  if (item.kind === "sequence") return `${name} ::=\n    ${filled(item.items.map((one) => textOf(one, "sequence")))}\n`;
  return `${name} ::=\n    ${textOf(item, "rule")}\n`;
}

/** @param {readonly string[]} words */
function filled(words) {
  /** @type {string[]} */
  const lines = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join("\n    ");
}

/** @param {Item} item @param {"rule" | "choice" | "sequence" | "repeated"} place @returns {string} */
function textOf(item, place) {
  switch (item.kind) {
    case "token":
      return `"${item.text}"`;
    case "rule":
      return item.text;
    case "choice": {
      const text = item.items.map((one) => textOf(one, "choice")).join(" | ");
      return place === "rule" ? text : `(${text})`;
    }
    case "sequence": {
      const text = item.items.map((one) => textOf(one, "sequence")).join(" ");
      return place === "repeated" ? `(${text})` : text;
    }
    default:
      return textOf(item.item, "repeated") + { optional: "?", many: "*", some: "+" }[item.kind];
  }
}

/** @param {Parts} parts */
function tokensText(parts) {
  const quoted = (/** @type {readonly string[]} */ words) => words.map((word) => `"${word}"`).join(" | ");
  const levels = operatorLevels(parts);
  return `/* Tokens */

NAME ::= /${parts.namePattern.source}/u

/* Never names: ${parts.reserved.join(" ")} */

NUMBER ::= /${patternOf(parts, "Number")}/

STRING ::= /${patternOf(parts, "String")}/

PROSE ::= /${patternOf(parts, "Prose")}/

END ::= /\\r\\n?|\\n/ | ";"

/* The loosest first; those of a line bind equally tightly. "at" belongs to the reduction before it, which reaches over products;
   "not" binds looser than comparisons, a sign tighter than products. */
OPERATOR ::=
    ${levels.map(quoted).join("\n  | ")}

COMMENT ::= /\\/\\/[^\\n\\r]*/ | /\\/\\*(?:[^*]|\\*(?!\\/))*\\*\\//
`;
}

// What the artefacts of the grammar are made of, taken from the parser as it records itself.

/** @typedef {import("chevrotain").ISerializedGast} Rule */
/** @typedef {import("chevrotain").TokenType} TokenType */
/**
 * @typedef {object} Parts
 * @property {readonly Rule[]} rules as the parser recorded them
 * @property {readonly TokenType[]} vocabulary
 * @property {TokenType} operator the category of all operators between two operands
 * @property {ReadonlyMap<TokenType, number>} levels how tightly they bind
 * @property {RegExp} namePattern
 * @property {readonly string[]} reserved
 * @property {readonly string[]} statementWords
 * @property {readonly string[]} otherWords
 */
/**
 * A production, ready to be written: a token by its text or by its name in capitals, a rule by its name.
 * @typedef {{ kind: "token" | "rule", text: string }} Leaf
 * @typedef {{ kind: "sequence" | "choice", items: Item[] }} Several
 * @typedef {{ kind: "optional" | "many" | "some", item: Item }} Repeated
 * @typedef {Leaf | Several | Repeated} Item
 */

/** Kinds of tokens that have no single text. */
const KINDS = new Map([
  ["Name", "NAME"],
  ["Number", "NUMBER"],
  ["String", "STRING"],
  ["Prose", "PROSE"],
  ["Operator", "OPERATOR"],
  ["Terminator", "END"],
]);

/** The rules by name: a whole file first, then in the order of the parser. @param {readonly Rule[]} rules @returns {Map<string, Item>} */
export function itemsOf(rules) {
  const isStart = (/** @type {Rule} */ rule) => nameOf(rule) === "entireFile";
  const ordered = [...rules.filter(isStart), ...rules.filter((rule) => !isStart(rule))];
  return new Map(ordered.map((rule) => [nameOf(rule), sequence(partsOf(rule))]));
}

/** @typedef {{ type: string, name?: string, label?: string, pattern?: unknown, definition?: Rule[] }} Part */
/** @param {Rule} rule */
const nameOf = (rule) => /** @type {Part} */ (rule).name ?? "";
/** @param {Rule} rule */
const partsOf = (rule) => /** @type {Part} */ (rule).definition ?? [];

/** @param {readonly Rule[]} parts @returns {Item} */
function sequence(parts) {
  const items = parts.map((part, k) => itemOf(part, parts[k - 1])).filter((item) => !isEmpty(item));
  const [only] = items;
  return items.length === 1 && only !== undefined ? only : { kind: "sequence", items };
}
/** Equal alternatives are written once. @param {readonly Item[]} all @returns {Item} */
function choice(all) {
  const items = all.filter((item, k) => !isEmpty(item) && all.findIndex((other) => isSame(other, item)) === k);
  const [only] = items;
  return items.length === 1 && only !== undefined ? only : { kind: "choice", items };
}
/** @param {Item} a @param {Item} b */
const isSame = (a, b) => JSON.stringify(a) === JSON.stringify(b);
/** @param {Item} item */
const isEmpty = (item) => item.kind === "sequence" && item.items.length === 0;

/** @param {Rule} rule @param {Rule | undefined} before @returns {Item} */
function itemOf(rule, before) {
  const { type, name = "", pattern } = /** @type {Part} */ (rule);
  switch (type) {
    case "Terminal":
      // It stands for text that cannot be read.
      if (name === "Hole") return { kind: "sequence", items: [] };
      return tokenOf(name, pattern);
    case "NonTerminal":
      return { kind: "rule", text: name };
    case "Alternative":
      return sequence(partsOf(rule));
    case "Alternation":
      return choice(partsOf(rule).map((part) => itemOf(part, undefined)));
    case "Option":
      return { kind: "optional", item: sequence(partsOf(rule)) };
    case "RepetitionMandatory":
      return { kind: "some", item: sequence(partsOf(rule)) };
    case "Repetition":
      return listOf(partsOf(rule), before) ?? { kind: "many", item: sequence(partsOf(rule)) };
    default:
      throw new Error(`the grammar holds a ${type}, which nothing here can write`);
  }
}

/** @param {string} name @param {unknown} pattern @returns {Leaf} */
export function tokenOf(name, pattern) {
  const kind = KINDS.get(name);
  if (kind !== undefined) return { kind: "rule", text: kind };
  if (name.startsWith("'")) return { kind: "token", text: name.slice(1, -1) };
  if (typeof pattern !== "string" || pattern === "NOT_APPLICABLE") throw new Error(`the token ${name} has no text`);
  return { kind: "token", text: pattern };
}

/** What `list` of the parser reads is recorded as `{ item "," }`: the last comma may be missing, in braces a new line will do. @param {readonly Rule[]} parts @param {Rule | undefined} before @returns {Item | null} */
function listOf(parts, before) {
  const last = parts.at(-1);
  if (parts.length < 2 || /** @type {Part | undefined} */ (last)?.name !== "Comma") return null;
  const inBraces = /** @type {Part | undefined} */ (before)?.name === "LBrace";
  /** @type {Item} */
  const comma = { kind: "token", text: "," };
  /** @type {Item} */
  const separator = inBraces ? { kind: "choice", items: [comma, { kind: "rule", text: "END" }] } : comma;
  const item = sequence(parts.slice(0, -1));
  return {
    kind: "optional",
    item: {
      kind: "sequence",
      items: [
        item,
        { kind: "many", item: { kind: "sequence", items: [separator, item] } },
        { kind: "optional", item: separator },
      ],
    },
  };
}

/** The operators between two operands, the loosest first. @param {Parts} parts @returns {readonly (readonly string[])[]} */
export function operatorLevels({ levels }) {
  /** @type {Map<number, string[]>} */
  const byLevel = new Map();
  for (const [type, level] of levels) {
    const { text } = tokenOf(type.name, type.PATTERN);
    byLevel.set(level, [...(byLevel.get(level) ?? []), text]);
  }
  return [...byLevel].sort(([a], [b]) => a - b).map(([, texts]) => texts);
}

/** The pattern of a kind of token. @param {Parts} parts @param {string} name */
export function patternOf({ vocabulary }, name) {
  const pattern = vocabulary.find((type) => type.name === name)?.PATTERN;
  if (!(pattern instanceof RegExp)) throw new Error(`the token ${name} has no pattern`);
  return pattern.source;
}

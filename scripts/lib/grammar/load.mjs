// The parser as the generators of docs see it.
import { loadSources } from "../load-sources.mjs";

/** @typedef {import("./parts.mjs").Parts} Parts */

const ENTRY = `
import { AmemParser } from "./grammar/parser.js";
import { levels } from "./grammar/precedence.js";
import * as tokens from "./grammar/tokens.js";
export const parts = {
  rules: new AmemParser({ validate: false }).getSerializedGastProductions(),
  vocabulary: tokens.vocabulary,
  operator: tokens.Operator,
  levels,
  namePattern: tokens.namePattern,
  reserved: [...tokens.reserved.keys()],
  statementWords: tokens.statementWordList,
  otherWords: tokens.otherWordList,
};
`;

/** @returns {Promise<Parts>} */
export async function loadParts() {
  return /** @type {{ parts: Parts }} */ (await loadSources(ENTRY)).parts;
}

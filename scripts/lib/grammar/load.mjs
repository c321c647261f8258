// The parser, bundled on the way: sources are TypeScript.
import { build } from "esbuild";
import { root } from "../paths.mjs";

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
  const { outputFiles } = await build({
    stdin: { contents: ENTRY, resolveDir: root, loader: "ts" },
    bundle: true,
    format: "esm",
    platform: "node",
    write: false,
  });
  const text = outputFiles[0]?.text ?? "";
  /** @type {unknown} */
  const module = await import(`data:text/javascript;base64,${Buffer.from(text).toString("base64")}`);
  return /** @type {{ parts: Parts }} */ (module).parts;
}

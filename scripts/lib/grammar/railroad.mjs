// The grammar as a page of railroad diagrams: Chevrotain's drawing, done here, so that the page holds no script.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { root } from "../paths.mjs";
import { itemsOf } from "./parts.mjs";

/** @typedef {import("./parts.mjs").Item} Item */
/** @typedef {import("./parts.mjs").Parts} Parts */
/** @typedef {Record<string, (...parts: unknown[]) => { toString(): string }>} Drawing */

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #222; background: #fff; }
h2 { font: 600 1rem ui-monospace, monospace; margin: 2rem 0 0; }
nav { font: 0.85rem ui-monospace, monospace; }
div { overflow-x: auto; }
svg.railroad-diagram path { stroke-width: 1.5; stroke: #555; fill: none; }
svg.railroad-diagram text { font: 14px ui-monospace, monospace; text-anchor: middle; }
svg.railroad-diagram rect { stroke-width: 1; stroke: #555; fill: #fff4d6; }
svg.railroad-diagram g.non-terminal rect { fill: #e3edfa; }
svg.railroad-diagram a:hover text { text-decoration: underline; }
@media (prefers-color-scheme: dark) {
  body { color: #ddd; background: #1b1b1b; }
  a { color: #9cc4ff; }
  svg.railroad-diagram path, svg.railroad-diagram rect { stroke: #aaa; }
  svg.railroad-diagram rect { fill: #4a3f1d; }
  svg.railroad-diagram g.non-terminal rect { fill: #22364f; }
  svg.railroad-diagram text { fill: #ddd; }
}`;

/** @param {Parts} parts */
export function railroadPage({ rules }) {
  const drawing = loadDrawing();
  const items = itemsOf(rules);
  const links = [...items.keys()].map((name) => `<a href="#${name}">${name}</a>`).join(" ");
  const diagrams = [...items].map(([name, item]) => {
    const svg = String(drawing.Diagram?.(draw(drawing, item)));
    return `<h2 id="${name}">${name}</h2>\n<div>${linked(compact(svg), items)}</div>`;
  });
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>The grammar of .amem files</title>
<style>${STYLE}
</style>
<h1>The grammar of <code>.amem</code> files</h1>
<p>Made from the parser by <code>node scripts/grammar.mjs</code>; the same as text, with the tokens in capitals: <a href="grammar.ebnf">grammar.ebnf</a>.</p>
<nav>${links}</nav>
${diagrams.join("\n")}
</html>
`;
}

/** The classes of the library that Chevrotain ships. @returns {Drawing} */
function loadDrawing() {
  const file = join(root, "node_modules/chevrotain/diagrams/vendor/railroad-diagrams.js");
  const module = { exports: {} };
  runInNewContext(readFileSync(file, "utf8"), { module, exports: module.exports });
  return /** @type {Drawing} */ (module.exports);
}

/** @param {Drawing} drawing @param {Item} item @returns {unknown} */
function draw(drawing, item) {
  const inner = (/** @type {Item} */ one) => draw(drawing, one);
  switch (item.kind) {
    case "token":
      return drawing.Terminal?.(item.text);
    case "rule":
      return drawing.NonTerminal?.(item.text);
    case "sequence":
      return drawing.Sequence?.(...item.items.map(inner));
    case "choice":
      return drawing.Choice?.(0, ...item.items.map(inner));
    case "optional":
      return drawing.Optional?.(inner(item.item));
    case "many":
      return drawing.ZeroOrMore?.(inner(item.item));
    case "some":
      return drawing.OneOrMore?.(inner(item.item));
  }
}

/** Attributes that only the browser's script of Chevrotain reads are left out. @param {string} svg */
const compact = (svg) =>
  svg
    .replace(
      /\s(?:rulename|dslrulename|topRuleName|dslRuleName|occurrence|title|label|tokenName|occurrenceIdx)="[^"]*"/giu,
      "",
    )
    .replace(/\s*\n\s*/gu, "");

/** Names of rules lead to their diagrams. @param {string} svg @param {ReadonlyMap<string, unknown>} rules */
const linked = (svg, rules) =>
  svg.replace(/<text [^>]*>(\w+)<\/text>/gu, (text, /** @type {string} */ name, /** @type {number} */ at) => {
    const isRule = svg.lastIndexOf('class="non-terminal"', at) > svg.lastIndexOf('class="terminal"', at);
    return isRule && rules.has(name) ? `<a href="#${name}">${text}</a>` : text;
  });

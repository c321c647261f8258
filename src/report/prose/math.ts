/** TeX in prose and titles -> MathML, made while the report is written: no script and no font at the reader's side. */
import katex from "katex";
import { visible } from "../../base/visible.js";
import { escapeText } from "../html.js";

/** `$…$` as in Pandoc: no blank inside of the dollars, no digit behind them; `$$…$$` stands on a line of its own. */
export const MATH = /^\$\$([\s\S]+?)\$\$|^\$(?!\s)((?:\\[^\n]|[^\\$\n])+?)(?<!\s)\$(?!\d)/u;

export function renderMath(tex: string, display: boolean): string {
  try {
    return katex.renderToString(visible(tex), {
      output: "mathml",
      displayMode: display,
      throwOnError: true,
      trust: false,
      strict: "ignore",
      maxExpand: 1000,
      maxSize: 50,
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^KaTeX parse error: /u, "") : "it can not be read";
    return `<code class="tex" title="${escapeText(reason)}">${escapeText(tex)}</code>`;
  }
}

/** One line of words that may hold formulas: titles of claims, charts, experiments. */
export function renderTitle(text: string): string {
  let out = "";
  let rest = text;
  while (rest !== "") {
    const at = rest.indexOf("$");
    const found = at < 0 ? null : MATH.exec(rest.slice(at));
    if (at < 0) return out + escapeText(rest);
    if (found === null) {
      out += escapeText(rest.slice(0, at + 1));
      rest = rest.slice(at + 1);
      continue;
    }
    out += escapeText(rest.slice(0, at)) + renderMath(found[1] ?? found[2] ?? "", false);
    rest = rest.slice(at + found[0].length);
  }
  return out;
}

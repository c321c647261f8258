/**
 * Markdown of a spec -> HTML. Raw HTML in it is shown as it is written, links lead to the web or into the page, pictures
 * are never loaded. Measured values travel through as marks and are never read as Markdown.
 */
import { Marked } from "marked";
import type { Tokens } from "marked";
import type { EvaluatedText } from "../../results/chart-types.js";
import { escapeText } from "../html.js";
import { MATH, renderMath } from "./math.js";

/** A value in the text: its number between two characters for private use, which the text itself can not hold. */
const OPEN = "\ue000";
const CLOSE = "\ue001";
const VALUE = /^\ue000(\d+)\ue001/u;
const VALUES = /\ue000(\d+)\ue001/gu;

interface Value {
  readonly text: string;
  readonly state: "valid" | "missing" | "absent";
}

export function renderText({ pieces }: EvaluatedText): string {
  const values: Value[] = [];
  const source = pieces
    .map((piece) => (piece.kind === "markdown" ? clean(piece.text) : `${OPEN}${values.push(piece) - 1}${CLOSE}`))
    .join("");
  return render(source, values);
}

/** The words of a `///` comment. */
export function renderDoc(doc: string): string {
  return render(clean(doc), []);
}

const clean = (text: string): string => text.replace(/[\ue000\ue001]/gu, "\ufffd");

function render(source: string, values: readonly Value[]): string {
  return makeMarked(values).parse(source, { async: false });
}

function makeMarked(values: readonly Value[]): Marked {
  const words = (text: string): string =>
    text.replace(VALUES, (_, number: string) => values[Number(number)]?.text ?? "");
  const marked = new Marked({ gfm: true });
  marked.use({
    extensions: [
      {
        name: "value",
        level: "inline",
        start: (source) => indexOf(source, OPEN),
        tokenizer(source) {
          const found = VALUE.exec(source);
          return found === null ? undefined : { type: "value", raw: found[0], number: Number(found[1]) };
        },
        renderer: (token) => renderValue(values[Number(token.number)]),
      },
      {
        name: "math",
        level: "inline",
        start: (source) => indexOf(source, "$"),
        tokenizer(source) {
          const found = MATH.exec(source);
          if (found === null) return undefined;
          return { type: "math", raw: found[0], tex: found[1] ?? found[2] ?? "", display: found[1] !== undefined };
        },
        renderer: (token) => renderMath(inMath(String(token.tex), values), token.display === true),
      },
    ],
    renderer: {
      html: ({ text }: Tokens.HTML | Tokens.Tag) => escapeText(words(text)),
      code: ({ text }: Tokens.Code) => `<pre><code>${escapeText(words(text))}\n</code></pre>\n`,
      codespan: ({ text }: Tokens.Codespan) => `<code>${escapeText(words(text))}</code>`,
      image: ({ text }: Tokens.Image) => `<em>${escapeText(words(text))}</em>`,
      heading({ tokens, depth }: Tokens.Heading) {
        // Headings of prose stand below those of the page.
        const level = Math.min(6, depth + 2);
        return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>\n`;
      },
      link({ href, tokens }: Tokens.Link) {
        const inner = this.parser.parseInline(tokens);
        const target = words(href);
        return isSafe(target) ? `<a href="${escapeText(target)}" rel="noopener noreferrer">${inner}</a>` : inner;
      },
      text(token: Tokens.Text | Tokens.Escape) {
        if ("tokens" in token) return this.parser.parseInline(token.tokens);
        return escapeText(words(token.text));
      },
    },
  });
  return marked;
}

const isSafe = (href: string): boolean => /^(https?:\/\/|mailto:|#)/iu.test(href);

function indexOf(source: string, what: string): number | undefined {
  const at = source.indexOf(what);
  return at < 0 ? undefined : at;
}

function renderValue(value: Value | undefined): string {
  if (value === undefined || value.state === "absent") return "";
  const title = value.state === "missing" ? ' title="this result is missing"' : "";
  return `<span class="value ${value.state}"${title}>${escapeText(value.text)}</span>`;
}

/** Numbers as they are, other words as text of the formula. */
function inMath(tex: string, values: readonly Value[]): string {
  return tex.replace(VALUES, (_, number: string) => {
    const text = values[Number(number)]?.text ?? "";
    return /^[-\u2212]?[\d.]+$/u.test(text)
      ? text.replace("\u2212", "-")
      : `\\text{${text.replace(/[\\{}$&#^_%~]/gu, " ")}}`;
  });
}

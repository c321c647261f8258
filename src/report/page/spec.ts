/** The spec and the files it uses, with colours and line numbers. */
import { escapeText } from "../html.js";
import type { SourceText } from "../types.js";

export function renderSource(source: SourceText, id: string): string {
  const all = colored(source).split("\n");
  // A last line break ends a line and begins none.
  const shown = all.at(-1) === "" ? all.slice(0, -1) : all;
  const rows = shown.map((line, k) => `<span class="line" id="${escapeText(id)}-${k + 1}">${line}\n</span>`);
  return `<pre class="source" aria-label="${escapeText(source.file)}"><code>${rows.join("")}</code></pre>`;
}

/** Markup that is whole on every line. */
function colored({ text, spans }: SourceText): string {
  const parts: string[] = [];
  let at = 0;
  for (const { class: kind, start, end } of spans) {
    if (start < at) continue;
    parts.push(escapeText(text.slice(at, start)));
    const words = escapeText(text.slice(start, end)).split("\n");
    parts.push(
      kind === "name" ? words.join("\n") : words.map((word) => `<span class="${kind}">${word}</span>`).join("\n"),
    );
    at = end;
  }
  return parts.join("") + escapeText(text.slice(at));
}

/** The `///` lines at the head of a file whose first declaration is none of their own: the file's own words. */
export function fileDoc(text: string): string | null {
  const found = /^\s*((?:\/\/\/[^\n]*\n)+)\s*use\b/u.exec(text.replace(/\r\n?/gu, "\n"));
  if (found?.[1] === undefined) return null;
  return found[1]
    .split("\n")
    .map((line) => line.replace(/^\/\/\/ ?/u, ""))
    .join("\n")
    .trim();
}

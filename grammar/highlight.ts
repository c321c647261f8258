/** Text as classes of spans, for the report and the terminal; any text, also a broken one. */
import { parse } from "./index.js";
import type { TokenClass } from "./index.js";

export type HighlightClass = Exclude<TokenClass, "newline"> | "comment" | "doc";
export interface HighlightSpan {
  readonly class: HighlightClass;
  readonly start: number;
  readonly end: number;
}

/** The spans in order, without overlaps; what lies between them is blank, or belongs to no token. */
export function highlight(text: string): HighlightSpan[] {
  const { tokens, comments } = parse({ file: "", text });
  const spans: HighlightSpan[] = [];
  for (const token of tokens)
    if (token.class !== "newline") spans.push({ class: token.class, start: token.span.start, end: token.span.end });
  for (const comment of comments)
    spans.push({
      class: comment.class === "doc" ? "doc" : "comment",
      start: comment.span.start,
      end: comment.span.end,
    });
  return spans.sort((a, b) => a.start - b.start);
}

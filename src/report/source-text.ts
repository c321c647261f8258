/**
 * Texts of a spec as the page shows them. For whoever calls the report: it holds a parser already, and the page's bundle
 * needs none.
 */
import type { HighlightSpan } from "../../grammar/highlight.js";
import { highlight } from "../../grammar/highlight.js";
import type { SourceText } from "./types.js";

/** Of texts that were asked for: they are known before there is anything else to show. */
const known = new Map<string, readonly HighlightSpan[]>();

/** A text with its colours; the same text again costs nothing. */
export function sourceText(file: string, text: string): SourceText {
  const clean = text.replace(/\r\n?/gu, "\n");
  const spans = known.get(clean) ?? spansOf(clean);
  known.set(clean, spans);
  return { file, text: clean, spans };
}

/** A text that can not even be read is shown without colours. */
function spansOf(text: string): readonly HighlightSpan[] {
  try {
    return highlight(text);
  } catch {
    return [];
  }
}

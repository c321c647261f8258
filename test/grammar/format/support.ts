/** Formatting with all that must hold of it, whatever the text. */
import { expect } from "vitest";
import { format } from "../../../grammar/format/index.js";
import { parse } from "../../../grammar/index.js";

/** A tree as text, without its places. */
export const shape = (text: string): string =>
  JSON.stringify(parse({ file: "spec.amem", text }).tree, (key, value: unknown) =>
    key === "span" || key === "operatorSpan" ? undefined : value,
  );

const comments = (text: string): readonly string[] =>
  parse({ file: "spec.amem", text }).comments.map((comment) => comment.text.replace(/\s+/gu, " ").trim());

/** The layout of a text without faults: it says the same, loses no comment, and is its own layout. */
export function formatted(text: string): string {
  const once = format({ file: "spec.amem", text });
  expect(once.diagnostics).toEqual([]);
  const outcome = once.text ?? "";
  expect(shape(outcome)).toBe(shape(text));
  expect(comments(outcome)).toEqual(comments(text));
  expect(format({ file: "spec.amem", text: outcome }).text).toBe(outcome);
  expect(outcome).not.toMatch(/[^\S\n]$|\n\n\n|^\n|[^\n]$/u);
  return outcome;
}

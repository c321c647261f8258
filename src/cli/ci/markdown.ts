/** Words of a spec inside Markdown: nothing of them is read as Markdown or HTML. */
import { visible } from "../../base/visible.js";

/** One line of text; everything that could mean something in GitHub's Markdown stands as an entity. */
export function inline(text: string): string {
  return visible(text)
    .replaceAll(/\s+/gu, " ")
    .trim()
    .replaceAll(
      /[^\p{L}\p{M}\p{N}\p{S} .,;'()/?%-]|[<>|`~^$]|(?<=www)\./giu,
      (char) => `&#${char.codePointAt(0) ?? 0};`,
    );
}

/** A table; the cells are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}

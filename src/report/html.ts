/** Text into HTML and SVG: the only way in which words of a spec reach the page. */
import { visible } from "../base/visible.js";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** For content and for quoted attributes. Control characters are made visible: they are no XML. */
export function escapeText(text: string): string {
  return visible(text).replace(/[&<>"']/gu, (char) => ENTITIES[char] ?? char);
}

/** JSON inside of a `<script>`: nothing in it ends the element or a line, or turns the direction of the source. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A name as part of an id: letters, digits and hyphens. */
export function idOf(...parts: readonly string[]): string {
  return parts.map((part) => part.replace(/[^\p{L}\p{N}_-]+/gu, "-")).join("-");
}

/** Joins what is there. */
export const lines = (...parts: readonly (string | null | undefined | false)[]): string =>
  parts.filter((part) => typeof part === "string" && part !== "").join("\n");

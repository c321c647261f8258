import { test } from "vitest";
import { checkEdits, texts } from "./single-edits.js";

const PER_TEXT = Math.ceil(10_000 / texts.length);

test.each(texts)(
  `%s with ${PER_TEXT} single edits`,
  (_, text) => {
    checkEdits(text, 1000, PER_TEXT);
  },
  600_000,
);

import { test } from "vitest";
import { checkEdits, texts } from "./single-edits.js";

test.each(texts)("%s with 30 single edits", (_, text) => {
  checkEdits(text, 1, 30);
});

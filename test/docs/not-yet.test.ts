/** What the reference says is not there yet is answered with AM9001 alone; what is there by now has to leave the list. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Diagnostics } from "../../src/base/diagnostic.js";
import { openDatasets } from "../../src/datasets/index.js";
import { library } from "../../src/language/library.js";
import { checkResults } from "../../src/language/results/index.js";
import { checkText } from "../language/support.js";
import { root } from "./blocks.js";

/** By words that stand in the list: statements of an experiment that has the axis `i`, `x[i]`, the parameter `w`, the state `s[i]`. */
const missing: readonly (readonly [string, string])[] = [
  ["`sequence` inside of a phase", "evolve p {\nsequence k in 0..1 { s[i] <- 0 }\nfor 3 steps\n}"],
];

const page = readFileSync(`${root}docs/language.md`, "utf8");
const list = page.slice(page.indexOf("## Not implemented yet"));

test.each(missing)("%s: %s", (words, text) => {
  expect(list).toContain(words);
  const whole = text.startsWith("FILE ")
    ? text.slice("FILE ".length)
    : `use std.optimizers\nexperiment e {\naxis i = 3\nx[i] = i + 0.5\nq[i, i'] = x[i] + x[i']\nparam w = 1\nstate s[i] = 1\n${text}\n}\n`;
  const { experiments, diagnostics } = checkText(whole, { datasets: openDatasets(`${root}test/docs/files`) });
  const ofResults = new Diagnostics();
  for (const checked of experiments)
    checkResults(checked, [{ file: "spec.amem", text: whole }, ...library.values()], ofResults);
  const codes = [...diagnostics, ...ofResults.list].map(({ code }) => code);
  expect([...new Set(codes)]).toEqual(["AM9001"]);
});

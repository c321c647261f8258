/** Every spec of the gallery, with single characters changed: each is answered with faults at places, none with a crash. */
import { readdirSync, readFileSync } from "node:fs";
import { expect } from "vitest";
import { Diagnostics } from "../../src/base/diagnostic.js";
import { library } from "../../src/language/library.js";
import { checkResults } from "../../src/language/results/index.js";
import { editedAt } from "../support/single-edits.js";
import { root } from "../docs/blocks.js";
import { checkText } from "./support.js";

const gallery = readdirSync(`${root}specs`, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".amem"))
  .sort()
  .map((name): [string, string] => [name, readFileSync(`${root}specs/${name}`, "utf8")]);
const pages = [...library.values()].map(({ file, text }): [string, string] => [file, text]);

export const texts = [...gallery, ...pages];

/** Checks `count` texts, from edit number `first` on. */
export function checkEdits(text: string, first: number, count: number): void {
  for (let edit = first; edit < first + count; edit++) {
    const edited = editedAt(text, edit);
    try {
      const { experiments, diagnostics } = checkText(edited);
      const ofResults = new Diagnostics();
      const sources = [{ file: "spec.amem", text: edited }, ...library.values()];
      for (const experiment of experiments) checkResults(experiment, sources, ofResults);
      const outside = [...diagnostics, ...ofResults.list].filter(
        ({ span }) => span !== null && span.file === "spec.amem" && (span.start < 0 || span.end > edited.length),
      );
      expect(outside).toEqual([]);
    } catch (error) {
      throw new Error(`edit ${edit} of this text:\n${edited}`, { cause: error });
    }
  }
}

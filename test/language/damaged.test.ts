import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { expect, test } from "vitest";
import { library } from "../../src/language/library.js";
import spike from "./spike.amem";
import { checkText } from "./support.js";

const folder = fileURLToPath(new URL("../golden/check/", import.meta.url));
const golden = readdirSync(folder)
  .filter((file) => file.endsWith(".amem"))
  .map((file) => readFileSync(folder + file, "utf8"));
const texts = [spike, ...golden, ...[...library.values()].map(({ text }) => text)];
const words = texts.flatMap((text) => text.match(/[\p{L}_']+|\d+|[^\s\p{L}_\d]/gu) ?? []);

/** Replaces, drops or adds a word. */
function damage(text: string, place: number, word: string, how: number): string {
  const found = [...text.matchAll(/[\p{L}_']+|\d+|[^\s\p{L}_\d]/gu)];
  const at = found[place % Math.max(found.length, 1)];
  if (at === undefined) return text;
  const changed = how === 0 ? "" : how === 1 ? word : `${at[0]} ${word}`;
  return text.slice(0, at.index) + changed + text.slice(at.index + at[0].length);
}

test("a damaged spec is answered with faults, never with a crash", () => {
  const edit = fc.tuple(fc.nat(5000), fc.constantFrom(...words), fc.nat(2));
  fc.assert(
    fc.property(fc.constantFrom(...texts), fc.array(edit, { minLength: 1, maxLength: 4 }), (text, edits) => {
      const { diagnostics } = checkText(
        edits.reduce((damaged, [place, word, how]) => damage(damaged, place, word, how), text),
      );
      // Each fault stands at a place, and none twice.
      const places = diagnostics.map(
        ({ code, span, message }) => `${code} ${span === null ? message : `${span.file} ${span.start} ${span.end}`}`,
      );
      expect(new Set(places).size).toBe(places.length);
    }),
    { numRuns: 120, seed: 1 },
  );
});

test("cutting a spec anywhere is no crash either", () => {
  for (let end = 0; end < spike.length; end += 97) checkText(spike.slice(0, end));
});

/** Specs at random: those with the right axes check and agree everywhere, those with one index exchanged are refused. */
import { describe, expect, test } from "vitest";
import { randomSpec, seedsFrom } from "../support/random-programs.js";
import { agreesWithOracle } from "../support/spec-runs.js";
import { checkText, oneLine } from "./support.js";

const errorsOf = (text: string): readonly string[] =>
  checkText(text)
    .diagnostics.filter(({ severity }) => severity === "error")
    .map(oneLine);

test("the right axes check, and one index of another axis never does", () => {
  let exchanged = 0;
  for (const seed of seedsFrom(0, 150)) {
    const spec = randomSpec(seed);
    expect(errorsOf(spec.text), spec.text).toEqual([]);
    if (spec.exchanged === null) continue;
    exchanged++;
    expect(errorsOf(spec.exchanged).join("\n"), spec.exchanged).toMatch(/AM21\d\d/u);
  }
  expect(exchanged).toBeGreaterThan(130);
});

describe.each([
  ["portable", 12],
  ["graph", 4],
] as const)("the %s engine agrees with the oracle", (engine, count) => {
  test.each(seedsFrom(1, count))("seed %i", async (seed) => {
    await agreesWithOracle(randomSpec(seed).text, engine, 2e-4);
  });
});

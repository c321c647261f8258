/** The same as random-programs.test.ts, with many more specs. */
import { describe, test } from "vitest";
import { randomSpec, seedsFrom } from "../support/random-programs.js";
import { agreesWithOracle } from "../support/spec-runs.js";

describe.each([
  ["portable", 300],
  ["graph", 60],
] as const)("the %s engine agrees with the oracle", (engine, count) => {
  test.each(seedsFrom(5, count))("seed %i", async (seed) => {
    await agreesWithOracle(randomSpec(seed).text, engine, 2e-4);
  });
});

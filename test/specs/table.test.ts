/** The table of specs is that of runs of the specs as they are. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { expect, test } from "vitest";
import { digestOf, PAGE, readResults, specsIn, specsPage } from "../../scripts/specs.mjs";
import { root } from "../docs/blocks.js";

const results = readResults();

test("every spec has been run as it is", () => {
  expect(results.map(({ spec }) => spec)).toEqual(specsIn());
  expect(results.map(({ sha256 }) => sha256)).toEqual(results.map(({ spec }) => digestOf(spec)));
});

test("every claim came out as its spec says", () => {
  const claims = results.flatMap(({ spec, experiments }) =>
    experiments.flatMap((experiment) => experiment.claims.map((claim) => ({ spec, ...claim }))),
  );
  expect(claims.filter(({ met }) => !met)).toEqual([]);
  expect(claims.length).toBeGreaterThan(30);
});

test("the page is made of them", async () => {
  expect(readFileSync(join(root, PAGE), "utf8")).toBe(await format(specsPage(results), { parser: "markdown" }));
});

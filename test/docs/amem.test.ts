/** Every example in the documentation is what it says: without faults, or answered with the code that it names. */
import { expect, test } from "vitest";
import { Diagnostics } from "../../src/base/diagnostic.js";
import { openDatasets } from "../../src/datasets/index.js";
import { library } from "../../src/language/library.js";
import { checkResults, withImplicitMeasures } from "../../src/language/results/index.js";
import { doubtsOf } from "../../src/language/results/warnings/index.js";
import { planExperiment } from "../../src/plan/index.js";
import { checkText } from "../language/support.js";
import { blocksIn, root, specOf } from "./blocks.js";

const pages = ["README.md", "docs/language.md", "docs/guide.md"];
const blocks = pages.flatMap(blocksIn).filter(({ language, words }) => language === "amem" && !words.has("norun"));

test("there are examples", () => {
  expect(blocks.length).toBeGreaterThan(20);
});

test.each(blocks.map((block) => [block.place, block] as const))("%s", (_, block) => {
  const text = specOf(block);
  const { experiments, diagnostics } = checkText(text, { datasets: openDatasets(`${root}test/docs/files`) });
  const ofResults = new Diagnostics();
  const sources = [{ file: "spec.amem", text }, ...library.values()];
  const results = experiments.map((checked) => ({ checked, ...checkResults(checked, sources, ofResults) }));
  const said = [...diagnostics, ...ofResults.list].filter(({ severity }) => severity !== "hint");
  // An excerpt leaves sweeps unused that the text around it uses.
  const isWhole = text === block.text;
  const doubts = (said.length > 0 ? [] : results.flatMap((one) => doubtsOf(one.checked, one, sources, true))).filter(
    ({ code }) => isWhole || code.startsWith("AM6"),
  );
  const all = [...said, ...doubts];
  const wanted = block.settings.get("error");
  if (wanted !== undefined) {
    expect([...new Set(all.map(({ code }) => code))]).toEqual([wanted]);
    return;
  }
  const shown = all.map(
    ({ code, message, span }) => `${code} ${message}: ${span === null ? "" : textAround(text, span.start)}`,
  );
  expect(shown).toEqual([]);
  // What checks can also be computed.
  for (const { checked, needed } of results) {
    const whole = withImplicitMeasures(checked.experiment, needed);
    const plan = planExperiment(whole, { engine: "portable", yes: false, profile: null, settings: {} });
    expect(plan.phases.map(({ name }) => name)).toEqual([...new Set(whole.phases.map(({ name }) => name))]);
  }
  if (block.settings.get("in") !== "file" || text.includes("experiment")) expect(experiments.length).toBeGreaterThan(0);
});

function textAround(text: string, at: number): string {
  const start = text.lastIndexOf("\n", at - 1) + 1;
  const end = text.indexOf("\n", at);
  return text.slice(start, end < 0 ? text.length : end).trim();
}

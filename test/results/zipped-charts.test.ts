/** A sweep of several variables in a chart: a channel that shows one of them shows the others, where it tells the points apart. */
import { expect, test } from "vitest";
import { Diagnostics } from "../../src/base/diagnostic.js";
import { library } from "../../src/language/library.js";
import { checkResults } from "../../src/language/results/index.js";
import { evaluateResults } from "../../src/results/evaluate-report.js";
import { checkText } from "../language/support.js";
import { runText } from "../support/spec-runs.js";

const spec = (chart: string): string => `experiment e {
  sweep (n, m, rate) in [(2, 10, 0.1), (3, 10, 0.2), (4, 20, 0.2)]
  sweep k in [1, 2]
  evolve fit { state s = 0
    s <- s + rate * m + n
    for 2 steps
    record { s } }
  chart c = ${chart}
}
`;

function charts(text: string) {
  const found = new Diagnostics();
  const sources = [{ file: "spec.amem", text }, ...library.values()];
  const { experiments, diagnostics } = checkText(text);
  const results = experiments.map((one) => checkResults(one, sources, found));
  const errors = [...diagnostics, ...found.list].filter(({ severity }) => severity === "error");
  return { results, codes: errors.map(({ code, message }) => `${code} ${message}`) };
}

test.each([
  ["line(x: step, y: fit.s, color: n)", []],
  ["line(x: step, y: fit.s, color: m, detail: rate)", []],
  ["line(x: n, y: fit.s[step: last])", []],
  ["line(x: step, y: fit.s, filter: n == 3)", []],
  ["line(x: step, y: fit.s, color: m)", ["AM6040 `n`, `rate` are on no channel"]],
  ["line(x: step, y: fit.s, color: rate)", ["AM6040 `n`, `m` are on no channel"]],
  ["line(x: step, y: fit.s)", ["AM6040 `n`, `m`, `rate` are on no channel"]],
])("%s: %j", (chart, wanted) => {
  expect(charts(spec(chart)).codes).toEqual(wanted);
});

test("draws each point once, and nothing that is not in the plan", async () => {
  const text = spec("line(x: step, y: fit.s, color: n)");
  const [checked] = charts(text).results;
  await runText(text, "portable", (results) => {
    if (checked === undefined) throw new Error("not checked");
    const [chart] = evaluateResults(checked, results).charts;
    const layer = chart?.kind === "marks" ? chart.layers[0] : undefined;
    const fields = (["color", "x", "y"] as const).map((channel) => layer?.channels[channel]?.field ?? "");
    const { count = 0, columns = {} } = layer?.rows ?? {};
    const rows = Array.from({ length: count }, (_, k) => fields.map((field) => Number(columns[field]?.[k])));
    const expected = [
      [2, 1 + 2],
      [3, 2 + 3],
      [4, 4 + 4],
    ].flatMap(([n = 0, by = 0]) => [0, 1, 2].map((step) => [n, step, step * by]));
    expect(rows.sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0) || (a[1] ?? 0) - (b[1] ?? 0))).toEqual(expected);
  });
});

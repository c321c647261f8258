/** Equations over sweeps that name no phase: closed forms beside measurements. */
import { expect, test } from "vitest";
import { oneLine, checkText } from "../language/support.js";
import { amemc, folderWith } from "./helpers.js";

const spec = (body: string): string => `experiment e {
  axis i = 3
  sweep d in [1, 2, 4]
  sweep rule in {flat, steep}
  sweep seed in 0..2
  x[i] ~ normal(0, 1)
  law[d, rule] = case rule { flat: 3.5 / d, steep: 3.5 / d^2 }
  of_draws[seed, i] = 2 * x[i]
  measure m { z[i] = d * x[i] }
${body}
}
`;

test("they are results", async () => {
  const text = spec(`  chart c = line(x: d, y: law, color: rule)
  claim values { expect law[d: 2, rule: flat] == 1.75 and approx(law[d: 4, rule: steep], 3.5 / 16, rel: 1e-6) }
  claim falls { expect decreasing(d, law) }
  claim draws { expect approx(of_draws, 2 * m.z[d: 1], rel: 1e-6) }
  claim wrong { expect law[d: 4, rule: flat] > 1 }`);
  const { out, err } = await amemc(folderWith({ "s.amem": text }), ["run", "s.amem", "--engine", "portable"]);
  expect(err).not.toMatch(/error|warning/u);
  expect([...out.matchAll(/^(holds|fails) +(\w+) /gmu)].map(([, verdict, name]) => [verdict, name])).toEqual([
    ["holds", "values"],
    ["holds", "falls"],
    ["holds", "draws"],
    ["fails", "wrong"],
  ]);
}, 60_000);

test("a run cannot use them", () => {
  expect(checkText(spec("  measure n { y[i] = law[d, rule] * x[i] }")).diagnostics.map(oneLine)).toEqual([
    "AM2012 spec.amem:271 `law` is made of results: a run cannot use it",
  ]);
});

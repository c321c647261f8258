/** Claims that stand outside of experiments and name results of several. */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ClaimsFile } from "../../src/results/claims-file.js";
import { Diagnostics } from "../../src/base/diagnostic.js";
import { checkFileClaims, checkResults } from "../../src/language/results/index.js";
import { checkText } from "../language/support.js";
import { amemc, folderWith } from "./helpers.js";

/** The distance shrinks by 1 - 2 lr a step: after 10 steps the loss of `quick` is 0.5^20 that of `slow`. */
const experiments = `use std.optimizers
axis i = 3
let share = 0.5^20
experiment slow {
  let rate = 0.1
  sweep seed in 0..2
  x[i] ~ normal(0, 1)
  size2 = sum(i) x[i]^2
  param w[i] = 0
  train fit {
    minimize sum(i) (w[i] - x[i])^2 over w
    using gd(lr: rate)
    for 10 steps
    record { loss = sum(i) (w[i] - x[i])^2 }
  }
  final[seed] = fit.loss[step: last]
}
experiment quick = slow { let rate = 0.3 }
experiment few = slow { sweep seed in 0..1 }
`;
const claims = `/// For each seed.
claim lower "Sooner" { expect approx(quick.fit.loss[step: last], share * slow.fit.loss[step: last], rel: 1e-2) }
claim declared { expect (mean(seed) quick.final) < mean(seed) slow.final }
claim start { expect slow.fit.loss[step: 0] == quick.size2 }
claim some { expect quick.final < slow.final where seed > 0 }
claim two { expect few.final[seed: 1] == slow.final[seed: 1] }
claim wrong { expect (max(seed) quick.final) > max(seed) slow.final }
`;
const portable = ["--engine", "portable"];
const claimsIn = (folder: string): ClaimsFile =>
  JSON.parse(readFileSync(join(folder, "out/s/claims.json"), "utf8")) as ClaimsFile;

test("are judged with what the experiments found, and stand in all that tells verdicts", async () => {
  const folder = folderWith({ "s.amem": experiments + claims });
  const baseline = ["--baseline", "b.json"];
  const { code, out, err } = await amemc(folder, ["run", "s.amem", ...portable, ...baseline, "--update-baseline"]);
  expect([code, err]).toEqual([1, expect.not.stringContaining("error")]);
  expect(out).toContain("about several experiments\nholds      lower ");
  const found = claimsIn(folder);
  expect(found.claims.map(({ name, verdict }) => [name, verdict])).toEqual([
    ["lower", "holds"],
    ["declared", "holds"],
    ["start", "holds"],
    ["some", "holds"],
    ["two", "holds"],
    ["wrong", "fails"],
  ]);
  expect(found.counts).toEqual({ met: 5, notMet: 1, undecided: 0 });
  expect(found.claims[3]?.expectations[0]?.counts.total).toBe(2);
  const { measured } = found.claims[0]?.expectations[0] ?? {};
  expect((measured?.leftValue ?? 0) / (measured?.rightValue ?? 0)).toBeCloseTo(1, 2);
  expect(readFileSync(join(folder, "out/s/junit.xml"), "utf8")).toContain(
    '<testsuite name="s" tests="6" failures="1" errors="0" skipped="0"',
  );
  const page = readFileSync(join(folder, "out/s/report.html"), "utf8");
  expect([page.includes('id="claim-lower"'), page.includes("For each seed.")]).toEqual([true, true]);
  const recorded = JSON.parse(readFileSync(join(folder, "b.json"), "utf8")) as {
    readonly experiments: Readonly<Record<string, { readonly claims: object }>>;
  };
  expect(Object.keys(recorded.experiments["*"]?.claims ?? {})).toHaveLength(6);

  // What is not there is not judged; the others stand.
  rmSync(join(folder, "out/s/few"), { recursive: true });
  const later = await amemc(folder, ["report", "out/s"]);
  const [two, wrong] = claimsIn(folder).claims.slice(4);
  expect([later.code, two?.verdict, two?.expectations[0]?.reason, wrong?.verdict]).toEqual([
    1,
    "undecided",
    "not judged: `few` was not run here",
    "fails",
  ]);
}, 60_000);

test("annotations name them and their places", async () => {
  const folder = folderWith({ "s.amem": experiments + claims });
  const { out } = await amemc(folder, ["run", "s.amem", ...portable], { GITHUB_ACTIONS: "true" });
  const line = (experiments + claims).split("\n").findIndex((text) => text.startsWith("claim wrong")) + 1;
  expect(out).toContain(`::error file=s.amem,line=${line},col=1,endLine=${line},endColumn=70,title=wrong fails::`);
}, 60_000);

test.each([
  ["few.final < slow.final", "AM6011"],
  ["few.fit.lost < 1", "AM6002"],
  ["few.fat < 1", "AM6002"],
  ["fev.final < 1", "AM6001"],
  ["few.w[0] < 1", "AM6003"],
  ["few.fit < 1", "AM6030"],
  ["few < 1", "AM6030"],
  ["few.final[seed: 7] < 1", "AM6020"],
])("%s: %s", (condition, code) => {
  const source = { file: "spec.amem", text: `${experiments}claim c { expect ${condition} }\n` };
  const checked = checkText(source.text);
  const found = new Diagnostics();
  const parts = checked.experiments.map((one) => ({
    checked: one,
    results: checkResults(one, [source], found),
    full: null,
  }));
  if (checked.file !== null) checkFileClaims(checked.file, parts, [source], found);
  expect([...checked.diagnostics, ...found.list].map((one) => one.code)).toEqual([code]);
});

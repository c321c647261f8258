import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Forecast } from "../../src/cli/commands/plan.js";
import type { ExplainedPoint } from "../../src/cli/commands/why.js";
import { filesBelow } from "../../src/results/store/files.js";
import { amemc, folderWith } from "./helpers.js";

const SPEC = `use std.optimizers
experiment small {
  sweep eta in [0.1, 0.5, 1]
  sweep seed in 0..1
  axis i = 3
  x[i] ~ normal(0, 1)
  param w[i] = x[i]
  loss = sum(i) w[i]^2 / 2
  train fit {
    minimize loss over w
    using gd(lr: eta)
    for 10 steps
    record { loss }
  }
  measure end { size = sum(i) abs(w[i]) }
}
`;
const portable = ["--engine", "portable"];

async function planned(folder: string): Promise<Forecast> {
  const { out, code } = await amemc(folder, ["plan", "s.amem", "--json", ...portable]);
  expect(code).toBe(0);
  const [first] = (JSON.parse(out) as { experiments: Forecast[] }).experiments;
  if (first === undefined) throw new Error("no experiment");
  return first;
}

async function explained(folder: string, point: string): Promise<readonly ExplainedPoint[]> {
  const { out, code } = await amemc(folder, ["why", "s.amem", point, "--json", ...portable]);
  expect(code).toBe(0);
  return (JSON.parse(out) as { points: ExplainedPoint[] }).points;
}

const edit = (folder: string, from: string, to: string): void => {
  const file = join(folder, "s.amem");
  writeFileSync(file, readFileSync(file, "utf8").replace(from, to));
};

describe("amemc plan", () => {
  test("writes nothing, counts points, and says which lines ask for them", async () => {
    const folder = folderWith({ "s.amem": SPEC });
    expect(await planned(folder)).toMatchObject({
      since: null,
      phases: [
        { phase: "fit", points: 6, done: 0, computed: 6, blocks: 1, programs: 1 },
        { phase: "end", points: 6, done: 0, computed: 6 },
      ],
    });
    expect(filesBelow(join(folder, "out"), () => true)).toEqual([]);
    expect((await amemc(folder, ["run", "s.amem", ...portable])).code).toBe(0);
    expect(await planned(folder)).toMatchObject({ seconds: 0, phases: [{ done: 6 }, { done: 6 }], changes: [] });

    edit(folder, "abs(w[i])", "w[i]^2");
    const measure = await planned(folder);
    expect(measure.phases).toMatchObject([
      { done: 6, computed: 0 },
      { done: 0, computed: 6 },
    ]);
    expect(measure.changes).toMatchObject([
      {
        kind: "changed",
        line: 15,
        text: "measure end { size = sum(i) w[i]^2 }",
        before: "measure end { size = sum(i) abs(w[i]) }",
        phases: ["end"],
      },
    ]);

    edit(folder, "10 steps", "30 steps");
    edit(folder, "gd(lr: eta)", "gd(lr: eta / 2)");
    const both = await planned(folder);
    expect(both.phases[0]).toMatchObject({ computed: 6, goesOn: 0 });
    expect(both.changes.map(({ line, before }) => [line, before])).toEqual([
      [11, "using gd(lr: eta)"],
      [12, "for 10 steps"],
      [15, "measure end { size = sum(i) abs(w[i]) }"],
    ]);

    edit(folder, "gd(lr: eta / 2)", "gd(lr: eta)");
    expect((await planned(folder)).phases[0]).toMatchObject({ computed: 0, goesOn: 6, from: 10 });
    const { out } = await amemc(folder, ["plan", "s.amem", ...portable]);
    expect(out).toContain("fit  6 points: 6 to go on from step 10 (1 block, 1 program)");
    expect(out).toContain("~ s.amem:12  for 30 steps");
    expect(out).toContain("was: for 10 steps");
  });

  test("compiling in between does not make it forget what was run", async () => {
    const folder = folderWith({ "s.amem": SPEC });
    await amemc(folder, ["run", "s.amem", ...portable]);
    edit(folder, "normal(0, 1)", "normal(0, 2)");
    expect((await amemc(folder, ["compile", "s.amem", ...portable])).code).toBe(0);
    expect(await planned(folder)).toMatchObject({ since: 1, changes: [{ line: 6, before: "x[i] ~ normal(0, 1)" }] });
  });
});

describe("a point of its own", () => {
  test("`--point` computes it with what it reads, and `why` says where it stands", async () => {
    const folder = folderWith({ "s.amem": SPEC });
    const { code, out } = await amemc(folder, ["run", "s.amem", "--point", "end:eta=0.5,seed=1", ...portable]);
    expect(code).toBe(3);
    expect(out).toContain("12 points expected: 2 done, 10 missing (fit: 5 missing; end: 5 missing)\n");

    const [fit, end] = await explained(folder, "eta=0.5,seed=1");
    expect(fit).toMatchObject({ phase: "fit", at: "eta = 0.5, seed = 1", state: "done", changes: [] });
    expect(fit?.why.join()).toContain("it did 10 steps");
    expect(end?.rests.sources).toEqual([fit?.key]);
    const [other] = await explained(folder, "fit:eta=1,seed=0");
    expect(other).toMatchObject({ state: "missing", changes: [] });
    expect(other?.why.join()).toContain("was not computed");

    const key = other?.key.slice(0, 8) ?? "";
    const alone = await amemc(folder, ["run", "s.amem", "--point", key, ...portable]);
    expect(alone.out).toContain("12 points expected: 3 done, 9 missing (fit: 4 missing; end: 5 missing)\n");
    expect((await amemc(folder, ["run", "s.amem", ...portable])).code).toBe(0);

    edit(folder, "[0.1, 0.5, 1]", "[0.1, 0.5, 1, 2]");
    const [fresh] = await explained(folder, "fit:eta=2,seed=0");
    expect(fresh).toMatchObject({ state: "missing", changes: [{ line: 3, before: "sweep eta in [0.1, 0.5, 1]" }] });
  });

  test.each([
    ["et=1", "there is no sweep `et`", "did you mean `eta`?"],
    ["eta=3", "`eta` is never 3", "its values are 0.1, 0.5, 1"],
    ["fitt:eta=1", "there is no phase `fitt`", "did you mean `fit`?"],
    ["abcdef012", "no point of the plan is `abcdef012`", "name it by its coordinates"],
    ["eta", "`eta` gives no value", "write `eta=…`"],
  ])("%s is refused", async (point, message, help) => {
    const { code, err } = await amemc(folderWith({ "s.amem": SPEC }), ["why", "s.amem", point, ...portable]);
    expect(code).toBe(2);
    expect(err).toContain("error[AM8012]");
    expect(err).toContain(message);
    expect(err).toContain(help);
  });
});

test("a folder of another spec is refused, and taken over with `--adopt`: what means the same is kept", async () => {
  const folder = folderWith({ "s.amem": SPEC, "t.amem": SPEC.replace("seed in 0..1", "seed in 0..2") });
  await amemc(folder, ["run", "s.amem", ...portable]);
  writeFileSync(join(folder, "s.amem"), "");
  const moved = ["run", "other/s.amem", ...portable];
  const { mkdirSync } = await import("node:fs");
  mkdirSync(join(folder, "other"));
  writeFileSync(join(folder, "other/s.amem"), readFileSync(join(folder, "t.amem"), "utf8"));
  const refused = await amemc(folder, moved);
  expect(refused.code).toBe(2);
  expect(refused.err).toContain("error[AM8006]");
  expect(refused.err).toContain("--adopt");
  const adopted = await amemc(folder, [...moved, "--adopt"]);
  expect(adopted.code).toBe(0);
  const manifest = JSON.parse(readFileSync(join(folder, "out/s/small/manifest.json"), "utf8")) as {
    runs: { blocks: number }[];
    points: { done: number }[];
  };
  expect(manifest.points.map(({ done }) => done)).toEqual([9, 9]);
  // From now on the folder is its own.
  expect((await amemc(folder, moved)).code).toBe(0);
});

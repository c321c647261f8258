/** `--baseline` and `--update-baseline` by the real command. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readNative } from "../../src/base/native.js";
import type { Baseline } from "../../src/results/baseline.js";
import type { Ended } from "./helpers.js";
import { amemc, claim, descent, folderWith } from "./helpers.js";

const falls = claim("falls", "fit.loss[step: last] < 1");
const spec = (eta: string, claims = falls): string => descent({ etas: `[${eta}]`, claims });
const run = (folder: string, ...more: readonly string[]): Promise<Ended> =>
  amemc(folder, ["run", "s.amem", "--engine", "portable", "--baseline", "b/s.json", ...more]);
const fileOf = (folder: string): string => readFileSync(join(folder, "b/s.json"), "utf8");

describe("a baseline", () => {
  test("is recorded, holds after a rerun, and is the same bytes when it is recorded again", async () => {
    const folder = folderWith({ "s.amem": spec("0.5") });
    const first = await run(folder, "--update-baseline");
    expect([first.code, first.out.split("\n")[2]]).toEqual([0, "baseline b/s.json: 1 claim recorded"]);
    const before = fileOf(folder);
    const { mtimeMs } = statSync(join(folder, "b/s.json"));
    const second = await run(folder);
    expect([second.code, second.out.split("\n")[2]]).toEqual([0, "baseline b/s.json: 1 claim as recorded"]);
    expect((await run(folder, "--update-baseline")).out).toContain("1 claim recorded, as they were");
    expect(fileOf(folder)).toBe(before);
    expect(statSync(join(folder, "b/s.json")).mtimeMs).toBe(mtimeMs);
    expect((JSON.parse(before) as Baseline).experiments.small?.claims.falls?.expectations[0]).toMatchObject({
      left: 2 ** -21,
      right: 1,
      total: 1,
    });
  });

  test("is compared with: other numbers, new and vanished claims end with exit code 1", async () => {
    const folder = folderWith({ "s.amem": spec("0.5", `${falls}\n${claim("old", "fit.w[step: last] > 0")}`) });
    await run(folder, "--update-baseline");
    const before = fileOf(folder);
    writeFileSync(join(folder, "s.amem"), spec("0.4", `${falls}\n${claim("new", "fit.w[step: last] > 0")}`));
    const { code, out } = await run(folder, "--junit", "j/unit.xml");
    expect([
      code,
      out
        .split("\n")
        .slice(0, 2)
        .every((line) => line.startsWith("holds")),
    ]).toEqual([1, true]);
    expect(out).toContain("baseline b/s.json: 3 differences");
    expect(out).toMatch(
      /falls {2}left side of fit\.loss\[step: last\] < 1: 4\.76837158203125e-7 recorded, now 0\.0000182/u,
    );
    expect(out).toMatch(/new {4}is not in the baseline\n {2}old {4}is in the baseline/u);
    expect(fileOf(folder)).toBe(before);
    const junit = readFileSync(join(folder, "j/unit.xml"), "utf8");
    expect(junit).toContain('<testsuite name="s.small.baseline" tests="3" failures="3"');
    expect(readFileSync(join(folder, "out/s/junit.xml"), "utf8")).not.toContain("baseline");
    const json = await amemc(folder, ["report", "out/s", "--baseline", "b/s.json", "--json"]);
    expect(json.code).toBe(1);
    expect(JSON.parse(json.out)).toMatchObject({
      exitCode: 1,
      baseline: {
        outcome: "different",
        differences: [{ kind: "number", claim: "falls", recorded: 2 ** -21 }, { kind: "new" }, { kind: "gone" }],
      },
    });
    expect((await run(folder, "--update-baseline")).code).toBe(0);
    expect((await run(folder)).code).toBe(0);
  });

  test("is annotated in a workflow, and stands in the summary", async () => {
    const folder = folderWith({ "s.amem": spec("0.5"), "summary.md": "" });
    await run(folder, "--update-baseline");
    writeFileSync(join(folder, "s.amem"), spec("0.4"));
    const env = { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: join(folder, "summary.md") };
    const { out } = await amemc(folder, ["run", "s.amem", "--baseline", "b/s.json"], env);
    expect(out).toMatch(/^::error file=s\.amem,line=12,.*title=small\.falls differs from the baseline::left side of/mu);
    const summary = readFileSync(join(folder, "summary.md"), "utf8");
    expect(summary).toContain("**1 of 1 claim met, 1 difference from the baseline** (exit code 1).");
    expect(summary).toContain("### Differences from b/s.json");
  });
});

describe("what is no baseline is refused before anything runs", () => {
  const refused = async (folder: string, code: string, text: string, ...more: readonly string[]): Promise<void> => {
    const ended = await run(folder, ...more);
    expect([ended.code, ended.out]).toEqual([2, ""]);
    expect(ended.err).toContain(code);
    expect(ended.err).toContain(text);
    expect(existsSync(join(folder, "out"))).toBe(false);
  };
  const recorded = async (name = "s.amem"): Promise<string> => {
    const folder = folderWith({ [name]: spec("0.5") });
    const args = ["run", name, "--engine", "portable", "--baseline", "base.json", "--update-baseline"];
    await amemc(folder, args);
    return readFileSync(join(folder, "base.json"), "utf8");
  };
  const withBaseline = (text: string): string => {
    const folder = folderWith({ "s.amem": spec("0.5") });
    writeFileSync(join(folder, "b.json"), text);
    return folder;
  };
  const at = (folder: string, ...more: readonly string[]): Promise<Ended> =>
    amemc(folder, ["run", "s.amem", "--engine", "portable", "--baseline", "b.json", ...more]);

  test("none", async () => {
    await refused(folderWith({ "s.amem": spec("0.5") }), "AM8021", "`--update-baseline` beside `--baseline`");
  });
  test("--update-baseline alone", async () => {
    const folder = folderWith({ "s.amem": spec("0.5") });
    const { code, err } = await amemc(folder, ["run", "s.amem", "--update-baseline"]);
    expect([code, err.includes("AM8003"), err.includes("--baseline FILE")]).toEqual([2, true, true]);
  });
  test("another file, also to be written over", async () => {
    const folder = withBaseline('{"name": "mine"}');
    for (const more of [[], ["--update-baseline"]]) {
      const { code, err } = await at(folder, ...more);
      expect([code, err.includes("AM8021"), err.includes("must have required property")]).toEqual([2, true, true]);
    }
    expect(readFileSync(join(folder, "b.json"), "utf8")).toBe('{"name": "mine"}');
    expect(existsSync(join(folder, "out"))).toBe(false);
  });
  test("that of another spec, or of other options", async () => {
    const other = await at(withBaseline(await recorded("t.amem")));
    expect([other.code, other.err.includes("AM8022"), other.err.includes("`t.amem`")]).toEqual([2, true, true]);
    const folder = withBaseline(await recorded());
    const set = await at(folder, "--set", "eta=0.5");
    expect([set.code, set.err.includes("with `--set eta=0.5`")]).toEqual([2, true]);
    expect((await at(folder)).code).toBe(0);
  });
});

test("numbers of points that are missing are not recorded", async () => {
  const folder = folderWith({ "s.amem": spec("0.5") });
  await run(folder, "--update-baseline");
  const before = fileOf(folder);
  const blocks = join(folder, "out/s/small/blocks");
  const [bin] = readdirSync(blocks, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".bin"));
  writeFileSync(join(blocks, bin ?? ""), "x");
  const args = ["report", "out/s", "--baseline", "b/s.json", "--update-baseline"];
  const { code, err } = await amemc(folder, args);
  expect([code, err.includes("AM8023")]).toEqual([3, true]);
  expect(fileOf(folder)).toBe(before);
});

test.skipIf(readNative() === null)("numbers of one engine are within the tolerance of the other's", async () => {
  const folder = folderWith({ "s.amem": spec("0.1, 0.37, 0.5") });
  await run(folder, "--update-baseline");
  const args = ["run", "s.amem", "--engine", "graph", "--out", "graph", "--baseline", "b/s.json"];
  const { code, out } = await amemc(folder, args);
  expect([code, out.includes("1 claim as recorded")]).toEqual([0, true]);
});

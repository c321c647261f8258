/** Every spec of the gallery at full size, as a user runs it: claims, compiled programs, engine calls, sweeps against single runs. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { readNativeRecord } from "../../src/base/native.js";
import { amemc, manifestOf, tableOf, temporaryFolder, type Row } from "./command.js";
import { unmovedExpectations } from "./perturbed.js";

const native = readNativeRecord().info !== null || process.env.AMEMC_REQUIRE_NATIVE === "1";
const engine = native ? "graph" : "portable";

interface Case {
  readonly spec: string;
  readonly experiment: string;
  /** Single runs: settings, the table, and how far a run alone may be from the same run in a batch. */
  readonly singles: readonly {
    readonly set: Readonly<Record<string, number>>;
    readonly table: string;
    readonly column: string;
  }[];
  readonly tolerance: number;
}

const cases: readonly Case[] = [
  {
    spec: "quickstart",
    experiment: "quickstart",
    singles: [
      { set: { eta: 10, seed: 7 }, table: "fit", column: "loss" },
      { set: { eta: 1, seed: 19 }, table: "fit", column: "accuracy" },
    ],
    tolerance: 1e-4,
  },
  {
    spec: "linear/loss-spike",
    experiment: "loss_spike",
    singles: [
      { set: { eta: 10, alpha: 0.95 }, table: "fit", column: "loss" },
      { set: { eta: 1, alpha: 0.5 }, table: "fit_token", column: "margin" },
      { set: { alpha: 0.95 }, table: "landscape_g1_g2", column: "loss_at" },
    ],
    tolerance: 1e-4,
  },
  {
    spec: "linear/learning-rates",
    experiment: "learning_rates",
    singles: [{ set: { ratio: 10 ** 0.5, alpha: 0.5, eta: 10 }, table: "fit_runs", column: "steps" }],
    tolerance: 0,
  },
  {
    spec: "linear/margins",
    experiment: "margins",
    singles: [
      { set: { d: 3, eta: 20, seed: 42 }, table: "fit", column: "loss" },
      { set: { d: 10, eta: 3, seed: 0 }, table: "fit_token", column: "margin" },
    ],
    tolerance: 1e-3,
  },
];

describe.each(cases)("$spec", ({ spec, experiment, singles, tolerance }) => {
  const folder = temporaryFolder();
  const name = basename(spec);

  test(`all claims hold (engine ${engine})`, () => {
    const { status, stdout, stderr } = amemc([
      "compile-and-run",
      `specs/${spec}.amem`,
      "--engine",
      engine,
      "--out",
      folder,
    ]);
    expect(`${stdout}\n${stderr}`).not.toMatch(/fails|undecided|warning|AM9999/);
    expect(status).toBe(0);
    expect(existsSync(join(folder, name, "report.html"))).toBe(true);
  });

  test("no claim holds whatever the results are", async () => {
    expect(await unmovedExpectations(spec, folder)).toEqual([]);
  });

  test.runIf(native)("every block was compiled, with one call each", () => {
    const manifest = manifestOf(folder, name, experiment);
    const blocks = Object.values(manifest.blocks);
    expect(blocks.length).toBeGreaterThan(0);
    for (const { engine: used } of blocks)
      expect(used).toMatchObject({ name: "graph", xla: true, compiled: true, version: "2.21.0" });
    expect(manifest.engineCalls).toBe(blocks.length);
    expect(manifest.programs.filter(({ phase }) => phase === "fit").length).toBeLessThanOrEqual(
      spec === "linear/margins" ? 3 : 1,
    );
  });

  test("a report made again from the folder alone has the same bytes", () => {
    const beside = temporaryFolder();
    mkdirSync(join(beside, "specs"));
    const copy = join(beside, "specs", `${name}.amem`);
    writeFileSync(copy, readFileSync(`specs/${spec}.amem`));
    const out = join(beside, "out");
    expect(amemc(["compile-and-run", copy, "--engine", "portable", "--out", out]).status).toBe(0);
    const page = join(out, name, "report.html");
    const before = readFileSync(page);
    rmSync(copy);
    rmSync(page);
    expect(amemc(["report", join(out, name)]).status).toBe(0);
    expect(readFileSync(page).equals(before)).toBe(true);
  });

  test.each(singles)("a run alone is the run in the sweep: $set", async ({ set, table, column }) => {
    const out = temporaryFolder();
    const settings = Object.entries(set).flatMap(([key, value]) => ["--set", `${key}=${String(value)}`]);
    const { status, stderr } = amemc(["run", `specs/${spec}.amem`, "--engine", engine, "--out", out, ...settings]);
    // Claims about other values of the sweep cannot be judged; the points are all there.
    expect([0, 1, 4], stderr).toContain(status);
    const alone = await tableOf(out, name, experiment, table);
    const swept = (await tableOf(folder, name, experiment, table)).filter((row) => agrees(row, set));
    expect(alone.length).toBeGreaterThan(0);
    expect(swept.length).toBe(alone.length);
    alone.forEach((row, k) => {
      const [one, other] = [Number(row[column]), Number(swept[k]?.[column])];
      expect(Math.abs(one - other)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(one)));
    });
  });
});

function agrees(row: Row, set: Readonly<Record<string, number>>): boolean {
  return Object.entries(set).every(
    ([key, value]) => !(key in row) || Math.abs(Number(row[key]) - value) <= 1e-9 * Math.abs(value),
  );
}

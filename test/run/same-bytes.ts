/** Cases of: results are the same bytes for any number of workers, order of blocks, and after any interruption. */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Manifest } from "../../src/results/store/manifest.js";
import { filesBelow } from "../../src/results/store/files.js";
import { amemc } from "../cli/helpers.js";
import type { EngineName } from "./whole.js";
import { callsIn, endsSpec, folderOf, mapSpec, planIn, resultBytes, runWhole, sabotaged, tableBytes } from "./whole.js";

const sizes = {
  "tiny matrices": { rows: 2, columns: 3, etas: 5, seeds: 500 },
  "matrices of 100 x 32": { rows: 100, columns: 32, etas: 3, seeds: 12 },
} as const;

/** Backwards, with the first ones last: no order that a run would choose. */
const shuffled = <T>(jobs: readonly T[]): readonly T[] => [...jobs.slice(1).reverse(), ...jobs.slice(0, 1)];

export function ordersOf(engine: EngineName, named: readonly (keyof typeof sizes)[]): void {
  test.each(named.map((name) => [name, sizes[name]] as const))(
    "%s: 1, 2 and 3 workers, blocks in any order",
    async (_, size) => {
      const spec = mapSpec(size);
      const [one, two, three] = [folderOf(spec), folderOf(spec), folderOf(spec)];
      const { plan } = await planIn(one, engine);
      const blocks = plan.phases[0]?.programs.flatMap((program) => program.blocks) ?? [];
      expect(blocks.length).toBeGreaterThan(2);
      const first = await runWhole(one, engine);
      expect(first).toMatchObject({ diagnostics: [], steps: blocks.length * 6 });
      expect(await runWhole(two, engine, { jobs: 2, order: shuffled })).toMatchObject({ steps: first.steps, jobs: 2 });
      expect(await runWhole(three, engine, { jobs: 3, order: (jobs) => jobs.toReversed() })).toMatchObject({
        steps: first.steps,
      });
      const bytes = resultBytes(one);
      expect(Object.keys(bytes).length).toBeGreaterThan(2 * blocks.length);
      expect(resultBytes(two)).toEqual(bytes);
      expect(resultBytes(three)).toEqual(bytes);
    },
  );
}

const stepsOf = (engine: EngineName): number => (engine === "graph" ? 4000 : 1000);

export function killsOf(engine: EngineName): void {
  test("kill -9 while the first call runs, between two calls, while a block is written", async () => {
    await killed(engine, mapSpec({ rows: 100, columns: 32, etas: 2, seeds: 16, steps: stepsOf(engine) }));
  });
  test("kill -9 at runs that rest, stop, diverge or do none of it, with stepwise records", async () => {
    await killed(engine, endsSpec(stepsOf(engine)));
  });
}

async function killed(engine: EngineName, spec: string): Promise<void> {
  const [disturbed, quiet] = [folderOf(spec), folderOf(spec)];
  const { plan } = await planIn(quiet, engine);
  const total = plan.phases.reduce(
    (sum, { programs }) => sum + programs.reduce((own, program) => own + program.steps * program.blocks.length, 0),
    0,
  );
  const args = ["run", "s.amem", "--engine", engine, "--jobs", "1"];
  const log = join(disturbed, "calls.log");
  const kills = ["call", "between", "write"] as const;
  for (const at of kills) {
    const { code } = await amemc(disturbed, args, sabotaged(disturbed, { log, at, seconds: 0.2 }));
    expect([at, code]).toEqual([at, null]);
  }
  const last = await amemc(disturbed, args, sabotaged(disturbed, { log, seconds: 0.2 }));
  expect([last.code, last.out]).toEqual([0, (await amemc(quiet, args)).out]);
  expect(resultBytes(disturbed)).toEqual(resultBytes(quiet));
  const calls = callsIn(log);
  expect(calls.calls).toBeGreaterThan(6);
  expect(calls.steps).toBeGreaterThan(total);
  // A kill costs the call under way, and the one before it while its checkpoint, or its block, is on the way to the disk.
  expect(calls.steps).toBeLessThanOrEqual(total + 2 * kills.length * calls.most);
  const { runs } = JSON.parse(readFileSync(join(disturbed, "out/s/map/manifest.json"), "utf8")) as Manifest;
  // One that is killed at once may not have come to its line.
  expect(new Set(runs.slice(0, -1).map(({ end }) => end))).toEqual(new Set(["interrupted"]));
  expect(runs.at(-1)?.end).toBe("complete");
  expect(runs.reduce((sum, { steps }) => sum + steps, 0)).toBeLessThanOrEqual(calls.steps);
}

export function growthOf(engine: EngineName): void {
  test("a sweep of 5 values that becomes one of 9", async () => {
    const [five, nine] = [5, 9].map((etas) => mapSpec({ rows: 100, columns: 32, etas, seeds: 6 }));
    const [grown, fresh] = [folderOf(five ?? ""), folderOf(nine ?? "")];
    const args = ["run", "s.amem", "--engine", engine, "--jobs", "1"];
    await amemc(grown, args);
    const blocks = filesBelow(join(grown, "out/s/map/blocks"), () => true);
    const times = blocks.map((file) => statSync(file).mtimeMs);
    writeFileSync(join(grown, "s.amem"), nine ?? "");
    expect((await amemc(grown, args)).code).toBe(0);
    expect(blocks.map((file) => statSync(file).mtimeMs)).toEqual(times);
    // Tables name the revision of their plan: this one is to be the second here too.
    writeFileSync(join(fresh, "s.amem"), `// nine\n${nine ?? ""}`);
    await amemc(fresh, ["compile", "s.amem", "--engine", engine]);
    writeFileSync(join(fresh, "s.amem"), nine ?? "");
    await amemc(fresh, args);
    expect(Object.keys(tableBytes(fresh)).length).toBeGreaterThan(2);
    expect(tableBytes(grown)).toEqual(tableBytes(fresh));
  });
}

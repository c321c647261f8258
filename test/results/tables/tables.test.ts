import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { expect, test } from "vitest";
import { openResults } from "../../../src/results/source.js";
import { writeTables } from "../../../src/results/tables/tables.js";
import { openStore, raggedPlan, storePoints, temporaryFolder } from "../store/fixture.js";

const plan = raggedPlan();
const options = { provenance: { "amemc.experiment": "small" }, onlyMissing: false };

async function written(): Promise<string> {
  const folder = temporaryFolder();
  const { store } = openStore(folder);
  await storePoints(
    store,
    plan,
    0,
    new Map([
      [0, { steps: 4 }],
      [1, { steps: 3, diverged: 3 }],
    ]),
  );
  await writeTables(plan, store, openResults(plan, store), options, () => undefined);
  return join(folder, "tables");
}

const read = async (file: string): Promise<Record<string, unknown>[]> =>
  parquetReadObjects({ file: await asyncBufferFromFile(file) });

test("results with the same axes share a table; missing values are null, absent ones have no row", async () => {
  const folder = await written();
  expect(readdirSync(folder).sort()).toEqual(["fit.parquet", "fit_2.parquet", "fit_dim.parquet", "fit_runs.parquet"]);
  const rows = await read(join(folder, "fit.parquet"));
  expect(rows).toEqual([
    { eta: 1, d: 2, step: 0, loss: 0 },
    { eta: 1, d: 2, step: 2, loss: 1 },
    { eta: 1, d: 2, step: 4, loss: 2 },
    { eta: 1, d: 3, step: 0, loss: null },
    { eta: 1, d: 3, step: 3, loss: null },
    { eta: 10, d: 2, step: 0, loss: 100 },
    { eta: 10, d: 2, step: 2, loss: 101 },
    { eta: 10, d: 2, step: 4, loss: null },
  ]);
  expect((await read(join(folder, "fit_dim.parquet")))[5]).toEqual({ eta: 1, d: 2, step: 4, dim: 1, w: 21.5 });
});

test("every run has a row with its end and its last values", async () => {
  const rows = await read(join(await written(), "fit_runs.parquet"));
  const start = { eta: 1, d: 2, state: "done", detail: null, steps: 4, stopped: false };
  expect(rows).toEqual([
    { ...start, loss: 9, hits: 0 },
    { ...start, d: 3, state: "missing", steps: null, stopped: null, loss: null, hits: null },
    { ...start, eta: 10, state: "diverged", detail: "at step 3", steps: 3, loss: null, hits: null },
  ]);
});

test("the same results give the same bytes, with their provenance inside", async () => {
  const [first, second] = [await written(), await written()];
  for (const name of readdirSync(first))
    expect(readFileSync(join(first, name))).toEqual(readFileSync(join(second, name)));
  const metadata = await parquetMetadataAsync(await asyncBufferFromFile(join(first, "fit.parquet")));
  expect(metadata.key_value_metadata).toEqual([
    { key: "amemc.table", value: "fit" },
    { key: "amemc.experiment", value: "small" },
  ]);
});

test("tables of earlier plans go, and those of this one can be left", async () => {
  const folder = await written();
  const { store } = openStore(join(folder, ".."));
  writeFileSync(join(folder, "old.parquet"), "");
  const before = statSync(join(folder, "fit.parquet")).mtimeMs;
  writeFileSync(join(folder, "fit_dim.parquet"), "broken");
  await writeTables(plan, store, openResults(plan, store), { ...options, onlyMissing: true }, () => undefined);
  expect(existsSync(join(folder, "old.parquet"))).toBe(false);
  expect(statSync(join(folder, "fit.parquet")).mtimeMs).toBe(before);
  expect(await read(join(folder, "fit_dim.parquet"))).toHaveLength(18);
  const other = { provenance: { "amemc.experiment": "small", "amemc.revision": "2" }, onlyMissing: true };
  await writeTables(plan, store, openResults(plan, store), other, () => undefined);
  expect(statSync(join(folder, "fit.parquet")).mtimeMs).not.toBe(before);
});

const reader = ["pandas", "duckdb"].find(
  (name) => spawnSync("python3", ["-c", `import ${name}${name === "pandas" ? ", pyarrow" : ""}`]).status === 0,
);
test.skipIf(reader === undefined)("pandas or DuckDB read them", async () => {
  const file = join(await written(), "fit.parquet");
  const script =
    reader === "pandas"
      ? `import pandas; t = pandas.read_parquet(${JSON.stringify(file)}); print(len(t), t.loss.isna().sum(), t.loss.sum(), t.d.dtype)`
      : `import duckdb; print(*duckdb.sql("select count(*), count(*) filter (loss is null), sum(loss), 'int32' from '${file}'").fetchall()[0])`;
  const answer = spawnSync("python3", ["-c", script], { encoding: "utf8" });
  expect(answer.stdout.trim()).toMatch(/^8 3 204(\.0)? int32$|^8 3 204(\.0)? float64$/u);
});

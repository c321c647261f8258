import { describe, expect, test } from "vitest";
import { openResults } from "../../../src/results/source.js";
import type { StoredResults } from "../../../src/results/source.js";
import { ABSENT, MISSING, VALID } from "../../../src/results/types.js";
import type { Ending } from "./fixture.js";
import { openStore, raggedPlan, storePoints, temporaryFolder } from "./fixture.js";

const plan = raggedPlan();

async function resultsOf(endings: Readonly<Record<number, Ending>>): Promise<StoredResults> {
  const { store } = openStore(temporaryFolder());
  for (const program of [0, 1]) {
    const mine = Object.entries(endings).filter(([point]) => Number(Number(point) === 2) === program);
    if (mine.length > 0)
      await storePoints(store, plan, program, new Map(mine.map(([point, end]) => [Number(point), end])));
  }
  return openResults(plan, store);
}

const complete = { 0: { steps: 4 }, 1: { steps: 4 }, 2: { steps: 3 } };

describe("columns", () => {
  test("have the axes of the sweeps, the step, and their own, with the union of all coordinates", async () => {
    const column = (await resultsOf(complete)).column("fit", "w");
    expect(column?.axes.map(({ name, kind, coordinates }) => [name, kind, coordinates])).toEqual([
      ["eta", "sweep", [1, 10]],
      ["d", "sweep", [2, 3]],
      ["step", "step", [0, 2, 3, 4]],
      ["dim", "index", [0, 1, 2]],
    ]);
    expect(column?.values.length).toBe(2 * 2 * 4 * 3);
  });

  test("ragged ends and points outside of the plan are absent", async () => {
    const column = (await resultsOf(complete)).column("fit", "w");
    const A = ABSENT;
    expect(Array.from(column?.states ?? [])).toEqual([
      ...[0, 0, A, 0, 0, A, A, A, A, 0, 0, A], // eta 1, d 2: steps 0, 2, 4; two entries
      ...[0, 0, 0, A, A, A, 0, 0, 0, A, A, A], // eta 1, d 3: steps 0, 3; three entries
      ...[0, 0, A, 0, 0, A, A, A, A, 0, 0, A],
      ...Array.from({ length: 12 }, () => A), // eta 10, d 3
    ]);
    expect(column?.values[0]).toBe(0.5);
    expect(column?.values[12 + 6 + 2]).toBe(212.5);
    expect(column?.values[24 + 9]).toBe(120.5);
  });

  test("the last record stands beside the steps", async () => {
    const last = (await resultsOf(complete)).column("fit", "loss")?.last;
    expect(Array.from(last?.values ?? [])).toEqual([9, 209, 109, NaN]);
    expect(Array.from(last?.states ?? [])).toEqual([VALID, VALID, VALID, ABSENT]);
  });

  test("`record last` has no step", async () => {
    const column = (await resultsOf(complete)).column("fit", "hits");
    expect(column?.axes.map((axis) => axis.name)).toEqual(["eta", "d"]);
    expect(Array.from(column?.values ?? [])).toEqual([0, 2, 1, NaN]);
    expect(column?.last).toBeNull();
  });

  test("unknown names have none", async () => {
    const results = await resultsOf(complete);
    expect(results.column("fit", "nothing")).toBeUndefined();
    expect(results.column("nowhere", "loss")).toBeUndefined();
  });

  test("are read once", async () => {
    const results = await resultsOf(complete);
    expect(results.column("fit", "loss")).toBe(results.column("fit", "loss"));
  });
});

describe("runs that did not come to their end", () => {
  const lossStates = async (endings: Readonly<Record<number, Ending>>): Promise<readonly number[]> =>
    Array.from((await resultsOf(endings)).column("fit", "loss")?.states ?? []).slice(0, 4);
  const A = ABSENT;
  const M = MISSING;

  test("a missing point is missing where it would be", async () => {
    expect(await lossStates({ 1: { steps: 4 } })).toEqual([M, M, A, M]);
  });
  test("a failed one too", async () => {
    expect(await lossStates({ 0: { steps: 4, failed: "out of range" } })).toEqual([M, M, A, M]);
  });
  test("a diverged one keeps what was before", async () => {
    expect(await lossStates({ 0: { steps: 3, diverged: 3 } })).toEqual([VALID, VALID, A, M]);
    expect(await lossStates({ 0: { steps: 2, diverged: 2 } })).toEqual([VALID, M, A, M]);
  });
  test("a stopped one has no records from its stop on, but a last one", async () => {
    const endings = { 0: { steps: 2, stopped: true } };
    expect(await lossStates(endings)).toEqual([VALID, M, A, M]);
    const last = (await resultsOf(endings)).column("fit", "loss")?.last;
    expect([last?.values[0], last?.states[0]]).toEqual([9, VALID]);
  });
  test("a diverged one has no last record", async () => {
    const last = (await resultsOf({ 0: { steps: 3, diverged: 3 } })).column("fit", "loss")?.last;
    expect(last?.states[0]).toBe(M);
  });

  test("what is known of runs is a column as well", async () => {
    const results = await resultsOf({
      0: { steps: 2, stopped: true },
      1: { steps: 3, diverged: 3 },
      2: { steps: 0, failed: "out of range" },
    });
    const facts = (name: string): unknown => {
      const column = results.column("fit", name);
      return [Array.from(column?.values ?? []), Array.from(column?.states ?? [])];
    };
    expect(facts("steps")).toEqual([
      [2, NaN, NaN, NaN],
      [VALID, M, M, A],
    ]);
    expect(facts("stopped")).toEqual([
      [1, NaN, 0, NaN],
      [VALID, M, VALID, A],
    ]);
    expect(facts("diverged")).toEqual([
      [0, NaN, 1, NaN],
      [VALID, M, VALID, A],
    ]);
    expect(facts("finished")).toEqual([
      [1, 0, 0, NaN],
      [VALID, VALID, VALID, A],
    ]);
    expect(results.phases.get("fit")?.map(({ state, detail }) => [state, detail])).toEqual([
      ["done", null],
      ["diverged", "at step 3"],
      ["failed", "out of range"],
    ]);
  });
});

/** Runs a whole spec with a real worker, and compares all of its results with the oracle's, point by point. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { openOutside } from "../../src/cli/outside.js";
import { openDatasets } from "../../src/datasets/index.js";
import { at } from "../../src/ir/fault.js";
import type { Plan, ResultPlan } from "../../src/plan/types.js";
import { flatPosition, gridOf, sweepAxes } from "../../src/results/grid.js";
import { ABSENT } from "../../src/results/types.js";
import { openResults, type StoredResults } from "../../src/results/source.js";
import { Store } from "../../src/results/store/store.js";
import { runPlan } from "../../src/run/run.js";
import { oracleRuns, planText, type OraclePoint } from "./oracle-runs.js";

/** Computes all points; `check` gets the results while the folder is there. */
export async function runText(
  text: string,
  engine: "graph" | "portable",
  check: (results: StoredResults, plan: Plan) => void,
  data?: string,
  padding = false,
  /** Codes of what may be told. */
  expected: readonly string[] = [],
): Promise<void> {
  const plan: Plan = { ...planIn(text, data, padding), engine };
  const folder = mkdtempSync(join(tmpdir(), "amemc-spec-"));
  try {
    const store = Store.open(folder, () => undefined);
    await runPlan(plan, {
      store,
      outside: openOutside(plan, data ?? folder),
      jobs: 1,
      first: null,
      engineVersion: "test",
      where: { command: "amemc run s.amem", places: new Map() },
      progress: { start: () => undefined, update: () => undefined, end: () => undefined },
      report: (diagnostic) => {
        if (!expected.includes(diagnostic.code)) expect(diagnostic).toBeUndefined();
      },
      interrupt: { onInterrupt: () => undefined },
    });
    check(openResults(plan, store), plan);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Every result at every point and step, against doubles; with `padding` against those of programs of each point's own sizes. */
export async function agreesWithOracle(
  text: string,
  engine: "graph" | "portable",
  tolerance: number,
  data?: string,
  padding = false,
): Promise<void> {
  const oracle = oracleRuns(planIn(text, data), data);
  const compare = (results: StoredResults, plan: Plan): void => {
    for (const phase of plan.phases)
      for (const result of phase.results) {
        if (result.hidden) continue;
        const cells = results.cells(phase.name, result.name);
        if (cells === undefined) throw new Error(`no ${phase.name}.${result.name}`);
        const grid = gridOf(plan, phase, result);
        phase.points.forEach((point, number) => {
          const from = flatPosition(sweepAxes(plan, phase), point.position) * grid.cell;
          const expected = expectedAt(result, at(oracle.get(phase.name) ?? [], number));
          // What a point of a ragged result does not have is no part of it.
          const found = [...cells.values.subarray(from, from + grid.cell)].filter(
            (_, k) => cells.states[from + k] !== ABSENT,
          );
          const where = `${phase.name}.${result.name} at point ${number}`;
          expect(found.length, where).toBe(expected.length);
          found.forEach((value, k) => {
            const wanted = at(expected, k);
            const isNear = Math.abs(value - wanted) <= tolerance * Math.max(1, Math.abs(wanted));
            expect(isNear, `${where}, entry ${k}: ${value} and not ${wanted}`).toBe(true);
          });
        });
      }
  };
  await runText(text, engine, compare, data, padding);
}

const planIn = (text: string, data: string | undefined, padding = false): Plan =>
  planText(text, { padding, ...(data === undefined ? {} : { datasets: openDatasets(data) }) });

function expectedAt(result: ResultPlan, { result: run }: OraclePoint): readonly number[] {
  const { from } = result;
  switch (from.kind) {
    case "output":
      return [...at(run.outputs, from.entry)];
    case "carried":
      return [...at(run.carried, from.index)];
    case "record":
      return result.stepped
        ? at(at(run.groups, from.group).entries, from.entry).flatMap((slot) => [...slot])
        : [...at(at(run.last, from.group), from.entry)];
  }
}

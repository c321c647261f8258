/**
 * Results as tidy tables: one for each set of results with the same axes, and one with a row a run.
 * Columns: sweep variables (labels as text), step, index columns, values; nulls where something is missing.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Diagnostic } from "../../base/diagnostic.js";
import type { Cells } from "../cells.js";
import type { Grid } from "../grid.js";
import { gridOf } from "../grid.js";
import type { StoredResults } from "../source.js";
import { entriesOf } from "../store/files.js";
import type { StoredPhase, StoredPlan } from "../store/plan-file.js";
import type { Store } from "../store/store.js";
import { axisColumn, presentPlaces, strideOf, valueColumn } from "./columns.js";
import type { Table } from "./parquet.js";
import { hasMetadata, writeParquet } from "./parquet.js";
import { runsTable } from "./runs-table.js";

/** Larger tables are not written: their file would take minutes and gigabytes. */
const MOST_ROWS = 20_000_000;

export interface TableOptions {
  /** Stands in every file. */
  readonly provenance: Readonly<Record<string, string>>;
  /** Leave files that are there with the same provenance. */
  readonly onlyMissing: boolean;
}

/** Writes all tables of an experiment into `tables/` and removes those of earlier plans. */
export async function writeTables(
  plan: StoredPlan,
  store: Store,
  results: StoredResults,
  options: TableOptions,
  report: (diagnostic: Diagnostic) => void,
): Promise<void> {
  const folder = join(store.folder, "tables");
  const written = new Set<string>();
  const write = async (name: string, make: () => Table): Promise<void> => {
    written.add(`${name}.parquet`);
    const file = join(folder, `${name}.parquet`);
    const metadata = { "amemc.table": name, ...options.provenance };
    if (options.onlyMissing && (await hasMetadata(file, metadata))) return;
    writeParquet(file, make(), metadata);
  };
  for (const phase of plan.phases) {
    const source = keepingNumbers(phase, results);
    await write(`${fileName(phase.name)}_runs`, () => runsTable(plan, phase, store, source));
    for (const { name, members, size } of groupsOf(plan, phase)) {
      if (size > MOST_ROWS) report(tooLong(name, size));
      else await write(name, () => valueTable(plan, phase, name, members, source));
    }
  }
  for (const { name } of entriesOf(folder))
    if (name.endsWith(".parquet") && !written.has(name)) rmSync(join(folder, name), { force: true });
}

type CellSource = Pick<StoredResults, "phases" | "cells">;

/** Results that are one number are read for two tables. */
function keepingNumbers(phase: StoredPhase, results: StoredResults): CellSource {
  const numbers = new Set(phase.results.flatMap(({ name, axes }) => (axes.length === 0 ? [name] : [])));
  const kept = new Map<string, Cells | undefined>();
  return {
    get phases() {
      return results.phases;
    },
    cells: (phaseName, name) => {
      if (!numbers.has(name)) return results.cells(phaseName, name);
      if (!kept.has(name)) kept.set(name, results.cells(phaseName, name));
      return kept.get(name);
    },
  };
}

interface Group {
  readonly name: string;
  readonly members: readonly string[];
  readonly size: number;
}

/** Results of a phase with the same axes and coordinates share a table. */
function groupsOf(plan: StoredPlan, phase: StoredPhase): readonly Group[] {
  const groups = new Map<string, { grid: Grid; members: string[] }>();
  for (const result of phase.results.filter((candidate) => !candidate.hidden)) {
    const grid = gridOf(plan, phase, result);
    const key = JSON.stringify(grid.axes.slice(grid.sweeps));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { grid, members: [result.name] });
    else group.members.push(result.name);
  }
  const names = new Map<string, number>();
  return [...groups.values()].map(({ grid, members }) => {
    const own = grid.axes.slice(grid.sweeps).filter((axis) => axis.kind === "index");
    const base = [phase.name, ...own.map((axis) => axis.name)].map(fileName).join("_");
    const times = (names.get(base) ?? 0) + 1;
    names.set(base, times);
    return { name: times === 1 ? base : `${base}_${times}`, members, size: grid.size };
  });
}

/** Primes and the like do not belong into the name of a file; hidden phases begin with `__`. */
const fileName = (name: string): string =>
  name
    .replace(/^_+/u, "")
    .replaceAll("'", "p")
    .replaceAll(/[^\p{L}\p{N}_.-]/gu, "_");

function valueTable(
  plan: StoredPlan,
  phase: StoredPhase,
  name: string,
  members: readonly string[],
  results: CellSource,
): Table {
  const cells = members.flatMap((member) => results.cells(phase.name, member) ?? []);
  const [first] = cells;
  if (first === undefined) return { name, rows: 0, columns: [] };
  const places = presentPlaces(first.states);
  const taken = new Set<string>();
  const columns = [
    ...first.grid.axes.map((axis, k) => axisColumn(axis, places, strideOf(first.grid.axes, k), taken)),
    ...cells.map((cell) => valueColumn(plan, cell, places, taken)),
  ];
  return { name, rows: places.length, columns };
}

function tooLong(name: string, size: number): Diagnostic {
  return {
    code: "AM7104",
    severity: "hint",
    message: `the table \`${name}\` would have ${size} rows and is not written`,
    span: null,
    help: "the numbers stand in `blocks/`, and claims and charts read them from there",
  };
}

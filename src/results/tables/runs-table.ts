/** The table with a row a run: how it ended, and its own last value of everything that is one number. */
import { flatPosition, sweepAxes } from "../grid.js";
import type { StoredResults } from "../source.js";
import type { StoredPhase, StoredPlan } from "../store/plan-file.js";
import type { Store } from "../store/store.js";
import { cellReader, freeName, sweepColumns, tableType } from "./columns.js";
import type { Table, TableColumn, TableType, TableValue } from "./parquet.js";

export function runsTable(
  plan: StoredPlan,
  phase: StoredPhase,
  store: Store,
  results: Pick<StoredResults, "phases" | "cells">,
): Table {
  const axes = sweepAxes(plan, phase);
  const places = Int32Array.from(phase.points, (point) => flatPosition(axes, point.position));
  const order = places.map((_, k) => k).sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0));
  const sorted = order.map((k) => places[k] ?? 0);
  const reports = results.phases.get(phase.name) ?? [];
  const taken = new Set<string>();
  const sweeps = sweepColumns(plan, phase, sorted, taken);

  const fact = (name: string, type: TableType, value: (point: number) => TableValue): TableColumn => ({
    name: freeName(name, taken),
    type,
    repeats: false,
    rows: (from, to) => Array.from(order.subarray(from, to), value),
  });
  const found = (point: number): ReturnType<Store["find"]> => store.find(phase.points[point]?.key ?? "");
  const columns = [
    ...sweeps,
    fact("state", "STRING", (point) => reports[point]?.state ?? null),
    fact("detail", "STRING", (point) => reports[point]?.detail ?? null),
  ];
  if (phase.sort === "train")
    columns.push(
      fact("steps", "INT32", (point) => found(point)?.point.steps ?? null),
      fact("stopped", "BOOLEAN", (point) => found(point)?.point.stopped ?? null),
    );
  for (const result of phase.results) {
    if (result.hidden || result.axes.length > 0) continue;
    const cells = results.cells(phase.name, result.name);
    if (cells === undefined) continue;
    const read = cellReader(cells, cells.last ?? cells);
    columns.push(fact(result.name, tableType(plan, cells), (point) => read(places[point] ?? 0)));
  }
  return { name: `${phase.name}_runs`, rows: places.length, columns };
}

/** The columns of tables: coordinates of axes, and values as they are stored. */
import type { Cells } from "../cells.js";
import { NONFINITE } from "../cells.js";
import { sweepAxes } from "../grid.js";
import type { StoredPhase, StoredPlan } from "../store/plan-file.js";
import type { ResultAxis } from "../types.js";
import { ABSENT, VALID } from "../types.js";
import type { TableColumn, TableType, TableValue } from "./parquet.js";

/** The entries inside the plan. */
export function presentPlaces(states: Uint8Array): Int32Array {
  let count = 0;
  const places = new Int32Array(states.length);
  states.forEach((state, place) => {
    if (state !== ABSENT) places[count++] = place;
  });
  return places.subarray(0, count);
}

export const strideOf = (axes: readonly ResultAxis[], k: number): number =>
  axes.slice(k + 1).reduce((size, axis) => size * axis.coordinates.length, 1);

/** The coordinates of an axis at each place. */
export function axisColumn(axis: ResultAxis, places: Int32Array, stride: number, taken: Set<string>): TableColumn {
  const { coordinates, labels } = axis;
  const size = coordinates.length;
  const values = labels === null ? coordinates : coordinates.map((position) => labels[position] ?? null);
  const type = labels !== null ? "STRING" : axis.integer && coordinates.every(fitsInt32) ? "INT32" : "DOUBLE";
  const rows = rowsAt(places, (place) => values[Math.floor(place / stride) % size] ?? null);
  return { name: freeName(axis.name, taken), type, repeats: true, rows };
}

const fitsInt32 = (value: number): boolean => Number.isInteger(value) && Math.abs(value) < 2 ** 31;

/** A result at each place. */
export function valueColumn(plan: StoredPlan, cells: Cells, places: Int32Array, taken: Set<string>): TableColumn {
  const read = cellReader(cells, cells);
  const type = tableType(plan, cells);
  return { name: freeName(cells.result.name, taken), type, repeats: type === "STRING", rows: rowsAt(places, read) };
}

/** A plain loop: half a million rows are common, and callbacks of typed arrays take four times as long. */
function rowsAt(places: Int32Array, read: (place: number) => TableValue): TableColumn["rows"] {
  return (from, to) => {
    const rows = new Array<TableValue>(to - from);
    for (let k = from; k < to; k++) rows[k - from] = read(places[k] ?? 0);
    return rows;
  };
}

/** What stands in a table for the entry at a place; `part` is the whole result or its last record. */
export function cellReader(
  { result }: Pick<Cells, "result">,
  part: Pick<Cells, "values" | "states">,
): (place: number) => TableValue {
  const { labels } = result;
  return (place) => {
    const state = part.states[place];
    if (state !== VALID && state !== NONFINITE) return null;
    const value = part.values[place] ?? NaN;
    if (result.type === "bool") return value !== 0;
    return labels === null ? value : (labels[value] ?? null);
  };
}

/** As it is stored; before anything is, as it will be. */
export function tableType(plan: StoredPlan, { result, stored }: Pick<Cells, "result" | "stored">): TableType {
  if (result.type === "bool") return "BOOLEAN";
  if (result.labels !== null) return "STRING";
  const real = plan.precision === "f64" ? "f64" : "f32";
  switch (stored ?? (result.type === "real" ? real : "i32")) {
    case "f32":
      return "FLOAT";
    case "f64":
      return "DOUBLE";
    case "i32":
    case "u8":
      return "INT32";
  }
}

/** Every column has a name of its own. */
export function freeName(name: string, taken: Set<string>): string {
  const free = taken.has(name) ? freeName(`${name}_value`, taken) : name;
  taken.add(free);
  return free;
}

/** The sweep variables of a phase's points. */
export function sweepColumns(
  plan: StoredPlan,
  phase: StoredPhase,
  places: Int32Array,
  taken: Set<string>,
): readonly TableColumn[] {
  const axes = sweepAxes(plan, phase);
  return axes.map((axis, k) => axisColumn(axis, places, strideOf(axes, k), taken));
}

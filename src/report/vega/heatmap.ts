/** Heatmaps: a rectangle a cell, from edge to edge; cells without a value are grey. */
import type { LayerView, Drawing, Piece, Unit } from "./drawing.js";
import { along, TOOLTIP } from "./drawing.js";
import type { JsonObject } from "./json.js";
import { NO_VALUE } from "./palette.js";
import { pick } from "./series.js";

const CELL: JsonObject = { type: "rect", strokeWidth: 0, clip: true };

export function drawHeatmap(view: LayerView): Drawing {
  const color = view.rows.columns.color ?? [];
  const all = Array.from({ length: view.rows.count }, (_, k) => k);
  const isEmpty = (k: number): boolean => (color[k] ?? null) === null;
  const empty = all.filter(isEmpty);
  const place = placeOf(view);
  const cells: Unit = {
    mark: { ...CELL, tooltip: TOOLTIP },
    encoding: { ...place, ...view.look, ...view.encode("opacity") },
  };
  const piece: Piece = {
    rows: pick(
      view.rows,
      all.filter((k) => !isEmpty(k)),
    ),
    units: [cells],
  };
  if (empty.length === 0) return { pieces: [piece], notes: [] };
  const holes: Piece = {
    rows: pick(view.rows, empty),
    units: [{ mark: { ...CELL, color: NO_VALUE }, encoding: place }],
  };
  return { pieces: [holes, piece], notes: ["grey cells have no value"] };
}

/** Along numbers from edge to edge, along categories the whole step. */
function placeOf(view: LayerView): JsonObject {
  const place = (name: "x" | "y"): JsonObject => {
    const edges = view.layer.cells?.[name] ?? null;
    if (edges === null) return view.encode(name);
    return { [name]: along(view, name, `${name}_low`), [`${name}2`]: { field: `${name}_high` } };
  };
  return { ...place("x"), ...place("y") };
}

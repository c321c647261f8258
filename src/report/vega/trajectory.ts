/** Paths through a plane, with a ring where they start and a dot where they end. */
import type { DrawnRows, LayerView, Drawing, Piece, Unit } from "./drawing.js";
import { hoverPoints } from "./drawing.js";
import type { JsonObject } from "./json.js";
import { THINNED } from "./line.js";
import { FIRST_HUE, HALO, PAPER } from "./palette.js";
import { pick, seriesOf, thinned } from "./series.js";

/** Paths with so few steps show each of them. */
const FEW_POINTS = 120;

export function drawTrajectory(view: LayerView): Drawing {
  const { rows, thinned: isThinned } = thinned(view.rows, view.series);
  const plain: JsonObject = view.colored ? {} : { color: FIRST_HUE };
  const path = { ...view.encode("x", "y", "opacity"), ...view.look, ...view.detail };
  const place = view.encode("x", "y");
  const units: Unit[] = [];
  // Without the light line beneath, a path is lost among the lines and colours below it.
  const casing: JsonObject = { ...view.encode("x", "y"), ...splitOnly(view) };
  if (!view.alone)
    units.push({
      mark: { type: "line", order: false, clip: true, color: HALO, strokeWidth: 4, opacity: 0.75 },
      encoding: casing,
    });
  units.push({ mark: { type: "line", order: false, clip: true, strokeWidth: 1.8, ...plain }, encoding: path });
  if (longest(rows, view.series) <= FEW_POINTS)
    units.push({
      mark: { type: "point", filled: true, size: 11, opacity: 1, clip: true, ...plain },
      encoding: { ...place, ...view.look },
    });
  units.push(hoverPoints(view));
  const { starts, ends } = endsOf(rows, view.series);
  const pieces: readonly Piece[] = [
    { rows, units },
    {
      extra: true,
      rows: pick(rows, starts),
      units: [
        {
          mark: {
            type: "point",
            filled: false,
            size: 58,
            strokeWidth: 1.8,
            opacity: 1,
            fill: view.overHeatmap ? HALO : PAPER,
            ...plain,
          },
          encoding: { ...place, ...view.look },
        },
      ],
    },
    {
      extra: true,
      rows: pick(rows, ends),
      units: [
        { mark: { type: "point", filled: true, size: 64, opacity: 1, ...plain }, encoding: { ...place, ...view.look } },
      ],
    },
  ];
  return { pieces, notes: ["a ring marks the start of a path, a large dot its end", ...(isThinned ? [THINNED] : [])] };
}

/** The series without their colours: each needs a line of its own. */
function splitOnly(view: LayerView): JsonObject {
  const fields = view.series.filter((name) => name !== "row" && name !== "column");
  return fields.length === 0 ? {} : { detail: fields.map((field) => ({ field, type: "nominal" })) };
}

const longest = (rows: DrawnRows, keys: readonly string[]): number =>
  seriesOf(rows, keys).reduce((most, { start, end }) => Math.max(most, end - start), 0);

function endsOf(rows: DrawnRows, keys: readonly string[]): { readonly starts: number[]; readonly ends: number[] } {
  const { x = [], y = [] } = rows.columns;
  const isThere = (k: number): boolean => (x[k] ?? null) !== null && (y[k] ?? null) !== null;
  const starts: number[] = [];
  const ends: number[] = [];
  for (const { start, end } of seriesOf(rows, keys)) {
    const places = Array.from({ length: end - start }, (_, k) => start + k).filter(isThere);
    const [first] = places;
    const last = places.at(-1);
    if (first !== undefined) starts.push(first);
    if (last !== undefined) ends.push(last);
  }
  return { starts, ends };
}

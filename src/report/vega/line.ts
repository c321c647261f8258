/** Lines with their bands. Rows are in drawing order already; a row without a value breaks the line. */
import type { LayerView, Drawing, Piece, Unit } from "./drawing.js";
import { along, hoverPoints } from "./drawing.js";
import { seriesOf, thinned } from "./series.js";

/** Lines with so few points show them. */
const FEW_POINTS = 16;

export function drawLine(view: LayerView): Drawing {
  const { rows, thinned: isThinned } = thinned(view.rows, view.series);
  const longest = seriesOf(rows, view.series).reduce((most, { start, end }) => Math.max(most, end - start), 0);
  const encoding = { ...view.encode("x", "y", "opacity"), ...view.look, ...view.detail };
  const units: Unit[] = [];
  if (view.layer.band !== null) units.push(band(view));
  units.push({ mark: { type: "line", clip: true, order: false }, encoding });
  if (longest <= FEW_POINTS) units.push(dots(view));
  units.push(hoverPoints(view));
  const piece: Piece = { rows, units };
  return { pieces: [piece], notes: isThinned ? [THINNED] : [] };
}

export const THINNED = "long lines are drawn with the least and the greatest value of every stretch of a pixel or less";

function band(view: LayerView): Unit {
  // An area has no dashes.
  const { strokeDash: _, ...look } = view.look;
  return {
    mark: { type: "area", opacity: 0.18, line: false, clip: true, strokeWidth: 0, order: false },
    encoding: {
      ...view.encode("x"),
      y: along(view, "y", "low"),
      y2: { field: "high" },
      ...look,
      ...view.detail,
    },
  };
}

function dots(view: LayerView): Unit {
  return {
    mark: { type: "point", filled: true, size: 30, opacity: 1 },
    encoding: { ...view.encode("x", "y", "shape"), ...view.look },
  };
}

/** Points, with the spread around them as bars. */
import type { LayerView, Drawing, Unit } from "./drawing.js";
import { TOOLTIP } from "./drawing.js";
import { spread } from "./spread.js";

export function drawPoint(view: LayerView): Drawing {
  const many = view.rows.count > 400;
  const point: Unit = {
    mark: { type: "point", filled: true, opacity: many ? 0.55 : 0.85, clip: true, tooltip: TOOLTIP },
    encoding: { ...view.encode("x", "y", "size", "shape", "opacity"), ...view.look },
  };
  return { pieces: [{ rows: view.rows, units: [...spread(view, {}), point] }], notes: [] };
}

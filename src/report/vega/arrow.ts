/** Arrows from (x, y) to (x2, y2): a line, and a head turned along it as it is on the screen. */
import type { LayerView, Drawing } from "./drawing.js";
import { along, TOOLTIP } from "./drawing.js";
import { INK } from "./palette.js";

/** Screen coordinates: y runs downwards, a triangle points up at 0 degrees. */
const ANGLE =
  "atan2(scale('y', datum.y2) - scale('y', datum.y), scale('x', datum.x2) - scale('x', datum.x)) * 180 / PI + 90";

export function drawArrow(view: LayerView): Drawing {
  const plain = view.colored ? {} : { color: INK };
  return {
    pieces: [
      {
        rows: view.rows,
        units: [
          {
            mark: { type: "rule", strokeWidth: 1.4, clip: true, tooltip: TOOLTIP, ...plain },
            encoding: { ...view.encode("x", "y", "x2", "y2", "opacity"), ...view.look },
          },
          {
            mark: {
              type: "point",
              shape: "triangle",
              filled: true,
              size: 50,
              clip: true,
              angle: { expr: ANGLE },
              ...plain,
            },
            encoding: { x: along(view, "x", "x2"), y: along(view, "y", "y2"), ...view.encode("opacity"), ...view.look },
          },
        ],
      },
    ],
    notes: [],
  };
}

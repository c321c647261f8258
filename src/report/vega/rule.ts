/** Straight lines: across the whole panel at an x or a y, or between two places. */
import type { LayerView, Drawing } from "./drawing.js";
import { TOOLTIP } from "./drawing.js";
import { QUIET } from "./palette.js";

export function drawRule(view: LayerView): Drawing {
  return {
    pieces: [
      {
        rows: view.rows,
        units: [
          {
            mark: {
              type: "rule",
              strokeWidth: 1.4,
              strokeDash: [5, 3],
              clip: true,
              tooltip: TOOLTIP,
              ...(view.colored ? {} : { color: QUIET }),
            },
            encoding: { ...view.encode("x", "y", "x2", "y2", "opacity"), ...view.look },
          },
        ],
      },
    ],
    notes: [],
  };
}

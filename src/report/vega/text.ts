/** Words at a place. */
import type { LayerView, Drawing } from "./drawing.js";
import { TOOLTIP } from "./drawing.js";
import { INK } from "./palette.js";
import { cellWords } from "./words.js";

export function drawText(view: LayerView): Drawing {
  const { rows } = view;
  const words = (rows.columns.text ?? []).map(cellWords);
  return {
    pieces: [
      {
        rows: { count: rows.count, columns: { ...rows.columns, text: words } },
        units: [
          {
            mark: { type: "text", fontSize: 11, tooltip: TOOLTIP, ...(view.colored ? {} : { color: INK }) },
            encoding: { ...view.encode("x", "y", "opacity"), text: { field: "text", type: "nominal" }, ...view.look },
          },
        ],
      },
    ],
    notes: [],
  };
}

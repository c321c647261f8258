/** The spread around the y of single points and bars: an upright line from `low` to `high`. */
import { along } from "./drawing.js";
import type { LayerView, Unit } from "./drawing.js";
import type { JsonObject } from "./json.js";

/** No unit where the layer has no band. `offset` moves it beside its neighbours, like the bar that it belongs to. */
export function spread(view: LayerView, offset: JsonObject, plain = false): readonly Unit[] {
  if (view.layer.band === null) return [];
  return [
    {
      mark: { type: "rule", strokeWidth: 1.4, opacity: 0.8, clip: true },
      encoding: {
        ...view.encode("x"),
        ...offset,
        y: along(view, "y", "low"),
        y2: { field: "high" },
        ...(plain ? {} : view.look),
      },
    },
  ];
}

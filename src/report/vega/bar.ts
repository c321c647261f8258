/** Bars beside each other, one for each colour; never stacked: means do not add up. */
import type { LayerView, Drawing, Unit } from "./drawing.js";
import { along, TOOLTIP } from "./drawing.js";
import type { JsonObject } from "./json.js";
import { FIRST_HUE, INK } from "./palette.js";
import { spread } from "./spread.js";

export function drawBar(view: LayerView): Drawing {
  const { color, x } = view.layer.channels;
  const grouped = color !== undefined && color.type !== "quantitative" && color.title !== x?.title;
  const offset: JsonObject = grouped
    ? { xOffset: { field: "color", type: "ordinal", scale: { domain: (color.domain ?? []).map((_, k) => k) } } }
    : {};
  const bar: Unit = {
    mark: { type: "bar", tooltip: TOOLTIP, ...(view.colored ? {} : { color: FIRST_HUE }) },
    encoding: {
      ...view.encode("x", "opacity"),
      ...offset,
      y: { ...along(view, "y", "y"), stack: null },
      ...view.look,
    },
  };
  const lines = spread(view, offset, true).map(({ mark, encoding }) => ({ mark: { ...mark, color: INK }, encoding }));
  return { pieces: [{ rows: view.rows, units: [bar, ...lines] }], notes: [] };
}

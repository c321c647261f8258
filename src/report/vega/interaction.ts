/** What a chart does under the pointer: legends single out a colour, shift with drag or wheel moves and zooms. */
import type { EvaluatedLayer, MarkName } from "../../results/chart-types.js";
import { isObject } from "./json.js";
import type { Json, JsonObject } from "./json.js";
import type { Axis } from "./scales.js";

const PICK = "pick";
const FAINT = 0.1;
const ZOOMABLE: ReadonlySet<MarkName> = new Set<MarkName>(["line", "point", "trajectory", "arrow", "rule"]);

/** A colour that was clicked in the legend stays, the others fade. */
export function pickable(mark: JsonObject, encoding: JsonObject): JsonObject {
  if ("opacity" in encoding || pickedField(encoding) === null) return encoding;
  const full = typeof mark.opacity === "number" ? mark.opacity : 1;
  return { ...encoding, opacity: { condition: { param: PICK, value: full }, value: Math.min(full, FAINT) } };
}

/** The field of categories that the legend can single out. */
function pickedField(encoding: JsonObject): string | null {
  for (const slot of ["color", "fill", "stroke"]) {
    const own = encoding[slot];
    if (isObject(own) && own.type === "ordinal" && typeof own.field === "string") return own.field;
  }
  return null;
}

export function interaction(
  units: readonly JsonObject[],
  layers: readonly EvaluatedLayer[],
  x: Axis,
  y: Axis,
): readonly JsonObject[] {
  const fields = units.map((unit) => (isObject(unit.encoding) ? pickedField(unit.encoding) : null));
  const picker = fields.findIndex((field) => field !== null);
  const field = fields[picker] ?? null;
  const zooms =
    layers.every((layer) => ZOOMABLE.has(layer.mark)) &&
    x.encoding.type === "quantitative" &&
    y.encoding.type === "quantitative";
  return units.map((unit, k) => {
    const params: Json[] = [];
    if (k === picker && field !== null)
      params.push({ name: PICK, select: { type: "point", fields: [field] }, bind: "legend" });
    if (k === 0 && zooms) params.push(ZOOM);
    return without(field === fields[k] || fields[k] === null ? unit : unpicked(unit), params);
  });
}

const without = (unit: JsonObject, params: readonly Json[]): JsonObject =>
  params.length === 0 ? unit : { ...unit, params };

/** A second scale of colours has no legend to pick from. */
function unpicked(unit: JsonObject): JsonObject {
  const { opacity: _, ...encoding } = unit.encoding as JsonObject;
  return { ...unit, encoding };
}

const DRAG = "[pointerdown[event.shiftKey], window:pointerup] > window:pointermove!";
const ZOOM: JsonObject = {
  name: "zoom",
  select: { type: "interval", on: DRAG, translate: DRAG, zoom: "wheel![event.shiftKey]" },
  bind: "scales",
};

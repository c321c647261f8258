/**
 * Colour scales of a chart. Layers that show the same thing share one; different ones are kept apart by Vega-Lite's
 * three colour channels, each of which has a scale of its own that all panels share.
 */
import type { Cell, ChannelField, EvaluatedLayer, MarkName } from "../../results/chart-types.js";
import type { Json, JsonObject } from "./json.js";
import { colorsOf, GREYS, PALE, SEQUENTIAL, TWO_SIDED } from "./palette.js";
import { mergeDomains } from "./scales.js";
import { distinctWords, labelExpression, plainTitle } from "./words.js";

export type Slot = "color" | "fill" | "stroke";

/** One colour scale. */
export interface ColorScale {
  readonly slot: Slot;
  /** Of categories; null for measured values. */
  readonly domain: readonly Cell[] | null;
  readonly encoding: JsonObject;
}

export interface ColorScales {
  /** The scale of each layer; null where it has none. */
  readonly ofLayer: readonly (ColorScale | null)[];
  readonly notes: readonly string[];
}

interface Group {
  readonly key: string;
  readonly title: string | null;
  readonly fields: ChannelField[];
  readonly labels: string[];
  readonly layers: number[];
}

const AREAL: ReadonlySet<MarkName> = new Set<MarkName>(["heatmap", "image"]);
const LINES: ReadonlySet<MarkName> = new Set<MarkName>(["line", "trajectory", "arrow", "rule", "contour"]);

export function colorScales(layers: readonly EvaluatedLayer[], horizontal: boolean): ColorScales {
  const groups = groupLayers(layers);
  const ofLayer: (ColorScale | null)[] = layers.map(() => null);
  const notes: string[] = [];
  const taken = new Map<Slot, Group>();
  // Areas first: they have fewer channels to choose from.
  const sorted = [...groups].sort((a, b) => Number(isAreal(b, layers)) - Number(isAreal(a, layers)));
  let hues = 0;
  for (const group of sorted) {
    const slot = slotsOf(group, layers, groups.length).find((own) => !taken.has(own));
    if (slot === undefined) {
      notes.push(`${plainTitle(group.title ?? "a layer")} has no colours: the chart has too many scales`);
      continue;
    }
    taken.set(slot, group);
    const scale = makeScale({ slot, group, layers, horizontal, hues });
    hues += scale.domain?.length ?? 0;
    for (const layer of group.layers) ofLayer[layer] = scale;
  }
  return { ofLayer, notes };
}

function groupLayers(layers: readonly EvaluatedLayer[]): readonly Group[] {
  const groups = new Map<string, Group>();
  layers.forEach((layer, k) => {
    const field = colorField(layer, layers);
    if (field === null && layer.label === null) return;
    const title = field?.title ?? null;
    const key = field === null ? "label" : `${field.type === "quantitative" ? "values" : "categories"} ${field.title}`;
    const group = groups.get(key) ?? { key, title, fields: [], labels: [], layers: [] };
    groups.set(key, group);
    if (field !== null) group.fields.push(field);
    else if (layer.label !== null && !group.labels.includes(layer.label)) group.labels.push(layer.label);
    group.layers.push(k);
  });
  return [...groups.values()];
}

/** Contour lines over something else are drawn in one colour: their levels stand in the tooltip. */
export function colorField(layer: EvaluatedLayer, layers: readonly EvaluatedLayer[]): ChannelField | null {
  if (layer.mark === "contour" && layers.length > 1) return null;
  return layer.channels.color ?? null;
}

const isAreal = (group: Group, layers: readonly EvaluatedLayer[]): boolean =>
  group.layers.some((k) => AREAL.has(layers[k]?.mark ?? "line"));

function slotsOf(group: Group, layers: readonly EvaluatedLayer[], groups: number): readonly Slot[] {
  if (groups === 1) return ["color"];
  const all = (set: ReadonlySet<MarkName>): boolean => group.layers.every((k) => set.has(layers[k]?.mark ?? "text"));
  const bands = group.layers.some((k) => (layers[k]?.band ?? null) !== null);
  if (all(AREAL)) return ["fill", "color"];
  return all(LINES) && !bands ? ["color", "stroke"] : ["color"];
}

interface ScaleInput {
  readonly slot: Slot;
  readonly group: Group;
  readonly layers: readonly EvaluatedLayer[];
  /** Whether legends lie above the panels. */
  readonly horizontal: boolean;
  /** How many hues other scales of the chart have taken. */
  readonly hues: number;
}

function makeScale({ slot, group, layers, horizontal, hues }: ScaleInput): ColorScale {
  const [field] = group.fields;
  const title = group.title === null ? null : plainTitle(group.title);
  if (field?.type === "quantitative") {
    const marks = group.layers.map((k) => layers[k]).filter((layer) => layer !== undefined);
    return { slot, domain: null, encoding: valueScale(title, group.fields, marks, layers, horizontal) };
  }
  const domain = field === undefined ? group.labels : mergeDomains(group.fields.map((own) => own.domain ?? []));
  const numeric = typeof domain[0] === "number";
  const encoding: JsonObject = {
    field: field === undefined ? "label" : "color",
    type: "ordinal",
    title,
    scale: { domain: domain.map((_, k) => k), range: [...colorsOf(domain.length, numeric, hues)] },
    legend: {
      title,
      labelExpr: labelExpression(distinctWords(domain)),
      symbolOpacity: 1,
      ...(group.layers.every((k) => LINES.has(layers[k]?.mark ?? "text"))
        ? { symbolType: "stroke", symbolSize: 180 }
        : {}),
      ...columnsOf(domain.length, horizontal),
    },
  };
  return { slot, domain, encoding };
}

/** Long legends above the panels are broken into lines. */
const columnsOf = (count: number, horizontal: boolean): JsonObject =>
  horizontal && count > 8 ? { columns: 8 } : !horizontal && count > 16 ? { columns: 2 } : {};

function valueScale(
  title: string | null,
  fields: readonly ChannelField[],
  own: readonly EvaluatedLayer[],
  layers: readonly EvaluatedLayer[],
  horizontal: boolean,
): JsonObject {
  const cells = own.flatMap(({ rows, channels }) => rows.columns[channels.color?.field ?? ""] ?? []);
  const log = fields.some((field) => field.scale === "log");
  const [low, high] = extent(cells, log);
  // The middle of a two-sided scale is too pale for lines.
  const areal = own.every((layer) => AREAL.has(layer.mark) || layer.mark === "bar");
  const twoSided = areal && !log && low < 0 && high > 0 && Math.min(-low, high) > 0.1 * Math.max(-low, high);
  const bound = Math.max(-low, high);
  const domain: Json = twoSided ? [-bound, bound] : [low, high];
  const under = own.some((layer) => layer.mark === "heatmap") && layers.some((layer) => LINES.has(layer.mark));
  const look = own.every((layer) => layer.mark === "image") ? GREYS : under ? PALE : twoSided ? TWO_SIDED : SEQUENTIAL;
  const integer = fields.every((field) => field.integer);
  return {
    field: "color",
    type: "quantitative",
    title,
    scale: { type: log ? "log" : "linear", domain, ...(log ? {} : { zero: false }), nice: false, ...look },
    legend: {
      title,
      ...(horizontal ? { gradientLength: 180, gradientThickness: 10 } : { gradientLength: 160, gradientThickness: 12 }),
      ...(integer && !log ? { tickMinStep: 1, format: ",d" } : {}),
      tickCount: 5,
    },
  };
}

function extent(cells: readonly Cell[], log: boolean): readonly [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const cell of cells) {
    const value = typeof cell === "boolean" ? Number(cell) : cell;
    if (typeof value !== "number" || (log && value <= 0)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return log ? [0.1, 1] : [0, 1];
  if (low < high) return [low, high];
  return log ? [low / 2, low * 2] : [low - (Math.abs(low) || 1) / 2, low + (Math.abs(low) || 1) / 2];
}

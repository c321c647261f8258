/**
 * An evaluated chart -> a Vega-Lite spec without data, and its rows. All numbers are finished: nothing is aggregated,
 * binned or sorted by Vega-Lite.
 */
import type { Cell, ChannelField, ChannelName, EvaluatedChart, EvaluatedLayer } from "../../results/chart-types.js";
import type { ColorScale, ColorScales } from "./colors.js";
import { colorField, colorScales } from "./colors.js";
import type { Drawing, LayerView, Unit } from "./drawing.js";
import { interaction, pickable } from "./interaction.js";
import type { Json, JsonObject } from "./json.js";
import { MARKS } from "./marks.js";
import { CHART_CONFIG } from "./palette.js";
import type { Panels } from "./panels.js";
import { facetSpec, panelsOf } from "./panels.js";
import type { PanelCounts, Part } from "./rows.js";
import { pack } from "./rows.js";
import type { Axis } from "./scales.js";
import { makeAxis } from "./scales.js";
import type { Domains } from "./view.js";
import { domainsOf, prepare, withCounts } from "./view.js";
import { distinctWords, labelExpression, plainTitle } from "./words.js";

export type MarksChart = Extract<EvaluatedChart, { readonly kind: "marks" }>;

export interface DrawnChart {
  readonly spec: JsonObject;
  readonly parts: readonly Part[];
  /** For each part the layer that it belongs to. */
  readonly layerOfPart: readonly number[];
  readonly panels: PanelCounts;
  readonly domains: Domains & { readonly color: readonly (ColorScale | null)[] };
  readonly notes: readonly string[];
}

/** The name under which a chart's rows are known to Vega. */
export const ROWS = "rows";
const DASHES: Json = [
  [1, 0],
  [6, 3],
  [2, 3],
  [9, 3, 2, 3],
];
const SHAPES: Json = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down"];

export function drawChart(chart: MarksChart): DrawnChart {
  const layers = chart.layers.map(withCounts);
  const panels = panelsOf(layers);
  const horizontal = panels.counts.column > 1;
  const scales = colorScales(layers, horizontal);
  const domains = domainsOf(layers, panels.row, panels.column);
  const styles = stylesOf(layers);
  const prepared = layers.map((layer, k) => prepare(layer, domains, scales.ofLayer[k] ?? null, styles));
  const inputs = layers.map((layer, k) => ({ layer, columns: [prepared[k]?.rows.columns ?? {}] }));
  const axes = { x: makeAxis("x", inputs, panels.width), y: makeAxis("y", inputs, panels.height) };
  const context: Context = { layers, panels, scales, domains, styles, axes };
  const drawings = layers.map((layer, k): Drawing => {
    const { rows, series } = prepared[k] ?? { rows: { count: 0, columns: {} }, series: [] };
    return MARKS[layer.mark](viewOf(context, layer, k, rows, series));
  });
  const pieces = drawings.flatMap((drawing, layer) => drawing.pieces.map((piece) => ({ ...piece, layer })));
  const units = pieces.flatMap((piece, part) =>
    piece.units.map((unit) => unitSpec(unit, pieces.length > 1 ? part : null, part)),
  );
  const inner: JsonObject = {
    width: panels.width,
    height: panels.height,
    layer: interaction(units, layers, axes.x, axes.y),
  };
  return {
    spec: {
      $schema: "https://vega.github.io/schema/vega-lite/v6.json",
      data: { name: ROWS },
      ...facetSpec(inner, panels),
      config: { ...CHART_CONFIG, legend: legendConfig(horizontal) },
    },
    parts: pieces.map(({ rows, extra }) => ({
      count: rows.count,
      ...(extra === true ? { extra } : {}),
      columns: Object.fromEntries(Object.entries(rows.columns).map(([name, column]) => [name, pack(column)])),
    })),
    layerOfPart: pieces.map(({ layer }) => layer),
    panels: panels.counts,
    domains: { ...domains, color: scales.ofLayer },
    notes: [...new Set([...scales.notes, ...drawings.flatMap((drawing) => drawing.notes)])],
  };
}

function legendConfig(horizontal: boolean): JsonObject {
  const { legend } = CHART_CONFIG;
  return {
    ...(legend as JsonObject),
    ...(horizontal ? { orient: "top", direction: "horizontal", titlePadding: 4, offset: 2 } : { orient: "right" }),
  };
}

function unitSpec({ mark, encoding, hover }: Unit, filtered: number | null, part: number): JsonObject {
  return {
    ...(hover === true ? { name: `hover${part}` } : {}),
    ...(filtered === null ? {} : { transform: [{ filter: { field: "part", equal: filtered } }] }),
    mark,
    encoding: hover === true ? encoding : pickable(mark, encoding),
  };
}

interface Context {
  readonly layers: readonly EvaluatedLayer[];
  readonly panels: Panels;
  readonly scales: ColorScales;
  readonly domains: Domains;
  readonly styles: readonly (string | null)[];
  readonly axes: { readonly x: Axis; readonly y: Axis };
}

function viewOf(
  context: Context,
  layer: EvaluatedLayer,
  number: number,
  rows: LayerView["rows"],
  series: readonly string[],
): LayerView {
  const { layers, panels, scales, axes } = context;
  const scale = scales.ofLayer[number] ?? null;
  const details = layer.detail.map((field) => (field.field === layer.channels.color?.field ? "color" : field.field));
  const split = details.filter((name) => name in rows.columns).map((field) => ({ field, type: "nominal" }));
  return {
    layer,
    rows,
    series,
    encode: (...channels) =>
      Object.assign({}, ...channels.map((channel) => encodeChannel(context, layer, channel))) as JsonObject,
    look: { ...(scale === null ? {} : { [scale.slot]: scale.encoding }), ...labelLook(context, layer) },
    detail: split.length === 0 ? {} : { detail: split },
    colored: scale !== null,
    alone: layers.length === 1,
    overHeatmap: layers.slice(0, number).some((own) => own.mark === "heatmap"),
    panel: { width: panels.width, height: panels.height },
    logs: { x: axes.x.log, y: axes.y.log },
  };
}

/**
 * Labels of layers that have colours already: they show as dashes, or as another shape. The first is as usual, unless
 * other layers look so.
 */
function stylesOf(layers: readonly EvaluatedLayer[]): readonly (string | null)[] {
  const isStyled = (layer: EvaluatedLayer): boolean => layer.label !== null && colorField(layer, layers) !== null;
  const labels = [...new Set(layers.flatMap((layer) => (isStyled(layer) ? [layer.label] : [])))];
  return layers.every(isStyled) ? labels : [null, ...labels];
}

function labelLook({ layers, styles }: Context, layer: EvaluatedLayer): JsonObject {
  if (layer.label === null || colorField(layer, layers) === null) return {};
  const isPoint = layer.mark === "point";
  if (isPoint && layer.channels.shape !== undefined) return {};
  const labels = styles.map((label) => plainTitle(label ?? ""));
  const places = styles.map((_, k) => k);
  const encoding: JsonObject = {
    field: "style",
    type: isPoint ? "nominal" : "ordinal",
    title: null,
    scale: { domain: places, range: isPoint ? SHAPES : DASHES },
    legend: {
      title: null,
      labelExpr: labelExpression(labels),
      values: places.filter((k) => styles[k] !== null),
      symbolType: isPoint ? "circle" : "stroke",
      symbolSize: 180,
    },
  };
  return { [isPoint ? "shape" : "strokeDash"]: encoding };
}

function encodeChannel({ axes, domains }: Context, layer: EvaluatedLayer, channel: ChannelName): JsonObject {
  const field = layer.channels[channel];
  if (field === undefined) return {};
  const title = plainTitle(field.title);
  switch (channel) {
    case "x":
    case "y":
      return { [channel]: axes[channel].encoding };
    case "x2":
    case "y2": {
      const name = channel === "x2" ? "x" : "y";
      // Without a beginning, the end is a place.
      return layer.channels[name] === undefined
        ? { [name]: { ...axes[name].encoding, field: channel } }
        : { [channel]: { field: channel } };
    }
    case "size":
    case "opacity":
      return {
        [channel]: {
          field: channel,
          type: "quantitative",
          title,
          scale: amountScale(field, channel),
          legend: { title, tickCount: 4 },
        },
      };
    case "shape":
      return { shape: shapeEncoding(layer, title, domains.shape ?? []) };
    case "color":
    case "row":
    case "column":
    case "order":
    case "text":
      // Colours are part of `look`, panels of the facet; rows are in order; texts are made by their mark.
      return {};
  }
}

function amountScale(field: ChannelField, channel: "size" | "opacity"): JsonObject {
  const range = channel === "size" ? [8, 260] : [0.15, 1];
  return field.scale === "log" ? { type: "log", range } : { zero: false, range };
}

/** Shapes of the same categories as the colours stand in one legend with them. */
function shapeEncoding({ channels }: EvaluatedLayer, title: string, domain: readonly Cell[]): JsonObject {
  const { color, shape } = channels;
  const same = color !== undefined && color.type !== "quantitative" && color.title === shape?.title;
  return {
    field: same ? "color" : "shape",
    type: "nominal",
    title,
    scale: { domain: domain.map((_, k) => k), range: SHAPES },
    legend: { title, labelExpr: labelExpression(distinctWords(domain)), symbolOpacity: 1 },
  };
}

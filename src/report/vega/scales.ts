/** Axes that all layers and panels of a chart share: their domains, ticks and titles. */
import type { Cell, ChannelField, ChannelName, EvaluatedLayer, MarkName } from "../../results/chart-types.js";
import type { Columns } from "./drawing.js";
import type { Json, JsonObject } from "./json.js";
import { distinctWords, labelExpression, plainTitle } from "./words.js";

/** Columns that lie along an axis, by the channel they belong to. */
const ALONG: Readonly<Record<"x" | "y", readonly string[]>> = {
  x: ["x", "x2", "x_low", "x_high"],
  y: ["y", "y2", "y_low", "y_high", "low", "high"],
};
/** Marks that stand on 0. */
const STANDING: ReadonlySet<MarkName> = new Set<MarkName>(["bar", "histogram"]);
const CELLS: ReadonlySet<MarkName> = new Set<MarkName>(["heatmap", "image"]);
const MARGIN = 0.03;

export interface AxisInput {
  readonly layer: EvaluatedLayer;
  /** What it draws, in all of its pieces. */
  readonly columns: readonly Columns[];
}

export interface Axis {
  readonly encoding: JsonObject;
  readonly log: boolean;
}

/** The fields of all layers along an axis. */
export function fieldsAlong(layers: readonly EvaluatedLayer[], name: "x" | "y"): readonly ChannelField[] {
  const ends: ChannelName = name === "x" ? "x2" : "y2";
  return layers.flatMap(({ channels }) => channels[name] ?? channels[ends] ?? []);
}

/** Categories, if the axis shows some; numbers in ascending order, labels as the first layer has them. */
export function categoriesAlong(fields: readonly ChannelField[]): readonly Cell[] | null {
  if (!fields.some((field) => field.type !== "quantitative")) return null;
  return mergeDomains(fields.map((field) => field.domain ?? []));
}

export function mergeDomains(domains: readonly (readonly Cell[])[]): readonly Cell[] {
  const all = [...new Set(domains.flat())];
  const numbers = all.filter((cell) => typeof cell === "number");
  return numbers.length === all.length ? numbers.sort((a, b) => a - b) : all;
}

export function makeAxis(name: "x" | "y", inputs: readonly AxisInput[], pixels: number): Axis {
  const layers = inputs.map(({ layer }) => layer);
  const fields = fieldsAlong(layers, name);
  const title = plainTitle([...new Set(fields.map((field) => field.title))].join(", "));
  const categories = categoriesAlong(fields);
  if (categories !== null) return { encoding: categoryAxis(name, title, categories, pixels), log: false };
  const log = fields.some((field) => field.scale === "log");
  const integer = fields.every((field) => field.integer);
  const axis: JsonObject = {
    title,
    ...(layers.some((layer) => CELLS.has(layer.mark)) ? { grid: false } : {}),
    tickCount: Math.max(2, Math.round(pixels / (name === "x" ? 62 : 44))),
    ...(integer && !log ? { tickMinStep: 1 } : {}),
  };
  const domain = domainOf(name, inputs, log);
  const scale: JsonObject = {
    type: log ? "log" : "linear",
    nice: false,
    ...(log ? {} : { zero: false }),
    ...(domain === null ? {} : { domain }),
    ...(layers.some((layer) => layer.down) && name === "y" ? { reverse: true } : {}),
  };
  return { encoding: { field: name, type: "quantitative", title, scale, axis }, log };
}

function categoryAxis(name: "x" | "y", title: string, categories: readonly Cell[], pixels: number): JsonObject {
  const words = distinctWords(categories);
  const long = name === "x" && words.reduce((sum, word) => sum + 7 * word.length + 8, 0) > pixels;
  return {
    field: name,
    type: "ordinal",
    title,
    // Numbers grow upwards.
    scale: { domain: categories.map((_, k) => k), ...(name === "y" && typeof categories[0] === "number" ? { reverse: true } : {}) },
    axis: { title, labelExpr: labelExpression(words), labelAngle: long ? -45 : 0, labelOverlap: true, grid: false },
  };
}

function domainOf(name: "x" | "y", inputs: readonly AxisInput[], log: boolean): readonly Json[] | null {
  let [low, high] = [Infinity, -Infinity];
  for (const { columns } of inputs) {
    for (const own of columns) {
      for (const column of ALONG[name]) {
        for (const cell of own[column] ?? []) {
          if (typeof cell !== "number" || (log && cell <= 0)) continue;
          low = Math.min(low, cell);
          high = Math.max(high, cell);
        }
      }
    }
  }
  if (low > high) return null;
  const standing = name === "y" && inputs.some(({ layer }) => STANDING.has(layer.mark));
  if (inputs.some(({ layer }) => CELLS.has(layer.mark))) return [low, high];
  if (log) return logDomain(low, high);
  const isValue = inputs.some(({ layer }) => layer.channels[name]?.source !== "axis");
  // A share, a loss: 0 belongs to the picture unless it is far away.
  const anchored = standing || (name === "y" && isValue && low > 0 && low < 0.4 * high);
  const from = anchored ? Math.min(0, low) : low;
  const to = standing ? Math.max(0, high) : high;
  const width = to - from || Math.abs(to) || 1;
  return [standing && from === 0 ? 0 : from - MARGIN * width, standing && to === 0 ? 0 : to + MARGIN * width];
}

function logDomain(low: number, high: number): readonly [number, number] {
  const width = Math.log(high / low) || Math.log(4);
  return [low * Math.exp(-MARGIN * width), high * Math.exp(MARGIN * width)];
}

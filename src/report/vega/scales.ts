/** Axes that all layers and panels of a chart share: their domains, ticks and titles. */
import type { Cell, ChannelField, ChannelName, EvaluatedLayer, MarkName } from "../../results/chart-types.js";
import type { Columns } from "./drawing.js";
import type { JsonObject } from "./json.js";
import { distinctWords, labelExpression, plainTitle } from "./words.js";

/** Columns that lie along an axis, by the channel they belong to. */
const ALONG: Readonly<Record<"x" | "y", readonly string[]>> = {
  x: ["x", "x2", "x_low", "x_high"],
  y: ["y", "y2", "y_low", "y_high", "low", "high"],
};
/** Marks that stand on 0. */
const STANDING: ReadonlySet<MarkName> = new Set<MarkName>(["bar", "histogram"]);
const CELLS: ReadonlySet<MarkName> = new Set<MarkName>(["heatmap", "image"]);
/** Marks that are put over what a chart shows. */
const ADDED: ReadonlySet<MarkName> = new Set<MarkName>(["rule", "text"]);
const MARGIN = 0.03;
const TEXT_MARGIN = 0.08;

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
  const title = axisTitle(name, layers, fields);
  const categories = categoriesAlong(fields);
  if (categories !== null) return { encoding: categoryAxis(name, title, categories, pixels), log: false };
  const log = fields.some((field) => field.scale === "log");
  const integer = fields.every((field) => field.integer);
  const domain = domainOf(name, inputs, log);
  const axis: JsonObject = {
    title,
    ...(layers.some((layer) => CELLS.has(layer.mark)) ? { grid: false } : {}),
    ...ticks(log, domain, Math.max(2, Math.round(pixels / (name === "x" ? 62 : 44)))),
    ...(integer && !log ? { tickMinStep: 1, format: ",d" } : {}),
  };
  const scale: JsonObject = {
    type: log ? "log" : "linear",
    nice: false,
    ...(log ? {} : { zero: false }),
    ...(domain === null ? {} : { domain }),
    ...(layers.some((layer) => layer.down) && name === "y" ? { reverse: true } : {}),
  };
  return { encoding: { field: name, type: "quantitative", title, scale, axis }, log };
}

/** All that is shown along it; straight lines and words are added to what the others show. */
function axisTitle(name: "x" | "y", layers: readonly EvaluatedLayer[], fields: readonly ChannelField[]): string {
  const main = fieldsAlong(
    layers.filter((layer) => !ADDED.has(layer.mark)),
    name,
  );
  const titles = (main.length > 0 ? main : fields).map((field) => field.title);
  return plainTitle([...new Set(titles)].join(", "));
}

/** Powers of ten as such where they are long as numbers; other ticks as Vega says them. */
function powersExpression(low: number, high: number): string {
  const [from, to] = [Math.floor(Math.log10(low)) - 8, Math.ceil(Math.log10(high)) + 8];
  const words = Array.from({ length: to - from + 1 }, (_, k) => `10${superscript(from + k)}`);
  const exponent = "log(datum.value) / LN10";
  const plain = `datum.label == '' || (datum.value > 0.0009 && datum.value < 99999) || abs(${exponent} - round(${exponent})) > 1e-6`;
  return `(${plain}) ? datum.label : ${JSON.stringify(words)}[round(${exponent}) - (${from})]`;
}

const SUPERSCRIPTS = [
  "\u2070",
  "\u00b9",
  "\u00b2",
  "\u00b3",
  "\u2074",
  "\u2075",
  "\u2076",
  "\u2077",
  "\u2078",
  "\u2079",
];
const superscript = (value: number): string =>
  String(value).replace(/./gu, (char) => (char === "-" ? "\u207b" : (SUPERSCRIPTS[Number(char)] ?? "")));

function categoryAxis(name: "x" | "y", title: string, categories: readonly Cell[], pixels: number): JsonObject {
  const words = distinctWords(categories);
  const long = name === "x" && words.reduce((sum, word) => sum + 7 * word.length + 8, 0) > pixels;
  return {
    field: name,
    type: "ordinal",
    title,
    // Numbers grow upwards.
    scale: {
      domain: categories.map((_, k) => k),
      ...(name === "y" && typeof categories[0] === "number" ? { reverse: true } : {}),
    },
    axis: { title, labelExpr: labelExpression(words), labelAngle: long ? -45 : 0, labelOverlap: true, grid: false },
  };
}

type Domain = readonly [low: number, high: number];

/** Over several decades a log scale has ticks at powers of ten only. */
function ticks(log: boolean, domain: Domain | null, wanted: number): JsonObject {
  if (!log || domain === null) return { tickCount: wanted };
  const decades = Math.log10(domain[1] / domain[0]);
  return {
    tickCount: decades >= 3 ? Math.min(wanted, Math.floor(decades)) : wanted,
    labelExpr: powersExpression(domain[0], domain[1]),
  };
}

function domainOf(name: "x" | "y", inputs: readonly AxisInput[], log: boolean): Domain | null {
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
  const margin = width * (inputs.some(({ layer }) => layer.mark === "text") ? TEXT_MARGIN : MARGIN);
  return [standing && from === 0 ? 0 : from - margin, standing && to === 0 ? 0 : to + margin];
}

function logDomain(low: number, high: number): Domain {
  const width = Math.log(high / low) || Math.log(4);
  return [low * Math.exp(-MARGIN * width), high * Math.exp(MARGIN * width)];
}

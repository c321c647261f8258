/** A chart in words, for readers who do not see it. */
import type { ChannelField, EvaluatedLayer, MarkName } from "../../results/chart-types.js";
import type { MarksChart } from "./chart.js";
import { cellWords, distinctWords, plainTitle } from "./words.js";

const KINDS: Readonly<Record<MarkName, string>> = {
  line: "line chart",
  point: "scatter plot",
  bar: "bar chart",
  heatmap: "heatmap",
  contour: "contour lines",
  histogram: "histogram",
  trajectory: "paths through a plane",
  arrow: "arrows",
  image: "images",
  text: "words at places",
  rule: "straight lines",
};
const MOST_WORDS = 12;

export function describeChart(chart: MarksChart): string {
  const title = chart.title ?? chart.name;
  const [first] = chart.layers;
  if (first === undefined) return `${plainTitle(title)}: nothing to draw.`;
  const panels = (["row", "column"] as const).flatMap((name) => {
    const field = chart.layers.flatMap(({ channels }) => channels[name] ?? [])[0];
    return field === undefined ? [] : [`a panel for each ${listed(field)}`];
  });
  return [
    `${plainTitle(title)}.`,
    ...chart.layers.map(describeLayer),
    panels.length === 0 ? "" : `${capital(panels.join(", "))}.`,
  ]
    .filter((part) => part !== "")
    .join(" ");
}

function describeLayer(layer: EvaluatedLayer): string {
  const { channels, mark, band, label } = layer;
  const { x, y, color } = channels;
  const kind = `${capital(KINDS[mark])}${label === null ? "" : ` (${plainTitle(label)})`}`;
  if (layer.grid !== null && color !== undefined) {
    const place = [x, y].flatMap((field) => (field === undefined ? [] : [named(field, layer)]));
    return `${kind} of ${named(color, layer)} over ${place.join(" and ")}.`;
  }
  const parts = [
    kind,
    y === undefined ? "" : `of ${named(y, layer)}`,
    x === undefined ? "" : `${y === undefined ? "of" : "against"} ${named(x, layer)}`,
    color === undefined ? "" : `by ${color.type === "quantitative" ? named(color, layer) : listed(color)}`,
    band === null ? "" : `with a band (${band.name})`,
  ];
  return `${parts.filter((part) => part !== "").join(" ")}.`;
}

/** `fit.loss from 0.02 to 1.4 (log scale)`. */
function named(field: ChannelField, { rows }: EvaluatedLayer): string {
  const scale = field.scale === "log" ? " (log scale)" : "";
  if (field.type !== "quantitative") return listed(field);
  let [low, high] = [Infinity, -Infinity];
  for (const cell of rows.columns[field.field] ?? []) {
    if (typeof cell !== "number") continue;
    low = Math.min(low, cell);
    high = Math.max(high, cell);
  }
  const range =
    low > high ? "" : low === high ? ` at ${cellWords(low)}` : ` from ${cellWords(low)} to ${cellWords(high)}`;
  return `${plainTitle(field.title)}${range}${scale}`;
}

function listed({ title, domain }: ChannelField): string {
  const words = distinctWords(domain ?? []);
  const shown = words.length <= MOST_WORDS ? words : [...words.slice(0, MOST_WORDS - 1), `… (${words.length} in all)`];
  return `${plainTitle(title)} (${shown.join(", ")})`;
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

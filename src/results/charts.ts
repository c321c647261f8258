/** Charts to finished rows; the report draws them. */
import type { CheckedChart, CheckedLayer } from "../language/results/index.js";
import type { Analysis } from "./analysis/evaluate.js";
import { VALID } from "./analysis/tensor.js";
import { formatNumber } from "./analysis/words.js";
import type { Band, Cell, ChannelField, ChannelName, EvaluatedChart, EvaluatedLayer, Rows } from "./chart-types.js";
import { describeField, fieldsOf } from "./charts/fields.js";
import { addEdges, fillGrid } from "./charts/grid.js";
import { joinChannels } from "./charts/join.js";
import type { Row } from "./charts/join.js";
import { sortRows } from "./charts/order.js";

export function evaluateChart(chart: CheckedChart, analysis: Analysis): EvaluatedChart {
  const { name, title, doc, body } = chart;
  if (body.kind === "vegalite") return { kind: "vegalite", name, title, doc, text: body.text, notes: [] };
  const layers = body.layers.map((layer) => evaluateLayer(layer, analysis));
  const notes = body.layers.flatMap((layer, k) => notesOf(layer, layers[k], analysis));
  return { kind: "marks", name, title, doc, layers, notes: [...new Set(notes)] };
}

export function evaluateLayer(layer: CheckedLayer, analysis: Analysis): EvaluatedLayer {
  const { mark } = layer;
  const fieldList = fieldsOf([...layer.channels, ...layer.detail, ...layer.tooltip]);
  const { rows: joined, leftOut } = joinChannels(layer, fieldList, analysis);
  const described = fieldList.map((field) => ({
    channel: field.channel.channel,
    field: describeField(field, mark, joined),
  }));
  const of = (kind: string): readonly ChannelField[] =>
    described.filter(({ channel }) => channel === kind).map(({ field }) => field);
  const channels: Partial<Record<ChannelName, ChannelField>> = {};
  for (const { channel, field } of described)
    if (channel !== "detail" && channel !== "tooltip") channels[channel] = field;
  const detail = [...of("detail"), ...splitByColor(mark, channels.color)];
  const sorted = sortRows(joined, { mark, fields: channels, detail, along: layer.along !== null });
  const isGrid = mark === "heatmap" || mark === "contour" || mark === "image";
  const grid = isGrid ? fillGrid(sorted, channels, refinedIn(layer, analysis)) : null;
  const rows = grid?.rows ?? sorted;
  const cells = grid !== null && mark !== "contour" ? addEdges(rows, channels, grid.grid) : null;
  return {
    mark,
    label: layer.label,
    channels,
    detail,
    tooltip: of("tooltip"),
    rows: toColumns(rows),
    band: bandOf(layer, rows),
    grid: grid?.grid ?? null,
    cells,
    leftOut,
    down: mark === "image",
  };
}

/** Channels that show a sweep whose values results asked for. */
function refinedIn({ channels }: CheckedLayer, { source }: Analysis): { readonly x: boolean; readonly y: boolean } {
  const isRefined = (name: ChannelName): boolean =>
    channels.some(({ channel, axis }) => channel === name && axis !== null && source.refined?.has(axis) === true);
  return { x: isRefined("x"), y: isRefined("y") };
}

/** A colour scale splits no lines; the axis behind it does. */
function splitByColor(mark: string, color: ChannelField | undefined): readonly ChannelField[] {
  const isPath = mark === "line" || mark === "trajectory";
  return isPath && color?.type === "quantitative" && color.source === "axis" ? [color] : [];
}

function toColumns(rows: readonly Row[]): Rows {
  const columns: Record<string, Cell[]> = {};
  for (const name of new Set(rows.flatMap((row) => Object.keys(row.cells))))
    columns[name] = rows.map((row) => row.cells[name] ?? null);
  return { count: rows.length, columns };
}

function bandOf(layer: CheckedLayer, rows: readonly Row[]): Band | null {
  const { average } = layer;
  const band = average?.band ?? null;
  if (average === null || band === null) return null;
  const { kind, numbers } = band;
  const counts = rows.map((row) => row.cells.n).filter((cell) => typeof cell === "number");
  const [first = 0.95, second = first] = numbers;
  const y = layer.channels.find(({ channel }) => channel === "y");
  const name =
    kind === "quantile"
      ? `quantiles ${formatNumber(first)} to ${formatNumber(second)} over ${average.axis}`
      : `${formatNumber(first * 100)} % confidence interval of the ${y?.type.kind === "bool" ? "share" : "mean"} over ${average.axis}`;
  return {
    name,
    middle: average.middle,
    low: "low",
    high: "high",
    count: "n",
    least: counts.reduce((least, n) => Math.min(least, n), counts[0] ?? 0),
    most: counts.reduce((most, n) => Math.max(most, n), 0),
  };
}

/** What is to be known beside the picture: averages, and what could not be drawn. */
function notesOf(layer: CheckedLayer, evaluated: EvaluatedLayer | undefined, analysis: Analysis): readonly string[] {
  const notes: string[] = [];
  const { average } = layer;
  if (average !== null) {
    const { values, states } = analysis.evaluate(average.count);
    const counts = [...values].filter((_, i) => states[i] === VALID);
    const least = counts.reduce((a, b) => Math.min(a, b), Infinity);
    const most = counts.reduce((a, b) => Math.max(a, b), 0);
    const made =
      least === most || counts.length === 0
        ? `${String(most)} values`
        : `${String(least)} to ${String(most)} values: some are missing`;
    const band = evaluated?.band ?? null;
    notes.push(
      `${average.middle} over ${average.axis} (${made})${band === null ? "" : `; the band shows the ${band.name}`}`,
    );
  }
  const refined = refinedIn(layer, analysis);
  if (evaluated !== undefined && evaluated.grid !== null && (refined.x || refined.y))
    notes.push("between points that were run the nearest one is drawn");
  const { missing = 0, notFinite = 0, notPositive = 0 } = evaluated?.leftOut ?? {};
  const rows = (count: number): string => (count === 1 ? "1 value is" : `${String(count)} values are`);
  if (missing > 0) notes.push(`${rows(missing)} missing`);
  if (notFinite > 0) notes.push(`${rows(notFinite)} not finite and not drawn`);
  if (notPositive > 0) notes.push(`${rows(notPositive)} not greater than 0 and not drawn on a log scale`);
  return notes;
}

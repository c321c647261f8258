/** Prepares the layers of a chart: columns by channel, categories as places in domains that all layers share. */
import type { Cell, ChannelField, ChannelName, EvaluatedLayer } from "../../results/chart-types.js";
import type { ColorScale } from "./colors.js";
import type { DrawnRows } from "./drawing.js";
import { binned } from "./histogram.js";
import type { Facet } from "./panels.js";
import { pick } from "./series.js";
import { categoriesAlong, fieldsAlong, mergeDomains } from "./scales.js";

const COUNT: ChannelField = {
  field: "y",
  title: "count",
  type: "quantitative",
  scale: "linear",
  integer: true,
  domain: null,
  source: "value",
};

/** Histograms get the axis that the spec does not name. */
export function withCounts(layer: EvaluatedLayer): EvaluatedLayer {
  return layer.mark === "histogram" ? { ...layer, channels: { ...layer.channels, y: COUNT } } : layer;
}

/** What categories of a channel are places in; null where the channel shows numbers. */
export interface Domains {
  readonly x: readonly Cell[] | null;
  readonly y: readonly Cell[] | null;
  readonly row: readonly Cell[] | null;
  readonly column: readonly Cell[] | null;
  readonly shape: readonly Cell[] | null;
}

export function domainsOf(layers: readonly EvaluatedLayer[], row: Facet | null, column: Facet | null): Domains {
  const shapes = layers.flatMap(({ channels }) => (channels.shape === undefined ? [] : [channels.shape.domain ?? []]));
  return {
    x: categoriesAlong(fieldsAlong(layers, "x")),
    y: categoriesAlong(fieldsAlong(layers, "y")),
    row: row?.domain ?? null,
    column: column?.domain ?? null,
    shape: shapes.length === 0 ? null : mergeDomains(shapes),
  };
}

export interface Prepared {
  readonly rows: DrawnRows;
  readonly series: readonly string[];
}

export function prepare(
  layer: EvaluatedLayer,
  domains: Domains,
  scale: ColorScale | null,
  styles: readonly (string | null)[],
): Prepared {
  const columns: Record<string, readonly Cell[]> = {};
  const source = layer.rows.columns;
  for (const [name, field] of Object.entries(layer.channels) as [ChannelName, ChannelField][])
    columns[name] = coded(
      source[field.field] ?? [],
      name === "color" ? (scale?.domain ?? null) : domainOf(domains, name),
    );
  if (layer.band !== null) {
    const { low, high, count } = layer.band;
    Object.assign(columns, { low: source[low] ?? [], high: source[high] ?? [], n: source[count] ?? [] });
  }
  for (const name of ["x", "y"] as const) {
    const edges = layer.cells?.[name] ?? null;
    if (edges !== null)
      Object.assign(columns, { [`${name}_low`]: source[edges.low] ?? [], [`${name}_high`]: source[edges.high] ?? [] });
  }
  const used = new Map(Object.entries(layer.channels).map(([name, field]) => [field.field, name]));
  const details = layer.detail.map((field) => {
    const known = used.get(field.field);
    if (known === undefined) columns[field.field] = source[field.field] ?? [];
    return known ?? field.field;
  });
  for (const field of layer.tooltip) columns[field.field] = source[field.field] ?? [];
  if (layer.label !== null) {
    const constant = (place: number): readonly Cell[] => new Array<Cell>(layer.rows.count).fill(place);
    const label = scale?.encoding.field === "label" ? (scale.domain?.indexOf(layer.label) ?? -1) : -1;
    if (label >= 0) columns.label = constant(label);
    else columns.style = constant(Math.max(0, styles.indexOf(layer.label)));
  }
  const { color } = layer.channels;
  const splits =
    color !== undefined && (color.type !== "quantitative" || color.source === "axis") && layer.mark !== "contour";
  const series = ["row", "column", ...(splits ? ["color"] : []), "shape", "label", "style", ...details].filter(
    (name) => name in columns,
  );
  const isPath = layer.mark === "line" || layer.mark === "trajectory";
  const needed = ["row", "column", ...(isPath && (scale?.domain ?? null) !== null ? ["color"] : [])];
  const rows = placed({ count: layer.rows.count, columns }, needed);
  return {
    rows: layer.mark === "histogram" ? binned(rows, series, layer.channels.x?.scale === "log") : rows,
    series: [...new Set(series)],
  };
}

/** Rows that belong to a panel, and to a series: what lacks a category has no place in the picture. */
function placed(rows: DrawnRows, needed: readonly string[]): DrawnRows {
  const columns = needed.flatMap((name) => (rows.columns[name] === undefined ? [] : [rows.columns[name]]));
  if (columns.every((column) => !column.includes(null))) return rows;
  const places = Array.from({ length: rows.count }, (_, k) => k);
  return pick(
    rows,
    places.filter((k) => columns.every((column) => column[k] !== null)),
  );
}

function domainOf(domains: Domains, name: ChannelName): readonly Cell[] | null {
  switch (name) {
    case "x":
    case "x2":
      return domains.x;
    case "y":
    case "y2":
      return domains.y;
    case "row":
    case "column":
    case "shape":
      return domains[name];
    default:
      return null;
  }
}

function coded(column: readonly Cell[], domain: readonly Cell[] | null): readonly Cell[] {
  if (domain === null) return column;
  const places = new Map(domain.map((cell, place) => [cell, place]));
  return column.map((cell) => places.get(cell) ?? null);
}

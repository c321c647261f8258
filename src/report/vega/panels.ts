/** Facets: which panels a chart has, how large each is, and what stands above and beside them. */
import type { Cell, EvaluatedLayer, MarkName } from "../../results/chart-types.js";
import type { JsonObject } from "./json.js";
import type { PanelCounts } from "./rows.js";
import { mergeDomains } from "./scales.js";
import { distinctWords, labelExpression, plainTitle } from "./words.js";

export interface Facet {
  readonly title: string;
  readonly domain: readonly Cell[];
}

export interface Panels {
  readonly row: Facet | null;
  readonly column: Facet | null;
  readonly width: number;
  readonly height: number;
  readonly counts: PanelCounts;
}

const SQUARE: ReadonlySet<MarkName> = new Set<MarkName>(["heatmap", "contour", "image", "trajectory"]);
/** Panels beside each other before they are wrapped, and the sizes that fit into a page: wide ones and square ones. */
const WRAP = 5;
const WIDE = [
  { width: 560, height: 310 },
  { width: 350, height: 230 },
  { width: 236, height: 170 },
  { width: 176, height: 140 },
  { width: 138, height: 118 },
] as const;
const SQUARES = [
  { width: 430, height: 380 },
  { width: 340, height: 310 },
  { width: 236, height: 226 },
  { width: 176, height: 172 },
  { width: 138, height: 136 },
] as const;
const SMALLEST = 84;

export function panelsOf(layers: readonly EvaluatedLayer[]): Panels {
  const row = facetOf(layers, "row");
  const column = facetOf(layers, "column");
  const across = column?.domain.length ?? 1;
  const square = layers.some((layer) => SQUARE.has(layer.mark));
  const size = (square ? SQUARES : WIDE)[Math.min(across, WRAP) - 1] ?? WIDE[0];
  const shrink = row !== null && across > WRAP ? Math.max(SMALLEST / size.width, WRAP / across) : 1;
  const width = Math.round(size.width * shrink);
  const low = row !== null && row.domain.length > 3 ? 0.8 : 1;
  const image = layers.find((layer) => layer.mark === "image")?.grid ?? null;
  return {
    row,
    column,
    width,
    height: image === null ? Math.round(size.height * shrink * low) : imageHeight(width, image),
    counts: { row: row?.domain.length ?? 0, column: column?.domain.length ?? 0 },
  };
}

/** Square pixels, as far as that stays a picture. */
function imageHeight(width: number, grid: { readonly x: readonly Cell[]; readonly y: readonly Cell[] }): number {
  const ratio = grid.y.length / Math.max(1, grid.x.length);
  return Math.round(width * Math.max(0.1, Math.min(3, ratio)));
}

function facetOf(layers: readonly EvaluatedLayer[], name: "row" | "column"): Facet | null {
  const fields = layers.flatMap(({ channels }) => channels[name] ?? []);
  const [first] = fields;
  if (first === undefined) return null;
  const domain = mergeDomains(fields.map((field) => field.domain ?? []));
  return domain.length === 0 ? null : { title: first.title, domain };
}

/** `eta = 10` over each panel. */
export function facetWords({ title, domain }: Facet): readonly string[] {
  return distinctWords(domain).map((word) => `${plainTitle(title)} = ${word}`);
}

/** Puts what one panel shows into all panels. */
export function facetSpec(inner: JsonObject, { row, column }: Panels): JsonObject {
  if (row === null && column === null) return inner;
  const header = (facet: Facet): JsonObject => ({ title: null, labelExpr: labelExpression(facetWords(facet)) });
  const channel = (name: "row" | "column", facet: Facet): JsonObject => ({
    field: name,
    type: "ordinal",
    header: { ...header(facet), ...(name === "row" ? { labelOrient: "right" } : {}) },
  });
  if (row === null && column !== null) {
    return {
      facet: channel("column", column),
      columns: Math.min(WRAP, column.domain.length),
      spacing: 14,
      spec: inner,
    };
  }
  return {
    facet: {
      ...(row === null ? {} : { row: channel("row", row) }),
      ...(column === null ? {} : { column: channel("column", column) }),
    },
    spacing: 14,
    spec: inner,
  };
}

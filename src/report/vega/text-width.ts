/**
 * How wide a text is in the charts' font, from a table instead of a canvas: the picture made on the way and the one
 * drawn in a browser then have the same layout, on every machine. The page's script shares this file.
 */

/** Helvetica, and the fonts with its widths on other systems. */
export const CHART_FONT = 'Helvetica, Arial, "Liberation Sans", Arimo, sans-serif';

/** Advance widths of the characters from blank to `~`, in thousandths of the font's size (Helvetica's AFM). */
const WIDTHS = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
  556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
  722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
  556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
  260, 334, 584,
];
const OTHER = 600;
const WIDE = 1000;
/** Bold letters are about so much wider. */
const BOLD = 1.07;

export function chartTextWidth(text: string, size: number, bold: boolean): number {
  let sum = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    sum += WIDTHS[code - 32] ?? (code >= 0x2e80 ? WIDE : OTHER);
  }
  return (sum / 1000) * size * (bold ? BOLD : 1);
}

/** Vega's own text metrics, as far as they are replaced here; `item` is a text mark. */
export interface TextMetrics {
  width: (item: TextItem, text: string | number | null | undefined) => number;
}
export interface TextItem {
  readonly fontSize?: number;
  readonly fontWeight?: string | number;
  readonly limit?: number;
}

export function useChartMetrics(metrics: TextMetrics): void {
  metrics.width = (item, text) => {
    const width = chartTextWidth(String(text ?? "").trim(), item.fontSize ?? 11, isBold(item.fontWeight));
    return item.limit !== undefined && item.limit > 0 ? Math.min(width, item.limit) : width;
  };
}

const isBold = (weight: string | number | undefined): boolean =>
  weight === "bold" || (typeof weight === "number" && weight >= 600);

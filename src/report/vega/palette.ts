/** Colours and the look of all charts. Every hue can be told apart by colour-blind readers, on white and on dark paper. */
import type { JsonObject } from "./json.js";
import { CHART_FONT } from "./text-width.js";

/**
 * Colours that the page exchanges in its dark scheme, where they stand as attributes (see `page/style.ts`);
 * each is used for nothing else.
 */
export const INK = "#1f2329";
export const QUIET = "#59636e";
export const AXIS = "#8c959f";
export const GRID = "#e4e7eb";
export const PAPER = "#fffffe";

/** Okabe and Ito's hues without black and yellow, and a grey; in an order in which neighbours differ most. */
const HUES = ["#0072b2", "#d55e00", "#009e73", "#b05490", "#e69f00", "#56b4e9", "#8a8f98"];

/** Lines over a pale heatmap need a firm colour; over paper the ink. */
export const OVER_HEATMAP = "#30363d";
export const HALO = "#ffffff";
/** A cell of a heatmap without a value. */
export const NO_VALUE = "#dfe3e7";

export const FIRST_HUE = "#0072b2";

/** Viridis without its palest end, which is hard to see on white. */
const SEQUENCE = ["#440154", "#482777", "#3f4a8a", "#31678e", "#26838f", "#1f9d8a", "#6cce5a", "#b6de2b"];

/** Colours for the values of a nominal or ordinal field; numbers in order get a scale once hues run out. */
export function colorsOf(count: number, numeric: boolean, taken = 0): readonly string[] {
  const first = taken + count <= HUES.length ? taken : 0;
  if (count <= HUES.length && (!numeric || count <= 5)) return HUES.slice(first, first + count);
  if (numeric) return Array.from({ length: count }, (_, k) => along(SEQUENCE, count === 1 ? 0 : k / (count - 1)));
  // More labels than hues: again, lighter; legends and tooltips tell them apart.
  return Array.from({ length: count }, (_, k) => {
    const hue = HUES[k % HUES.length] ?? FIRST_HUE;
    return k < HUES.length ? hue : mix(hue, "#ffffff", Math.min(0.6, 0.3 * Math.floor(k / HUES.length)));
  });
}

/** For measured values: from dark to bright, or two-sided around 0. */
export const SEQUENTIAL: JsonObject = { scheme: "viridis" };
export const TWO_SIDED: JsonObject = { scheme: "blueorange" };
/** Under lines that have colours of their own. */
export const PALE: JsonObject = { range: ["#f4f6f8", "#d5e3ee", "#a9c6dc"] };
export const GREYS: JsonObject = { range: ["#ffffff", "#000000"] };

function along(colors: readonly string[], share: number): string {
  const place = share * (colors.length - 1);
  const low = Math.min(colors.length - 2, Math.floor(place));
  return mix(colors[low] ?? FIRST_HUE, colors[low + 1] ?? FIRST_HUE, place - low);
}

function mix(first: string, second: string, share: number): string {
  const channel = (color: string, k: number): number => parseInt(color.slice(1 + 2 * k, 3 + 2 * k), 16);
  const mixed = [0, 1, 2].map((k) => Math.round(channel(first, k) * (1 - share) + channel(second, k) * share));
  return `#${mixed.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

export const CHART_CONFIG: JsonObject = {
  // Our own description of the whole stands on the picture; Vega's would repeat every mark.
  aria: false,
  background: "transparent",
  // Fonts of other systems are a little wider.
  padding: { left: 4, top: 4, right: 14, bottom: 4 },
  range: { category: HUES },
  font: CHART_FONT,
  view: { stroke: null, fill: null },
  axis: {
    domainColor: AXIS,
    tickColor: AXIS,
    gridColor: GRID,
    labelColor: QUIET,
    titleColor: INK,
    labelFontSize: 11,
    titleFontSize: 12,
    titleFontWeight: "normal",
    labelLimit: 220,
    titleLimit: 460,
    tickSize: 4,
    labelPadding: 4,
    titlePadding: 7,
    labelFlush: false,
  },
  legend: {
    labelColor: INK,
    titleColor: INK,
    labelFontSize: 11,
    titleFontSize: 12,
    titleFontWeight: "normal",
    labelLimit: 240,
    titleLimit: 300,
    symbolStrokeWidth: 2.5,
    symbolSize: 90,
    padding: 5,
    offset: 14,
  },
  header: {
    labelColor: INK,
    titleColor: INK,
    labelFontSize: 11.5,
    titleFontSize: 12,
    labelFontWeight: "normal",
    labelPadding: 6,
    labelLimit: 240,
  },
  title: { color: INK, subtitleColor: QUIET },
  mark: { color: FIRST_HUE },
  line: { strokeWidth: 1.8, strokeCap: "round", strokeJoin: "round" },
  point: { filled: true, size: 34 },
  bar: { color: FIRST_HUE },
  text: { color: INK },
  rule: { color: QUIET },
};

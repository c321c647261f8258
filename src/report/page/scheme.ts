/** Colours of charts in the dark scheme. Elements get them by the page's style, canvases by exchanging them in the spec. */
import { AXIS, FIRST_HUE, GRID, INK, NO_VALUE, PAPER, QUIET } from "../vega/palette.js";

/** Colour of a chart, its name in the page's style, and what it is in the dark. */
export const EXCHANGED: readonly { readonly color: string; readonly dark: string }[] = [
  { color: INK, dark: "#e6e9ed" },
  { color: QUIET, dark: "#a3adb8" },
  { color: AXIS, dark: "#6e7781" },
  { color: GRID, dark: "#2a3038" },
  { color: PAPER, dark: "#14181d" },
  { color: NO_VALUE, dark: "#363e47" },
  { color: FIRST_HUE, dark: "#3a9bdc" },
];

export function darkened(spec: string): string {
  return EXCHANGED.reduce((text, { color, dark }) => text.replaceAll(`"${color}"`, `"${dark}"`), spec);
}

/** Rules that exchange the colours of elements. */
export function exchangeRules(scope: string): string {
  return EXCHANGED.map(
    ({ color, dark }) => `${scope} [fill="${color}"]{fill:${dark}}${scope} [stroke="${color}"]{stroke:${dark}}`,
  ).join("\n");
}

/**
 * Charts, tables and prose after evaluation: finished columns and words, nothing to compute any more.
 * Made by `charts.ts`, `tables.ts` and `prose.ts`; drawn by the report. Plain, JSON-serialisable data; no Vega-Lite in it.
 */
import type { Code } from "../base/diagnostic.js";

export type MarkName =
  "line" | "point" | "bar" | "heatmap" | "contour" | "histogram" | "trajectory" | "arrow" | "image" | "text" | "rule";

/** Channels with one field each; `x2`, `y2` are the ends of arrows and rules, `text` is what a `text` mark writes. */
export type ChannelName =
  "x" | "y" | "x2" | "y2" | "color" | "size" | "shape" | "row" | "column" | "opacity" | "order" | "text";

export type Cell = number | string | boolean | null;

/**
 * Rows as columns: all arrays have `count` entries, a missing number is null, numbers are finite.
 * Field names are safe (`[a-z][a-z0-9_]*`), the user's words are in titles.
 */
export interface Rows {
  readonly count: number;
  readonly columns: Readonly<Record<string, readonly Cell[]>>;
}

/** What one channel shows. */
export interface ChannelField {
  readonly field: string;
  /** In the user's words, for axis titles, legends and tooltips: `step`, `fit.loss`. */
  readonly title: string;
  readonly type: "quantitative" | "nominal" | "ordinal";
  readonly scale: "linear" | "log";
  /** Whether all numbers are integers (ticks, formats). */
  readonly integer: boolean;
  /** Of nominal and ordinal fields all values in the order to show (numbers ascending, labels as declared); else null. */
  readonly domain: readonly Cell[] | null;
  /** Whether it is the coordinate of an axis (a sweep, `step`, a tensor's axis) or a measured value. */
  readonly source: "axis" | "value";
}

/** The spread around `y` (fields of the rows; null where there are too few values). */
export interface Band {
  /** For the legend: `95 % confidence interval of the mean over seed`, `quantiles 0.1 to 0.9 over seed`. */
  readonly name: string;
  /** What the line in the middle is. */
  readonly middle: "mean" | "median";
  readonly low: string;
  readonly high: string;
  /** How many values each row was made of: a field, and its extremes. */
  readonly count: string;
  readonly least: number;
  readonly most: number;
}

export interface EvaluatedLayer {
  readonly mark: MarkName;
  /** `label: "M"`: the layer's own entry in the legend. */
  readonly label: string | null;
  readonly channels: Readonly<Partial<Record<ChannelName, ChannelField>>>;
  /** Splits lines and paths; shown nowhere else. Several are possible. */
  readonly detail: readonly ChannelField[];
  readonly tooltip: readonly ChannelField[];
  /**
   * Rows are sorted: by row, column, color, shape and detail, then by `order` (trajectories: `order` or the axis `step`), else by x.
   * Heatmaps, contours and images: by y, then x, the full grid of `grid` in each panel (null where nothing is known).
   */
  readonly rows: Rows;
  readonly band: Band | null;
  /** Of heatmaps, contours, images: the coordinates of the cells, in order. Facets that lack some have nulls there. */
  readonly grid: { readonly x: readonly Cell[]; readonly y: readonly Cell[] } | null;
  /**
   * Of heatmaps over numeric axes: fields with the edges of each cell (midpoints between neighbours,
   * geometric under a log scale); null where the axis is drawn as categories.
   */
  readonly cells: {
    readonly x: { readonly low: string; readonly high: string } | null;
    readonly y: { readonly low: string; readonly high: string } | null;
  } | null;
  /** Rows that could not be drawn: because something is missing, or not finite, or not positive on a log scale. */
  readonly leftOut: { readonly missing: number; readonly notFinite: number; readonly notPositive: number };
  /** `y` runs downwards (images). */
  readonly down: boolean;
}

export type EvaluatedChart =
  | {
      readonly kind: "marks";
      readonly name: string;
      readonly title: string | null;
      readonly doc: string | null;
      /** One, or those of `layer(…)`, first at the bottom. */
      readonly layers: readonly EvaluatedLayer[];
      /** To print below it: what was left out, averaged, or could not be evaluated. */
      readonly notes: readonly string[];
    }
  | {
      /** `chart c = vegalite """…"""`: the text as written, to be validated and drawn as it is. */
      readonly kind: "vegalite";
      readonly name: string;
      readonly title: string | null;
      readonly doc: string | null;
      readonly text: string;
      readonly notes: readonly string[];
    };

/** A table: one line for each `row`, one column for each value of the axes left. */
export interface EvaluatedTable {
  readonly name: string;
  readonly title: string | null;
  readonly doc: string | null;
  /** Axes that are left, in order; none: one column without a head. */
  readonly axes: readonly string[];
  /** For each column its coordinates (words), in the order of `axes`. */
  readonly columns: readonly (readonly string[])[];
  readonly rows: readonly {
    readonly title: string;
    readonly cells: readonly {
      /** As it is to be printed; `–` where it is missing, empty where the plan has no such point. */
      readonly text: string;
      readonly value: Cell;
      readonly state: "valid" | "missing" | "absent";
    }[];
  }[];
  readonly notes: readonly string[];
}

/** Prose with its numbers: pieces of Markdown as written, and values as words. */
export interface EvaluatedText {
  readonly doc: string | null;
  readonly pieces: readonly (
    | { readonly kind: "markdown"; readonly text: string }
    | {
        readonly kind: "value";
        readonly text: string;
        readonly value: Cell;
        readonly state: "valid" | "missing" | "absent";
      }
  )[];
}

/** What became of one claim. */
export type Outcome = "holds" | "fails" | "undecided";

export interface Verdict {
  readonly name: string;
  readonly title: string | null;
  readonly doc: string | null;
  readonly verdict: Outcome;
  /** `expected fails "reason"`. */
  readonly expectedFails: { readonly reason: string | null } | null;
  /** What decides the exit code: `holds`, or `fails` where that was expected; never when undecided. */
  readonly met: boolean;
  readonly expectations: readonly Expectation[];
}

/** Numerical trouble behind a verdict, which stands as it is: a row of the catalogue with what was measured. */
export interface Warning {
  readonly code: Code;
  /** One sentence in the user's words, names in backquotes. */
  readonly message: string;
  /** What to do. */
  readonly help: string;
  /** The expectation in the spec; lines and columns count from 1. */
  readonly at: { readonly file: string; readonly line: number; readonly column: number };
  /** What was measured, by name; null where a number is infinite. */
  readonly numbers: Readonly<Record<string, number | null>>;
}

export interface Expectation {
  /** The source text of the condition (`expect` and line breaks left out). */
  readonly text: string;
  readonly verdict: Outcome;
  /** The comparison that decides at the worst point; null for conditions without a number. */
  readonly measured: {
    /** Source text of the two sides. */
    readonly left: string;
    readonly comparator: string;
    readonly right: string;
    readonly leftValue: number | null;
    readonly rightValue: number | null;
    /** How far from the threshold: positive where it holds with room to spare, negative where it fails. */
    readonly distance: number | null;
  } | null;
  /** Where it is worst: axis to coordinate (a number or a label); empty for a single value. */
  readonly worst: readonly { readonly axis: string; readonly coordinate: number | string }[];
  readonly counts: {
    readonly total: number;
    readonly holding: number;
    readonly failing: number;
    readonly missing: number;
  };
  /** `for 90% of seed`: what is asked, and the least share that was found. */
  readonly share: { readonly asked: number; readonly of: string; readonly found: number | null } | null;
  /** Why it is undecided (`2 of 20 runs of fit diverged`), or what should be known beside the verdict; else null. */
  readonly reason: string | null;
  readonly warnings: readonly Warning[];
}

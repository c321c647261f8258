/** What the checker of results hands on: claims, charts, tables and prose as analysis IR. Plain data. */
import type { Span } from "../../base/span.js";
import type { AnalysisNode, AnalysisType } from "./ir.js";
import type { AxisId, Plane } from "../typed.js";
import type { Needed } from "./definitions.js";

export interface CheckedResults {
  readonly claims: readonly CheckedClaim[];
  readonly charts: readonly CheckedChart[];
  readonly tables: readonly CheckedTable[];
  readonly texts: readonly CheckedText[];
  /** Definitions that no phase records and that must be stored; see `withImplicitMeasures`. */
  readonly needed: readonly Needed[];
  readonly adaptive: readonly CheckedAdaptive[];
}

/** What an adaptive sweep, or the refinement of a plane, asks of results. */
export interface CheckedAdaptive {
  readonly mode: "refine" | "until";
  /** Null for a single sweep. */
  readonly plane: Plane | null;
  /** With their names among the axes of the conditions. */
  readonly sweeps: readonly { readonly axis: AxisId; readonly label: string }[];
  readonly conditions: readonly AnalysisNode[];
  /** Sweeps that the conditions are over besides: each of their points has values of its own. */
  readonly free: readonly { readonly axis: AxisId; readonly label: string }[];
  readonly span: Span;
}

export interface CheckedClaim {
  readonly name: string;
  readonly title: string | null;
  readonly doc: string | null;
  readonly expectedFails: { readonly reason: string | null } | null;
  readonly expectations: readonly CheckedExpectation[];
  readonly span: Span;
}

export interface CheckedExpectation {
  /** As written, on one line. */
  readonly text: string;
  readonly condition: AnalysisNode;
  readonly where: AnalysisNode | null;
  /** `for 90% of seed`. */
  readonly share: { readonly fraction: number; readonly of: string } | null;
  /** The comparisons that decide, if the condition is made of comparisons that must all hold. */
  readonly atoms: readonly Atom[];
  readonly span: Span;
}

/** One comparison of an expectation. */
export interface Atom {
  readonly comparator: "==" | "!=" | "<" | "<=" | ">" | ">=" | "approx" | "in";
  readonly left: AnalysisNode;
  /** Null for `in`. */
  readonly right: AnalysisNode | null;
  /** `approx`: how far apart the sides may be, and whether that is a share of the right side. */
  readonly tolerance: { readonly node: AnalysisNode; readonly relative: boolean } | null;
  /** `in`. */
  readonly values: readonly number[] | null;
  /** Where it is asked for, beyond the expectation's own `where` (conditions of `all`). */
  readonly where: AnalysisNode | null;
  readonly leftText: string;
  readonly rightText: string;
}

export type MarkName =
  "line" | "point" | "bar" | "heatmap" | "contour" | "histogram" | "trajectory" | "arrow" | "image" | "text" | "rule";
export type ChannelName =
  "x" | "y" | "x2" | "y2" | "color" | "size" | "shape" | "row" | "column" | "opacity" | "order" | "text";

export interface CheckedChart {
  readonly name: string;
  readonly title: string | null;
  readonly doc: string | null;
  readonly span: Span;
  readonly body:
    | { readonly kind: "marks"; readonly layers: readonly CheckedLayer[] }
    | { readonly kind: "vegalite"; readonly text: string };
}

export interface CheckedLayer {
  readonly mark: MarkName;
  readonly label: string | null;
  readonly channels: readonly CheckedChannel[];
  readonly detail: readonly CheckedChannel[];
  readonly tooltip: readonly CheckedChannel[];
  readonly filter: AnalysisNode | null;
  /** The axis over which values were averaged, and the spread around y. */
  readonly average: CheckedAverage | null;
  /** All channels at each run's own last record, drawn after the grid of `step`; null where that means nothing. */
  readonly atLast: { readonly nodes: readonly AnalysisNode[]; readonly filter: AnalysisNode | null } | null;
  /** The axis that orders the rows of a line or path, when no channel does. */
  readonly along: string | null;
  readonly span: Span;
}

export interface CheckedChannel {
  readonly channel: ChannelName | "detail" | "tooltip";
  readonly node: AnalysisNode;
  readonly title: string;
  readonly type: AnalysisType;
  readonly log: boolean;
  /** The label of the axis whose coordinate it shows; null for a value. */
  readonly axis: string | null;
}

export interface CheckedAverage {
  readonly axis: string;
  readonly middle: "mean" | "median";
  /** Null where no spread is drawn. */
  readonly band: {
    readonly kind: "ci" | "quantile";
    /** The level, or the two shares. */
    readonly numbers: readonly number[];
    readonly low: AnalysisNode;
    readonly high: AnalysisNode;
    readonly count: AnalysisNode;
  } | null;
  /** How many values each average was made of, where there is no band; for the notes. */
  readonly count: AnalysisNode;
}

/** A value that is printed; `spread` is half of its 95 % interval where it is a mean over the seeds. */
export interface CheckedPrint {
  readonly node: AnalysisNode;
  readonly spread: { readonly low: AnalysisNode; readonly high: AnalysisNode } | null;
}

export interface CheckedTable {
  readonly name: string;
  readonly title: string | null;
  readonly doc: string | null;
  readonly rows: readonly { readonly title: string; readonly print: CheckedPrint }[];
  readonly span: Span;
}

export interface CheckedText {
  readonly doc: string | null;
  readonly pieces: readonly string[];
  /** One less than pieces; null where a hole could not be understood. */
  readonly holes: readonly (CheckedPrint | null)[];
  readonly span: Span;
}

/** Results as the language sees them: tensors over sweep axes, `step`, and axes of their own. */

export interface ResultAxis {
  /** As written: `eta`, `step`, `g'`. */
  readonly name: string;
  readonly kind: "sweep" | "step" | "index";
  /** Ascending for `step`; otherwise in the order of the plan. Positions where there are labels. */
  readonly coordinates: readonly number[];
  readonly labels: readonly string[] | null;
  readonly integer: boolean;
}

/** State of an entry: NaN can not stand for missing. */
export const VALID = 0;
/** Lost, failed, diverged, not yet computed: makes what depends on it undecided. */
export const MISSING = 1;
/** Outside the plan, or beyond a ragged end: skipped everywhere. */
export const ABSENT = 2;

/** Dense over its axes, row-major, in doubles. */
export interface Column {
  readonly axes: readonly ResultAxis[];
  readonly type: "real" | "int" | "bool" | "label" | "index";
  readonly labels: readonly string[] | null;
  readonly values: Float64Array;
  readonly states: Uint8Array;
  /**
   * Of a column with a `step` axis: each run's own last record, over the other axes.
   * It is what `[step: last]` reads; a stopped run's records after its stop are missing in `values`.
   */
  readonly last: { readonly values: Float64Array; readonly states: Uint8Array } | null;
  /** Whether steps have made it: the last record has the number of updates less one as its coordinate. */
  readonly stepwise?: true;
}

export type PointState = "done" | "failed" | "diverged" | "missing";

/** What is known of one point of a phase. */
export interface PointReport {
  readonly position: readonly number[];
  readonly state: PointState;
  /** Failure: why. Divergence: at which step. */
  readonly detail: string | null;
  /** The step of a divergence. */
  readonly step?: number;
}

/** All that claims, charts, tables and prose may read. */
export interface ResultSource {
  /** A result of a phase, or `steps`, `stopped`, `diverged`, `finished` of it; undefined when there is none of that name. */
  column(phase: string, name: string): Column | undefined;
  readonly phases: ReadonlyMap<string, readonly PointReport[]>;
  /** Names of adaptive sweeps. */
  readonly refined?: ReadonlySet<string>;
}

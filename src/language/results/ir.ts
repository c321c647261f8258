/**
 * The analysis IR: expressions over results as plain data. A node is a tensor over named axes; `id` tells nodes apart,
 * so that what is used twice is evaluated once. Made here by the checker, evaluated in `src/results/analysis/`.
 */
import type { Span } from "../../base/span.js";
import type { AxisId } from "../typed.js";

/** An axis of a node. Its coordinates are known when the results are. */
export interface AnalysisAxis {
  /** The name of the index that runs over it here: `eta`, `step`, `token'`. Unique in a node. */
  readonly label: string;
  /** The axis itself; null for `step` and for ranges. Two nodes only meet where these agree. */
  readonly axis: AxisId | null;
  readonly kind: "sweep" | "step" | "index";
  readonly labels: readonly string[] | null;
  readonly integer: boolean;
}

export type AnalysisType =
  | { readonly kind: "number"; readonly integer: boolean }
  | { readonly kind: "bool" }
  /** Values are positions among the labels. */
  | { readonly kind: "label"; readonly labels: readonly string[] }
  /** A label as written, before it is known of which set it is one. */
  | { readonly kind: "word"; readonly word: string }
  /** Of what could not be understood; a diagnostic has been given. */
  | { readonly kind: "unknown" };

export type UnaryOperation =
  | "neg"
  | "not"
  | "exp"
  | "log"
  | "log1p"
  | "expm1"
  | "log2"
  | "log10"
  | "sqrt"
  | "abs"
  | "sign"
  | "sin"
  | "cos"
  | "tan"
  | "tanh"
  | "sinh"
  | "cosh"
  | "sigmoid"
  | "softplus"
  | "relu"
  | "gelu"
  | "erf"
  | "erfc"
  | "erf_inv"
  | "lgamma"
  | "digamma"
  | "floor"
  | "ceil"
  | "round"
  | "real";
export type BinaryOperation =
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "pow"
  | "max"
  | "min"
  | "floor_div"
  | "mod"
  | "atan2"
  | "logaddexp"
  | "eq"
  | "ne"
  | "lt"
  | "le"
  | "gt"
  | "ge"
  /** Equal as coordinates are: to 1e-9 relative. */
  | "eq_coordinate"
  | "ne_coordinate"
  | "and"
  | "or";
export type TernaryOperation =
  | "clip"
  /** |a - b| <= c |b|. */
  | "approx_rel"
  /** |a - b| <= c. */
  | "approx_abs";
export type AnalysisOperation = UnaryOperation | BinaryOperation | TernaryOperation;

/** Reductions of one operand; the lanes run over all axes of `over` together. */
export type AnalysisReducer =
  | "sum"
  | "mean"
  | "prod"
  | "all"
  | "any"
  | "min"
  | "max"
  | "count"
  | "fraction"
  | "logsumexp"
  | "norm"
  | "var"
  | "std"
  | "argmax"
  | "argmin"
  | "median"
  | "quantile"
  | "ci_low"
  | "ci_high"
  /** How many entries are valid; for bands. */
  | "valid";

/** Statistics over one axis or several, of one operand or two. */
export type AnalysisStatistic =
  | "slope"
  | "intercept"
  | "r2"
  | "spearman"
  | "corr"
  | "increasing"
  | "decreasing"
  | "interior_max"
  | "crossing"
  | "first"
  | "last"
  | "sign_test"
  | "wilcoxon"
  | "mann_whitney";

/** Along one axis, which stays. */
export type AnalysisScan =
  "cumsum" | "cumprod" | "rank" | "order" | "sort" | "normalize" | "sphere" | "softmax" | "log_softmax";

/** Which coordinate of an axis is taken. */
export type Selection =
  /** The axis runs under another name; when the node has that name already, its diagonal is taken. */
  | { readonly kind: "rename"; readonly to: AnalysisAxis }
  /** The coordinate that equals the value (to 1e-9 relative); the value may vary over other axes, or this one. */
  | { readonly kind: "coordinate"; readonly value: AnalysisNode }
  | { readonly kind: "near"; readonly value: AnalysisNode }
  /** The value's place among the coordinates, from 0. */
  | { readonly kind: "position"; readonly value: AnalysisNode }
  /** Counted from an end: `last - 2` is 2 from the end. Over `step` each run's own last record. */
  | { readonly kind: "end"; readonly end: "first" | "last"; readonly offset: number }
  /** Keeps the axis, with these coordinates in this order. */
  | { readonly kind: "list"; readonly values: readonly number[] };

interface Node {
  readonly id: number;
  readonly axes: readonly AnalysisAxis[];
  readonly type: AnalysisType;
  readonly span: Span;
}

export type AnalysisNode =
  | ConstantNode
  | AxisNode
  | ColumnNode
  | LiteralNode
  | ApplyNode
  | ChooseNode
  | InNode
  | MissingNode
  | SelectNode
  | ReduceNode
  | StatisticNode
  | ScanNode
  | ExpandNode
  | UnknownNode;

export interface ConstantNode extends Node {
  readonly kind: "constant";
  readonly value: number;
}
/** The coordinates of an axis as a tensor over it. */
export interface AxisNode extends Node {
  readonly kind: "axis";
  readonly axis: AnalysisAxis;
  /** Positions instead of coordinates (an index inside a positional subscript). */
  readonly position: boolean;
  readonly coordinates:
    /** Those of these columns, together; `name` is what the axis is called there. */
    | { readonly kind: "columns"; readonly columns: readonly ColumnRef[] }
    | { readonly kind: "known"; readonly values: readonly number[] }
    /** All integers between the smallest and the largest value. */
    | { readonly kind: "span"; readonly from: AnalysisNode; readonly to: AnalysisNode };
}
export interface ColumnRef {
  readonly phase: string;
  readonly result: string;
  readonly name: string;
}
/** A result as it is stored. */
export interface ColumnNode extends Node {
  readonly kind: "column";
  readonly phase: string;
  readonly result: string;
  /** Of a result of type `index(A)` where A has numbers as coordinates: what its positions stand for. */
  readonly coordinates: readonly number[] | null;
  /** Null: the records. A number k: the record k places before each run's own last one. */
  readonly fromLast: number | null;
}
/** Numbers written in a claim, row-major over the axes. */
export interface LiteralNode extends Node {
  readonly kind: "literal";
  readonly values: readonly number[];
  readonly sizes: readonly number[];
  /** For each axis its coordinates in the full plan; null where they are found in the columns. */
  readonly coordinates: readonly (readonly number[] | null)[];
  readonly columns: readonly (readonly ColumnRef[])[];
}
export interface ApplyNode extends Node {
  readonly kind: "apply";
  readonly operation: AnalysisOperation;
  readonly operands: readonly AnalysisNode[];
}
/** The arm that the subject's value numbers; `if c then a else b` has the arms b, a. Arms not chosen do not matter. */
export interface ChooseNode extends Node {
  readonly kind: "choose";
  readonly subject: AnalysisNode;
  readonly arms: readonly AnalysisNode[];
}
export interface InNode extends Node {
  readonly kind: "in";
  readonly operand: AnalysisNode;
  readonly values: readonly number[];
}
/** True where the operand is missing. */
export interface MissingNode extends Node {
  readonly kind: "missing";
  readonly operand: AnalysisNode;
}
export interface SelectNode extends Node {
  readonly kind: "select";
  readonly body: AnalysisNode;
  /** The label of the axis of `body`. */
  readonly axis: string;
  readonly selection: Selection;
  /** What is being selected from, in the user's words, for messages. */
  readonly of: string;
}
export interface ReduceNode extends Node {
  readonly kind: "reduce";
  readonly reducer: AnalysisReducer;
  readonly over: readonly string[];
  readonly where: AnalysisNode | null;
  readonly body: AnalysisNode;
  /** The q of `quantile`, the level of `ci_low`. */
  readonly parameter: number | null;
  /** Missing entries are left out instead of making the whole missing (the averages of charts, which print how many there were). */
  readonly skipMissing: boolean;
}
export interface StatisticNode extends Node {
  readonly kind: "statistic";
  readonly statistic: AnalysisStatistic;
  readonly over: readonly string[];
  readonly where: AnalysisNode | null;
  readonly operands: readonly AnalysisNode[];
  /** `crossing`: the level; it does not vary along the axis. */
  readonly level: AnalysisNode | null;
}
export interface ScanNode extends Node {
  readonly kind: "scan";
  readonly scan: AnalysisScan;
  /** Several for what takes no order into account. */
  readonly over: readonly string[];
  readonly where: AnalysisNode | null;
  readonly body: AnalysisNode;
}
/** Constant along axes that the body lacks. */
export interface ExpandNode extends Node {
  readonly kind: "expand";
  readonly body: AnalysisNode;
  readonly along: readonly AnalysisNode[];
}
export interface UnknownNode extends Node {
  readonly kind: "unknown";
}

/**
 * The IR: what one run computes, as plain serialisable data.
 * Sweeps and seeds never occur here; the planner finds out afterwards which values vary over runs.
 */
import type { Span } from "../base/span.js";

/** A dimension's label: fresh for each binder, so no value has a label twice. */
export type DimId = number & { readonly __dim?: never };
export type ValueId = number & { readonly __value?: never };
/** Names an inner loop: what depends on its sources is its region. */
export type LoopId = number & { readonly __loop?: never };

export interface Dim {
  readonly id: DimId;
  /** For people only. */
  readonly name: string;
  readonly size: number;
  /**
   * Where a run fills only its first positions: the scalar of the program that says how many. What stands behind them
   * means nothing, and no value at a position that counts depends on it.
   */
  readonly filled?: number;
}

export type DType = "f32" | "f64" | "i32" | "bool";

/** The order of `dims` is the order of a dense array at the boundary (row-major); it carries no other meaning. */
export interface ValueType {
  readonly dtype: DType;
  readonly dims: readonly DimId[];
}

/** Attributes of each op; an op that is not named here has none. */
export interface OpAttributes {
  // sources
  /** Dense data in the order of the type's dims, in doubles: rounded to the dtype where they are used. One number stands for all entries. */
  constant: { readonly data: readonly number[] };
  input: { readonly index: number };
  carried: { readonly index: number };
  /** Updates done, an i32 scalar. */
  step: Nothing;
  /** The position along its only dim. */
  iota: Nothing;

  // elementwise, one operand
  neg: Nothing;
  exp: Nothing;
  log: Nothing;
  log1p: Nothing;
  expm1: Nothing;
  sqrt: Nothing;
  abs: Nothing;
  sign: Nothing;
  sin: Nothing;
  cos: Nothing;
  tan: Nothing;
  tanh: Nothing;
  sigmoid: Nothing;
  softplus: Nothing;
  erf: Nothing;
  erf_inv: Nothing;
  /** log |Γ(x)|. */
  lgamma: Nothing;
  digamma: Nothing;
  floor: Nothing;
  ceil: Nothing;
  /** Halves to even. */
  round: Nothing;
  not: Nothing;
  is_finite: Nothing;
  /** Identity with derivative 0. */
  stop: Nothing;
  /** x^n by exact repeated multiplication, n >= 0. */
  power_int: { readonly exponent: number };
  /** To the type's dtype; real to int truncates, anything to bool is `!= 0`. */
  cast: Nothing;

  // elementwise, two operands; operands broadcast by label to the union of their dims
  add: Nothing;
  sub: Nothing;
  mul: Nothing;
  div: Nothing;
  max: Nothing;
  min: Nothing;
  pow: Nothing;
  atan2: Nothing;
  /** Floored. */
  mod: Nothing;
  floor_div: Nothing;
  eq: Nothing;
  ne: Nothing;
  lt: Nothing;
  le: Nothing;
  gt: Nothing;
  ge: Nothing;
  and: Nothing;
  or: Nothing;
  /** Key (two words) and counter (two words) to a word of Threefry-2x32: random bits, all i32. */
  threefry: { readonly word: 0 | 1 };
  /** condition, then, else. The adjoint is a strong zero where a branch was not taken. */
  select: Nothing;

  // sums of products and reductions
  /** Sum over `over` of the product of the operands (one or more, reals of one dtype). */
  contract: { readonly over: readonly DimId[] };
  reduce_sum: { readonly over: readonly DimId[] };
  reduce_prod: { readonly over: readonly DimId[] };
  reduce_max: { readonly over: readonly DimId[] };
  reduce_min: { readonly over: readonly DimId[] };
  reduce_any: { readonly over: readonly DimId[] };
  reduce_all: { readonly over: readonly DimId[] };
  /** Position of the first largest (smallest) entry, i32. */
  arg_max: { readonly over: DimId };
  arg_min: { readonly over: DimId };
  cumulative_sum: { readonly along: DimId };
  cumulative_prod: { readonly along: DimId };
  /** How many entries come before in ascending order, i32: equals by position, NaN last. */
  rank: { readonly along: DimId };

  // matrices over two dims, with a batch
  /** `(A, b)`: Σ_columns A[rows, columns] x[columns] = b[rows]. */
  solve: { readonly rows: DimId; readonly columns: DimId };
  log_det: { readonly rows: DimId; readonly columns: DimId };
  /** The lower factor of the symmetric part, over the same dims. */
  cholesky: { readonly rows: DimId; readonly columns: DimId };
  /** Of the symmetric part; along `parts` a value and its vector, descending along `to`. */
  eigh: { readonly rows: DimId; readonly columns: DimId; readonly to: DimId; readonly parts: DimId };
  /** Along `parts` a value, its left vector and its right vector, descending along `to`. */
  svd: { readonly rows: DimId; readonly columns: DimId; readonly to: DimId; readonly parts: DimId };
  svd_values: { readonly rows: DimId; readonly columns: DimId; readonly to: DimId };
  /** `(Σ u v', matrix, values, left, right, counts)`: the first; the others say what its derivative is. */
  polar: { readonly rows: DimId; readonly columns: DimId; readonly to: DimId };
  /** `(I - Σ v v', …)` over the columns and their copy, likewise. */
  projector: { readonly rows: DimId; readonly columns: DimId; readonly to: DimId; readonly second: DimId };

  // structure
  /** Renames dims: `from[k]` becomes `to[k]`, of the same size. */
  relabel: { readonly from: readonly DimId[]; readonly to: readonly DimId[] };
  /** Takes the entries where `first` and `second` agree; the result has `first` only. */
  diagonal: { readonly first: DimId; readonly second: DimId };
  /** Adds dims (constant along them) to reach the type's dims, in the type's order: with none to add it only reorders. */
  broadcast: Nothing;
  /** `out[…, to: k] = x[…, dim: start + k]`, 0 <= k < size(to). */
  slice: { readonly dim: DimId; readonly to: DimId; readonly start: number };
  /** `out[…, to: start + k] = x[…, dim: k]`, zero elsewhere; the adjoint of slice. */
  pad: { readonly dim: DimId; readonly to: DimId; readonly start: number };
  /** `out[…, to: start of part k + j] = operand k[…, from[k]: j]`: one behind the other; sizes of `from` add up to that of `to`. */
  concat: { readonly from: readonly DimId[]; readonly to: DimId };
  /** The dims `from` as one, the last of them fastest. */
  merge: { readonly from: readonly DimId[]; readonly to: DimId };
  /** One dim as the dims `to`, the last of them fastest; the inverse of merge. */
  split: { readonly dim: DimId; readonly to: readonly DimId[] };
  /**
   * `(x, index)`: `out[rest, index dims] = x[rest, dim: index]`; a dim that both have is aligned.
   * The index is an i32 and is clamped into the range (a read that may be out of range has a check of its own).
   */
  gather: { readonly dim: DimId };
  /**
   * `(updates, index)`: `out[rest, dim: d] = sum over `over` of updates where index == d`; the adjoint of gather.
   * `dim` is a dim of the result only. Updates whose index is outside the range are dropped.
   */
  scatter_add: { readonly dim: DimId; readonly over: readonly DimId[] };

  // loops inside of a step
  /** The number of iterations done before this one, an i32 scalar; a source of the loop's region. */
  loop_position: { readonly loop: LoopId };
  /** A state of the loop before this iteration; a source of its region. */
  loop_state: { readonly loop: LoopId; readonly index: number };
  /**
   * `(count, until?, initial values, next values, stacked values)`: iterates `count` times, at most `most` times, and ends before an iteration
   * at whose start `until` is true. Initial values and the count are computed before it; `until`, next and stacked values belong to
   * the region, which is all that depends on the loop's sources. Its own value is the number of iterations done, an i32 scalar.
   */
  loop: {
    readonly loop: LoopId;
    readonly states: number;
    readonly stacks: number;
    readonly most: number;
    readonly until: boolean;
  };
  /** `(loop)`: a state after the last iteration. */
  loop_final: { readonly index: number };
  /** `(loop)`: `out[…, to: k] = the stacked value in iteration k`, 0 in those that were not reached; `to` has the size `most`. */
  loop_stack: { readonly index: number; readonly to: DimId };
}
export type Nothing = Readonly<Record<string, never>>;

export type OpName = keyof OpAttributes;

export interface NodeOf<K extends OpName> {
  readonly id: ValueId;
  readonly op: K;
  readonly operands: readonly ValueId[];
  readonly attributes: OpAttributes[K];
  readonly type: ValueType;
}
export type Node = { readonly [K in OpName]: NodeOf<K> }[OpName];

/** Something given from outside, for one run. */
export interface Input {
  readonly name: string;
  readonly type: ValueType;
  readonly source: InputSource;
}

export type InputSource =
  /** A constant of the point, computed in doubles when the sweep is planned; `index` counts the program's scalars. */
  | { readonly kind: "scalar"; readonly index: number }
  /** Drawn on the host before the run; `along` counts the dims of the type. */
  | {
      readonly kind: "draw";
      /** Qualified name in the experiment (and phase): names the stream. */
      readonly stream: string;
      readonly distribution: DrawDistribution;
      /** Replaces the seed part of the key: an index into the program's scalars; null is the sweep variable `seed`. */
      readonly by: readonly number[] | null;
      /** A part of an axis is drawn like that piece of the whole. */
      readonly positions?: DrawPositions;
    }
  /** A word of the key of a stream of draws that are made inside the loop; i32. `by` as in a draw. */
  | {
      readonly kind: "key";
      readonly stream: string;
      readonly word: 0 | 1;
      readonly by: readonly number[] | null;
    }
  /** A column of a file: `key` counts the plan's data sets. */
  | { readonly kind: "data"; readonly dataset: number; readonly column: string }
  /** What an earlier phase left behind: the final value of a parameter or state, or a result of a measure. */
  | { readonly kind: "result"; readonly phase: string; readonly value: string };

/** By dim where its positions are others than 0 … size - 1: these, as runs. */
export type DrawPositions = readonly (readonly (readonly [start: number, length: number])[] | null)[];

/** Standard forms only; location and scale are applied in the IR. */
export type DrawDistribution =
  | { readonly kind: "normal" }
  /** In [0, 1). */
  | { readonly kind: "uniform" }
  | { readonly kind: "rademacher" }
  /** `p` is an index into the program's scalars: the chance, the shape, the mean. */
  | { readonly kind: "bernoulli" | "gamma" | "poisson"; readonly p: number }
  /** Uniform on the unit sphere of the dim at position `along` of the type. */
  | { readonly kind: "on_sphere"; readonly along: number }
  /** A permutation of the positions of the dim at position `along`. */
  | { readonly kind: "permutation"; readonly along: number }
  /** A position 0 … size - 1, all alike. */
  | { readonly kind: "choice"; readonly size: number };

/** A value that changes from step to step. */
export interface Carried {
  readonly name: string;
  readonly role: "parameter" | "state";
  readonly type: ValueType;
  readonly init: ValueId;
  readonly next: ValueId;
  /** Whether a non-finite entry makes the run diverge. */
  readonly watched: boolean;
}

export interface Output {
  readonly name: string;
  readonly value: ValueId;
}

/** Records that share their steps. The steps themselves belong to the plan: a program has the same size for any number. */
export interface RecordGroup {
  readonly entries: readonly Output[];
}

/**
 * One step, for t = 0 … T: `stop` (true ends the run here); the records, if t is recorded; unless t = T, `next` of all carried values at once.
 * A stopped run keeps its values; its records at its own last step are taken once more at the end (the extra slot).
 */
export interface StepLoop {
  readonly carried: readonly Carried[];
  /** A bool scalar; null where the phase has no `stop when`. */
  readonly stop: ValueId | null;
  readonly groups: readonly RecordGroup[];
}

/** A condition that must hold, else the point has failed at this step: an out-of-range read for instance. */
export interface Check {
  /** A bool scalar. */
  readonly condition: ValueId;
  readonly message: string;
  readonly span: Span | null;
}

/** One phase at one set of shapes, for one run. */
export interface Program {
  readonly name: string;
  readonly dims: readonly Dim[];
  /** In topological order; ids are positions in this list. Everything that needs neither `carried` nor `step` is computed once. */
  readonly nodes: readonly Node[];
  readonly inputs: readonly Input[];
  /** Null for a phase that is evaluated once. */
  readonly loop: StepLoop | null;
  /** Evaluated once, before the loop if there is one. */
  readonly outputs: readonly Output[];
  readonly checks: readonly Check[];
  /** Where nodes come from, by value id; for diagnostics, never part of a key. */
  readonly origins: Readonly<Record<ValueId, Span>>;
}

/**
 * The checked experiment: what the checker hands to lowering.
 * Every name is resolved, every index is explicit and carries its axis, templates are expanded, functions are inlined
 * (their arguments and results are definitions of their own), bare tensors have been given their indices.
 * Plain readonly data; trees may share nodes. Sizes stay symbolic here: they may depend on sweep variables.
 */
import type { Expr as TreeExpr, Statement as TreeStatement } from "../../grammar/tree.js";
import type { Span } from "../base/span.js";
import type { DatasetFormat } from "../datasets/index.js";

export type AxisId = number & { readonly __axis?: never };
export type IndexId = number & { readonly __index?: never };
export type DefinitionId = number & { readonly __definition?: never };
export type ConstantId = number & { readonly __constant?: never };

/** What may be known of an axis before any value is. */
export interface Axis {
  readonly id: AxisId;
  /** As the user names it: `dim`, `M.head`. */
  readonly name: string;
  readonly kind: AxisKind;
  readonly span: Span;
}
export type AxisKind =
  /** Positions 0 … size - 1; the size is a constant expression of type int. */
  | { readonly kind: "plain"; readonly size: Expr }
  /** Coordinates are numbers: a constant list (`list`, `range`, `linspace` …) that may depend on sweep variables. */
  | {
      readonly kind: "coordinates";
      readonly values: ListExpr;
      /** All coordinates are ints, and read as such. */ readonly integer?: boolean;
    }
  | { readonly kind: "labels"; readonly labels: readonly string[] }
  /** An axis over which whole runs vary. Its values stand in `Experiment.sweeps`. */
  | { readonly kind: "sweep"; readonly labels: readonly string[] | null; readonly integer: boolean }
  /** A domain: `k: 1 .. n - 1`; the index's value is from + position. */
  | { readonly kind: "range"; readonly from: Expr; readonly to: Expr }
  /** Some positions of another axis, counted along that one; its values are those of the whole. */
  | { readonly kind: "part"; readonly whole: AxisId; readonly positions: ListExpr }
  /** The positions of several axes, one axis behind the other. */
  | { readonly kind: "join"; readonly parts: readonly AxisId[] }
  /** All pairs (triples …) of positions, the last factor fastest. */
  | { readonly kind: "product"; readonly factors: readonly AxisId[] };

/** A bound index variable: made by the left side of a definition, a reduction, a normaliser, a `with`. */
export interface Index {
  readonly id: IndexId;
  readonly name: string;
  readonly axis: AxisId;
  readonly span: Span;
}

export type ScalarType =
  | { readonly kind: "real" }
  | { readonly kind: "int" }
  | { readonly kind: "bool" }
  | { readonly kind: "label"; readonly labels: readonly string[] }
  /** A position of an axis; reads as its coordinate where a number is wanted. */
  | { readonly kind: "index"; readonly axis: AxisId };

interface Typed {
  readonly type: ScalarType;
  readonly span: Span;
}

/** Elementwise operations; ints stay int where language section 5 says so, and the checker has inserted `real` where they widen. */
export type Operation =
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "neg"
  | "pow"
  | "power_int"
  | "max"
  | "min"
  | "clip"
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
  | "and"
  | "or"
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
  /** int or bool to real; index to its coordinate's number (real or int). */
  | "real"
  /** An index to its position, an int: along `along` where that is told, else (on a part) along the whole. */
  | "position";

export type Reducer =
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
  | "quantile";
export type Normaliser =
  "softmax" | "log_softmax" | "normalize" | "sphere" | "cumsum" | "cumprod" | "sort" | "rank" | "order" | "top";

export type Expr =
  | NumberExpr
  | BooleanExpr
  | LabelExpr
  | ConstantExpr
  | SweepExpr
  | SizeExpr
  | IndexExpr
  | StepExpr
  | ReadExpr
  | ApplyExpr
  | SelectExpr
  | CaseExpr
  | ReduceExpr
  | NormaliseExpr
  | CrossEntropyExpr
  | MatrixExpr
  | AssembleExpr
  | WithExpr
  | GradExpr
  | SharpnessExpr
  | StopExpr
  | ElementExpr
  | UnknownExpr;

export interface NumberExpr extends Typed {
  readonly kind: "number";
  readonly value: number;
}
export interface BooleanExpr extends Typed {
  readonly kind: "boolean";
  readonly value: boolean;
}
/** A label as a value: its position among the labels of its type. */
export interface LabelExpr extends Typed {
  readonly kind: "label";
  readonly position: number;
}
/** A `let`: known before the run, evaluated in doubles. */
export interface ConstantExpr extends Typed {
  readonly kind: "constant";
  readonly constant: ConstantId;
}
/** The value of a sweep variable at the run's point (a number, or a label's position). */
export interface SweepExpr extends Typed {
  readonly kind: "sweep";
  readonly axis: AxisId;
}
export interface SizeExpr extends Typed {
  readonly kind: "size";
  readonly axis: AxisId;
}
/** The value of a bound index: type `index(axis)`. */
export interface IndexExpr extends Typed {
  readonly kind: "index";
  readonly index: Index;
}
/** Updates done, an int; only inside phases. */
export interface StepExpr extends Typed {
  readonly kind: "step";
}
/** `M.W[dim, 0]`: one subscript for each axis of the definition, in its order. */
export interface ReadExpr extends Typed {
  readonly kind: "read";
  readonly definition: DefinitionId;
  readonly subscripts: readonly Subscript[];
}
export type Subscript =
  /** A bound index of the same axis, or of one that lies in it (`made-axes.ts`): a part, a joined axis. */
  | { readonly kind: "index"; readonly index: Index; readonly span: Span }
  /**
   * Any position, an int: a gather. `bounds` says what happens outside: `checked` makes the point fail there
   * (`proven`: the checker showed that it cannot), the others as named in the language.
   */
  | {
      readonly kind: "position";
      readonly value: Expr;
      readonly bounds: "proven" | "checked" | "cyclic" | "clamp" | "pad";
      /** The axis along which the value counts, where that is one that lies in the tensor's: `xi[class: 3]`. */
      readonly within?: AxisId;
      readonly span: Span;
    }
  /** On an axis that is a product: one for each of its factors. */
  | { readonly kind: "product"; readonly factors: readonly Subscript[]; readonly span: Span };
export interface ApplyExpr extends Typed {
  readonly kind: "apply";
  readonly operation: Operation;
  readonly operands: readonly Expr[];
  /** For `power_int`. */
  readonly exponent?: number;
  /** For `position`: the axis along which it counts. */
  readonly along?: AxisId;
}
/** `if c then a else b`. */
export interface SelectExpr extends Typed {
  readonly kind: "if";
  readonly condition: Expr;
  readonly then: Expr;
  readonly otherwise: Expr;
}
/** `case L {…}` on a label: one arm for each label in order (shared arms repeat). On a sweep variable only the chosen arm is lowered. */
export interface CaseExpr extends Typed {
  readonly kind: "case";
  readonly subject: Expr;
  readonly arms: readonly Expr[];
}
export interface ReduceExpr extends Typed {
  readonly kind: "reduce";
  readonly reducer: Reducer;
  readonly over: readonly Index[];
  readonly where: Expr | null;
  /** For `count` and `fraction` a bool. */
  readonly body: Expr;
  /** The share of `quantile`, in which the reduction's own indices do not occur. */
  readonly argument?: Expr;
}
/** Keeps the index: the result varies over it. */
export interface NormaliseExpr extends Typed {
  readonly kind: "normalise";
  readonly normaliser: Normaliser;
  readonly over: readonly Index[];
  readonly where: Expr | null;
  readonly body: Expr;
  /** How many `top` takes, an int, in which the index does not occur. */
  readonly argument?: Expr;
}
export interface CrossEntropyExpr extends Typed {
  readonly kind: "cross_entropy";
  readonly over: Index;
  /** The classes that there are; a target beside them is infinitely far. */
  readonly where: Expr | null;
  readonly logits: Expr;
  readonly target:
    /** A position of the axis of `over`; `checked`: the point fails where it is outside. */
    | { readonly kind: "position"; readonly value: Expr; readonly bounds?: "proven" | "checked" }
    /** Soft labels: varies over `over`. */
    | { readonly kind: "soft"; readonly value: Expr };
}
export type MatrixOperation =
  "inverse" | "solve" | "cholesky" | "logdet" | "trace" | "polar" | "projector" | "eigh" | "svd";
/** What is taken of a decomposition: `vectors` of eigh, `left` and `right` of svd. */
export type MatrixPart = "values" | "vectors" | "left" | "right";
/** Linear algebra over two indices of `body`. */
export interface MatrixExpr extends Typed {
  readonly kind: "matrix";
  readonly operation: MatrixOperation;
  readonly part: MatrixPart | null;
  /** Bound in `body` (and in `right`), unless they are among the results as well. */
  readonly rows: Index;
  readonly columns: Index;
  /**
   * The free indices that the result is over besides those of the batch: rows and columns of `inverse` (which is transposed: its rows stand
   * over `columns`), `cholesky` and `polar`; `columns` of `solve`; `columns` and another index of its axis for a projector; the index of
   * the values, then that of the vectors' entries.
   */
  readonly results: readonly Index[];
  readonly body: Expr;
  /** The right side of `solve`. */
  readonly right: Expr | null;
  /** Of `polar` and `projector`, a share of the largest singular value. */
  readonly tolerance: Expr | null;
}
/**
 * Values over an axis made of others, from values over those: of a join (or an axis that parts make up) a piece for each,
 * with one index; of a product one piece with an index for each factor. Varies over `index`; the pieces' own are bound.
 */
export interface AssembleExpr extends Typed {
  readonly kind: "assemble";
  readonly index: Index;
  readonly pieces: readonly { readonly indices: readonly Index[]; readonly value: Expr }[];
  /** Over `index`, where the pieces leave positions out. */
  readonly elsewhere?: Expr;
}
/** `body` when the definition is replaced wherever `body` depends on it. */
export interface WithExpr extends Typed {
  readonly kind: "with";
  readonly body: Expr;
  readonly replacements: readonly {
    readonly definition: DefinitionId;
    /** One index for each axis of the definition, bound in `value`. Other free indices of `value` are free in the result. */
    readonly indices: readonly Index[];
    readonly value: Expr;
  }[];
}
/** `grad(of, by)[subscripts]`: `of` a scalar. */
export interface GradExpr extends Typed {
  readonly kind: "grad";
  readonly of: Expr;
  readonly by: DefinitionId;
  readonly subscripts: readonly Subscript[];
  /**
   * Places of axes of `by` that it has only because a fn was called once for each value of an index (its argument was
   * given these axes): `of` depends on it only where they agree with that index, which is their subscript here. So the
   * derivative of `of` summed over that index, read at these subscripts, is the one that is meant.
   */
  readonly mapped?: readonly number[];
  /** The derivative of the derivative along a direction: its value over indices of the last axes of `by`, which are bound in it. */
  readonly along?: { readonly indices: readonly Index[]; readonly value: Expr };
}
/** The largest eigenvalue of the Hessian of `of`, a scalar, by all entries of `by` that are at the given subscripts of its first axes. */
export interface SharpnessExpr extends Typed {
  readonly kind: "sharpness";
  readonly of: Expr;
  readonly by: DefinitionId;
  readonly at: readonly Subscript[];
}
export interface StopExpr extends Typed {
  readonly kind: "stop";
  readonly operand: Expr;
}
/** An entry of a list constant: `values[k]` with `let values = […]`. */
export interface ElementExpr extends Typed {
  readonly kind: "element";
  readonly list: ListExpr;
  readonly position: Expr;
}
/** Stands for what could not be understood; a diagnostic has been given, and nothing is lowered. */
export interface UnknownExpr extends Typed {
  readonly kind: "unknown";
}

/** A list of numbers known before the run; ends of ranges belong to it. */
export type ListExpr =
  | { readonly kind: "items"; readonly items: readonly Expr[]; readonly span: Span }
  | { readonly kind: "range"; readonly from: Expr; readonly to: Expr; readonly span: Span }
  | {
      readonly kind: "linspace" | "logspace";
      readonly from: Expr;
      readonly to: Expr;
      readonly count: Expr;
      readonly span: Span;
    }
  | { readonly kind: "powers"; readonly base: Expr; readonly exponents: ListExpr; readonly span: Span }
  | { readonly kind: "concat"; readonly lists: readonly ListExpr[]; readonly span: Span }
  | { readonly kind: "constant"; readonly constant: ConstantId; readonly span: Span }
  | { readonly kind: "case"; readonly subject: Expr; readonly arms: readonly ListExpr[]; readonly span: Span };

/** A `let`. */
export interface Constant {
  readonly id: ConstantId;
  readonly name: string;
  readonly value: Expr | ListExpr;
  readonly span: Span;
}

/** A tensor: what stands in brackets on its left side, and how its values come about. */
export interface Definition {
  /** By which name its draws are made, where that is not its own. */
  readonly stream?: string;
  readonly id: DefinitionId;
  /** Qualified in the experiment: `M.W`, `loss`; names its draws. */
  readonly name: string;
  readonly axes: readonly Index[];
  readonly type: ScalarType;
  readonly body: DefinitionBody;
  readonly span: Span;
  readonly doc: string | null;
}
export type DefinitionBody =
  | { readonly kind: "equation"; readonly value: Expr }
  /** Row-major over the axes. */
  | { readonly kind: "literal"; readonly entries: readonly Expr[] }
  /** `each`: made anew in the steps of a phase, in every one of them or at every so many. */
  | { readonly kind: "draw"; readonly draw: Draw; readonly each?: { readonly every: Expr | null } }
  | { readonly kind: "param"; readonly init: Initial }
  | { readonly kind: "state"; readonly init: Initial }
  /** A column of a data file. */
  | {
      readonly kind: "data";
      readonly dataset: number;
      readonly column: string;
      /** Where the file or the column differs from point to point: the place of the point's own, by a constant. */
      readonly choice?: {
        readonly chosen: Expr;
        readonly from: readonly { readonly dataset: number; readonly column: string }[];
      };
    }
  /** Definitions one behind the other along one of the axes, an entry each. */
  | { readonly kind: "stacked"; readonly along: number; readonly parts: readonly DefinitionId[] }
  /** The position of a scan that is a loop, or one of its states at the start of an iteration: given by the loop. */
  | { readonly kind: "turn"; readonly scan: ScanId }
  /** A state after the last iteration of such a scan. */
  | { readonly kind: "scanned"; readonly scan: ScanId; readonly state: number }
  /** A value of all its iterations, along one of the axes. */
  | { readonly kind: "scan stack"; readonly scan: ScanId; readonly stacked: number; readonly along: number }
  /** What an equation of an earlier phase was at its end, under its name among that phase's results. */
  | { readonly kind: "left"; readonly phase: string; readonly value: string }
  /** The gradient of the objective by a parameter; only read inside the optimizer's statements. */
  | { readonly kind: "gradient"; readonly parameter: DefinitionId };
export type ScanId = number;

/** A scan that is a loop inside of a step: all its parts are definitions, which read those of body `turn`. */
export interface ScanLoop {
  readonly id: ScanId;
  /** An int constant; which sweeps it depends on is structural. */
  readonly count: Expr;
  readonly reverse: boolean;
  /** A scalar. */
  readonly position: DefinitionId;
  /** A bool scalar of the states at the start of an iteration: true ends the loop before it. */
  readonly until: DefinitionId | null;
  readonly states: readonly {
    readonly now: DefinitionId;
    readonly initial: DefinitionId;
    readonly next: DefinitionId;
  }[];
  readonly stacked: readonly DefinitionId[];
}

export type Initial = { readonly kind: "value"; readonly value: Expr } | { readonly kind: "draw"; readonly draw: Draw };

/** Arguments are expressions over the definition's axes; `along` is one of its axes. */
export interface Draw {
  readonly distribution:
    | { readonly kind: "normal"; readonly mean: Expr; readonly sd: Expr }
    | { readonly kind: "uniform"; readonly low: Expr; readonly high: Expr }
    | { readonly kind: "rademacher" }
    | { readonly kind: "bernoulli"; readonly p: Expr }
    | { readonly kind: "gamma"; readonly shape: Expr; readonly scale: Expr }
    | { readonly kind: "poisson"; readonly mean: Expr }
    | { readonly kind: "on_sphere"; readonly along: Index }
    | { readonly kind: "permutation"; readonly along: Index }
    | { readonly kind: "choice"; readonly axis: AxisId }
    /** An int from `from` to `to`, both included; constants. */
    | { readonly kind: "among"; readonly from: Expr; readonly to: Expr }
    /** A position of an axis, with chances in proportion to the weights, which vary over the index. */
    | { readonly kind: "categorical"; readonly over: Index; readonly weights: Expr };
  /** Constants that replace the seed part of the key; null: the sweep variable `seed`, or 0. */
  readonly by: readonly Expr[] | null;
  /** Of a draw in iterations of scans: the places in its key, in order; positions of scans (ints), null for the next of its axes. */
  readonly at?: readonly (Expr | null)[];
}

export interface Sweep {
  /** One, or several that move together. */
  readonly axes: readonly AxisId[];
  readonly values:
    | { readonly kind: "list"; readonly list: ListExpr }
    /** One row a point, one entry an axis; a label is its position. */
    | { readonly kind: "tuples"; readonly rows: readonly (readonly Expr[])[] }
    | { readonly kind: "labels" };
  readonly where: Expr | null;
  /** Values come one after the other, as results ask for them; those above are the ones that there may be, or to begin with. */
  readonly adaptive?: AdaptiveSweep;
  /** Values of a `sequence`: phases run once for each of them, one after the other, instead of all runs. */
  readonly sequence?: true;
  /** It is an axis of a plane: values between those listed will come. */
  readonly refined?: true;
  readonly span: Span;
}

export interface AdaptiveSweep {
  /** Between neighbours whose conditions differ, or the next value until the conditions hold. */
  readonly mode: "refine" | "until";
  /** The first values; null: all that the sweep lists. */
  readonly start: ListExpr | null;
  /** The distance at which neighbours are near enough; null: those between which no value is. */
  readonly tolerance: { readonly value: number; readonly relative: boolean } | null;
  /** Whether the listed values are all that there may be. */
  readonly listed: boolean;
  /** Over results: looked at when the names of results are known. */
  readonly conditions: readonly TreeExpr[];
  readonly span: Span;
}

/** `refine (load log, flip) 4 times where c`: the cells of the plane of several sweeps, halved where conditions differ. */
export interface Plane {
  /** `log`: the middle of a cell is the geometric one. */
  readonly axes: readonly { readonly axis: AxisId; readonly log: boolean }[];
  readonly times: number;
  readonly conditions: readonly TreeExpr[];
  readonly span: Span;
}

/** `name[i] <- e`: all targets of one statement read the old values. */
export interface Assignment {
  readonly targets: readonly {
    readonly definition: DefinitionId;
    readonly axes: readonly Index[];
    readonly value: Expr;
    readonly where: Expr | null;
  }[];
  /**
   * The entries along an axis change one after the other, each seeing the changes before it. Of several targets, which are those of a
   * component that is chosen, one changes at all.
   */
  readonly asynchronously?: Asynchronously;
  readonly span: Span;
}

export interface Asynchronously {
  /** One of the target's axes. */
  readonly over: Index;
  /** Positions, drawn in each step: all of them in their order (over further axes of the target), or one alone; null: the natural order. */
  readonly order: { readonly all: boolean; readonly definition: DefinitionId; readonly per: readonly Index[] } | null;
}

/** A statement of a phase's body, in the order written. */
export type PhaseStatement =
  | { readonly kind: "snapshot"; readonly definition: DefinitionId; readonly span: Span }
  | { readonly kind: "assign"; readonly assignment: Assignment; readonly span: Span }
  | {
      readonly kind: "minimize";
      readonly objective: Expr;
      /** One for each parameter: the optimizer's page, instantiated for it. */
      readonly updates: readonly {
        readonly parameter: DefinitionId;
        /** A definition of kind `gradient`. */
        readonly gradient: DefinitionId;
        /** The optimizer's own states (kind `state`), which live as long as the phase. */
        readonly states: readonly DefinitionId[];
        readonly fresh: boolean;
        readonly statements: readonly PhaseStatement[];
        /** Where the optimizer is called, with its settings: `gd(lr: eta)`. */
        readonly using: Span;
      }[];
      /** What is done with all gradients before the first parameter changes. */
      readonly prepared: { readonly states: readonly DefinitionId[]; readonly statements: readonly PhaseStatement[] };
      readonly span: Span;
    };

export type Steps =
  | { readonly kind: "each" }
  | { readonly kind: "every"; readonly count: Expr }
  | { readonly kind: "at"; readonly steps: ListExpr }
  | { readonly kind: "last" }
  /** What the body makes in each of the steps 0 … T-1. */
  | { readonly kind: "stepwise" };

export interface RecordBlock {
  readonly steps: Steps;
  /** Each entry is a definition (kind `equation`) of the phase, named as it is in results: `loss`, `gamma`, `W`. */
  readonly entries: readonly { readonly name: string; readonly definition: DefinitionId }[];
  readonly span: Span;
  /** Only later phases read it. */
  readonly hidden?: boolean;
}

export interface Phase {
  readonly name: string;
  readonly sort: "train" | "measure";
  /** T; null for a measure. */
  readonly count: Expr | null;
  /** Made anew at the start of each step: what is drawn from the values of then. */
  readonly draws: readonly DefinitionId[];
  readonly statements: readonly PhaseStatement[];
  readonly stop: Expr | null;
  /** Whether what ends a run is a rest (`until`): later records hold the last value instead of being missing. */
  readonly holds: Holds;
  readonly records: readonly RecordBlock[];
  /** A measure's equations, in order. */
  readonly results: readonly { readonly name: string; readonly definition: DefinitionId }[];
  /** Parameters and states that the phase changes. */
  readonly changes: readonly DefinitionId[];
  /** Earlier phases whose final values it reads (they changed a parameter or state that this phase depends on), by name. */
  readonly after: readonly string[];
  /** For each of `after` where it stood in its sequences when it was read. */
  readonly from: readonly Turn[];
  /** The phase that left behind what a parameter or state starts as; without one it starts as it is declared. */
  readonly starts: ReadonlyMap<DefinitionId, string>;
  /** Where it stands in the sequences around it; empty outside of them. A phase in a sequence is listed once for each turn. */
  readonly turn: Turn;
  /** The sweep variables that it depends on, those of `after` included, in the order in which they are declared. */
  readonly axes: readonly AxisId[];
  /** Those of them that shapes, step counts or the choice of a `case` depend on: one program for each of their values. */
  readonly structural: readonly AxisId[];
  readonly span: Span;
}

/** Where both ends are possible: the hidden result that says, at the end of a run, what of it rests. */
export type Holds = boolean | { readonly result: string };

/** By the axis of a sequence the number of the value that is taken. */
export type Turn = ReadonlyMap<AxisId, number>;

export interface DataSet {
  /** The path as written, relative to the spec; of a built-in set its name and part: `mnist/train`. */
  readonly path: string;
  readonly format: DatasetFormat | "set";
  readonly sha256: string;
  readonly span: Span;
}

/** An experiment for the machine; claims, charts, tables and prose are checked apart (`results/`). */
export interface Experiment {
  readonly name: string;
  readonly title: string | null;
  readonly doc: string | null;
  readonly precision: "f32" | "f64";
  readonly sources: readonly {
    readonly reference: string;
    readonly details: readonly { readonly name: string; readonly value: string }[];
  }[];
  readonly axes: ReadonlyMap<AxisId, Axis>;
  readonly constants: ReadonlyMap<ConstantId, Constant>;
  readonly definitions: ReadonlyMap<DefinitionId, Definition>;
  readonly scans: ReadonlyMap<ScanId, ScanLoop>;
  readonly sweeps: readonly Sweep[];
  readonly planes: readonly Plane[];
  /** In the order in which they run; those of a sequence once for each turn, under the same name. */
  readonly phases: readonly Phase[];
  readonly datasets: readonly DataSet[];
  readonly span: Span;
}

/** What claims, charts, tables, prose and equations over results may name, by the name written. */
export type ResultName =
  | { readonly kind: "phase"; readonly phase: PhaseSignature }
  | { readonly kind: "constant"; readonly constant: ConstantId }
  | { readonly kind: "axis"; readonly axis: AxisId }
  /** Depends on no parameter and no state: stored by an implicit measure when it is asked for. */
  | { readonly kind: "definition"; readonly definition: DefinitionId }
  /** Depends on parameters or states: naming it is an error that says "record or measure it". */
  | { readonly kind: "unrecorded"; readonly definition: DefinitionId; readonly span: Span }
  | { readonly kind: "component"; readonly members: ReadonlyMap<string, ResultName> }
  /** Another experiment of the file, where several are spoken of. */
  | { readonly kind: "experiment"; readonly name: string }
  /** A fn of scalars, by its tree; the results checker applies it elementwise. */
  | {
      readonly kind: "fn";
      readonly parameters: readonly string[];
      readonly body: TreeExpr;
      readonly scope: ResultScope;
    }
  /** A label of some axis, as a value. */
  | { readonly kind: "label"; readonly label: string }
  /** Declared, with a fault that has been told: naming it is no further one. */
  | { readonly kind: "faulty" };
export type ResultScope = ReadonlyMap<string, ResultName>;

/** The results of a phase. */
export interface PhaseSignature {
  readonly name: string;
  readonly sort: "train" | "measure";
  /** Sweep axes, in order. */
  readonly axes: readonly AxisId[];
  readonly results: ReadonlyMap<string, ResultSignature>;
  /** Names of results that could not be understood; a fault has been told. */
  readonly failed?: ReadonlySet<string>;
}
export interface ResultSignature {
  readonly name: string;
  /** Own axes as they were written: `g`, `g'`, `token`. */
  readonly axes: readonly { readonly name: string; readonly axis: AxisId }[];
  /** Whether it has a `step` axis. */
  readonly stepped: boolean;
  readonly type: ScalarType;
  readonly span: Span;
}

/** An experiment with what is to be said about its results, still as trees. */
export interface CheckedExperiment {
  readonly experiment: Experiment;
  readonly scope: ResultScope;
  /** Claims, charts, tables, texts, lets and equations over results, in the order written. */
  readonly statements: readonly TreeStatement[];
}

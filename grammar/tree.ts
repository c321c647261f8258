/**
 * The syntax tree: what stands in a file, with spans, before any name has a meaning.
 * Nodes are plain, readonly data; `kind` tells them apart.
 */
import type { Span } from "../src/base/span.js";

interface Spanned {
  readonly span: Span;
  /** Of an expression: it stands in parentheses of its own, which belong to the span. */
  readonly parenthesised?: true;
}

/** A name as written, primes included. */
export interface Name extends Spanned {
  readonly kind: "name";
  readonly text: string;
}

// ---------------------------------------------------------------- expressions

export type Expr =
  | Name
  | NumberLiteral
  | BooleanLiteral
  | StringLiteral
  | ListLiteral
  | TupleLiteral
  | RangeLiteral
  | Member
  | Subscript
  | Call
  | Unary
  | Binary
  | Comparison
  | Conditional
  | Case
  | Reduction
  | With
  | BlockExpr
  | Iterate
  | Joined
  | Missing;

export interface NumberLiteral extends Spanned {
  readonly kind: "number";
  readonly value: number;
  /** Written without a dot and exponent. */
  readonly integer: boolean;
}
export interface BooleanLiteral extends Spanned {
  readonly kind: "boolean";
  readonly value: boolean;
}
/** `"…"`, escapes resolved; prose `"""…"""` has `prose: true` and is dedented. */
export interface StringLiteral extends Spanned {
  readonly kind: "string";
  readonly value: string;
  readonly prose: boolean;
}
/** `[a, b]`. */
export interface ListLiteral extends Spanned {
  readonly kind: "list";
  readonly items: readonly Expr[];
}
/** `(a, b)` with a comma; a parenthesised single expression leaves no node but `parenthesised`. */
export interface TupleLiteral extends Spanned {
  readonly kind: "tuple";
  readonly items: readonly Expr[];
}
/** `a .. b`, both ends belong to it. */
export interface RangeLiteral extends Spanned {
  readonly kind: "range";
  readonly from: Expr;
  readonly to: Expr;
}
/** `M.W`. */
export interface Member extends Spanned {
  readonly kind: "member";
  readonly object: Expr;
  readonly name: Name;
}
/** `x[i, step: last, :]`. */
export interface Subscript extends Spanned {
  readonly kind: "subscript";
  readonly object: Expr;
  readonly items: readonly SubscriptItem[];
}
/** One item between the brackets of a subscript; `name` is there for `eta: 10`. */
export interface SubscriptItem extends Spanned {
  readonly name: Name | null;
  readonly value: Selector;
}
export type Selector =
  | { readonly kind: "expr"; readonly expr: Expr }
  /** `:` — the axis whole. */
  | { readonly kind: "whole" }
  /** `..` — all remaining axes. */
  | { readonly kind: "rest" }
  /** `#3` — a position among the coordinates. */
  | { readonly kind: "position"; readonly expr: Expr }
  /** `near 0.667`. */
  | { readonly kind: "near"; readonly expr: Expr };

/** `f(a, name: b, x[i] = e, x[i] ~ d)`. */
export interface Call extends Spanned {
  readonly kind: "call";
  readonly callee: Expr;
  readonly args: readonly Argument[];
}
export type Argument =
  | { readonly kind: "positional"; readonly value: Expr; readonly span: Span }
  | { readonly kind: "named"; readonly name: Name; readonly value: Expr; readonly span: Span }
  /** Replaces a declaration of a template: `e[token, dim] = …`, `~ …`, `param e[…] ~ …`, `fn f(x) = …`. */
  | { readonly kind: "replacement"; readonly statement: Statement; readonly span: Span };

export interface Unary extends Spanned {
  readonly kind: "unary";
  readonly operator: "-" | "not";
  readonly operand: Expr;
}
export interface Binary extends Spanned {
  readonly kind: "binary";
  readonly operator: "+" | "-" | "*" | "/" | "^" | "and" | "or" | "in" | "++" | "|";
  readonly left: Expr;
  readonly right: Expr;
  readonly operatorSpan: Span;
}
export type Comparator = "==" | "!=" | "<" | "<=" | ">" | ">=";
/** `a < b <= c`: operands are one more than operators. */
export interface Comparison extends Spanned {
  readonly kind: "comparison";
  readonly operands: readonly Expr[];
  readonly operators: readonly Comparator[];
}
/** `if c then a else b`. */
export interface Conditional extends Spanned {
  readonly kind: "if";
  readonly condition: Expr;
  readonly then: Expr;
  readonly otherwise: Expr;
}
/** `case L { a: X, b: Y, else: Z }`. */
export interface Case extends Spanned {
  readonly kind: "case";
  readonly subject: Expr;
  readonly arms: readonly { readonly label: Name; readonly value: Expr }[];
  readonly otherwise: Expr | null;
}
/**
 * A reduction or a normaliser: `sum(i, j where c) body`, `quantile(seed, 0.9) x`,
 * `cross_entropy(class) logits at target`, `solve(i, j) A at b`, `first(step where c)`.
 * Also a statistic over axes: `slope(x, y over step where c)` (then `over` is set and `body` is null).
 */
export interface Reduction extends Spanned {
  readonly kind: "reduction";
  readonly name: Name;
  /** What stands in the parentheses before `where`: `i`, `i: dim`, `k: 1 .. n`, further arguments. */
  readonly binders: readonly Binder[];
  readonly where: Expr | null;
  readonly body: Expr | null;
  readonly at: Expr | null;
  /** `slope(x, y over step where c)`: the names after `over`. */
  readonly over: readonly Name[] | null;
}
export interface Binder extends Spanned {
  /** The bound name, or the argument's name in `tol: 1e-6`; null for a plain argument. */
  readonly name: Name | null;
  /** `dim` in `i: dim`, `1 .. n` in `k: 1 .. n`, the argument's value otherwise; null for a bare name. */
  readonly value: Expr | null;
}
/** `EXPR with NAME[i, j] = E2`, several separated by commas. */
export interface With extends Spanned {
  readonly kind: "with";
  readonly body: Expr;
  readonly replacements: readonly { readonly target: Target; readonly value: Expr; readonly span: Span }[];
  /** `M with ema`: M reading its parameters from a tuple. */
  readonly tuple: Expr | null;
}
/** `{ …; return e }` as a value. */
export interface BlockExpr extends Spanned {
  readonly kind: "block";
  readonly statements: readonly Statement[];
}
/** `iterate 5 from x[i] = m[i] { … }`. */
export interface Iterate extends Spanned {
  readonly kind: "iterate";
  readonly count: Expr;
  readonly target: Target;
  readonly start: Expr;
  readonly body: readonly Statement[];
}
/** `x[unit] = pixel: v[pixel] | class: -1`: a definition by parts. */
export interface Joined extends Spanned {
  readonly kind: "joined";
  readonly parts: readonly { readonly part: Name; readonly value: Expr }[];
}
/** Stands where the parser could not read an expression; a diagnostic has been given. */
export interface Missing extends Spanned {
  readonly kind: "missing";
}

// ----------------------------------------------------------------- statements

/** `name[i, j]`, `M.best[i]`; `subscripts` null without brackets. */
export interface Target extends Spanned {
  readonly path: readonly Name[];
  readonly subscripts: readonly SubscriptItem[] | null;
}

export type Statement =
  | Use
  | AxisDeclaration
  | SweepDeclaration
  | Refine
  | Let
  | Equation
  | DrawEquation
  | Param
  | State
  | Fn
  | Component
  | Phase
  | Experiment
  | Profile
  | Chart
  | Table
  | Text
  | Claim
  | Expect
  | Precision
  | SourceNote
  | DrawStatement
  | Batch
  | Minimize
  | Using
  | For
  | Stop
  | Until
  | Record
  | Assign
  | Every
  | Sequence
  | Scan
  | Return
  | FileColumn;

interface Declared extends Spanned {
  /** The `///` lines above it, without slashes. */
  readonly doc: string | null;
}

export interface Use extends Declared {
  readonly kind: "use";
  /** `std.linear` as its names. */
  readonly path: readonly Name[];
}

export interface AxisDeclaration extends Declared {
  readonly kind: "axis";
  readonly name: Name;
  readonly value:
    /** `= expr`: a size, a part `pos[0 .. 4]`, a join `a ++ b`, a product `row * col`, a member `M.head`. */
    | { readonly kind: "is"; readonly expr: Expr }
    /** `in linspace(…)`. */
    | { readonly kind: "in"; readonly expr: Expr }
    /** `in {a, b}`. */
    | { readonly kind: "labels"; readonly labels: readonly Name[] };
}

export interface SweepDeclaration extends Declared {
  readonly kind: "sweep";
  /** One, or several that move together. */
  readonly variables: readonly Name[];
  readonly values:
    { readonly kind: "in"; readonly expr: Expr } | { readonly kind: "labels"; readonly labels: readonly Name[] };
  readonly where: Expr | null;
  readonly adaptive: Adaptive | null;
}
/** `refine from [a, b] to 4% where c, c2`, `refine (x log, y) 4 times where c`, `until c`. */
export interface Adaptive extends Spanned {
  readonly mode: "refine" | "until";
  readonly variables: readonly { readonly name: Name; readonly log: boolean }[];
  readonly start: Expr | null;
  /** `to 4%` is 0.04 with `percent: true`. */
  readonly tolerance: { readonly value: Expr; readonly percent: boolean } | null;
  readonly times: Expr | null;
  readonly conditions: readonly Expr[];
}

/** `refine (load log, flip) 4 times where c` on a line of its own: cells of the plane of several sweeps. */
export interface Refine extends Declared {
  readonly kind: "refine";
  readonly adaptive: Adaptive;
}

/** `let c = e`, `let x[d, eta] = [[…]]`. */
export interface Let extends Declared {
  readonly kind: "let";
  readonly target: Target;
  readonly value: Expr;
}
/** `name[i] = e`, `(q[a], k[a]) = f(x[:])`. */
export interface Equation extends Declared {
  readonly kind: "equation";
  readonly targets: readonly Target[];
  readonly value: Expr;
}
/** `name[i] ~ dist(…) by e`. */
export interface DrawEquation extends Declared {
  readonly kind: "draws";
  readonly target: Target;
  readonly distribution: Expr;
  readonly by: Expr | null;
}
export interface Param extends Declared {
  readonly kind: "param";
  readonly target: Target;
  readonly init: Initial;
}
export interface State extends Declared {
  readonly kind: "state";
  readonly target: Target;
  readonly init: Initial;
}
/** The right side of a param or a state; `none` where it must be supplied. */
export type Initial =
  | { readonly kind: "value"; readonly value: Expr }
  | { readonly kind: "draw"; readonly distribution: Expr; readonly by: Expr | null }
  | { readonly kind: "none" };

/** `fn F(z) = …`, `fn score(x[coord], t)[coord] = …`, `fn f(x[a])([b], [c]) = …`. */
export interface Fn extends Declared {
  readonly kind: "fn";
  readonly name: Name;
  readonly parameters: readonly Parameter[];
  /** `fn update = M.update`: another name for a function; there are no parentheses in the header. */
  readonly alias: boolean;
  /** One entry a result; null where the header names no result axes (a scalar function). */
  readonly results: readonly (readonly Name[])[] | null;
  readonly body: Expr | null;
}

/** A parameter of a template or of a fn. */
export interface Parameter extends Spanned {
  readonly name: Name;
  /** `mass[group]`; `rest` for `w[i, ..]`. */
  readonly axes: readonly Name[] | null;
  readonly rest: boolean;
  /** `x: axis`, `x: data`, … */
  readonly sort: "axis" | "data" | "memory" | "optimizer" | "fn" | "value";
  readonly default: Expr | null;
}

/** `memory`, `data` or `optimizer`: inline, a template, or an instance. */
export interface Component extends Declared {
  readonly kind: "component";
  readonly sort: "memory" | "data" | "optimizer";
  readonly name: Name;
  /** `memory B[layer] = …`. */
  readonly axes: readonly Name[];
  /** Null when it is no template. */
  readonly parameters: readonly Parameter[] | null;
  /** `= linear(token, …)` or `= M with ema`; null when inline. */
  readonly instance: Expr | null;
  /** `for w[..]` of an optimizer. */
  readonly subject: Parameter | null;
  /** The block; null when there is none. */
  readonly body: readonly Statement[] | null;
}

/** `train`, `evolve`, `measure` or `do`: inline, a template, or an instance. */
export interface Phase extends Declared {
  readonly kind: "phase";
  readonly sort: "train" | "evolve" | "measure" | "do";
  readonly name: Name;
  readonly parameters: readonly Parameter[] | null;
  readonly instance: Expr | null;
  /** `train b from start { … }`. */
  readonly from: Name | null;
  readonly body: readonly Statement[] | null;
}

export interface Experiment extends Declared {
  readonly kind: "experiment";
  readonly name: Name;
  readonly title: string | null;
  readonly parameters: readonly Parameter[] | null;
  readonly instance: Expr | null;
  readonly body: readonly Statement[] | null;
}

export interface Profile extends Declared {
  readonly kind: "profile";
  readonly name: Name;
  readonly body: readonly Statement[];
}

/** `chart NAME "title" = line(x: step scale log, …)` or `= vegalite """…"""`. */
export interface Chart extends Declared {
  readonly kind: "chart";
  readonly name: Name;
  readonly title: string | null;
  readonly body: Mark | { readonly kind: "vegalite"; readonly text: StringLiteral };
}
/** One mark, or `layer(…)` of marks. */
export interface Mark extends Spanned {
  readonly kind: "mark";
  readonly name: Name;
  readonly channels: readonly Channel[];
  /** The marks of a `layer`. */
  readonly layers: readonly Mark[];
}
export interface Channel extends Spanned {
  /** `x`, `color`, `filter`, `band`, `label`, … */
  readonly name: Name;
  readonly value: Expr;
  /** `scale log`. */
  readonly scale: Name | null;
}
export interface Table extends Declared {
  readonly kind: "table";
  readonly name: Name;
  readonly title: string | null;
  readonly rows: readonly { readonly title: StringLiteral; readonly value: Expr; readonly span: Span }[];
}
export interface Text extends Declared {
  readonly kind: "text";
  readonly text: StringLiteral;
  /** What stands in `{…}` inside the prose, parsed; offsets of the braces are within `text.span`. */
  readonly holes: readonly { readonly expr: Expr; readonly span: Span }[];
  /** The prose between the holes: one more than holes. */
  readonly pieces: readonly string[];
}
export interface Claim extends Declared {
  readonly kind: "claim";
  readonly name: Name;
  readonly title: string | null;
  readonly expectedFails: { readonly reason: string | null; readonly span: Span } | null;
  /** `let`, equations and `expect`. */
  readonly body: readonly Statement[];
}
/** `expect e where c for 90% of seed`. */
export interface Expect extends Declared {
  readonly kind: "expect";
  readonly condition: Expr;
  readonly where: Expr | null;
  readonly share: { readonly fraction: number; readonly of: Name } | null;
}
export interface Precision extends Declared {
  readonly kind: "precision";
  readonly type: Name;
}
/** `source "arXiv:…" figure "4"`. */
export interface SourceNote extends Declared {
  readonly kind: "source";
  readonly reference: string;
  readonly details: readonly { readonly name: Name; readonly value: string }[];
}

// ------------------------------------------------------- statements in phases

/** `draw t[slot] ~ categorical(…) every 10 steps`, `draw d = sequences(slot)`. */
export interface DrawStatement extends Declared {
  readonly kind: "draw";
  readonly target: Target;
  readonly distribution: Expr;
  readonly by: Expr | null;
  /** `= component` instead of `~ distribution`. */
  readonly component: boolean;
  readonly every: Count | null;
}
/** `10 steps`, `20 epochs`, `epoch` (1 epoch). */
export interface Count extends Spanned {
  readonly count: Expr | null;
  readonly unit: "steps" | "epochs";
}
/** `batch b: sample = 32`. */
export interface Batch extends Declared {
  readonly kind: "batch";
  readonly index: Name;
  readonly axis: Name;
  readonly size: Expr;
}
/** `minimize e over M.W, N using …`; `using` may also stand as a clause of its own. */
export interface Minimize extends Declared {
  readonly kind: "minimize";
  readonly objective: Expr;
  readonly over: readonly Expr[];
}
/** `using adam(lr: 1e-3) over M.W, fresh gd(lr: 1) over (M.b, M.c)`. */
export interface Using extends Declared {
  readonly kind: "using";
  readonly optimizers: readonly {
    readonly fresh: boolean;
    readonly optimizer: Expr;
    readonly over: readonly Expr[] | null;
    readonly span: Span;
  }[];
}
export interface For extends Declared {
  readonly kind: "for";
  readonly count: Count;
}
/** `stop when c`. */
export interface Stop extends Declared {
  readonly kind: "stop";
  readonly condition: Expr;
}
/** `until[query] c`. */
export interface Until extends Declared {
  readonly kind: "until";
  readonly axes: readonly Name[];
  readonly condition: Expr;
}
/** `record every 10 { loss, margin[token], gamma[dim] = … }`. */
export interface Record extends Declared {
  readonly kind: "record";
  readonly schedule:
    | { readonly kind: "each" }
    | { readonly kind: "every"; readonly count: Count }
    | { readonly kind: "at"; readonly steps: Expr }
    | { readonly kind: "last" }
    | { readonly kind: "stepwise" };
  /** Either an expression (recorded under its own name) or an equation. */
  readonly entries: readonly (
    | { readonly kind: "expr"; readonly value: Expr; readonly span: Span }
    | { readonly kind: "equation"; readonly target: Target; readonly value: Expr; readonly span: Span }
  )[];
}
/** `(v[i], h[j]) <- (e1, e2)`, `s[q, n] <- e where c asynchronously over n per query`. */
export interface Assign extends Declared {
  readonly kind: "assign";
  readonly targets: readonly Target[];
  readonly value: Expr;
  readonly where: Expr | null;
  readonly asynchronously: {
    readonly over: Name;
    readonly order: "random" | "natural" | "one";
    readonly per: readonly Name[];
  } | null;
}
/** `every 10 steps { … }`. */
export interface Every extends Declared {
  readonly kind: "every";
  readonly count: Count;
  readonly body: readonly Statement[];
}
/** `sequence task in 0..4 { … }`. */
export interface Sequence extends Declared {
  readonly kind: "sequence";
  readonly name: Name;
  readonly values: SweepDeclaration["values"];
  readonly body: readonly Statement[];
}
/** `scan t: time until c { … }`, `scan layer`, `scan r: 20`, `in reverse`. */
export interface Scan extends Declared {
  readonly kind: "scan";
  readonly index: Name;
  /** An axis name or a count; null when the index is the axis. */
  readonly over: Expr | null;
  readonly reverse: boolean;
  readonly until: Expr | null;
  readonly body: readonly Statement[];
}
export interface Return extends Declared {
  readonly kind: "return";
  readonly values: readonly Expr[];
}
/** In a `data … = dataset.npz(…) { e[token, dim] = "emb", y[token] in class = "labels" }`. */
export interface FileColumn extends Declared {
  readonly kind: "column";
  readonly target: Target;
  /** `in class`. */
  readonly within: Name | null;
  readonly value: Expr;
}

export interface File extends Spanned {
  readonly kind: "file";
  readonly statements: readonly Statement[];
}

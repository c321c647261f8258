/**
 * Which name means what, and where: scopes are lexical, the order of declarations in one is free.
 * Entries are worked out when they are first used (`Lazy`).
 */
import type { PreviousValues } from "./previous.js";
import type { Component as TreeComponent, Fn as TreeFn, Phase as TreePhase, Reduction } from "../../grammar/tree.js";
import type { Span } from "../base/span.js";
import type { AxisId, ConstantId, DefinitionId, Expr, Index, ScalarType, Subscript } from "./typed.js";
import type { Plan } from "./components.js";
import type { Lazy, World } from "./world.js";

/** One axis of a tensor as it was declared. */
export interface TensorAxis {
  /** As written: `dim'`. */
  readonly name: string;
  readonly axis: AxisId;
  readonly span: Span;
  /** Where its index is bound on the left side of the declaration. */
  readonly bound?: Span;
}

/** Something that can be read with subscripts. */
export interface Tensor {
  readonly name: string;
  readonly source:
    | { readonly kind: "definition"; readonly definition: DefinitionId }
    | { readonly kind: "grad"; readonly of: Expr; readonly by: DefinitionId; readonly mapped: readonly number[] };
  /** Subscripts that are already given: what a fn's argument takes from the place of the call. */
  readonly prefix: readonly Subscript[];
  readonly axes: readonly TensorAxis[];
  readonly type: ScalarType;
  /** Where it is declared. */
  readonly span: Span;
  /** How many of its first axes are those of a component over axes: each of their values has a tensor of its own. */
  readonly outer?: number;
  /** Of a component over axes: what is at other positions of the prefix may have part in a derivative. */
  readonly picked?: true;
}

/** What stands for each label of a sweep. */
export interface Chosen<T> {
  readonly subject: Expr;
  readonly byLabel: readonly T[];
}

/** Labels of a sweep at which something is there. */
export interface Choice {
  readonly subject: Expr;
  readonly isChosen: readonly boolean[];
}

/** All parameters of a component as one value. */
export interface Tuple {
  readonly name: string;
  readonly span: Span;
  readonly members: readonly TupleMember[];
  /** The component that is named. */
  readonly from?: Instance;
}
export interface TupleMember {
  readonly name: string;
  readonly tensor: Tensor;
  readonly choices: readonly Choice[];
}
/** The member that an expression is checked for, and the indices of its entry. */
export interface AtMember {
  readonly tuple: Tuple;
  readonly place: number;
  readonly indices: readonly Index[];
}

interface EntryBase {
  readonly name: string;
  readonly span: Span;
}
export interface AxisEntry extends EntryBase {
  readonly kind: "axis";
  readonly axis: Lazy<AxisId>;
  /** As they are written, before anything is worked out. */
  readonly labels?: readonly string[];
}
export interface SweepEntry extends EntryBase {
  readonly kind: "sweep";
  readonly axis: AxisId;
  readonly type: Lazy<ScalarType>;
  readonly labels?: readonly string[];
}
export interface ConstantEntry extends EntryBase {
  readonly kind: "constant";
  readonly value: Lazy<{ readonly id: ConstantId; readonly type: ScalarType; readonly list: boolean } | null>;
}
export interface TensorEntry extends EntryBase {
  readonly kind: "tensor";
  /** The whole left side of its declaration. */
  readonly declared: Span;
  /** Its axes, known before its value is. */
  readonly axes: Lazy<readonly TensorAxis[]>;
  readonly tensor: Lazy<Tensor | null>;
  /** It has the indices of its component first. */
  readonly over?: readonly Index[];
}
export interface FnEntry extends EntryBase {
  readonly kind: "fn";
  readonly fn: TreeFn;
  readonly scope: Scope;
  /** Of a component that is chosen: the fns of its arms; `fn` is the first one's. */
  readonly chosen?: Chosen<FnEntry>;
  /** Of a component over axes that is named without subscripts: the indices that a call needs. */
  readonly open?: readonly Index[];
}
export interface ComponentEntry extends EntryBase {
  readonly kind: "component";
  readonly sort: TreeComponent["sort"];
  readonly declaration: TreeComponent;
  readonly scope: Scope;
  /** The component itself; null when it is a template that needs arguments, or could not be understood. */
  readonly instance: Lazy<Instance | null>;
  /** `M[e]`, one of those of a component over axes. */
  readonly picked?: true;
}
export interface PhaseEntry extends EntryBase {
  readonly kind: "phase";
  readonly sort: TreePhase["sort"];
  /** What its body declares; null while it has not been checked. */
  values: Scope | null;
  /** It could not be understood: nothing is said about what it would have left behind. */
  failed: boolean;
}
/** A phase that is made where it is called. */
export interface TemplateEntry extends EntryBase {
  readonly kind: "template";
  readonly tree: TreePhase;
  /** Where its text stands. */
  readonly scope: Scope;
}
/** A scalar: a template's or a fn's argument, the index of a scan. */
export interface ValueEntry extends EntryBase {
  readonly kind: "value";
  /** The axis of a scanned index; null where it counts iterations. */
  readonly scanned?: AxisId | null;
  readonly value: Lazy<Expr>;
}
/** An equation or `let` over results: nothing that a run may use. */
export interface ResultEntry extends EntryBase {
  readonly kind: "result";
}
/** Declared, with a fault that has been told. */
export interface FaultyEntry extends EntryBase {
  readonly kind: "faulty";
}
export type Entry =
  | AxisEntry
  | SweepEntry
  | ConstantEntry
  | TensorEntry
  | FnEntry
  | ComponentEntry
  | PhaseEntry
  | TemplateEntry
  | ValueEntry
  | ResultEntry
  | FaultyEntry;

/** A memory, data distribution or optimizer with its members. */
export interface Instance {
  /** Qualified: `M`, `M.inner`. */
  readonly name: string;
  readonly sort: TreeComponent["sort"];
  readonly members: Scope;
  /** Names of its trainable tensors, in the order written. */
  readonly parameters: readonly string[];
  /** Names written in its body, in order. */
  readonly declared: readonly string[];
  /** Of a component that is chosen: its arms, whose parameters are trained where they are chosen. */
  readonly chosen?: Chosen<Instance>;
  /** How it was made, to make another one like it. */
  readonly plan?: Plan;
  /** What its name stands for as a value, where that is more than its parameters tell. */
  readonly tuple?: readonly TupleMember[];
  /** `memory M[layer] = …`: its indices, and the members as they see each other, one of each at these indices. */
  readonly over?: { readonly indices: readonly Index[]; readonly inner: Scope };
  /** Of a tuple that was made of another: that one. */
  readonly like?: Instance;
  /** Names that others of its kind have, with the reason why this one has not. */
  readonly without?: ReadonlyMap<string, string>;
}

/** Where a template or fn is used. */
export interface Origin {
  readonly name: string;
  readonly span: Span;
  readonly caller: Scope;
}

export type ScopeRole = "library" | "file" | "experiment" | "component" | "phase" | "measure" | "record" | "fn";

export class Scope {
  readonly entries = new Map<string, Entry>();
  /** Other scopes whose entries are seen here as if they stood here. */
  readonly also: Scope[] = [];

  /** Axes that data files bring along, for names that nothing declares. */
  readonly provided = new Map<string, AxisEntry>();
  /** What `..` stands for in an optimizer's page. */
  rest: readonly TensorAxis[] | null = null;
  /** Draws that are declared here are made anew in a phase, every step or every so many. */
  redrawn: { readonly every: Expr | null } | null = null;
  /** What a phase that takes steps keeps of earlier ones. */
  previous: PreviousValues | null = null;
  /** The updates in which a phase goes through its data once; null without a `batch`. */
  epoch: Expr | null = null;
  /** Indices of the component over axes whose members are declared here: each tensor has them first. */
  over: readonly Index[] = [];
  /** Those of them that the text sees by their names. */
  named: readonly Index[] = [];
  /** Whether it is the body of a `scan`, whose own states are declared here. */
  ofScan = false;
  /** The axis of the sequence whose body this is. */
  sequence: AxisId | null = null;
  /** What is known of how a phase went, by its name: `steps`, `stopped`. */
  readonly facts = new Map<string, () => DefinitionId>();

  constructor(
    readonly parent: Scope | null,
    readonly role: ScopeRole,
    /** Goes before the names declared here: `M.`. */
    readonly prefix: string,
    readonly use: Origin | null = null,
  ) {}

  own(name: string): Entry | undefined {
    return (
      this.entries.get(name) ?? this.also.map((scope) => scope.entries.get(name)).find((entry) => entry !== undefined)
    );
  }

  lookup(name: string): Entry | undefined {
    return this.declaredEntry(name) ?? this.providedAxis(name);
  }

  /** Where a name is declared. */
  declaring(name: string): Scope | null {
    return this.own(name) === undefined ? (this.parent?.declaring(name) ?? null) : this;
  }

  private declaredEntry(name: string): Entry | undefined {
    return this.own(name) ?? this.parent?.declaredEntry(name);
  }

  private providedAxis(name: string): AxisEntry | undefined {
    return this.provided.get(name) ?? this.parent?.providedAxis(name);
  }

  /** The nearest entry of the name that is an axis (or a sweep, which is one as well). */
  lookupAxis(name: string): AxisEntry | SweepEntry | undefined {
    return this.declaredAxis(name) ?? this.providedAxis(name);
  }

  private declaredAxis(name: string): AxisEntry | SweepEntry | undefined {
    const entry = this.own(name);
    if (entry?.kind === "axis" || entry?.kind === "sweep") return entry;
    return this.parent?.declaredAxis(name);
  }

  restAxes(): readonly TensorAxis[] | null {
    return this.rest ?? this.parent?.restAxes() ?? null;
  }

  /** The sequences around it, the outermost first; a template's are those of the place where it is used. */
  sequences(): readonly AxisId[] {
    const around = (this.use?.caller ?? this.parent)?.sequences() ?? [];
    return this.sequence === null ? around : [...around, this.sequence];
  }

  /** Indices that are bound wherever the text of this scope stands, the outermost first. */
  namedIndices(): readonly Index[] {
    const around = this.parent?.namedIndices() ?? [];
    return this.named.length === 0 ? around : [...around, ...this.named];
  }

  /** Everything that may be named here. */
  names(): readonly string[] {
    const here = [
      ...this.entries.keys(),
      ...this.also.flatMap((scope) => [...scope.entries.keys()]),
      ...this.provided.keys(),
    ];
    return [...here, ...(this.parent?.names() ?? [])];
  }

  /** Where the template or fn is used in whose text this scope stands. */
  origin(): Origin | null {
    return this.use ?? this.parent?.origin() ?? null;
  }
}

/** Adds an entry; a second one of the same name is a fault that shows both. */
export function declare(world: World, scope: Scope, entry: Entry): void {
  const first = scope.own(entry.name);
  if (first === undefined) {
    scope.entries.set(entry.name, entry);
    return;
  }
  world.report(scope, {
    code: "AM2002",
    span: entry.span,
    message: `\`${entry.name}\` is declared twice here`,
    here: "declared again",
    labels: [{ span: first.span, text: "first declared here" }],
    help: "give one of them another name",
  });
}

/** What an expression is checked with: the names, the bound indices, and what the place allows. */
export interface Env {
  readonly scope: Scope;
  /** Bound indices, innermost last. */
  readonly indices: readonly Index[];
  /** What `..` stands for in an optimizer. */
  readonly rest: readonly Index[] | null;
  /** Where a tensor may stand without its indices: they are collected here. */
  readonly whole: Whole | null;
  /** Inside a subscript an index means its position. */
  readonly positions: boolean;
  /** The axis along which that subscript counts; null for lists, and outside of subscripts. */
  readonly along: Along | null;
  /** Whether `step` means something: inside a phase that takes steps. */
  readonly stepping: boolean;
  /** The reductions around it, innermost last, and those that ended before it in the same sum; for what faults say. */
  readonly reductions: readonly Reduction[];
  readonly closed: readonly Reduction[];
  /** Where an expression of all parameters of a component is checked for one of them. */
  readonly member: AtMember | null;
}

export function envOf(scope: Scope, changes: Partial<Omit<Env, "scope">> = {}): Env {
  return {
    scope,
    indices: scope.namedIndices(),
    rest: null,
    whole: null,
    positions: false,
    along: null,
    stepping: false,
    reductions: [],
    closed: [],
    member: null,
    ...changes,
  };
}

/** What is found out about an int in a subscript while it is checked. */
export interface Along {
  readonly axis: AxisId;
  /** An index that lies in the axis, or in the same whole, has part in it: so it counts along the axis. */
  counts: boolean;
}

/** The bound index of a name; the innermost one. */
export function boundIndex(env: Env, name: string): Index | undefined {
  return env.indices.findLast((index) => index.name === name);
}

/** An axis that an argument or a record passes whole. */
export interface Slot {
  readonly index: Index;
  /** It is the n-th of its axis in the tensor that it stands in. */
  readonly ordinal: number;
  /** Written as `:`; otherwise the tensor stood without subscripts. */
  readonly explicit: boolean;
  readonly span: Span;
}

/** Collects the axes that tensors without subscripts, and `:`, leave open. */
export class Whole {
  readonly slots: Slot[] = [];

  constructor(private readonly world: World) {}

  take(axis: AxisId, ordinal: number, name: string, explicit: boolean, span: Span): Index {
    const known = this.slots.findIndex((slot) => slot.index.axis === axis && slot.ordinal === ordinal);
    const slot = this.slots[known];
    if (slot !== undefined) {
      if (explicit && !slot.explicit) this.slots[known] = { ...slot, explicit };
      return slot.index;
    }
    const index = this.world.newIndex(name, axis, span);
    this.slots.push({ index, ordinal, explicit, span });
    return index;
  }
}

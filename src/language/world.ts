/**
 * What one experiment is made of while it is checked: its axes, constants, definitions under their ids, and the places
 * where faults are told. Scopes say which name means what (`scopes.ts`); nothing here knows the syntax.
 */
import type { Batched } from "./batches.js";
import { UserError, type Code, type Diagnostic, type Diagnostics, type Label } from "../base/diagnostic.js";
import type { Span } from "../base/span.js";
import { UnknownValue } from "./constants.js";
import type { DatasetReader } from "./datasets.js";
import type { AxisReason } from "./inference.js";
import type { Left } from "./left-behind.js";
import type { Chosen, Instance, Scope } from "./scopes.js";
import type {
  Axis,
  AxisId,
  AxisKind,
  Constant,
  ConstantId,
  DataSet,
  Definition,
  DefinitionBody,
  DefinitionId,
  ScanId,
  ScanLoop,
  Expr,
  Index,
  ListExpr,
  Plane,
  ScalarType,
  Sweep,
} from "./typed.js";

/** A fault as the checker says it; where it stands inside a template or a fn, the place of use is added. */
export interface Fault {
  readonly code: Code;
  readonly span: Span;
  readonly message: string;
  readonly here?: string;
  readonly labels?: readonly Label[];
  readonly notes?: readonly string[];
  readonly help?: string;
  readonly severity?: Diagnostic["severity"];
}

/** Types that states must be given because an update does not fit the first guess; found in one pass, used in the next. */
export type Widened = Map<string, "int" | "real">;

/** Thrown where a text means more than is looked at; nothing goes on behind it. */
export class Exhausted extends UserError {
  constructor(span: Span) {
    super({ code: "AM4035", severity: "error", span, ...meansTooMuch() });
  }
}

/** Parts of expressions that are looked at, each as often as a fn or a template repeats it. */
export const MOST_PARTS = 1_000_000;

// Made where it is said: formatting a number loads Unicode's tables, a tenth of the time of `check`.
export const meansTooMuch = (): { readonly message: string; readonly help: string } => ({
  message: `this stands for more than ${MOST_PARTS.toLocaleString("en")} parts of expressions when all fns and templates are written out`,
  help: "calls inside of calls multiply: give a value that is used twice a name of its own",
});

/** Stands for an axis that could not be found; it agrees with every axis, so nothing is said twice. */
export const unknownAxis: AxisId = 0;

export class World {
  readonly axes = new Map<AxisId, Axis>();
  readonly constants = new Map<ConstantId, Constant>();
  readonly definitions = new Map<DefinitionId, Definition>();
  readonly scans = new Map<ScanId, ScanLoop>();
  /** Why indices range over their axes, by the places where they are bound. */
  readonly reasons = new Map<string, AxisReason>();
  /** By the axis of a batch: what its entries are. */
  readonly batches = new Map<AxisId, Batched>();
  readonly sweeps: Sweep[] = [];
  /** Tensors that are one of several, by a label: what is written to is the one that is chosen. */
  readonly choices = new Map<DefinitionId, Chosen<DefinitionId>>();
  /** Prefixes of names, and those by which their draws are made instead. */
  readonly sharedNames = new Map<string, string>();
  /** The variables of sequences, by their axes. */
  readonly sequences = new Map<AxisId, { readonly text: string; readonly span: Span }>();
  /** Memories, and tuples of their parameters, that have been made. */
  readonly tuples: Instance[] = [];
  readonly planes: Plane[] = [];
  /** Names of sweeps that are axes of planes. */
  refined: ReadonlySet<string> = new Set();
  readonly datasets: DataSet[] = [];
  /** Values of phases that later ones read. */
  readonly left: Left[] = [];
  /** Things to be looked at once all names are known: bodies that nothing has read so far. */
  readonly pending: (() => void)[] = [];
  precision: "f32" | "f64" = "f32";
  /** The parser left something out: what is missing may have been told already. */
  incomplete = false;
  /** Set when a state turned out to need a wider type than it was given: the pass has to be repeated. */
  again = false;
  private readonly running: { readonly name: string; readonly span: Span }[] = [];
  private lastId: number;
  private parts = 0;

  constructor(
    readonly mainFile: string,
    readonly diagnostics: Diagnostics,
    readonly reader: DatasetReader | null,
    readonly widened: Widened,
    /** Templates and fns that were used, in any experiment. */
    readonly used: Set<object> = new Set(),
    /** Ids are larger: those of several worlds can be told apart. */
    idsAfter = 0,
  ) {
    this.lastId = idsAfter;
    const span: Span = { file: mainFile, start: 0, end: 0 };
    const size: Expr = { kind: "unknown", type: { kind: "int" }, span };
    this.axes.set(unknownAxis, { id: unknownAxis, name: "?", kind: { kind: "plain", size }, span });
  }

  /** Counts what is looked at; throws when it is too much. */
  spend(parts: number, span: Span): void {
    this.parts += parts;
    if (this.parts > MOST_PARTS) throw new Exhausted(span);
  }

  private nextId(): number {
    this.lastId += 1;
    return this.lastId;
  }

  addAxis(name: string, kind: AxisKind, span: Span): AxisId {
    const id: AxisId = this.nextId();
    this.axes.set(id, { id, name, kind, span });
    return id;
  }

  axis(id: AxisId): Axis {
    const axis = this.axes.get(id);
    if (axis === undefined) throw new Error(`axis ${id} does not exist`);
    return axis;
  }

  /** Whether two axes are one, as far as is known. */
  sameAxis(first: AxisId, second: AxisId): boolean {
    return first === second || first === unknownAxis || second === unknownAxis;
  }

  newIndex(name: string, axis: AxisId, span: Span): Index {
    return { id: this.nextId(), name, axis, span };
  }

  addConstant(name: string, value: Expr | ListExpr, span: Span): ConstantId {
    const id: ConstantId = this.nextId();
    this.constants.set(id, { id, name, value, span });
    return id;
  }

  constant(id: ConstantId): Constant {
    const constant = this.constants.get(id);
    if (constant === undefined) throw new Error(`constant ${id} does not exist`);
    return constant;
  }

  newDefinitionId(): DefinitionId {
    return this.nextId();
  }

  newScanId(): ScanId {
    return this.nextId();
  }

  scan(id: ScanId): ScanLoop {
    const scan = this.scans.get(id);
    if (scan === undefined) throw new Error(`scan ${id} does not exist`);
    return scan;
  }

  setDefinition(definition: Definition): void {
    this.definitions.set(definition.id, definition);
  }

  addDefinition(
    name: string,
    axes: readonly Index[],
    type: ScalarType,
    body: DefinitionBody,
    span: Span,
    doc: string | null = null,
  ): DefinitionId {
    const id = this.newDefinitionId();
    const shared = [...this.sharedNames].find(([prefix]) => name.startsWith(prefix));
    const stream = shared === undefined ? {} : { stream: shared[1] + name.slice(shared[0].length) };
    this.definitions.set(id, { id, name, axes, type, body, span, doc, ...stream });
    return id;
  }

  definition(id: DefinitionId): Definition {
    const definition = this.definitions.get(id);
    if (definition === undefined) throw new Error(`definition ${id} does not exist`);
    return definition;
  }

  /** A value that is worked out when it is first asked for; asked for while that goes on, it is defined by itself. */
  lazy<T>(scope: Scope, name: string, span: Span, compute: () => T, fallback: () => T): Lazy<T> {
    const whenCircular = (self: { readonly name: string; readonly span: Span }): T => {
      this.reportCircle(scope, self);
      return fallback();
    };
    return new Lazy(() => this.attempt(compute, fallback), whenCircular, { name, span }, this.running);
  }

  /** Does something that may come upon a value that does not exist: that is told, and something else stands for it. */
  attempt<T>(what: () => T, fallback: () => T): T {
    try {
      return what();
    } catch (error) {
      if (!(error instanceof UserError) || error instanceof Exhausted) throw error;
      if (!(error instanceof UnknownValue)) this.diagnostics.add(error.diagnostic);
      return fallback();
    }
  }

  private reportCircle(scope: Scope, self: { readonly name: string; readonly span: Span }): void {
    const circle = this.running.slice(this.running.indexOf(self));
    const names = [...circle.map((part) => `\`${part.name}\``), `\`${self.name}\``];
    this.report(scope, {
      code: "AM2006",
      span: self.span,
      message:
        circle.length === 1
          ? `\`${self.name}\` is defined by itself`
          : `these definitions form a circle: ${names.join(" needs ")}`,
      here:
        circle.length === 1 ? "it is needed to work out its own value" : `needs \`${circle[1]?.name ?? self.name}\``,
      labels: circle
        .slice(1)
        .map((part, k) => ({ span: part.span, text: `needs \`${circle[k + 2]?.name ?? self.name}\`` })),
    });
  }

  /** Tells a fault; one inside a template or a fn of another file is shown where that is used, with a note at its own place. */
  report(scope: Scope, fault: Fault): void {
    const { span, severity, here, labels = [], ...rest } = fault;
    const used: Label[] = [];
    let place = span;
    for (let origin = scope.origin(); origin !== null; origin = origin.caller.origin()) {
      if (place.file !== this.mainFile) {
        const text = place === span ? (here ?? fault.message) : `\`${origin.name}\` is used here`;
        used.unshift({ span: place, text });
        place = origin.span;
      } else used.push({ span: origin.span, text: `\`${origin.name}\` is used here` });
    }
    const moved = place !== span;
    const text = moved ? `in this use of \`${this.outermost(scope)}\`` : here;
    this.diagnostics.add({
      ...rest,
      span: place,
      severity: severity ?? "error",
      ...(text === undefined ? {} : { here: text }),
      ...(labels.length + used.length === 0 ? {} : { labels: [...used, ...labels] }),
    });
  }

  private outermost(scope: Scope): string {
    let name = "";
    for (let origin = scope.origin(); origin !== null; origin = origin.caller.origin()) name = origin.name;
    return name;
  }
}

/** See `World.lazy`. */
export class Lazy<T> {
  private state: { readonly done: true; readonly value: T } | { readonly done: false } = { done: false };
  private isRunning = false;

  constructor(
    private readonly compute: () => T,
    private readonly circle: (self: { readonly name: string; readonly span: Span }) => T,
    private readonly self: { readonly name: string; readonly span: Span },
    private readonly running: { readonly name: string; readonly span: Span }[],
  ) {}

  /** Whether it has been worked out. */
  get isDone(): boolean {
    return this.state.done;
  }

  get(): T {
    if (this.state.done) return this.state.value;
    if (this.isRunning) return this.circle(this.self);
    this.isRunning = true;
    this.running.push(this.self);
    try {
      const value = this.compute();
      this.state = { done: true, value };
      return value;
    } finally {
      this.running.pop();
      this.isRunning = false;
    }
  }
}

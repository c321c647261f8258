/** What the checker of results works with: the experiment, its results as columns, nodes, and the place for faults. */
import type { Code, Diagnostics, Label } from "../../base/diagnostic.js";
import type { Source, Span } from "../../base/span.js";
import type {
  AxisId,
  CheckedExperiment,
  DefinitionId,
  Experiment,
  PhaseSignature,
  ResultSignature,
  ScalarType,
} from "../typed.js";
import { rootOf } from "../made-axes.js";
import { suggestion } from "../suggest.js";
import { KnownCoordinates } from "./coordinates.js";
import { NeededDefinitions } from "./definitions.js";
import type { Needed } from "./definitions.js";
import type { TensorValue } from "./environment.js";
import type { AnalysisAxis, AnalysisNode, AnalysisType, ColumnRef } from "./ir.js";
import { Nodes, allNodes, bool, int, real } from "./nodes.js";

export interface Extra {
  readonly here?: string;
  readonly help?: string;
  readonly labels?: readonly Label[];
  readonly notes?: readonly string[];
}

export const stepAxis: AnalysisAxis = { label: "step", axis: null, kind: "step", labels: null, integer: true };

export class Context {
  readonly experiment: Experiment;
  readonly nodes: Nodes;
  readonly known: KnownCoordinates;
  private readonly knownInFull: KnownCoordinates;
  readonly phases: readonly PhaseSignature[];
  readonly needed: NeededDefinitions;
  private readonly texts: ReadonlyMap<string, string>;

  constructor(
    readonly checked: CheckedExperiment,
    readonly diagnostics: Diagnostics,
    sources: readonly Source[],
    /** The experiment without a profile and `--set`; null when there are none. */
    private readonly full: Experiment | null,
    nodes: Nodes | null = null,
  ) {
    this.experiment = checked.experiment;
    this.texts = new Map(sources.map((source) => [source.file, source.text]));
    this.known = new KnownCoordinates(this.experiment);
    this.knownInFull = full === null ? this.known : new KnownCoordinates(full);
    this.phases = [...checked.scope.values()].flatMap((entry) => (entry.kind === "phase" ? [entry.phase] : []));
    this.needed = new NeededDefinitions(this.experiment);
    this.nodes = nodes ?? new Nodes((first, second, span) => this.twoAxes(first, second, span));
  }

  protected twoAxes(first: AnalysisAxis, second: AnalysisAxis, span: Span): void {
    this.fault("AM6011", span, `\`${first.label}\` stands for two different axes here`, {
      here: `\`${this.describeAxis(first)}\` and \`${this.describeAxis(second)}\` meet`,
      help: `give one of them another name: \`x[${first.label}: ${first.label}']\``,
    });
  }

  fault(code: Code, span: Span, message: string, extra: Extra = {}): void {
    this.diagnostics.add({ code, severity: "error", span, message, ...extra });
  }

  /** A fault, and the node that stands for what could not be understood. */
  faulty(code: Code, span: Span, message: string, extra: Extra = {}): AnalysisNode {
    this.fault(code, span, message, extra);
    return this.nodes.unknown(span);
  }

  notYet(span: Span, what: string, help?: string): AnalysisNode {
    return this.faulty("AM9001", span, `${what} is not implemented yet`, help === undefined ? {} : { help });
  }

  /** What stands there, on one line. */
  text(span: Span): string {
    return (this.texts.get(span.file)?.slice(span.start, span.end) ?? "").replace(/\s+/g, " ").trim();
  }

  describeAxis(axis: AnalysisAxis): string {
    return axis.axis === null ? axis.label : (this.experiment.axes.get(axis.axis)?.name ?? axis.label);
  }

  /** An axis under the name that runs over it here. */
  axis(id: AxisId, label?: string): AnalysisAxis {
    const axis = this.experiment.axes.get(id);
    const own = label ?? axis?.name ?? "?";
    const kind = axis?.kind;
    if (kind?.kind === "sweep")
      return { label: own, axis: id, kind: "sweep", labels: kind.labels, integer: kind.integer };
    // A part has the labels and coordinates of its whole.
    const root = this.experiment.axes.get(rootOf(this.experiment.axes, id))?.kind;
    const labels = root?.kind === "labels" ? root.labels : null;
    const integer = root?.kind === "coordinates" ? root.integer === true : true;
    return { label: own, axis: id, kind: "index", labels, integer };
  }

  // ------------------------------------------------------------------- columns

  /** A result of a phase as a tensor: its sweeps, `step`, its own axes. */
  result(phase: PhaseSignature, signature: ResultSignature, span: Span): TensorValue {
    const own = signature.axes.map(({ name, axis }) => this.axis(axis, name));
    const axes = [...phase.axes.map((id) => this.axis(id)), ...(signature.stepped ? [stepAxis] : []), ...own];
    const { type, coordinates } = this.columnType(signature.type, span);
    const node = this.nodes.column(
      { phase: phase.name, result: signature.name, coordinates, fromLast: null },
      axes,
      type,
      span,
    );
    return {
      kind: "tensor",
      node,
      name: `${phase.name}.${signature.name}`,
      positional: own.map((axis) => axis.label),
      final: phase.sort === "train" && !signature.stepped,
    };
  }

  /** `steps`, `stopped`, `diverged`, `finished`, which every phase has. */
  builtIn(phase: PhaseSignature, name: string, span: Span): TensorValue | null {
    const type = name === "steps" ? int : ["stopped", "diverged", "finished"].includes(name) ? bool : null;
    if (type === null) return null;
    const axes = phase.axes.map((id) => this.axis(id));
    const node = this.nodes.column(
      { phase: phase.name, result: name, coordinates: null, fromLast: null },
      axes,
      type,
      span,
    );
    return { kind: "tensor", node, name: `${phase.name}.${name}`, positional: [], final: false };
  }

  /** A definition that depends on no parameter and no state: read from an implicit measure. */
  definition(id: DefinitionId, span: Span): TensorValue | null {
    const definition = this.experiment.definitions.get(id);
    if (definition === undefined) return null;
    const needed = this.neededFor(id, definition.name);
    const sweeps = this.experiment.sweeps
      .flatMap((sweep) => sweep.axes)
      .filter((axis) => needed.dependence.axes.includes(axis));
    const own = definition.axes.map((index) => this.axis(index.axis, index.name));
    const { type, coordinates } = this.columnType(definition.type, span);
    const axes = [...sweeps.map((axis) => this.axis(axis)), ...own];
    const node = this.nodes.column(
      { phase: needed.phase, result: needed.name, coordinates, fromLast: null },
      axes,
      type,
      span,
    );
    return { kind: "tensor", node, name: definition.name, positional: own.map((axis) => axis.label), final: false };
  }

  /** Where the definition is stored. */
  protected neededFor(id: DefinitionId, name: string): Needed {
    return this.needed.need(id, name);
  }

  private columnType(
    type: ScalarType,
    span: Span,
  ): { readonly type: AnalysisType; readonly coordinates: readonly number[] | null } {
    if (type.kind === "index") return this.indexType(type.axis, span);
    const plain = type.kind === "real" ? real : type.kind === "int" ? int : type.kind === "bool" ? bool : type;
    return { type: plain, coordinates: null };
  }

  /** Stored as positions; read as labels or coordinates. */
  private indexType(
    id: AxisId,
    span: Span,
  ): { readonly type: AnalysisType; readonly coordinates: readonly number[] | null } {
    const axis = this.experiment.axes.get(id);
    const root = this.experiment.axes.get(rootOf(this.experiment.axes, id))?.kind;
    const isPart = axis?.kind.kind === "part" && !this.isPrefix(id);
    const type: AnalysisType = root?.kind === "labels" ? { kind: "label", labels: root.labels } : int;
    if (root?.kind !== "coordinates" && !isPart) return { type, coordinates: null };
    const coordinates = this.known.of(id);
    if (coordinates === null)
      this.notYet(span, `a result that is an index of \`${axis?.name ?? ""}\`, whose coordinates depend on a sweep,`);
    return {
      type: root?.kind === "coordinates" ? (root.integer === true ? int : real) : type,
      coordinates: coordinates ?? [],
    };
  }

  /** Whether a part begins where its whole does, whatever a sweep says of its end. */
  isPrefix(id: AxisId): boolean {
    const { axes } = this.experiment;
    const kind = axes.get(id)?.kind;
    if (kind?.kind !== "part") return true;
    const from = kind.positions.kind === "range" ? this.known.constant(kind.positions.from) : null;
    return from === 0 && this.isPrefix(kind.whole);
  }

  // --------------------------------------------------------------------- axes

  /** Something that results depend on could not be understood: they may vary with more than is known of them. */
  get isPartial(): boolean {
    return (
      this.phases.some((phase) => (phase.failed?.size ?? 0) > 0) ||
      [...this.checked.scope.values()].some((entry) => entry.kind === "faulty")
    );
  }

  /** The coordinates that an axis has in the full plan, also under a profile; null where they are not known before the run. */
  fullCoordinates(id: AxisId): readonly number[] | null {
    if (this.full === null) return this.known.of(id);
    const name = this.experiment.axes.get(id)?.name;
    const own = [...this.full.axes.values()].find((axis) => axis.name === name && axis.kind.kind === "sweep");
    // Sizes and grids of other axes may have changed with a constant.
    return own === undefined ? null : this.knownInFull.of(own.id);
  }

  /** Whether a profile or `--set` changed something: what a claim names may then be absent without fault of the spec. */
  get isChanged(): boolean {
    return this.full !== null;
  }

  /** An index as a value: its coordinates, or inside a subscript its positions. */
  axisNode(axis: AnalysisAxis, positions: boolean, span: Span): AnalysisNode {
    const position = positions && axis.kind === "index";
    const known = axis.axis === null || this.columnsWith(axis).length > 0 ? null : this.known.of(axis.axis);
    if (known !== null) return this.nodes.axisOf(axis, position, { kind: "known", values: known }, span);
    return this.nodes.axis(axis, position, span);
  }

  /** Checks a whole expression: afterwards its axis nodes know where their coordinates stand. */
  complete(check: () => AnalysisNode): AnalysisNode {
    return this.completeAll(() => {
      const node = check();
      return { made: node, nodes: [node] };
    });
  }

  /** Several expressions whose axes are the same: the channels of a mark, a condition and its `where`. */
  completeAll<T>(check: () => { readonly made: T; readonly nodes: readonly AnalysisNode[] }): T {
    const mark = this.nodes.open.length;
    const { made, nodes } = check();
    const columns = allNodes(nodes).filter((part) => part.kind === "column");
    for (const { axis, columns: wanted } of this.nodes.open.splice(mark)) {
      const inside = columns.flatMap((column) => {
        const own = column.axes.find((other) => other.axis === axis.axis);
        return own === undefined ? [] : [{ phase: column.phase, result: column.result, name: own.label }];
      });
      wanted.push(...(inside.length > 0 ? inside : this.columnsWith(axis)));
    }
    return made;
  }

  /** All results that have an axis. */
  columnsWith(axis: AnalysisAxis): readonly ColumnRef[] {
    return this.phases.flatMap((phase): readonly ColumnRef[] => {
      const id = axis.axis;
      if (id !== null && phase.axes.includes(id))
        return [{ phase: phase.name, result: "finished", name: this.axis(id).label }];
      const results = [...phase.results.values()];
      if (id === null)
        return results
          .filter(({ stepped }) => stepped)
          .map(({ name }) => ({ phase: phase.name, result: name, name: "step" }));
      return results.flatMap((result) => {
        const own = result.axes.find((other) => other.axis === id);
        return own === undefined ? [] : [{ phase: phase.name, result: result.name, name: own.name }];
      });
    });
  }

  /** `did you mean …?` for spreading into a fault. */
  suggest(written: string, known: Iterable<string>): { readonly help?: string } {
    return suggestion(written, known);
  }
}

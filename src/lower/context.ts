/**
 * What lowering a phase carries along: the builder, the point's structural values, and which value every tensor has
 * at the place that is being lowered.
 */
import type { Builder } from "../ir/builder.js";
import type { LoopResults } from "../ir/compose/loop.js";
import type { DimId, DType, ValueId } from "../ir/types.js";
import type {
  AxisId,
  Definition,
  DefinitionId,
  Experiment,
  Expr,
  IndexId,
  ScalarType,
  ScanId,
} from "../language/typed.js";
import type { Padding } from "./padding.js";

/** The values of definitions at one place of a phase. Immutable but for the memo. */
export class Environment {
  /** Values already lowered here; a definition depends on nothing but the environment. */
  readonly memo = new Map<DefinitionId, ValueId>();

  /** Scans that were already lowered here. */
  readonly scans = new Map<ScanId, LoopResults>();

  private constructor(
    private readonly current: ReadonlyMap<DefinitionId, ValueId>,
    private readonly replaced: ReadonlySet<DefinitionId>,
    /** In an iteration of a scan: which one, and the place around it. */
    readonly iteration: { readonly scan: ScanId; readonly around: Environment } | null = null,
  ) {}

  static readonly empty = new Environment(new Map(), new Set());

  /** The value that stands for a parameter, a state, a snapshot or a replaced tensor; undefined for what is computed from them. */
  get(definition: DefinitionId): ValueId | undefined {
    return this.current.get(definition);
  }

  with(changes: Iterable<readonly [DefinitionId, ValueId]>): Environment {
    return new Environment(new Map([...this.current, ...changes]), this.replaced);
  }

  /** The place where tensors have values that are not their own: those of other tensors perhaps, or constants. */
  replacing(changes: readonly (readonly [DefinitionId, ValueId])[]): Environment {
    const replaced = new Set([...this.replaced, ...changes.map(([definition]) => definition)]);
    return new Environment(new Map([...this.current, ...changes]), replaced);
  }

  /** An iteration of a scan: what does not depend on it has its value in the place around. */
  inScan(scan: ScanId, changes: Iterable<readonly [DefinitionId, ValueId]>): Environment {
    return new Environment(new Map([...this.current, ...changes]), this.replaced, { scan, around: this });
  }

  isReplaced(definition: DefinitionId): boolean {
    return this.replaced.has(definition);
  }
}

/** The values that an int may take; `known` when no part of it is bounded by its width alone. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
  readonly known: boolean;
}

/** One per phase and set of shapes. */
export interface Context {
  readonly experiment: Experiment;
  readonly phase: string;
  readonly builder: Builder;
  /** The place before anything has changed. */
  readonly beginning: Environment;
  /** The place where the phase begins. */
  start: Environment;
  /** Values of the structural sweep variables (others are scalars of the program). */
  readonly structural: ReadonlyMap<AxisId, number>;
  /** Null where the program is made for its own sizes. */
  readonly padding: Padding | null;
  /** Expressions whose values each run gets as scalar inputs. */
  readonly scalars: Expr[];
  readonly scalarOf: Map<string, ValueId>;
  readonly inputOf: Map<string, ValueId>;
  readonly dimOf: Map<IndexId, DimId>;
  /** Dims of intermediate values, by what they belong to. */
  readonly madeDims: Map<string, DimId>;
  readonly intBounds: Map<ValueId, Bounds>;
  /** What ints that go through loops are sure to lie between, by `sourceKey`. */
  readonly ranges: ReadonlyMap<string, Bounds>;
  /** Conditions under which the expression at hand counts: branches taken and `where`s passed. */
  guards: readonly ValueId[];
  /** Updates done; null where there is no loop. */
  readonly step: ValueId | null;
}

export function definitionOf(context: Context, id: DefinitionId): Definition {
  const definition = context.experiment.definitions.get(id);
  if (definition === undefined) throw new Error(`definition ${id} is not in the experiment`);
  return definition;
}

export function dtypeOf(context: Context, type: ScalarType): DType {
  switch (type.kind) {
    case "real":
      return context.experiment.precision;
    case "bool":
      return "bool";
    case "int":
    case "label":
    case "index":
      return "i32";
  }
}

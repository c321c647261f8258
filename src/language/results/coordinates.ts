/** Coordinates that are known before anything runs: of sweeps, axes and recorded steps that depend on no sweep. */
import { UserError } from "../../base/diagnostic.js";
import { axisCoordinates, evaluateConstant, evaluateList } from "../constants.js";
import { rootOf } from "../made-axes.js";
import { sweepsOf } from "../mentions.js";
import type { Axis, AxisId, Constant, ConstantId, Experiment, Expr, ListExpr, Phase, Steps, Sweep } from "../typed.js";

/** Looks coordinates up once; null where they depend on a sweep or cannot be worked out. */
export class KnownCoordinates {
  private readonly axes = new Map<AxisId, readonly number[] | null>();
  private readonly world: { readonly axes: Map<AxisId, Axis>; readonly constants: Map<ConstantId, Constant> };

  constructor(private readonly experiment: Experiment) {
    this.world = { axes: new Map(experiment.axes), constants: new Map(experiment.constants) };
  }

  of(id: AxisId): readonly number[] | null {
    const before = this.axes.get(id);
    if (before !== undefined) return before;
    const found = this.find(id);
    this.axes.set(id, found);
    return found;
  }

  private find(id: AxisId): readonly number[] | null {
    const axis = this.experiment.axes.get(id);
    if (axis === undefined) return null;
    const { kind } = axis;
    if (kind.kind === "sweep") return kind.labels?.map((_, position) => position) ?? this.sweep(id);
    if (kind.kind === "plain" && !this.isFixed(kind.size)) return null;
    if (kind.kind === "coordinates" && !this.isFixed(kind.values)) return null;
    if (kind.kind === "range" && !(this.isFixed(kind.from) && this.isFixed(kind.to))) return null;
    if (kind.kind === "part" || kind.kind === "join" || kind.kind === "product") {
      const size: Expr = { kind: "size", axis: id, type: { kind: "int" }, span: axis.span };
      if (!this.isFixed(size)) return null;
      const root = rootOf(this.world.axes, id);
      // Of a part the values are those of the whole, wherever it ends.
      if (kind.kind === "part" && this.experiment.axes.get(root)?.kind.kind === "coordinates" && this.of(root) === null)
        return null;
      if (
        kind.kind === "part" &&
        this.experiment.axes.get(kind.whole)?.kind.kind === "part" &&
        this.of(kind.whole) === null
      )
        return null;
    }
    return attempt(() => axisCoordinates(axis, this.point));
  }

  private get point(): { readonly experiment: Experiment; readonly sweeps: ReadonlyMap<AxisId, number> } {
    return { experiment: this.experiment, sweeps: new Map() };
  }

  private sweep(id: AxisId): readonly number[] | null {
    const sweep = this.experiment.sweeps.find((own) => own.axes.includes(id));
    if (sweep === undefined || sweep.refined === true || sweep.adaptive?.listed === false) return null;
    const { values } = sweep;
    const column = sweep.axes.indexOf(id);
    if (values.kind === "list")
      return this.isFixed(values.list) ? attempt(() => distinct(evaluateList(values.list, this.point))) : null;
    if (values.kind === "labels") return null;
    const entries = values.rows.map((row) => row[column]);
    if (!entries.every((entry) => entry !== undefined && this.isFixed(entry))) return null;
    return attempt(() =>
      distinct(entries.map((entry) => (entry === undefined ? NaN : evaluateConstant(entry, this.point)))),
    );
  }

  private isFixed(value: Expr | ListExpr): boolean {
    return !("type" in value && value.kind === "unknown") && sweepsOf(this.world, value).size === 0;
  }

  /** The points of a sweep that moves several variables together; null for others, and where they depend on other sweeps. */
  rows({ values }: Sweep): readonly (readonly number[])[] | null {
    if (values.kind !== "tuples" || !values.rows.every((row) => row.every((entry) => this.isFixed(entry)))) return null;
    return attempt(() => values.rows.map((row) => row.map((entry) => evaluateConstant(entry, this.point))));
  }

  /** A constant that depends on no sweep. */
  constant(expr: Expr): number | null {
    return this.isFixed(expr) ? attempt(() => evaluateConstant(expr, this.point)) : null;
  }

  list(list: ListExpr): readonly number[] | null {
    return this.isFixed(list) ? attempt(() => evaluateList(list, this.point)) : null;
  }

  /** The steps at which a phase records a result. */
  steps(phase: Phase, result: string): readonly number[] | null {
    const block = phase.records.find((record) => record.entries.some((entry) => entry.name === result));
    const last = phase.count === null ? null : this.constant(phase.count);
    return block === undefined || last === null ? null : this.schedule(block.steps, last);
  }

  private schedule(steps: Steps, last: number): readonly number[] | null {
    if (steps.kind === "last") return [last];
    if (steps.kind === "at") {
      const listed = this.list(steps.steps);
      return listed === null ? null : distinct(listed.map(Math.round)).sort((a, b) => a - b);
    }
    if (steps.kind === "stepwise") return last > 1e6 ? null : Array.from({ length: last }, (_, step) => step);
    const every = steps.kind === "each" ? 1 : this.constant(steps.count);
    if (every === null || every < 1 || last / every > 1e6) return null;
    const grid = Array.from({ length: Math.floor(last / every) + 1 }, (_, k) => k * every);
    return grid.at(-1) === last ? grid : [...grid, last];
  }
}

function attempt<T>(compute: () => T): T | null {
  try {
    return compute();
  } catch (error) {
    // What is wrong with it is told where it is declared.
    if (error instanceof UserError) return null;
    throw error;
  }
}

function distinct(values: readonly number[]): number[] {
  return [...new Set(values)];
}

/** Equal to 1e-9 relative, as the language compares coordinates. */
export function sameCoordinate(a: number, b: number): boolean {
  return a === b || Math.abs(a - b) <= 1e-9 * Math.min(Math.abs(a), Math.abs(b));
}

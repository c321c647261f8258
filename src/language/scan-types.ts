/** A state of a scan has the narrowest type that holds its beginning and all its updates: known after some rounds. */
import { coordinate, coordinateType, toReal, typeName } from "./expressions/build.js";
import type { Env, Tensor } from "./scopes.js";
import type { AxisId, Expr, ScalarType } from "./typed.js";
import type { World } from "./world.js";

export class StateTypes {
  private readonly wider = new Map<string, "real" | "int">();

  constructor(private readonly world: World) {}

  /** How many states were found to need another type than they began with; 2 for one that is real. */
  get found(): number {
    return [...this.wider.values()].reduce((sum, type) => sum + (type === "real" ? 2 : 1), 0);
  }

  /** A value in the type of its state, as far as that is known. */
  fit(env: Env, name: string, value: Expr, old: Tensor | null): Expr {
    const wider = old?.type.kind === "real" ? "real" : this.wider.get(name);
    if (wider === undefined || value.kind === "unknown") return value;
    if (wider === "real") return toReal(this.world, env, value);
    return value.type.kind === "index" ? coordinate(this.world, env, value) : value;
  }

  /** Notes what a state has become; the fault where that is no type of numbers that holds both. */
  note(name: string, before: ScalarType, after: ScalarType): string | null {
    if (after.kind === "real" && (before.kind === "int" || before.kind === "index")) {
      this.wider.set(name, "real");
      return null;
    }
    const { world } = this;
    if (isWhole(before) !== isWhole(after))
      return `\`${name}\` begins as ${typeName(world, before)} and becomes ${typeName(world, after)}`;
    if (before.kind === "index" && after.kind === "index" && before.axis === after.axis) return null;
    // An int beside an index stands for its coordinate: where that is another number than the position, the state holds coordinates.
    const listed = [before, after].flatMap((type) =>
      type.kind === "index" && this.isListed(type.axis) ? [type.axis] : [],
    );
    if (listed.length === 0) return null;
    const kinds = listed.map((axis) => coordinateType(world, axis).kind);
    if (kinds.includes("label")) return `\`${name}\` is a position of an axis of labels, and an int`;
    if (this.wider.get(name) !== "real") this.wider.set(name, kinds.includes("real") ? "real" : "int");
    return null;
  }

  /** Whether positions along an axis read as something else. */
  private isListed(axis: AxisId): boolean {
    const { kind } = this.world.axis(axis);
    return kind.kind === "coordinates" || kind.kind === "labels" || kind.kind === "part" || kind.kind === "range";
  }
}

/** Ints, positions and labels are one kind of number, of which reals and bools are none. */
const isWhole = ({ kind }: Tensor["type"]): string => (kind === "real" || kind === "bool" ? kind : "whole");

/** Which axes of several experiments are one: those of one name, one kind, and the same coordinates. */
import type { Axis, AxisId } from "../typed.js";
import { KnownCoordinates, sameCoordinate } from "./coordinates.js";
import { NeededDefinitions, type Needed } from "./definitions.js";
import type { Part } from "./union.js";

interface Home {
  readonly part: Part;
  readonly known: KnownCoordinates;
  readonly knownInFull: KnownCoordinates | null;
  readonly needed: NeededDefinitions;
}

export class SharedAxes {
  private readonly homes: readonly Home[];
  private readonly found = new Map<AxisId, AxisId>();

  constructor(parts: readonly Part[]) {
    this.homes = parts.map((part) => ({
      part,
      known: new KnownCoordinates(part.checked.experiment),
      knownInFull: part.full === null ? null : new KnownCoordinates(part.full),
      needed: new NeededDefinitions(part.checked.experiment, part.needed),
    }));
  }

  /** The first axis that is the same as this one. */
  one(id: AxisId): AxisId {
    const before = this.found.get(id);
    if (before !== undefined) return before;
    const home = this.homeOf(id);
    const axis = home?.part.checked.experiment.axes.get(id);
    const one = axis === undefined || home === undefined ? id : (this.earlier(home, axis) ?? id);
    this.found.set(id, one);
    return one;
  }

  private earlier(home: Home, axis: Axis): AxisId | null {
    for (const other of this.homes.slice(0, this.homes.indexOf(home)))
      for (const own of other.part.checked.experiment.axes.values())
        if (own.name === axis.name && this.one(own.id) === own.id && this.isSame(own, axis)) return own.id;
    return null;
  }

  private isSame(first: Axis, second: Axis): boolean {
    const [a, b] = [first.kind, second.kind];
    const all = (some: readonly AxisId[], others: readonly AxisId[]): boolean =>
      some.length === others.length && some.every((axis, k) => this.one(axis) === this.one(others[k] ?? -1));
    if (a.kind === "labels" && b.kind === "labels") return a.labels.join() === b.labels.join();
    if (a.kind === "sweep" && b.kind === "sweep" && a.labels?.join() !== b.labels?.join()) return false;
    if (a.kind === "part" && b.kind === "part" && this.one(a.whole) !== this.one(b.whole)) return false;
    if (a.kind === "join" && b.kind === "join") return all(a.parts, b.parts);
    if (a.kind === "product" && b.kind === "product") return all(a.factors, b.factors);
    return a.kind === b.kind && a.kind !== "range" && this.haveSameCoordinates(first.id, second.id);
  }

  /** As planned, or as they would be without a profile. */
  private haveSameCoordinates(first: AxisId, second: AxisId): boolean {
    const same = (a: readonly number[] | null, b: readonly number[] | null): boolean =>
      a !== null && b !== null && a.length === b.length && a.every((value, k) => sameCoordinate(value, b[k] ?? NaN));
    const ordered = (list: readonly number[] | null): readonly number[] | null =>
      list?.toSorted((a, b) => a - b) ?? null;
    const planned = [first, second].map((id) => ordered(this.homeOf(id)?.known.of(id) ?? null));
    if (same(planned[0] ?? null, planned[1] ?? null)) return true;
    const full = [first, second].map((id) => ordered(this.inFull(id)));
    return same(full[0] ?? null, full[1] ?? null);
  }

  /** The coordinates in the whole plan. */
  inFull(id: AxisId): readonly number[] | null {
    const home = this.homeOf(id);
    if (home === undefined) return null;
    if (home.part.full === null || home.knownInFull === null) return home.known.of(id);
    const name = home.part.checked.experiment.axes.get(id)?.name;
    const own = [...home.part.full.axes.values()].find((axis) => axis.name === name && axis.kind.kind === "sweep");
    return own === undefined ? null : home.knownInFull.of(own.id);
  }

  get isChanged(): boolean {
    return this.homes.some(({ part }) => part.full !== null);
  }

  /** The experiment that an id belongs to; null for the file itself. */
  nameOf(axis: AxisId): string | null {
    return this.homeOf(axis)?.part.name ?? null;
  }

  /** Where a definition is stored; null where no experiment computes it. */
  need(definition: number, name: string): Needed | null {
    const home = this.homes.find(({ part }) => part.checked.experiment.definitions.has(definition));
    if (home === undefined || home.part.name === null) return null;
    const needed = home.needed.need(definition, name);
    return { ...needed, phase: `${home.part.name}.${needed.phase}` };
  }

  neededOf(experiment: string | null): readonly Needed[] {
    return this.homes.find(({ part }) => part.name === experiment)?.needed.all ?? [];
  }

  private homeOf(id: AxisId): Home | undefined {
    return this.homes.find(({ part }) => part.checked.experiment.axes.has(id));
  }
}

/** What a phase reaches, through parameters and states that no earlier phase has changed. */
import { isOwnOf } from "./phase-own.js";
import type { PhaseBody } from "./phases.js";
import { Walk, type Cut, type Found, type Reach } from "./reach.js";
import type { DefinitionId } from "./typed.js";
import type { World } from "./world.js";

/** What phases and initial values reach; each is walked through once, in however many turns it is read. */
export class Reaches {
  private readonly bodies = new Map<PhaseBody, Reach>();
  private readonly initials = new Map<string, Reach>();

  constructor(private readonly world: World) {}

  /** `earlierOf`: the phase that changed a parameter or state last. */
  phase(body: PhaseBody, changes: readonly DefinitionId[], earlierOf: (id: DefinitionId) => string | undefined): Found {
    const known = this.bodies.get(body) ?? new Walk(this.world).phase(body, changes);
    this.bodies.set(body, known);
    const found: Found = { axes: new Set(), structural: new Set(), after: new Set() };
    const done = new Set<string>();
    /** `begun`: of an initial value that is worked out before any phase. */
    const add = (reach: Reach, begun: boolean): void => {
      reach.axes.forEach((axis) => found.axes.add(axis));
      reach.structural.forEach((axis) => found.structural.add(axis));
      reach.after.forEach((phase) => found.after.add(phase));
      for (const { id, cut } of reach.changeable) {
        const key = `${id} ${cut.key}`;
        const way = `${key} ${begun ? "begun" : ""}`;
        if (done.has(way)) continue;
        done.add(way);
        const earlier = begun ? undefined : earlierOf(id);
        if (earlier !== undefined) found.after.add(earlier);
        else add(this.initial(key, id, cut), begun || !isOwnOf(body.name, this.world.definition(id)));
      }
    };
    add(known, false);
    return found;
  }

  private initial(key: string, id: DefinitionId, cut: Cut): Reach {
    const known = this.initials.get(key) ?? new Walk(this.world).initial(id, cut);
    this.initials.set(key, known);
    return known;
  }
}

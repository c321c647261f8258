/** What a phase reaches, through parameters and states that no earlier phase has changed. */
import type { PhaseBody } from "./phases.js";
import { Walk, type Cut, type Found, type Reach } from "./reach.js";
import type { DefinitionId } from "./typed.js";
import type { World } from "./world.js";

/** What phases and initial values reach; each is walked through once, in however many turns it is read. */
export class Reaches {
  private readonly bodies = new Map<PhaseBody, Reach>();
  private readonly initials = new Map<string, Reach>();
  private readonly refused = new Set<DefinitionId>();

  constructor(private readonly world: World) {}

  /** `earlierOf`: the phase that changed a parameter or state last. */
  phase(body: PhaseBody, changes: readonly DefinitionId[], earlierOf: (id: DefinitionId) => string | undefined): Found {
    const known = this.bodies.get(body) ?? new Walk(this.world).phase(body, changes);
    this.bodies.set(body, known);
    const found: Found = { axes: new Set(), structural: new Set(), after: new Set() };
    const done = new Set<string>();
    const add = (reach: Reach): void => {
      reach.axes.forEach((axis) => found.axes.add(axis));
      reach.structural.forEach((axis) => found.structural.add(axis));
      reach.after.forEach((phase) => found.after.add(phase));
      for (const { id, cut } of reach.changeable) {
        const key = `${id} ${cut.key}`;
        if (done.has(key)) continue;
        done.add(key);
        const earlier = earlierOf(id);
        if (earlier !== undefined) found.after.add(earlier);
        else {
          if (!changes.includes(id))
            this.refuseFollowing(id, cut, (other) => changes.includes(other) || earlierOf(other) !== undefined);
          add(this.initial(key, id, cut));
        }
      }
    };
    add(known);
    return found;
  }

  /** What nothing has changed is worked out where it is read: from values that are no longer those of the start, it would be another one. */
  private refuseFollowing(id: DefinitionId, cut: Cut, isChanged: (id: DefinitionId) => boolean): void {
    if (this.refused.has(id)) return;
    const moving = this.behind(id, cut).find(isChanged);
    if (moving === undefined) return;
    this.refused.add(id);
    const [own, other] = [this.world.definition(id), this.world.definition(moving)];
    this.world.diagnostics.add({
      code: "AM2040",
      severity: "warning",
      span: own.span,
      message: `nothing changes \`${own.name}\` before it is read, and what it begins with is changed: \`${other.name}\``,
      labels: [{ span: other.span, text: "this changes" }],
      help: `keep it by a phase that comes first: \`do keep { ${own.name} <- … }\`; what is to follow \`${other.name}\` is an equation`,
    });
  }

  /** The parameters and states that its initial value is made of. */
  private behind(id: DefinitionId, cut: Cut): readonly DefinitionId[] {
    const seen = new Set<DefinitionId>();
    const visit = (next: DefinitionId, within: Cut): void => {
      for (const { id: other, cut: inner } of this.initial(`${next} ${within.key}`, next, within).changeable) {
        if (seen.has(other)) continue;
        seen.add(other);
        visit(other, inner);
      }
    };
    visit(id, cut);
    return [...seen];
  }

  private initial(key: string, id: DefinitionId, cut: Cut): Reach {
    const known = this.initials.get(key) ?? new Walk(this.world).initial(id, cut);
    this.initials.set(key, known);
    return known;
  }
}

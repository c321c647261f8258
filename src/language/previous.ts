/** `previous(s[i])`: the value of a state one step ago, or some steps ago. Each is a state of its own that trails behind. */
import type { Span } from "../base/span.js";
import { madeOf } from "./made-of.js";
import { parts } from "./mentions.js";
import type { Scope } from "./scopes.js";
import type { Assignment, Definition, DefinitionId, Expr, PhaseStatement, ReadExpr } from "./typed.js";
import type { World } from "./world.js";

/** More steps back than this are a mistake, or want an axis. */
export const MOST_BACK = 100;

/** What a phase keeps of earlier steps. */
export class PreviousValues {
  /** By definition: what trails behind it by 1, 2, … steps. */
  private readonly trails = new Map<DefinitionId, DefinitionId[]>();

  constructor(
    private readonly world: World,
    private readonly phase: string,
  ) {}

  get isUsed(): boolean {
    return this.trails.size > 0;
  }

  /** Whether an expression reads a value of some steps ago, if only through equations. */
  isReadBy(root: Expr): boolean {
    const behind = new Set([...this.trails.values()].flat());
    const seen = new Set<DefinitionId | Expr>();
    const visit = (id: DefinitionId): boolean => {
      if (behind.has(id)) return true;
      if (seen.has(id)) return false;
      seen.add(id);
      const definition = this.world.definition(id);
      // What a state began with is no reading of it now.
      if (definition.body.kind === "state" || definition.body.kind === "param") return false;
      const { exprs, definitions } = madeOf(this.world, definition);
      return exprs.some(visitExpr) || definitions.some(visit);
    };
    const visitExpr = (expr: Expr): boolean => {
      if (seen.has(expr)) return false;
      seen.add(expr);
      return (
        (expr.kind === "read" && visit(expr.definition)) ||
        ((expr.kind === "grad" || expr.kind === "sharpness") && visit(expr.by)) ||
        parts(expr).some(visitExpr)
      );
    };
    return behind.size > 0 && visitExpr(root);
  }

  /** The definition that holds the value of some steps ago. */
  back(id: DefinitionId, steps: number): DefinitionId {
    const trail = this.trails.get(id) ?? [];
    this.trails.set(id, trail);
    for (let ahead = trail.at(-1) ?? id; trail.length < steps; ahead = trail.at(-1) ?? id)
      trail.push(this.behind(id, ahead, trail.length + 1));
    return trail[steps - 1] ?? id;
  }

  /** A state that begins as the one ahead of it begins. */
  private behind(id: DefinitionId, ahead: DefinitionId, steps: number): DefinitionId {
    const { name, type, axes, span } = this.world.definition(id);
    const own = freshAxes(this.world, axes);
    const value = readOf(this.world.definition(ahead), own, span);
    return this.world.addDefinition(
      `${this.phase}.${name} ${steps} before`,
      own,
      type,
      { kind: "state", init: { kind: "value", value } },
      span,
    );
  }

  /** What goes before the statements of the body, and what goes after them. */
  statements(): { readonly before: readonly PhaseStatement[]; readonly after: readonly PhaseStatement[] } {
    const before: PhaseStatement[] = [];
    const after: PhaseStatement[] = [];
    for (const [id, trail] of this.trails) {
      const definition = this.world.definition(id);
      const { name, type, axes, span } = definition;
      const own = freshAxes(this.world, axes);
      // The value at the start of the step: by its end the state may have changed.
      const now = this.world.addDefinition(
        `${this.phase}.${name} now`,
        own,
        type,
        { kind: "equation", value: readOf(definition, own, span) },
        span,
      );
      before.push({ kind: "snapshot", definition: now, span });
      after.push({ kind: "assign", assignment: shift(this.world, [now, ...trail], span), span });
    }
    return { before, after };
  }
}

/** Each takes the value of the one before it, all at once. */
function shift(world: World, chain: readonly DefinitionId[], span: Span): Assignment {
  const targets = chain.slice(1).map((definition, k) => {
    const axes = freshAxes(world, world.definition(definition).axes);
    return { definition, axes, value: readOf(world.definition(chain[k] ?? definition), axes, span), where: null };
  });
  return { targets, span };
}

export const freshAxes = (world: World, axes: Definition["axes"]): Definition["axes"] =>
  axes.map(({ name, axis, span }) => world.newIndex(name, axis, span));

/** A definition at the given indices, one for each of its axes. */
export function readOf({ id, type }: Definition, indices: Definition["axes"], span: Span): ReadExpr {
  return {
    kind: "read",
    definition: id,
    subscripts: indices.map((index) => ({ kind: "index", index, span })),
    type,
    span,
  };
}

/** The values that the phase around a place keeps; null outside of phases that take steps. */
export function previousOf(scope: Scope): PreviousValues | null {
  for (let here: Scope | null = scope; here !== null; here = here.parent)
    if (here.previous !== null) return here.previous;
  return null;
}

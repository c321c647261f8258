/** What an equation of an earlier phase was at that phase's end: `map.x` in a later phase. It does not change any more. */
import { fixedEntry } from "./fixed-entry.js";
import type { PhaseBody } from "./phases.js";
import { freshAxes } from "./previous.js";
import type { PhaseEntry, Scope, Tensor, TensorAxis, TensorEntry } from "./scopes.js";
import type { DefinitionId, RecordBlock } from "./typed.js";
import type { World } from "./world.js";

/** A value that a later phase reads. */
export interface Left {
  readonly phase: string;
  /** As it is called among the phase's results. */
  readonly name: string;
  /** The equation in the phase. */
  readonly of: DefinitionId;
  /** What stands for its last value. */
  readonly definition: DefinitionId;
}

/** The entry that stands for the last value of an equation of a phase. */
export function leftEntry(
  world: World,
  scope: Scope,
  phase: PhaseEntry,
  entry: TensorEntry,
  of: DefinitionId,
): TensorEntry {
  const tensor = world.lazy(
    scope,
    entry.name,
    entry.span,
    () => {
      const whole = entry.tensor.get();
      const definition = leftBehind(world, phase, entry.name, of);
      return whole === null ? null : { ...whole, source: { kind: "definition" as const, definition } };
    },
    () => null,
  );
  return { ...entry, tensor };
}

/** `fit.steps`, `fit.stopped` in a later phase; undefined where the phase has no such fact. */
export function factEntry(world: World, scope: Scope, phase: PhaseEntry, name: string): TensorEntry | undefined {
  const of = phase.values?.facts.get(name)?.();
  if (of === undefined) return undefined;
  const { axes: indices, type, span } = world.definition(of);
  const axes: readonly TensorAxis[] = indices.map((index) => ({ name: index.name, axis: index.axis, span }));
  const tensor: Tensor = { name, source: { kind: "definition", definition: of }, prefix: [], axes, type, span };
  const entry = fixedEntry(world, scope, name, span, tensor);
  return leftEntry(world, scope, phase, entry, of);
}

function leftBehind(world: World, phase: PhaseEntry, name: string, of: DefinitionId): DefinitionId {
  const known = world.left.find((left) => left.phase === phase.name && left.of === of);
  if (known !== undefined) return known.definition;
  const { axes, type, span } = world.definition(of);
  const value = phase.sort === "measure" ? name : `last ${name}`;
  const definition = world.addDefinition(
    `${phase.name}.${name}`,
    freshAxes(world, axes),
    type,
    { kind: "left", phase: phase.name, value },
    span,
  );
  world.left.push({ phase: phase.name, name: value, of, definition });
  return definition;
}

/** The phases, with what later ones read of them among their results. */
export function withLeftBehind(world: World, bodies: readonly PhaseBody[]): readonly PhaseBody[] {
  return bodies.map((body) => {
    const own = world.left.filter((left) => left.phase === body.name);
    const [first] = own;
    if (body.sort === "measure" || first === undefined) return body;
    const entries = own.map(({ name, of }) => ({ name, definition: of }));
    const block: RecordBlock = { steps: { kind: "last" }, entries, span: body.span, hidden: true };
    return { ...body, records: [...body.records, block] };
  });
}

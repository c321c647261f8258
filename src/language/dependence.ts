/** What each phase depends on: sweep variables, shapes, and the phases that ran before it. */
import { isOwnOf } from "./phase-own.js";
import type { PhaseBody } from "./phases.js";
import type { Found } from "./reach.js";
import { Reaches } from "./reaches.js";
import { inTurn, type PhaseRun } from "./sequences.js";
import type { AxisId, DefinitionId, Phase } from "./typed.js";
import type { World } from "./world.js";

/** Phases with what they change and depend on, in the order in which they run: those of a sequence once for each turn. */
export function dependOn(world: World, bodies: readonly PhaseBody[]): readonly Phase[] {
  const runs = inTurn(world, bodies);
  const reaches = new Reaches(world);
  const varies = new Map<string, Varying>();
  for (;;) {
    const phases = new Order(world, varies, reaches).run(runs);
    // What a phase varies with is the same in all turns, and goes on to those that come later in the text.
    const grown = phases.filter((phase) => widen(varies, phase));
    if (grown.length === 0) return phases;
  }
}

interface Varying {
  readonly axes: Set<AxisId>;
  readonly structural: Set<AxisId>;
}

function widen(varies: Map<string, Varying>, { name, axes, structural, turn }: Phase): boolean {
  if (turn.size === 0) return false;
  const known = varies.get(name) ?? { axes: new Set(), structural: new Set() };
  varies.set(name, known);
  const before = known.axes.size + known.structural.size;
  axes.forEach((axis) => known.axes.add(axis));
  structural.forEach((axis) => known.structural.add(axis));
  return known.axes.size + known.structural.size > before;
}

/** Phases one after the other, with what they leave behind. */
class Order {
  private readonly lastChange = new Map<DefinitionId, Phase>();
  private readonly latest = new Map<string, Phase>();
  private readonly walked = new Map<string, Found>();

  constructor(
    private readonly world: World,
    private readonly varies: ReadonlyMap<string, Varying>,
    private readonly reaches: Reaches,
  ) {}

  run(runs: readonly PhaseRun[]): readonly Phase[] {
    return runs.map((one) => this.phase(one));
  }

  private phase({ body, turn }: PhaseRun): Phase {
    const changes = changesOf(body, turn);
    if (body.fromStart === true) this.startAgain(changes);
    const isOwn = (id: DefinitionId): boolean => isOwnOf(body.name, this.world.definition(id));
    const goOn = optimizerStates(body);
    const earlierOf = (id: DefinitionId): string | undefined => {
      // What an earlier turn of the phase itself declared starts afresh; its optimizers go on.
      const isFresh = body.sequences !== undefined && isOwn(id) && !goOn.has(id);
      return isFresh ? undefined : this.lastChange.get(id)?.name;
    };
    const { axes, structural, after } = this.walk(body, changes, earlierOf);
    const earlier = [...this.latest.values()].filter(({ name }) => after.has(name));
    const known = this.varies.get(body.name);
    const all = {
      axes: new Set([...axes, ...structural, ...turn.keys(), ...(known?.axes ?? [])]),
      structural: new Set([...structural, ...(known?.structural ?? [])]),
    };
    for (const phase of earlier) outside(phase, turn).forEach((axis) => all.axes.add(axis));
    const ordered = (ids: ReadonlySet<AxisId>): readonly AxisId[] => [...ids].sort((a, b) => a - b);
    const { sequences: _, fromStart: _again, ...rest } = body;
    const phase: Phase = {
      ...rest,
      changes,
      after: earlier.map(({ name }) => name),
      from: earlier.map((source) => source.turn),
      starts: new Map(
        [...this.lastChange].flatMap(([id, { name }]) =>
          after.has(name) && earlierOf(id) !== undefined ? [[id, name] as const] : [],
        ),
      ),
      turn,
      axes: ordered(all.axes),
      structural: ordered(all.structural),
    };
    // In the order of their last turns.
    this.latest.delete(phase.name);
    this.latest.set(phase.name, phase);
    for (const id of changes) this.lastChange.set(id, phase);
    return phase;
  }

  /** As though no phase had changed a parameter, nor a state that is changed now. */
  private startAgain(changes: readonly DefinitionId[]): void {
    for (const id of [...this.lastChange.keys()])
      if (changes.includes(id) || this.world.definition(id).body.kind === "param") this.lastChange.delete(id);
  }

  /** Turns that find the same things behind them depend on the same. */
  private walk(
    body: PhaseBody,
    changes: readonly DefinitionId[],
    earlierOf: (id: DefinitionId) => string | undefined,
  ): Found {
    const before = [...this.lastChange.keys()].map((id) => `${id} ${earlierOf(id) ?? ""}`).sort();
    const key = `${body.name} ${before.join(" ")}`;
    const known = this.walked.get(key);
    if (known !== undefined) return known;
    const found = this.reaches.phase(body, changes, earlierOf);
    this.walked.set(key, found);
    return found;
  }
}

/** The axes of an earlier phase; not those of its sequences, of which one turn is read. */
const outside = ({ axes, turn: before }: Phase, turn: Phase["turn"]): readonly AxisId[] =>
  axes.filter((axis) => turn.has(axis) || !before.has(axis));

/** Parameters and states that statements change; an optimizer's own states are listed with it, but go on in a sequence. */
function changesOf(body: PhaseBody, turn: Phase["turn"]): readonly DefinitionId[] {
  const changed = new Set<DefinitionId>();
  for (const statement of body.statements) {
    if (statement.kind === "assign") statement.assignment.targets.forEach((target) => changed.add(target.definition));
    if (statement.kind === "minimize") statement.updates.forEach((update) => changed.add(update.parameter));
  }
  if (turn.size > 0) optimizerStates(body).forEach((id) => changed.add(id));
  return [...changed];
}

const optimizerStates = ({ statements }: PhaseBody): ReadonlySet<DefinitionId> =>
  new Set(
    statements.flatMap((statement) =>
      statement.kind === "minimize"
        ? [...statement.prepared.states, ...statement.updates.flatMap((update) => (update.fresh ? [] : update.states))]
        : [],
    ),
  );

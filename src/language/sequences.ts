/** `sequence task in 0..4 { … }`: its phases run once for each value, going on with what the turn before left behind. */
import type { Phase as TreePhase, Sequence, SweepDeclaration } from "../../grammar/tree.js";
import { valuesOfSweep } from "./bounds.js";
import { misplaced } from "./declare.js";
import { sweepsOf } from "./mentions.js";
import type { PhaseBody } from "./phases.js";
import { Scope } from "./scopes.js";
import { declareSweep } from "./sweeps.js";
import type { AxisId, Expr, Turn } from "./typed.js";
import type { World } from "./world.js";

/** A phase at one turn of the sequences around it. */
export interface PhaseRun {
  readonly body: PhaseBody;
  readonly turn: Turn;
}

/** More turns than this are a mistake, or want a loop inside of a phase. */
const MOST_TURNS = 1000;

/** Declares the variable in a scope of its own, and hands over the phases with the scope that they stand in. */
export function declareSequence(
  world: World,
  outside: Scope,
  tree: Sequence,
  phase: (tree: TreePhase, scope: Scope) => void,
): void {
  const { name, values, doc, span } = tree;
  const scope = new Scope(outside, outside.role, outside.prefix);
  const declaration: SweepDeclaration = {
    kind: "sweep",
    variables: [name],
    values,
    where: null,
    adaptive: null,
    doc,
    span,
  };
  declareSweep(world, scope, declaration, [], true);
  const entry = scope.entries.get(name.text);
  if (entry?.kind !== "sweep") return;
  scope.sequence = entry.axis;
  reserve(world, outside, tree, entry.axis);
  world.pending.push(() => checkTurns(world, scope, tree, entry.axis));
  for (const statement of tree.body) {
    if (statement.kind === "phase") phase(statement, scope);
    else if (statement.kind === "sequence") declareSequence(world, scope, statement, phase);
    else misplaced(world, scope, statement, "in a `sequence`: it takes phases and sequences");
  }
}

/** Results have the variable as an axis, so its name means nothing else in the experiment. */
function reserve(world: World, outside: Scope, { name }: Sequence, axis: AxisId): void {
  const first = outside.lookupAxis(name.text) ?? outside.own(name.text);
  const other = [...world.sequences].find(([, known]) => known.text === name.text)?.[1];
  world.sequences.set(axis, name);
  const before = first?.span ?? other?.span;
  if (before === undefined && name.text !== "seed") return;
  world.report(outside, {
    code: "AM2037",
    span: name.span,
    message:
      before === undefined
        ? "`seed` is the sweep that draws are keyed by, and cannot be a sequence"
        : `\`${name.text}\` is declared twice: results have the variable of a sequence as an axis`,
    ...(before === undefined ? {} : { labels: [{ span: before, text: "first declared here" }] }),
    help: "give the sequence another name",
  });
}

function checkTurns(world: World, scope: Scope, { values, name }: Sequence, axis: AxisId): void {
  const sweep = world.sweeps.find(({ axes }) => axes[0] === axis);
  if (sweep?.values.kind !== "list" || values.kind !== "in") return;
  const { span } = values.expr;
  if (sweepsOf(world, sweep.values.list).size > 0)
    world.report(scope, {
      code: "AM4043",
      span,
      message: `the values of \`${name.text}\` depend on a sweep`,
      help: "a sequence takes the same turns at every point: let the most be listed, and let claims leave some of them out",
    });
  else if (turnsInside(world, scope) > MOST_TURNS)
    world.report(scope, {
      code: "AM4043",
      span,
      message: `the sequence \`${name.text}\` has more than ${MOST_TURNS.toLocaleString("en")} turns`,
      ...(scope.sequences().length > 1 ? { here: "with those of the sequences around it" } : {}),
      help: "every turn is a phase of its own, with results that are kept: let a phase take the steps instead",
    });
}

/** Turns of a sequence altogether, with those of the sequences around it. */
const turnsInside = (world: World, scope: Scope): number =>
  scope.sequences().reduce((product, axis) => product * countTurns(world, axis), 1);

/** How many turns a sequence has by itself; 0 where that is not known, which is told. */
function countTurns(world: World, axis: AxisId): number {
  const sweep = world.sweeps.find(({ axes }) => axes[0] === axis);
  const kind = world.axis(axis).kind;
  if (sweep === undefined || kind.kind !== "sweep") return 0;
  if (kind.labels !== null) return kind.labels.length;
  const { values } = sweep;
  if (values.kind !== "list" || sweepsOf(world, values.list).size > 0) return 0;
  return new Set(valuesOfSweep(world, values.list)).size;
}

/** All phases in the order in which they run. */
export function inTurn(world: World, bodies: readonly PhaseBody[]): readonly PhaseRun[] {
  const at = (some: readonly PhaseBody[], depth: number, turn: Turn, around: number): readonly PhaseRun[] => {
    const runs: PhaseRun[] = [];
    for (let from = 0; from < some.length;) {
      const [first] = some.slice(from);
      const axis = first?.sequences?.[depth];
      if (first === undefined || axis === undefined) {
        if (first !== undefined) runs.push({ body: first, turn });
        from += 1;
        continue;
      }
      const rest = some.slice(from);
      const other = rest.findIndex((body) => body.sequences?.[depth] !== axis);
      const inside = other < 0 ? rest : rest.slice(0, other);
      const turns = countTurns(world, axis);
      // Of sequences that are too long, which was told, the first turn stands for all.
      const taken = around * turns > MOST_TURNS ? Math.min(turns, 1) : turns;
      for (let number = 0; number < taken; number++)
        runs.push(...at(inside, depth + 1, new Map([...turn, [axis, number]]), around * turns));
      from += inside.length;
    }
    return runs;
  };
  return at(bodies, 0, new Map(), 1);
}

/** What a draw in a sequence is keyed by: the seed and the values of the sequences; null outside of them. */
export function keyedBySequences(world: World, scope: Scope): readonly Expr[] | null {
  const sequences = scope.sequences();
  if (sequences.length === 0) return null;
  const seed = [...world.axes.values()].find(({ kind, name }) => kind.kind === "sweep" && name === "seed");
  const value = (axis: AxisId): Expr => {
    const { span } = world.axis(axis);
    return { kind: "sweep", axis, type: { kind: "real" }, span };
  };
  const [first] = sequences;
  const none: Expr = { kind: "number", value: 0, type: { kind: "real" }, span: world.axis(first ?? 0).span };
  return [seed === undefined ? none : value(seed.id), ...sequences.map(value)];
}

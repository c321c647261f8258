/** The order in a phase's body: what is read before it is taken, and what has changed since the step began. */
import type { PhasePlace } from "./phases.js";
import type { Definition, DefinitionId, Expr, PhaseStatement } from "./typed.js";
import { madeOf } from "./made-of.js";
import { parts } from "./mentions.js";
import type { World } from "./world.js";

/** Tells what reads a snapshot before its place, and hints at equations that are current and no longer as at the step's start. */
export function checkOrder(place: PhasePlace, statements: readonly PhaseStatement[]): void {
  const later = new Map<DefinitionId, PhaseStatement>();
  for (const statement of statements) if (statement.kind === "snapshot") later.set(statement.definition, statement);
  const snapshots = new Set(later.keys());
  const changed = new Set<DefinitionId>();
  for (const statement of statements) {
    const reads = readsOf(place.world, statement, snapshots);
    // A snapshot may not read itself either, but that is a circle, and told as one.
    for (const [id, expr] of reads.direct) {
      if (later.has(id) && !(statement.kind === "snapshot" && statement.definition === id))
        tooEarly(place, id, expr, later.get(id));
    }
    if (statement.kind !== "minimize" && changed.size > 0) hintCurrent(place, reads.direct, changed, snapshots);
    if (statement.kind === "snapshot") later.delete(statement.definition);
    if (statement.kind === "assign") statement.assignment.targets.forEach((target) => changed.add(target.definition));
    if (statement.kind === "minimize") statement.updates.forEach((update) => changed.add(update.parameter));
  }
}

interface Reads {
  /** Definitions that the statement's own text reads, and snapshots behind them, with a place. */
  readonly direct: ReadonlyMap<DefinitionId, Expr>;
}

function readsOf(world: World, statement: PhaseStatement, snapshots: ReadonlySet<DefinitionId>): Reads {
  const direct = new Map<DefinitionId, Expr>();
  for (const root of rootsOf(world, statement)) {
    visitReads(root, (id, expr) => {
      if (!direct.has(id)) direct.set(id, expr);
      for (const behind of reachable(world, id, snapshots))
        if (snapshots.has(behind) && !direct.has(behind)) direct.set(behind, expr);
    });
  }
  return { direct };
}

function rootsOf(world: World, statement: PhaseStatement): readonly Expr[] {
  switch (statement.kind) {
    case "snapshot": {
      const { definition, span } = statement;
      const { body, type } = world.definition(definition);
      if (body.kind === "equation") return [body.value];
      // What a scan leaves is read whole: what stands behind it is found from there.
      return [{ kind: "read", definition, subscripts: [], type, span }];
    }
    case "assign":
      return statement.assignment.targets.flatMap(({ value, where }) => (where === null ? [value] : [value, where]));
    case "minimize":
      return [statement.objective];
  }
}

function visitReads(root: Expr, found: (id: DefinitionId, expr: Expr) => void): void {
  const seen = new Set<Expr>();
  const visit = (expr: Expr): void => {
    if (seen.has(expr)) return;
    seen.add(expr);
    if (expr.kind === "read") found(expr.definition, expr);
    parts(expr).forEach(visit);
  };
  visit(root);
}

/** Definitions behind one; snapshots stand for themselves. */
function reachable(world: World, id: DefinitionId, snapshots: ReadonlySet<DefinitionId>): ReadonlySet<DefinitionId> {
  const found = new Set<DefinitionId>();
  const visit = (next: DefinitionId): void => {
    if (found.has(next)) return;
    found.add(next);
    const definition = world.definition(next);
    if ((snapshots.has(next) && next !== id) || isGiven(definition)) return;
    const { exprs, definitions } = madeOf(world, definition);
    for (const expr of exprs) visitReads(expr, visit);
    definitions.forEach(visit);
  };
  visit(id);
  found.delete(id);
  return found;
}

/** What starts as something else is not made of it later. */
function isGiven({ body }: Definition): boolean {
  return body.kind === "param" || body.kind === "state" || body.kind === "gradient" || body.kind === "draw";
}

function tooEarly(place: PhasePlace, id: DefinitionId, expr: Expr, taken: PhaseStatement | undefined): void {
  const name = place.world.definition(id).name.split(".").at(-1) ?? "";
  place.world.report(place.scope, {
    code: "AM2028",
    span: expr.span,
    message: `\`${name}\` is read before it is taken`,
    here: "read here",
    ...(taken === undefined ? {} : { labels: [{ span: taken.span, text: "taken here" }] }),
    help: "an equation in a body is a snapshot taken in its place: move it up, or out of the phase",
  });
}

/** An equation outside of the body is always current. */
function hintCurrent(
  place: PhasePlace,
  reads: Reads["direct"],
  changed: ReadonlySet<DefinitionId>,
  snapshots: ReadonlySet<DefinitionId>,
): void {
  const { world, scope } = place;
  for (const [id, expr] of reads) {
    const { body, name } = world.definition(id);
    if (body.kind !== "equation" || snapshots.has(id) || world.choices.has(id)) continue;
    const change = [...reachable(world, id, snapshots)].find((behind) => changed.has(behind));
    if (change === undefined) continue;
    world.report(scope, {
      code: "AM2029",
      severity: "hint",
      span: expr.span,
      message: `\`${name}\` has here the value after this step's change of \`${world.definition(change).name}\``,
      help: "an equation in the body, before the change, keeps the value from the start of the step",
    });
  }
}

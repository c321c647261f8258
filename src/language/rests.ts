/** `until[query] cond`: each slice of a phase rests on its own. Whoever rests keeps its values, by a mask on every update. */
import type { Until } from "../../grammar/tree.js";
import { bool, both, condition, either, faulty, int } from "./expressions/build.js";
import { checkExpr } from "./expressions/check.js";
import { axisEntry } from "./expressions/resolve.js";
import { bindIndex } from "./indices.js";
import { placeOf, type PhasePlace } from "./phases.js";
import { freshAxes, readOf } from "./previous.js";
import type { Assignment, Definition, DefinitionId, Expr, Holds, Index, PhaseStatement, RecordBlock } from "./typed.js";
import { unknownAxis, type World } from "./world.js";

/** What an `until` adds to a phase. */
export interface Rest {
  /** Ends the whole run. */
  readonly stop: Expr;
  readonly statements: readonly PhaseStatement[];
  readonly holds: Holds;
  /** `steps` and `stopped` of each slice; without axes they are those of the run. */
  readonly records: readonly RecordBlock[];
}

/** What rests at the end of a run, where it may end otherwise as well: no name of a record. */
const RESTS = "what rests";

/** `otherwise`: the condition of `stop when`. Null after a fault. */
export function checkUntil(
  place: PhasePlace,
  clause: Until,
  statements: readonly PhaseStatement[],
  otherwise: Expr | null,
): Rest | null {
  const { world, env, name } = placeOf(place, clause);
  const axes: Index[] = [];
  for (const written of clause.axes) {
    const axis = axisEntry(world, env, written);
    if (axis === null || axis === unknownAxis) return null;
    axes.push(bindIndex(world, { ...env, indices: [...env.indices, ...axes] }, written, { trees: [] }));
  }
  const inside = { ...env, indices: [...env.indices, ...axes] };
  const found = condition(world, inside, checkExpr(world, inside, clause.condition), "what follows `until`");
  if (found.kind === "unknown") return null;
  const { span } = clause;
  const rest = judged(place, found);
  if (axes.length === 0) {
    if (otherwise === null) return { stop: rest, statements, holds: true, records: [] };
    const rests = addEquation(world, `${name}.rests`, [], rest);
    return { stop: either(rest, otherwise), statements, ...told(rests, span) };
  }

  const none = { kind: "boolean", value: false, type: bool, span } as const;
  const rested = addState(world, `${name}.rested`, axes, bool, none);
  const now = addEquation(world, `${name}.rests`, axes, either(readOf(world.definition(rested), axes, span), rest));
  const count = addState(world, `${name}.steps`, axes, int, number(0, span));
  const masked = statements.map((statement) => maskedStatement(place, statement, now, axes));
  if (masked.includes(null)) return null;
  const resting = freshAxes(world, axes);
  const ended = otherwise === null ? now : addEnded(world, `${name}.stopped`, now, otherwise);
  place.scope.facts.set("steps", () => count).set("stopped", () => ended);
  const { holds, records } = otherwise === null ? { holds: true, records: [] } : told(now, span);
  const all: Expr = {
    kind: "reduce",
    reducer: "all",
    over: resting,
    where: null,
    body: readOf(world.definition(now), resting, span),
    type: bool,
    span,
  };
  return {
    stop: otherwise === null ? all : either(all, otherwise),
    holds,
    statements: [
      { kind: "snapshot", definition: now, span },
      ...masked.flatMap((statement) => statement ?? []),
      { kind: "assign", assignment: advance(world, rested, count, now), span },
    ],
    records: [
      {
        steps: { kind: "last" },
        entries: [
          { name: "steps", definition: count },
          { name: "stopped", definition: ended },
        ],
        span,
      },
      ...records,
    ],
  };
}

/** A condition on a run; what was before the first step is no reason to end. */
export function judged({ scope }: PhasePlace, condition: Expr): Expr {
  return scope.previous?.isReadBy(condition) === true ? both(condition, started(condition.span)) : condition;
}

/** The result that says what rests. */
function told(rests: DefinitionId, span: Expr["span"]): Pick<Rest, "holds" | "records"> {
  const entries = [{ name: RESTS, definition: rests }];
  return { holds: { result: RESTS }, records: [{ steps: { kind: "last" }, entries, span, hidden: true }] };
}

/** Whether a slice rests, or the whole run has ended. */
function addEnded(world: World, name: string, now: DefinitionId, otherwise: Expr): DefinitionId {
  const axes = freshAxes(world, world.definition(now).axes);
  return addEquation(world, name, axes, either(readOf(world.definition(now), axes, otherwise.span), otherwise));
}

/** `rested <- rests, steps <- steps + (1 where it does not)`. */
function advance(world: World, rested: DefinitionId, count: DefinitionId, now: DefinitionId): Assignment {
  const { axes, span } = world.definition(rested);
  const [first, second] = [freshAxes(world, axes), freshAxes(world, axes)];
  const more: Expr = {
    kind: "if",
    condition: readOf(world.definition(now), second, span),
    then: number(0, span),
    otherwise: number(1, span),
    type: int,
    span,
  };
  const counted: Expr = {
    kind: "apply",
    operation: "add",
    operands: [readOf(world.definition(count), second, span), more],
    type: int,
    span,
  };
  return {
    targets: [
      { definition: rested, axes: first, value: readOf(world.definition(now), first, span), where: null },
      { definition: count, axes: second, value: counted, where: null },
    ],
    span,
  };
}

/** An update of the slices that do not rest; null where the fault was told that a state lacks an axis. */
function maskedStatement(
  place: PhasePlace,
  statement: PhaseStatement,
  now: DefinitionId,
  axes: readonly Index[],
): PhaseStatement | null {
  if (statement.kind === "snapshot") return statement;
  const { world, env, name } = place;
  if (statement.kind === "minimize") {
    faulty(world, env, "AM2031", statement.span, `\`${name}\` trains, and \`until[…]\` would let a part of it rest`, {
      help: "use `until` without axes, or `stop when`",
    });
    return null;
  }
  const targets: Assignment["targets"][number][] = [];
  for (const target of statement.assignment.targets) {
    const definition = world.definition(target.definition);
    const own = axes.map((axis) => indexFor(definition, target.axes, axis));
    const lacking = axes.find((_, k) => own[k] === undefined);
    if (lacking !== undefined) {
      faulty(world, env, "AM2031", statement.span, `\`${definition.name}\` has no axis \`${lacking.name}\``, {
        here: `each \`${lacking.name}\` rests on its own, so every state has this axis`,
        labels: [{ span: lacking.span, text: "asked for here" }],
        help: `give it the axis, or let the whole run rest: \`until ${axes.map((axis) => `all(${axis.name})`).join(" ")} …\``,
      });
      return null;
    }
    const indices = own.flatMap((index) => index ?? []);
    const goesOn: Expr = {
      kind: "apply",
      operation: "not",
      operands: [readOf(world.definition(now), indices, statement.span)],
      type: bool,
      span: statement.span,
    };
    targets.push({ ...target, where: target.where === null ? goesOn : both(goesOn, target.where) });
  }
  return { ...statement, assignment: { ...statement.assignment, targets } };
}

/** The index of a target that runs over an axis: of several, the one that is named like it. */
function indexFor(definition: Definition, indices: readonly Index[], wanted: Index): Index | undefined {
  const fitting = indices.filter(({ axis }) => axis === wanted.axis);
  return fitting.find((_, k) => definition.axes[k]?.name === wanted.name) ?? fitting[0];
}

function addState(
  world: World,
  name: string,
  axes: readonly Index[],
  type: Definition["type"],
  value: Expr,
): DefinitionId {
  const own = freshAxes(world, axes);
  return world.addDefinition(name, own, type, { kind: "state", init: { kind: "value", value } }, value.span);
}

function addEquation(world: World, name: string, axes: readonly Index[], value: Expr): DefinitionId {
  return world.addDefinition(name, axes, value.type, { kind: "equation", value }, value.span);
}

const number = (value: number, span: Expr["span"]): Expr => ({ kind: "number", value, type: int, span });
/** `step >= 1`. */
function started(span: Expr["span"]): Expr {
  const step: Expr = { kind: "step", type: int, span };
  return { kind: "apply", operation: "ge", operands: [step, number(1, span)], type: bool, span };
}

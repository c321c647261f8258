/** Phases that take steps: `train`, `evolve`, and `do`, which takes one. */
import type { Every, Phase as TreePhase, Statement, Using } from "../../grammar/tree.js";
import { checkAssign } from "./assignments.js";
import { checkSteps, declareBatch } from "./batches.js";
import { bool, condition, int, real } from "./expressions/build.js";
import { checkExpr } from "./expressions/check.js";
import { namesOf } from "./declared-names.js";
import { drawnBy } from "./drawn-components.js";
import { checkDue, onlyDue } from "./every.js";
import { declareBody, placeOf, type PhaseBody, type PhasePlace } from "./phases.js";
import { checkMinimize, type Minimized } from "./minimize.js";
import { checkRecords } from "./records.js";
import { checkUntil, judged } from "./rests.js";
import { takenFrom } from "./scan-targets.js";
import { checkOrder } from "./snapshots.js";
import type { DefinitionBody, DefinitionId, Expr, PhaseStatement, RecordBlock } from "./typed.js";
import { checkTupleAssign } from "./tuple-assignments.js";
import { definitionsNamed } from "./tuples.js";

const clauses: Readonly<Record<"train" | "evolve" | "do", ReadonlySet<Statement["kind"]>>> = {
  train: new Set(["batch", "minimize", "using", "for", "stop", "until", "record", "assign", "every"]),
  evolve: new Set(["batch", "for", "stop", "until", "record", "assign", "every"]),
  do: new Set(["assign"]),
};

/** Checks a phase that takes steps. */
export function checkLoop(
  place: PhasePlace,
  tree: TreePhase,
  body: readonly Statement[],
  objective: boolean,
): PhaseBody | null {
  const { sort } = tree;
  if (sort === "measure") return null;
  // Before all else: epochs are counted by it.
  const orders = body.flatMap((statement) => {
    const order = statement.kind === "batch" && sort !== "do" ? declareBatch(place, statement) : null;
    return order === null ? [] : [order];
  });
  declareBody(place, body, clauses[sort], `in ${sort === "evolve" ? "an" : "a"} \`${sort}\``);
  const usings = sort === "train" ? body.filter((statement) => statement.kind === "using") : [];
  const minimizes = sort === "train" ? body.filter((statement) => statement.kind === "minimize") : [];
  const minimized = checkParts(place, tree, usings, minimizes.length, body)
    ? checkMinimize(place, minimizes, usings)
    : null;
  const inner = body.filter((statement) => statement.kind === "every");
  const [main, rare] = [checkBody(place, body, minimized), checkRare(place, inner)];
  const statements = main === null || rare === null ? null : [...main, ...rare];
  const count = sort === "do" ? once(tree) : checkCount(place, tree, body);
  const stop = checkStop(place, body);
  const records = [
    ...checkRecords(
      place,
      body.filter((statement) => statement.kind === "record"),
    ),
  ];
  if (objective && minimized !== null) records.push(objectiveRecord(place, minimized.objective, records));
  if (statements === null) return null;
  const ended = checkEnd(place, body, statements, stop ?? null);
  if (count === null || ended === null) return null;
  addFacts(place, ended.stop, tree.name.span);
  return {
    name: place.name,
    sort: "train",
    count,
    draws: [
      ...orders,
      ...body.flatMap((statement) => {
        return statement.kind === "draw" ? drawnBy(place, statement) : [];
      }),
    ],
    statements: withPrevious(place, ended.statements),
    stop: ended.stop,
    holds: ended.holds,
    records: [...records, ...ended.records],
    results: [],
    span: tree.span,
  };
}

/** What is done at the end of some steps; null after a fault. */
function checkRare(place: PhasePlace, rare: readonly Every[]): readonly PhaseStatement[] | null {
  const found: PhaseStatement[] = [];
  for (const statement of rare) {
    declareBody(place, statement.body, new Set(["assign"]), "in an `every`");
    const due = checkDue(place.world, place.env, statement);
    const statements = checkBody(place, statement.body, null);
    if (statements === null || due === null) return null;
    found.push(...statements.map((own) => onlyDue(own, due)));
  }
  return found;
}

const once = (tree: TreePhase): Expr => ({ kind: "number", value: 1, type: int, span: tree.name.span });

type End = Pick<PhaseBody, "statements" | "stop" | "holds" | "records">;

/** `until` and `stop when`; null after a fault. */
function checkEnd(
  place: PhasePlace,
  body: readonly Statement[],
  statements: readonly PhaseStatement[],
  stop: Expr | null,
): End | null {
  const clause = body.find((statement) => statement.kind === "until");
  return clause?.kind === "until"
    ? checkUntil(place, clause, statements, stop)
    : { statements, stop, holds: false, records: [] };
}

/** `steps` and `stopped`, unless each slice has its own: at the end of a run they are what these equations are there. */
function addFacts({ world, scope, name }: PhasePlace, stop: Expr | null, span: Expr["span"]): void {
  if (scope.facts.size > 0) return;
  const steps: Expr = { kind: "step", type: int, span };
  const stopped: Expr = stop ?? { kind: "boolean", value: false, type: bool, span };
  const add = (fact: string, value: Expr): void => {
    let made: DefinitionId | null = null;
    const body = { kind: "equation", value } as const;
    scope.facts.set(fact, () => (made ??= world.addDefinition(`${name}.${fact}`, [], value.type, body, span)));
  };
  add("steps", steps);
  add("stopped", stopped);
}

/** What `previous` needs goes around the body. */
function withPrevious({ scope }: PhasePlace, statements: readonly PhaseStatement[]): readonly PhaseStatement[] {
  if (scope.previous?.isUsed !== true) return statements;
  const { before, after } = scope.previous.statements();
  return [...before, ...statements, ...after];
}

/** What a training needs, and what it can have only once. */
function checkParts(
  place: PhasePlace,
  tree: TreePhase,
  usings: readonly Using[],
  minimizes: number,
  body: readonly Statement[],
): boolean {
  const { world, scope, name } = place;
  const say = (span: TreePhase["span"], message: string, help: string): void =>
    world.report(scope, { code: "AM2024", span, message, help });
  for (const kind of ["minimize", "using", "for", "stop", "until"] as const) {
    const [, second] = body.filter((statement) => statement.kind === kind);
    if (second !== undefined) say(second.span, `\`${name}\` has two \`${kind}\` clauses`, "write one of them");
  }
  const isMissing = (what: string, help: string): void =>
    world.incomplete ? undefined : say(tree.name.span, `\`${name}\` has no \`${what}\``, help);
  if (tree.sort !== "do" && !body.some((statement) => statement.kind === "for"))
    isMissing("for", "say how many updates it makes: `for 1000 steps`");
  if (tree.sort !== "train") return false;
  const updates = body.some((statement) => statement.kind === "assign");
  if (minimizes === 0 && usings.length === 0 && updates) return false;
  if (minimizes === 0) isMissing("minimize", "say what is made small, over which parameters: `minimize loss over M.W`");
  else if (usings.length === 0) isMissing("using", "say how: `using gd(lr: 0.1)` (after `use std.optimizers`)");
  return minimizes > 0 && usings.length > 0;
}

const changeable: ReadonlySet<DefinitionBody["kind"]> = new Set(["state", "param"]);

function checkBody(
  place: PhasePlace,
  body: readonly Statement[],
  minimized: Minimized | null,
): readonly PhaseStatement[] | null {
  const statements: PhaseStatement[] = [];
  let isFine = true;
  for (const statement of body) {
    switch (statement.kind) {
      case "equation":
      case "scan":
        for (const name of statement.kind === "scan" ? takenFrom(statement) : namesOf(statement)) {
          const definitions = definitionsNamed(place.scope, name);
          if (definitions.length === 0) isFine = false;
          for (const definition of definitions) statements.push({ kind: "snapshot", definition, span: statement.span });
        }
        break;
      case "assign": {
        const { world, env } = placeOf(place, statement);
        const ofTuple = checkTupleAssign(world, env, statement, changeable);
        const assignment = ofTuple === undefined ? checkAssign(world, env, statement) : ofTuple;
        if (assignment === null) isFine = false;
        else statements.push({ kind: "assign", assignment, span: statement.span });
        break;
      }
      case "minimize":
        if (minimized === null) isFine = false;
        else
          statements.push({
            kind: "minimize",
            objective: minimized.objective,
            updates: minimized.updates,
            prepared: minimized.prepared,
            span: statement.span,
          });
        break;
      default:
    }
  }
  if (!isFine) return null;
  checkOrder(place, statements);
  return statements;
}

function checkCount(place: PhasePlace, tree: TreePhase, body: readonly Statement[]): Expr | null {
  const clause = body.find((statement) => statement.kind === "for");
  if (clause?.kind !== "for") return null;
  const { world, env } = placeOf(place, clause);
  return checkSteps(world, env, clause.count, `the number of steps of \`${tree.name.text}\``);
}

function checkStop(place: PhasePlace, body: readonly Statement[]): Expr | undefined {
  const clause = body.find((statement) => statement.kind === "stop");
  if (clause?.kind !== "stop") return undefined;
  const { world, env } = placeOf(place, clause);
  const value = condition(world, env, checkExpr(world, env, clause.condition), "what follows `stop when`");
  return value.kind === "unknown" ? undefined : judged(place, value);
}

/** `fit.objective`, recorded where something reads it. */
function objectiveRecord(place: PhasePlace, objective: Expr, records: readonly RecordBlock[]): RecordBlock {
  const { world, name } = place;
  const definition = world.addDefinition(
    `${name}.objective`,
    [],
    real,
    { kind: "equation", value: objective },
    objective.span,
  );
  return {
    steps: records[0]?.steps ?? { kind: "each" },
    entries: [{ name: "objective", definition }],
    span: objective.span,
  };
}

/** Phases: loops of training and measurements. */
import type { Phase as TreePhase, Statement } from "../../grammar/tree.js";
import { declareStatement, declareTensor, misplaced, statementName } from "./declare.js";
import { declareDrawn } from "./drawn-components.js";
import { declareFaulty } from "./components.js";
import { namesOf } from "./declared-names.js";
import { openPhase, type OpenedPhase } from "./phase-templates.js";
import { PreviousValues } from "./previous.js";
import { envOf, Scope, type Env, type PhaseEntry } from "./scopes.js";
import type { AxisId, DefinitionId, Phase } from "./typed.js";
import { checkLoop } from "./loops.js";
import { stackedEquations } from "./scan-targets.js";
import { notYet } from "./unsupported.js";
import type { World } from "./world.js";

/** A phase before it is known what it depends on. */
export type PhaseBody = Omit<Phase, "changes" | "after" | "from" | "starts" | "turn" | "axes" | "structural"> & {
  /** The sequences that it stands in, the outermost first. */
  readonly sequences?: readonly AxisId[];
  /** `from start`: parameters, and states that it changes, begin as they are declared. */
  readonly fromStart?: boolean;
};

/** What the phase at hand is checked with. */
export interface PhasePlace {
  readonly world: World;
  readonly scope: Scope;
  readonly env: Env;
  readonly name: string;
  /** Statements whose names are declared already. */
  readonly replaced: ReadonlySet<Statement>;
  readonly added: OpenedPhase["added"];
}

/** A statement that a phase adds to its template sees the names of the phase, and behind them those of its own place. */
export function placeOf(place: PhasePlace, statement: Statement): PhasePlace {
  const { added, scope } = place;
  if (added?.statements.has(statement) !== true) return place;
  const own = new Scope(added.outside, scope.role, scope.prefix);
  own.also.push(scope);
  own.previous = scope.previous;
  own.epoch = scope.epoch;
  return { ...place, scope: own, env: { ...place.env, scope: own } };
}

/** Checks a phase; null where it could not be understood. `objective`: some statement reads the objective as a result. */
export function checkPhase(
  world: World,
  outside: Scope,
  entry: PhaseEntry,
  tree: TreePhase,
  objective: boolean,
): PhaseBody | null {
  checkFrom(world, outside, tree);
  const name = tree.name.text;
  const opened = openPhase(world, outside, tree);
  if (opened === null) {
    entry.failed = true;
    return null;
  }
  const { scope, body, replaced, added } = opened;
  const env = envOf(scope, { stepping: tree.sort !== "measure" });
  const place: PhasePlace = { world, scope, env, name, replaced, added };
  if (tree.sort !== "measure") scope.previous = new PreviousValues(world, name);
  const phase = tree.sort === "measure" ? checkMeasure(place, tree, body) : checkLoop(place, tree, body, objective);
  entry.values = scope;
  entry.failed = phase === null;
  return phase === null || tree.from === null ? phase : { ...phase, fromStart: true };
}

function checkFrom(world: World, outside: Scope, { sort, from, name }: TreePhase): void {
  if (from === null) return;
  const say = (message: string, help: string): void =>
    world.report(outside, { code: "AM2039", span: from.span, message, help });
  if (from.text !== "start")
    say(
      `\`${name.text}\` cannot begin from \`${from.text}\``,
      "write `from start`, or nothing: it goes on from where the phases before it ended",
    );
  else if (sort === "measure" || sort === "do")
    say(`a \`${sort}\` does not begin \`from start\``, "let it stand before the phases that train");
}

const later: Readonly<Partial<Record<Statement["kind"], string>>> = {
  sequence: "`sequence` inside of a phase",
};

/** Declares what the body declares, and tells what cannot stand there. */
export function declareBody(
  place: PhasePlace,
  body: readonly Statement[],
  clauses: ReadonlySet<Statement["kind"]>,
  where: string,
): void {
  for (const statement of body) {
    const here = placeOf(place, statement);
    declareOne(here, statement, clauses, where);
    for (const [name, entry] of here === place ? [] : here.scope.entries) place.scope.entries.set(name, entry);
  }
}

function declareOne(
  place: PhasePlace,
  statement: Statement,
  clauses: ReadonlySet<Statement["kind"]>,
  where: string,
): void {
  const { world, scope, replaced } = place;
  if (replaced.has(statement)) return;
  if (statement.kind === "draw" && !statement.component) {
    declareTensor(world, scope, statement, statement.target, 0, true);
    return;
  }
  if (statement.kind === "draw") {
    declareDrawn(world, scope, statement);
    return;
  }
  const missing = later[statement.kind];
  if (missing !== undefined) {
    notYet(world, scope, statement.span, missing);
    declareFaulty(world, scope, [statement]);
  } else if (clauses.has(statement.kind)) return;
  else if (!declareStatement(world, scope, statement, place.env.stepping)) misplaced(world, scope, statement, where);
}

export function definitionOf(place: PhasePlace, name: string): DefinitionId | null {
  const entry = place.scope.entries.get(name);
  const tensor = entry?.kind === "tensor" ? entry.tensor.get() : null;
  return tensor?.source.kind === "definition" ? tensor.source.definition : null;
}

// -------------------------------------------------------------------- measure

function checkMeasure(place: PhasePlace, tree: TreePhase, body: readonly Statement[]): PhaseBody | null {
  const { world, scope } = place;
  for (const statement of body) {
    if (statement.kind !== "param" && statement.kind !== "state") continue;
    world.report(scope, {
      code: "AM2021",
      span: statement.span,
      message: `${statementName(statement)} cannot stand in a \`measure\`: it takes equations only`,
      help: "declare it outside of the phase",
    });
  }
  declareBody(
    place,
    body.filter((statement) => statement.kind !== "param" && statement.kind !== "state"),
    new Set(),
    "in a `measure`: it takes equations only",
  );
  const results = body.flatMap((statement) => {
    if (statement.kind !== "equation" && statement.kind !== "scan") return [];
    return (statement.kind === "scan" ? stackedEquations(statement) : namesOf(statement)).flatMap((name) => {
      const entry = scope.entries.get(name);
      if (entry?.kind === "component")
        world.report(scope, {
          code: "AM2104",
          span: statement.span,
          message: `\`${name}\` is one tensor for each parameter of a component: it is no result`,
          help: "compute it outside of the `measure`, and name here what is wanted of it",
        });
      const definition = definitionOf(place, name);
      return definition === null ? [] : [{ name, definition }];
    });
  });
  if (!body.some((statement) => statement.kind === "equation" || statement.kind === "scan")) {
    world.report(scope, {
      code: "AM2023",
      span: tree.span,
      message: `\`${place.name}\` measures nothing`,
      help: "write an equation in it: `error = …`",
    });
  }
  return {
    name: place.name,
    sort: "measure",
    count: null,
    draws: [],
    statements: [],
    stop: null,
    holds: false,
    records: [],
    results,
    span: tree.span,
  };
}

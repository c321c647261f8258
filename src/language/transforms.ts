/**
 * `using clip_norm(1) | adam(lr: 0.01)`: pages without `for`, which change all gradients at once before any parameter changes;
 * `grad` is the tuple of them.
 */
import type { Component, Expr as TreeExpr, Statement } from "../../grammar/tree.js";
import { checkAssign, onlyWhere } from "./assignments.js";
import { declareStatement, misplaced } from "./declare.js";
import { faulty } from "./expressions/build.js";
import { checkArms } from "./expressions/cases.js";
import { argumentsByName, optimizerNamed } from "./optimizers.js";
import type { PhasePlace } from "./phases.js";
import { namesOf } from "./components.js";
import { declare, envOf, Scope, type Choice, type ComponentEntry, type Instance, type Tuple } from "./scopes.js";
import { checkTupleAssign } from "./tuple-assignments.js";
import { bindParameters } from "./templates.js";
import { definitionsNamed } from "./tuples.js";
import type { DefinitionBody, DefinitionId, PhaseStatement } from "./typed.js";

/** What is done with all gradients before parameters change. */
export interface Prepared {
  readonly states: readonly DefinitionId[];
  readonly statements: readonly PhaseStatement[];
}

/** The transforms of a chain, and those in the arms of a `case`; null after a fault. */
export function checkTransforms(
  place: PhasePlace,
  tree: TreeExpr,
  gradients: Tuple,
  choices: readonly Choice[] = [],
): Prepared | null {
  if (tree.kind === "case") {
    const arms = checkArms(place.world, place.env, tree);
    if (arms === null) return null;
    const parts = [...new Set(arms.trees)].flatMap((arm) => {
      const isChosen = arms.trees.map((other, k) => other === arm && (arms.only === null || arms.only === k));
      if (!isChosen.some(Boolean)) return [];
      const more = arms.only === null ? [...choices, { subject: arms.subject, isChosen }] : choices;
      return [checkTransforms(place, arm, gradients, more)];
    });
    return together(parts);
  }
  if (tree.kind !== "binary" || tree.operator !== "|") return { states: [], statements: [] };
  // `a | b | c` is read from the left: the last one is the optimizer, all before it are transforms.
  const before = chainOf(tree.left).map((link, k) => checkTransform(place, link, k, gradients, choices));
  return together([...before, checkTransforms(place, tree.right, gradients, choices)]);
}

/** The optimizer at the end of a chain. */
export function lastOf(tree: TreeExpr): TreeExpr {
  return tree.kind === "binary" && tree.operator === "|" ? lastOf(tree.right) : tree;
}

function chainOf(tree: TreeExpr): readonly TreeExpr[] {
  return tree.kind === "binary" && tree.operator === "|" ? [...chainOf(tree.left), ...chainOf(tree.right)] : [tree];
}

function together(parts: readonly (Prepared | null)[]): Prepared | null {
  const found = parts.filter((part) => part !== null);
  if (found.length < parts.length) return null;
  return {
    states: found.flatMap(({ states }) => states),
    statements: found.flatMap(({ statements }) => statements),
  };
}

function checkTransform(
  { world, env }: PhasePlace,
  tree: TreeExpr,
  number: number,
  gradients: Tuple,
  choices: readonly Choice[],
): Prepared | null {
  const entry = optimizerNamed(world, env, tree);
  if (entry === null) return null;
  const { declaration } = entry;
  world.used.add(declaration);
  if (declaration.subject !== null) {
    faulty(world, env, "AM3022", tree.span, `\`${entry.name}\` changes parameters: it ends a chain`, {
      labels: [{ span: declaration.subject.span, text: "it is for a parameter" }],
      help: "before `|` stand transforms, pages without `for` that change `grad`",
    });
    return null;
  }
  const call = tree.kind === "call" ? tree : null;
  const origin = { name: entry.name, span: tree.span, caller: env.scope };
  const label = choices.map(({ isChosen }) => `${isChosen.findIndex(Boolean)}.`).join("");
  const page = new Scope(entry.scope, "component", `${env.scope.prefix}${entry.name}.${label}${number}.`, origin);
  const given = argumentsByName(world, env, declaration, call);
  if (given === null || !bindParameters(world, page, declaration, [{ env, call, replacements: given }], tree.span))
    return null;
  declareGradients(page, entry, gradients, { world, env });
  return checkPage({ world, page }, declaration.body ?? [], choices);
}

/** `grad`: like a component whose parameters are the gradients. */
function declareGradients(
  page: Scope,
  { declaration, name, span, scope }: ComponentEntry,
  gradients: Tuple,
  { world }: Pick<PhasePlace, "world" | "env">,
): void {
  const members = new Scope(page, "component", `${page.prefix}grad.`);
  const made: Instance = {
    name: "grad",
    sort: "memory",
    members,
    parameters: [],
    declared: [],
    tuple: gradients.members,
  };
  const instance = world.lazy<Instance | null>(
    page,
    name,
    span,
    () => made,
    () => null,
  );
  const own: Component = { ...declaration, sort: "memory", parameters: null, instance: null, body: [] };
  declare(world, page, { kind: "component", name: "grad", span, sort: "memory", declaration: own, scope, instance });
}

const changes: ReadonlySet<DefinitionBody["kind"]> = new Set(["state", "gradient"]);

function checkPage(
  { world, page }: { readonly world: PhasePlace["world"]; readonly page: Scope },
  body: readonly Statement[],
  choices: readonly Choice[],
): Prepared | null {
  const env = envOf(page, { stepping: true });
  const states: DefinitionId[] = [];
  const statements: PhaseStatement[] = [];
  let isFine = true;
  for (const statement of body) {
    if (statement.kind === "assign") continue;
    const isMisplaced = statement.kind === "param" || statement.kind === "draws";
    if (!isMisplaced && declareStatement(world, page, statement, true)) continue;
    misplaced(world, page, statement, "in an `optimizer`");
    isFine = false;
  }
  for (const statement of body) {
    if (statement.kind === "state" || statement.kind === "equation") {
      const found = namesOf(statement).flatMap((name) => definitionsNamed(page, name));
      if (found.length === 0) isFine = false;
      if (statement.kind === "state") states.push(...found);
      else for (const definition of found) statements.push({ kind: "snapshot", definition, span: statement.span });
    } else if (statement.kind === "assign") {
      const ofTuple = checkTupleAssign(world, env, statement, changes);
      const assignment = ofTuple === undefined ? checkAssign(world, env, statement) : ofTuple;
      if (assignment === null) isFine = false;
      else {
        const wrapped = choices.reduce(
          (done, { subject, isChosen }) => onlyWhere(done, subject, isChosen, world),
          assignment,
        );
        statements.push({ kind: "assign", assignment: wrapped, span: statement.span });
      }
    }
  }
  return isFine ? { states, statements } : null;
}

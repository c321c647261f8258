/**
 * `using clip_norm(1) | adam(lr: 0.01)`: pages without `for`, which change all gradients at once before any parameter changes;
 * `grad` is the tuple of them.
 */
import type { Component, Expr as TreeExpr } from "../../grammar/tree.js";
import { checkAssign } from "./assignments.js";
import { epochOf } from "./batches.js";
import { replacementsOf } from "./replacements.js";
import { faulty } from "./expressions/build.js";
import { checkArms } from "./expressions/cases.js";
import { callOf, linksOf, optimizerEntry, type Link } from "./optimizer-chains.js";
import { checkPage, type Page } from "./optimizer-pages.js";
import type { PhasePlace } from "./phases.js";
import { declare, Scope, type Choice, type ComponentEntry, type Instance, type Tuple } from "./scopes.js";
import { checkTupleAssign } from "./tuple-assignments.js";
import { bindParameters } from "./templates.js";
import type { DefinitionBody, DefinitionId, PhaseStatement } from "./typed.js";
import type { World } from "./world.js";

/** What is done with all gradients before parameters change. */
export interface Prepared {
  readonly states: readonly DefinitionId[];
  readonly statements: readonly PhaseStatement[];
}

/** The transforms of a chain, and those in the arms of a `case`; null after a fault. */
export function checkTransforms(
  place: Pick<PhasePlace, "world" | "env">,
  chain: TreeExpr,
  gradients: Tuple,
  choices: readonly Choice[] = [],
  count = 0,
): Prepared | null {
  const { world } = place;
  const links = linksOf(world, { env: place.env, tree: chain });
  const last = links?.at(-1);
  if (links === null || last === undefined) return null;
  // The last one is the optimizer, all before it are transforms.
  const before = links.slice(0, -1).map((link, k) => checkTransform(world, link, count + k, gradients, choices));
  if (last.tree.kind !== "case") return together(before);
  const arms = checkArms(world, last.env, last.tree);
  if (arms === null) return null;
  const parts = [...new Set(arms.trees)].flatMap((arm) => {
    const isChosen = arms.trees.map((other, k) => other === arm && (arms.only === null || arms.only === k));
    if (!isChosen.some(Boolean)) return [];
    const more = arms.only === null ? [...choices, { subject: arms.subject, isChosen }] : choices;
    return [checkTransforms({ world, env: last.env }, arm, gradients, more, count + before.length)];
  });
  return together([...before, ...parts]);
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
  world: World,
  { env, tree }: Link,
  number: number,
  gradients: Tuple,
  choices: readonly Choice[],
): Prepared | null {
  const entry = optimizerEntry(world, env, tree);
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
  const call = callOf(tree);
  const origin = { name: entry.name, span: tree.span, caller: env.scope };
  const label = choices.map(({ isChosen }) => `${isChosen.findIndex(Boolean)}.`).join("");
  const page = new Scope(entry.scope, "component", `${env.scope.prefix}${entry.name}.${label}${number}.`, origin);
  const replacements = replacementsOf(world, env, declaration, call?.args ?? []);
  if (!bindParameters(world, page, declaration, [{ env, call, replacements }], tree.span)) return null;
  page.epoch = epochOf(env.scope);
  declareGradients(page, entry, gradients, world);
  const body = declaration.body ?? [];
  return checkPage({ world, scope: page, outside: env, body, replacements, choices, assign: assignIn(world) });
}

/** `grad`: like a component whose parameters are the gradients. */
function declareGradients(
  page: Scope,
  { declaration, name, span, scope }: ComponentEntry,
  gradients: Tuple,
  world: World,
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

/** `grad <- …` changes all gradients, what else is changed is a state of the page. */
function assignIn(world: World): Page["assign"] {
  return (env, statement) => {
    const ofTuple = checkTupleAssign(world, env, statement, changes);
    return ofTuple === undefined ? checkAssign(world, env, statement) : ofTuple;
  };
}

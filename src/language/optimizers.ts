/** Optimizers: a page of equations, instantiated for each parameter. */
import type { Component, Expr as TreeExpr } from "../../grammar/tree.js";
import type { Span } from "../base/span.js";
import { checkAssign } from "./assignments.js";
import { epochOf } from "./batches.js";
import { replacementsOf } from "./replacements.js";
import { faulty, real } from "./expressions/build.js";
import { checkArms } from "./expressions/cases.js";
import { openedOver } from "./over-axes.js";
import { countOf } from "./indices.js";
import { callOf, linksOf, optimizerEntry } from "./optimizer-chains.js";
import { checkPage, type CheckedPage, type Page } from "./optimizer-pages.js";
import { bindParameters } from "./templates.js";
import { declare, Scope, type Choice, type ComponentEntry, type Env, type Tensor, type TensorAxis } from "./scopes.js";
import type { DefinitionId, PhaseStatement } from "./typed.js";
import type { World } from "./world.js";

export interface Update {
  readonly parameter: DefinitionId;
  readonly gradient: DefinitionId;
  readonly states: readonly DefinitionId[];
  /** In a sequence its states begin anew in each turn. */
  readonly fresh: boolean;
  readonly statements: readonly PhaseStatement[];
  readonly using: Span;
}

/** The gradient of the objective by a parameter, for the optimizer's page. */
export function gradientOf(world: World, phase: string, parameter: Tensor): DefinitionId | null {
  if (parameter.source.kind !== "definition") return null;
  const { definition } = parameter.source;
  const axes = parameter.axes.map((axis) => world.newIndex(axis.name, axis.axis, axis.span));
  const { name } = world.definition(definition);
  return world.addDefinition(
    `${phase}.grad ${name}`,
    axes,
    real,
    { kind: "gradient", parameter: definition },
    parameter.span,
  );
}

/** The page of an optimizer for one parameter; `choices` say at which labels it is this optimizer's turn. */
export function checkOptimizer(
  world: World,
  place: Env,
  chain: TreeExpr,
  parameter: Tensor,
  gradient: DefinitionId,
  choices: readonly Choice[],
): CheckedPage | null {
  const last = linksOf(world, { env: place, tree: chain })?.at(-1);
  if (last === undefined) return null;
  const { env, tree } = last;
  if (tree.kind === "case") return checkChosen(world, env, tree, parameter, gradient, choices);
  const entry = optimizerEntry(world, env, tree);
  return entry === null ? null : instantiate(world, env, entry, tree, parameter, gradient, choices);
}

function checkChosen(
  world: World,
  env: Env,
  tree: Extract<TreeExpr, { readonly kind: "case" }>,
  parameter: Tensor,
  gradient: DefinitionId,
  choices: readonly Choice[],
): CheckedPage | null {
  const arms = checkArms(world, env, tree);
  if (arms === null) return null;
  const states: DefinitionId[] = [];
  const statements: PhaseStatement[] = [];
  for (const arm of new Set(arms.trees)) {
    const isChosen = arms.trees.map((other, k) => other === arm && (arms.only === null || arms.only === k));
    if (!isChosen.some(Boolean)) continue;
    const more = arms.only === null ? [...choices, { subject: arms.subject, isChosen }] : choices;
    const found = checkOptimizer(world, env, arm, parameter, gradient, more);
    if (found === null) return null;
    states.push(...found.states);
    statements.push(...found.statements);
  }
  return { states, statements };
}

function instantiate(
  world: World,
  env: Env,
  entry: ComponentEntry,
  tree: TreeExpr,
  parameter: Tensor,
  gradient: DefinitionId,
  choices: readonly Choice[],
): CheckedPage | null {
  const { declaration } = entry;
  world.used.add(declaration);
  const { subject } = declaration;
  if (subject === null) {
    faulty(world, env, "AM3022", tree.span, `\`${entry.name}\` changes gradients alone: it ends no chain`, {
      labels: [{ span: entry.span, text: "it says no `for`" }],
      help: `an optimizer follows it: \`${entry.name}(…) | gd(lr: 0.1)\``,
    });
    return null;
  }
  const label = choices.length === 0 ? "" : `${choices.map(({ isChosen }) => isChosen.findIndex(Boolean)).join("-")}.`;
  const parameterName =
    parameter.source.kind === "definition" ? world.definition(parameter.source.definition).name : parameter.name;
  const origin = { name: entry.name, span: tree.span, caller: env.scope };
  const page = new Scope(
    entry.scope,
    "component",
    `${env.scope.prefix}${entry.name}.${label}${parameterName}.`,
    origin,
  );
  // Of a component over axes each has a parameter of its own.
  page.over = parameter.axes
    .slice(0, parameter.outer ?? 0)
    .map(({ name, axis, span }) => world.newIndex(name, axis, span));
  const own = openedOver(parameter, page.over);
  if (!bindSubject(world, page, declaration, own)) return null;
  declareGiven(world, page, subject.name.text, subject.name.span, own);
  const source = { kind: "definition", definition: gradient } as const;
  declareGiven(
    world,
    page,
    "grad",
    subject.name.span,
    openedOver({ ...parameter, name: "grad", source, prefix: [] }, page.over),
  );
  const call = callOf(tree);
  const replacements = replacementsOf(world, env, declaration, call?.args ?? []);
  if (!bindParameters(world, page, declaration, [{ env, call, replacements }], tree.span)) return null;
  page.epoch = epochOf(env.scope);
  const assign: Page["assign"] = (inside, statement) => checkAssign(world, inside, statement);
  return checkPage({ world, scope: page, outside: env, body: declaration.body ?? [], replacements, choices, assign });
}

/** `for w[i, ..]`: names for the parameter's axes. */
function bindSubject(world: World, page: Scope, declaration: Component, parameter: Tensor): boolean {
  const { subject } = declaration;
  if (subject === null) return false;
  const names = subject.axes ?? [];
  const count = parameter.axes.length;
  const fits = subject.rest ? names.length <= count : names.length === count;
  if (!fits) {
    world.report(page, {
      code: "AM3022",
      span: subject.span,
      message: `\`${declaration.name.text}\` is for parameters of ${countOf(names.length, "axis", "axes")}${subject.rest ? " or more" : ""}, and \`${parameter.name}\` has ${countOf(count, "axis", "axes")}`,
      labels: [{ span: parameter.span, text: `\`${parameter.name}\` is declared here` }],
    });
    return false;
  }
  names.forEach((name, k) => {
    const axis = parameter.axes[k]?.axis ?? 0;
    declare(world, page, {
      kind: "axis",
      name: name.text,
      span: name.span,
      axis: world.lazy(
        page,
        name.text,
        name.span,
        () => axis,
        () => axis,
      ),
    });
  });
  page.rest = subject.rest ? parameter.axes.slice(names.length) : [];
  return true;
}

function declareGiven(world: World, page: Scope, name: string, span: TensorAxis["span"], tensor: Tensor): void {
  declare(world, page, {
    kind: "tensor",
    name,
    span,
    declared: span,
    axes: world.lazy<readonly TensorAxis[]>(
      page,
      name,
      span,
      () => tensor.axes,
      () => [],
    ),
    tensor: world.lazy<Tensor | null>(
      page,
      name,
      span,
      () => tensor,
      () => null,
    ),
  });
}

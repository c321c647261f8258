/** Optimizers: a page of equations, instantiated for each parameter. */
import type { Call, Component, Expr as TreeExpr, Statement } from "../../grammar/tree.js";
import type { Span } from "../base/span.js";
import { checkAssign, onlyWhere } from "./assignments.js";
import { declareStatement, misplaced } from "./declare.js";
import { faulty, real } from "./expressions/build.js";
import { checkArms } from "./expressions/cases.js";
import { resolve } from "./expressions/resolve.js";
import { namesOf } from "./components.js";
import { openedOver } from "./over-axes.js";
import { countOf } from "./indices.js";
import { bindParameters } from "./templates.js";
import { lastOf } from "./transforms.js";
import {
  declare,
  envOf,
  Scope,
  type Choice,
  type ComponentEntry,
  type Env,
  type Tensor,
  type TensorAxis,
} from "./scopes.js";
import type { DefinitionId, PhaseStatement } from "./typed.js";
import { notYet } from "./unsupported.js";
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
  env: Env,
  tree: TreeExpr,
  parameter: Tensor,
  gradient: DefinitionId,
  choices: readonly Choice[],
): Pick<Update, "states" | "statements"> | null {
  if (tree.kind === "case") return checkChosen(world, env, tree, parameter, gradient, choices);
  if (tree.kind === "binary") return checkOptimizer(world, env, lastOf(tree), parameter, gradient, choices);
  const entry = optimizerNamed(world, env, tree);
  return entry === null
    ? null
    : instantiate(world, env, entry, tree.kind === "call" ? tree : null, tree, parameter, gradient, choices);
}

/** The page that an optimizer or a transform is made from; null after a fault. */
export function optimizerNamed(world: World, env: Env, tree: TreeExpr): ComponentEntry | null {
  const path = tree.kind === "call" ? tree.callee : tree;
  const entry = resolve(world, env, path);
  if (entry === null || entry.kind === "faulty") return null;
  if (entry.kind !== "component" || entry.sort !== "optimizer" || entry.declaration.body === null) {
    if (entry.kind === "component" && entry.sort === "optimizer")
      notYet(world, env.scope, tree.span, "an optimizer made from another");
    else
      faulty(world, env, "AM3019", path.span, `\`${entry.name}\` is no optimizer`, {
        labels: [{ span: entry.span, text: "declared here" }],
      });
    return null;
  }
  return entry;
}

function checkChosen(
  world: World,
  env: Env,
  tree: Extract<TreeExpr, { readonly kind: "case" }>,
  parameter: Tensor,
  gradient: DefinitionId,
  choices: readonly Choice[],
): Pick<Update, "states" | "statements"> | null {
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
  call: Call | null,
  tree: TreeExpr,
  parameter: Tensor,
  gradient: DefinitionId,
  choices: readonly Choice[],
): Pick<Update, "states" | "statements"> | null {
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
  const given = argumentsByName(world, env, declaration, call);
  if (given === null || !bindParameters(world, page, declaration, [{ env, call, replacements: given }], tree.span))
    return null;
  return checkPage(world, page, declaration.body ?? [], choices);
}

/** Arguments that are declarations, by the parameter that they are for; null after a fault. */
export function argumentsByName(
  world: World,
  env: Env,
  declaration: Component,
  call: Call | null,
): ReadonlyMap<string, Statement> | null {
  const known = parametersOf(declaration);
  const given = new Map<string, Statement>();
  for (const argument of call?.args ?? []) {
    if (argument.kind !== "replacement") continue;
    const name = namesOf(argument.statement)[0] ?? "";
    if (!known.includes(name)) {
      notYet(world, env.scope, argument.span, "replacing a declaration of an optimizer");
      return null;
    }
    given.set(name, argument.statement);
  }
  return given;
}

function parametersOf(declaration: Component): readonly string[] {
  return (declaration.parameters ?? []).map((parameter) => parameter.name.text);
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

function checkPage(
  world: World,
  page: Scope,
  body: readonly Statement[],
  choices: readonly Choice[],
): Pick<Update, "states" | "statements"> | null {
  const env = envOf(page, { stepping: true });
  const others: Statement[] = [];
  for (const statement of body) {
    if (statement.kind === "assign") continue;
    if (statement.kind === "param" || statement.kind === "draws")
      misplaced(world, page, statement, "in an `optimizer`");
    else if (!declareStatement(world, page, statement, true)) others.push(statement);
  }
  for (const statement of others) {
    if (statement.kind === "every") notYet(world, page, statement.span, `\`${statement.kind}\` in an optimizer`);
    else misplaced(world, page, statement, "in an `optimizer`");
  }
  const states: DefinitionId[] = [];
  const statements: PhaseStatement[] = [];
  let isFine = others.length === 0;
  const definitionsOf = (statement: Statement): readonly DefinitionId[] =>
    namesOf(statement).flatMap((name) => {
      const entry = page.entries.get(name);
      const tensor = entry?.kind === "tensor" ? entry.tensor.get() : null;
      if (tensor?.source.kind === "definition") return [tensor.source.definition];
      isFine = false;
      return [];
    });
  for (const statement of body) {
    if (statement.kind === "state") states.push(...definitionsOf(statement));
    else if (statement.kind === "equation")
      statements.push(
        ...definitionsOf(statement).map(
          (definition) => ({ kind: "snapshot", definition, span: statement.span }) as const,
        ),
      );
    else if (statement.kind === "assign") {
      const assignment = checkAssign(world, env, statement);
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

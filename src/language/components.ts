/** Memories and data distributions: inline, as templates, as instances of templates. */
import type { Component, Expr as TreeExpr, Statement, With } from "../../grammar/tree.js";
import type { Span } from "../base/span.js";
import { checkDataset, isDataset, provideAxes } from "./data-files.js";
import { chooseComponent, combinedOver } from "./chosen-components.js";
import { declareStatements, misplaced } from "./declare.js";
import { namesOf } from "./declared-names.js";
import { faulty } from "./expressions/build.js";
import { pathText, resolve } from "./expressions/resolve.js";
import { closedOver, indicesOver, openedOver, unfitOver } from "./over-axes.js";
import { madeFrom, type Layer } from "./made-from.js";
import { declareReplacement, replacementsOf } from "./replacements.js";
import { bindParameters, type Given } from "./templates.js";
import {
  declare,
  envOf,
  Scope,
  type AtMember,
  type ComponentEntry,
  type Env,
  type Instance,
  type Tensor,
} from "./scopes.js";
import type { Index } from "./typed.js";
import { declareAlias, memberTensor, membersOf, tupleIn } from "./tuples.js";
import type { World } from "./world.js";

export function declareComponent(world: World, scope: Scope, declaration: Component): void {
  const { name, sort } = declaration;
  const instance = world.lazy<Instance | null>(
    scope,
    name.text,
    name.span,
    () => checkComponent(world, scope, declaration),
    () => null,
  );
  const entry: ComponentEntry = {
    kind: "component",
    name: name.text,
    span: name.span,
    sort,
    declaration,
    scope,
    instance,
  };
  declare(world, scope, entry);
  if (declaration.instance !== null && isDataset(envOf(scope), declaration.instance))
    provideAxes(world, scope, declaration, declaration.instance);
  const isTemplate = declaration.instance === null && declaration.parameters !== null;
  // A template is checked where it is instantiated.
  if (!isTemplate && sort !== "optimizer") world.pending.push(() => instance.get());
  else if (declaration.axes.length > 0) world.pending.push(() => overOf(world, scope, declaration));
}

function checkComponent(world: World, scope: Scope, declaration: Component): Instance | null {
  const { name, sort, instance } = declaration;
  const env = envOf(scope);
  const over = overOf(world, scope, declaration);
  if (over === null) return null;
  if (instance === null) {
    if (
      sort === "optimizer" ||
      declaration.parameters?.some((parameter) => parameter.default === null || parameter.sort === "axis") === true
    )
      return null;
    return build(world, `${scope.prefix}${name.text}`, {
      layers: [{ env, call: null, extra: [] }],
      declaration,
      scope,
      origin: null,
      redrawn: scope.redrawn,
      around: scope.over,
      over,
      named: over,
    });
  }
  if (isDataset(env, instance)) return checkDataset(world, scope, declaration, instance);
  const full = `${scope.prefix}${name.text}`;
  if (instance.kind === "case")
    return chooseComponent(world, scope, declaration, over, instance, full, (tree, own) =>
      armOf(world, scope, declaration, over, tree, own),
    );
  return instanceOf(world, scope, declaration, over, instance, full);
}

/** The indices of its own axes; null after a fault. */
function overOf(world: World, scope: Scope, declaration: Component): readonly Index[] | null {
  if (declaration.axes.length === 0) return [];
  const env = envOf(scope);
  const { instance, name, sort } = declaration;
  const unfit = unfitOver(declaration, instance !== null && isDataset(env, instance));
  if (unfit === null) return indicesOver(world, scope, declaration);
  faulty(world, env, "AM2131", name.span, `this \`${sort}\` cannot be over an axis: ${unfit}`);
  return null;
}

/** An arm of a choice: one that is there already, or a new one. */
function armOf(
  world: World,
  scope: Scope,
  declaration: Component,
  over: readonly Index[],
  tree: TreeExpr,
  name: string,
): Instance | null {
  if (tree.kind === "case")
    return chooseComponent(world, scope, declaration, over, tree, name, (arm, own) =>
      armOf(world, scope, declaration, over, arm, own),
    );
  const entry = tree.kind === "name" || tree.kind === "member" ? resolve(world, envOf(scope), tree) : null;
  if (entry?.kind === "component" && entry.sort === declaration.sort) {
    const there = entry.instance.get();
    if (there !== null && over.length === 0) return there;
    if (there !== null) {
      faulty(world, envOf(scope), "AM2131", tree.span, "the arms of a component over an axis are made for it", {
        labels: [{ span: declaration.name.span, text: `\`${declaration.name.text}\` is over an axis` }],
        help: "write the call of its template",
      });
      return null;
    }
  }
  return instanceOf(world, scope, declaration, over, tree, name);
}

function instanceOf(
  world: World,
  scope: Scope,
  declaration: Component,
  over: readonly Index[],
  instance: TreeExpr,
  name: string,
): Instance | null {
  if (instance.kind === "with") return withParameters(world, scope, declaration, instance, name);
  const found = madeFrom(world, envOf(scope), declaration, instance, over);
  if (found === null) return null;
  const { template, layers, named } = found;
  const origin = { name: template.name, span: instance.span, caller: scope };
  return build(world, name, {
    layers,
    declaration: template.declaration,
    scope: template.scope,
    origin,
    redrawn: scope.redrawn,
    around: scope.over,
    over: found.over,
    named,
  });
}

/** `memory A = M with ema`: M once more, with the parameters of a tuple; what M draws and keeps is shared. */
function withParameters(
  world: World,
  scope: Scope,
  declaration: Component,
  { body, tuple: tree, span }: With,
  name: string,
): Instance | null {
  const env = envOf(scope);
  const entry = resolve(world, env, body);
  if (entry === null || entry.kind === "faulty") return null;
  const base = entry.kind === "component" && entry.sort === declaration.sort ? entry.instance.get() : null;
  const tuple = tree === null ? null : tupleIn(env, tree);
  if (base === null || !isPlanned(base) || tree === null || tuple === null) {
    faulty(world, env, "AM3019", span, "`with` gives a memory the parameters of a tuple", {
      help: "for example `state best = M`, and `memory B = M with best`",
    });
    return null;
  }
  const at: AtMember = {
    tuple: { name: pathText(body), span: body.span, members: membersOf(base) },
    place: 0,
    indices: [],
  };
  const given = at.tuple.members.map((member, place) => {
    const tensor = memberTensor(world, env, { ...at, place }, tuple, tree.span);
    return tensor === null ? null : ([member.name, tensor] as const);
  });
  const found = given.filter((pair) => pair !== null);
  return found.length < given.length ? null : givenTo(world, scope, base, found, name, span);
}

const isPlanned = ({ plan, chosen }: Instance): boolean =>
  chosen === undefined ? plan !== undefined : chosen.byLabel.every(isPlanned);

/** The instance once more, arm by arm where it is chosen. */
function givenTo(
  world: World,
  scope: Scope,
  base: Instance,
  given: readonly (readonly [string, Tensor])[],
  name: string,
  span: Span,
): Instance | null {
  const { chosen, plan, over } = base;
  if (chosen === undefined)
    return plan === undefined ? null : build(world, name, { ...plan, shared: { base, parameters: new Map(given) } });
  let place = 0;
  const arms = new Map<Instance, Instance | null>();
  for (const arm of new Set(chosen.byLabel)) {
    const own = given.slice(place, place + membersOf(arm).length);
    place += own.length;
    arms.set(arm, givenTo(world, scope, arm, own, `${name}.${arms.size}`, span));
  }
  const byLabel = chosen.byLabel.flatMap((arm) => arms.get(arm) ?? []);
  if (byLabel.length < chosen.byLabel.length) return null;
  const like = { name, sort: base.sort, span };
  return combinedOver(world, scope, like, { subject: chosen.subject, byLabel }, over?.indices ?? []);
}

/** How an instance was made. */
export interface Plan {
  readonly layers: readonly Layer[];
  readonly declaration: Component;
  /** Where the text of the declaration stands. */
  readonly scope: Scope;
  readonly origin: ConstructorParameters<typeof Scope>[3] | null;
  readonly redrawn: Scope["redrawn"];
  /** Indices of the components over axes around it, and of its own axes. */
  readonly around: readonly Index[];
  readonly over: readonly Index[];
  /** Those that its text sees by their names. */
  readonly named: readonly Index[];
  /** Another instance that this one is like, but for its parameters. */
  readonly shared?: { readonly base: Instance; readonly parameters: ReadonlyMap<string, Tensor> };
}

/** What an instance costs beside its expressions. */
const PARTS_OF_COMPONENT = 50;

function build(world: World, name: string, plan: Plan): Instance | null {
  const { declaration, layers } = plan;
  const span = layers.at(-1)?.call?.span ?? declaration.name.span;
  world.used.add(declaration);
  world.spend(PARTS_OF_COMPONENT, span);
  const members = new Scope(plan.scope, "component", `${name}.`, plan.origin);
  members.redrawn = plan.redrawn;
  members.over = [...plan.around, ...plan.over];
  members.named = plan.named;
  const body = declaration.body ?? [];
  const given = layers.map(({ env, call }): Given => {
    return { env, call, replacements: replacementsOf(world, env, declaration, call?.args ?? []) };
  });
  const parameters: string[] = [];
  const declared: string[] = [];
  if (!bindParameters(world, members, declaration, given, span)) return null;
  for (const statement of body) {
    const names = namesOf(statement);
    declared.push(...names);
    if (plan.shared !== undefined && declareShared(world, members, plan.shared, names, statement)) continue;
    const [only = ""] = names.length === 1 ? names : [];
    const layer = given.findLast(({ replacements }) => replacements.has(only));
    const replacement = layer?.replacements.get(only);
    if (layer === undefined || replacement === undefined) {
      if (statement.kind === "param") parameters.push(...names);
      declareMember(world, members, declaration, statement);
      continue;
    }
    if (replacement.kind === "param") parameters.push(...names);
    declareReplacement(world, layer.env, members, statement, replacement);
  }
  for (const { env, extra } of layers) declareExtra(world, env, members, declaration, extra, parameters);
  const own: Instance = { name, sort: declaration.sort, members, parameters, declared, plan };
  const made = closedOver(world, own, plan.over);
  world.tuples.push(made);
  return made;
}

/** Whether a name means what it means in the other instance, or a parameter that is given. */
function declareShared(
  world: World,
  members: Scope,
  { base, parameters }: NonNullable<Plan["shared"]>,
  names: readonly string[],
  statement: Statement,
): boolean {
  const [name = ""] = names;
  const parameter = parameters.get(name);
  if (parameter !== undefined) {
    declareAlias(world, members, name, openedOver(parameter, base.over?.indices ?? []), parameter.span);
    return true;
  }
  const isKept =
    statement.kind === "draws" ||
    statement.kind === "state" ||
    statement.kind === "axis" ||
    statement.kind === "component";
  const entry = isKept ? (base.over?.inner ?? base.members).own(name) : undefined;
  if (entry !== undefined) declare(world, members, entry);
  return entry !== undefined;
}

function declareMember(world: World, members: Scope, declaration: Component, statement: Statement): void {
  if (declaration.sort === "data" && statement.kind === "param") {
    misplaced(world, members, statement, "in a `data` block: what is trained belongs to a `memory`");
    return;
  }
  if (declareStatements(world, members, [statement]).length > 0)
    misplaced(world, members, statement, `in a \`${declaration.sort}\``);
}

/** Names that a statement would have declared that is not implemented yet: nothing more is said about them. */
export function declareFaulty(world: World, scope: Scope, statements: readonly Statement[]): void {
  for (const statement of statements) {
    const name = statement.kind === "draw" ? statement.target.path[0] : undefined;
    const names = name === undefined ? namesOf(statement) : [name.text];
    for (const text of names)
      if (scope.own(text) === undefined) declare(world, scope, { kind: "faulty", name: text, span: statement.span });
    if (statement.kind === "scan" || statement.kind === "sequence" || statement.kind === "every")
      declareFaulty(world, scope, statement.body);
  }
}

/** `memory M = block(…) { … }`: further members, which see the others and the place where they are written. */
function declareExtra(
  world: World,
  env: Env,
  members: Scope,
  declaration: Component,
  extra: readonly Statement[],
  parameters: string[],
): void {
  if (extra.length === 0) return;
  const place = new Scope(env.scope, "component", members.prefix);
  place.over = members.over;
  place.also.push(members);
  for (const statement of extra) {
    if (statement.kind === "param") parameters.push(...namesOf(statement));
    const double = namesOf(statement).find((name) => members.own(name) !== undefined);
    if (double !== undefined) {
      faulty(
        world,
        env,
        "AM2002",
        statement.span,
        `\`${double}\` is declared by \`${declaration.name.text}\` already`,
        { help: "replace it by an argument in the parentheses" },
      );
      continue;
    }
    declareMember(world, place, declaration, statement);
    for (const name of namesOf(statement)) {
      const entry = place.entries.get(name);
      if (entry !== undefined) members.entries.set(name, entry);
    }
    place.entries.clear();
  }
}

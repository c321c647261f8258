/** Memories and data distributions: inline, as templates, as instances of templates. */
import type { Argument, Call, Component, Expr as TreeExpr, Statement, With } from "../../grammar/tree.js";
import { checkDataset, isDataset, provideAxes } from "./data-files.js";
import { chooseComponent } from "./chosen-components.js";
import { declareStatements, misplaced, tensorEntry, type TensorStatement } from "./declare.js";
import { faulty } from "./expressions/build.js";
import { pathText, resolve } from "./expressions/resolve.js";
import { articles } from "./fn-arguments.js";
import { bindParameters, replaces } from "./templates.js";
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
import { suggestion } from "./suggest.js";
import { declareAlias, memberTensor, membersOf, tupleIn } from "./tuples.js";
import { notYet } from "./unsupported.js";
import type { World } from "./world.js";

export function declareComponent(world: World, scope: Scope, declaration: Component): void {
  const { name, sort, span } = declaration;
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
  if (declaration.axes.length > 0) notYet(world, scope, span, "a component over an axis");
}

function checkComponent(world: World, scope: Scope, declaration: Component): Instance | null {
  const { name, sort, instance } = declaration;
  const env = envOf(scope);
  if (declaration.axes.length > 0) return null;
  if (instance === null) {
    if (
      sort === "optimizer" ||
      declaration.parameters?.some((parameter) => parameter.default === null || parameter.sort === "axis") === true
    )
      return null;
    return build(world, env, `${scope.prefix}${name.text}`, {
      env,
      declaration,
      scope,
      call: null,
      origin: null,
      extra: [],
      redrawn: scope.redrawn,
    });
  }
  if (isDataset(env, instance)) return checkDataset(world, scope, declaration, instance);
  const full = `${scope.prefix}${name.text}`;
  if (instance.kind === "case")
    return chooseComponent(world, scope, declaration, instance, full, (tree, own) =>
      armOf(world, scope, declaration, tree, own),
    );
  return instanceOf(world, scope, declaration, instance, full);
}

/** An arm of a choice: one that is there already, or a new one. */
function armOf(world: World, scope: Scope, declaration: Component, tree: TreeExpr, name: string): Instance | null {
  if (tree.kind === "case")
    return chooseComponent(world, scope, declaration, tree, name, (arm, own) =>
      armOf(world, scope, declaration, arm, own),
    );
  const entry = tree.kind === "name" || tree.kind === "member" ? resolve(world, envOf(scope), tree) : null;
  if (entry?.kind === "component" && entry.sort === declaration.sort) {
    const there = entry.instance.get();
    if (there !== null) return there;
  }
  return instanceOf(world, scope, declaration, tree, name);
}

function instanceOf(
  world: World,
  scope: Scope,
  declaration: Component,
  instance: TreeExpr,
  name: string,
): Instance | null {
  const env = envOf(scope);
  if (instance.kind === "with") return withParameters(world, scope, declaration, instance, name);
  const template = templateOf(world, env, declaration, instance);
  if (template === null) return null;
  const call = instance.kind === "call" ? instance : null;
  const origin = { name: template.name, span: instance.span, caller: scope };
  return build(world, env, name, {
    env,
    declaration: template.declaration,
    scope: template.scope,
    call,
    origin,
    extra: declaration.body ?? [],
    redrawn: scope.redrawn,
  });
}

function templateOf(world: World, env: Env, declaration: Component, instance: TreeExpr): ComponentEntry | null {
  const path = instance.kind === "call" ? instance.callee : instance;
  const entry = resolve(world, env, path);
  if (entry === null || entry.kind === "faulty") return null;
  const { sort } = declaration;
  if (entry.kind !== "component" || entry.sort !== sort) {
    const what = entry.kind === "component" ? articles[entry.sort] : `a ${entry.kind}`;
    faulty(world, env, "AM3019", path.span, `\`${entry.name}\` is not ${articles[sort]}: it is ${what}`, {
      labels: [{ span: entry.span, text: "declared here" }],
    });
    return null;
  }
  return finalTemplate(world, env, entry, instance);
}

/** A name for an instance is followed to its template only where nothing would be lost. */
function finalTemplate(world: World, env: Env, entry: ComponentEntry, instance: TreeExpr): ComponentEntry | null {
  const { declaration } = entry;
  if (declaration.instance === null) return entry;
  const call: Call | null = declaration.instance.kind === "call" ? declaration.instance : null;
  if (call === null) {
    const next = resolve(world, envOf(entry.scope), declaration.instance);
    return next?.kind === "component" ? finalTemplate(world, env, next, instance) : null;
  }
  notYet(
    world,
    env.scope,
    instance.span,
    `a second component made from the instance \`${entry.name}\``,
    "repeat the call of its template",
  );
  return null;
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
  if (base?.plan === undefined || tree === null || tuple === null) {
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
  if (found.length < given.length) return null;
  return build(world, base.plan.env, name, { ...base.plan, shared: { base, parameters: new Map(found) } });
}

/** How an instance was made. */
export interface Plan {
  readonly env: Env;
  readonly declaration: Component;
  /** Where the text of the declaration stands. */
  readonly scope: Scope;
  readonly call: Call | null;
  readonly origin: ConstructorParameters<typeof Scope>[3] | null;
  /** Members added where the instance is made. */
  readonly extra: readonly Statement[];
  readonly redrawn: Scope["redrawn"];
  /** Another instance that this one is like, but for its parameters. */
  readonly shared?: { readonly base: Instance; readonly parameters: ReadonlyMap<string, Tensor> };
}

/** What an instance costs beside its expressions. */
const PARTS_OF_COMPONENT = 50;

function build(world: World, env: Env, name: string, plan: Plan): Instance | null {
  const { declaration, call } = plan;
  world.used.add(declaration);
  world.spend(PARTS_OF_COMPONENT, call?.span ?? declaration.name.span);
  const members = new Scope(plan.scope, "component", `${name}.`, plan.origin);
  members.redrawn = plan.redrawn;
  const body = declaration.body ?? [];
  const replacements = replacementsOf(world, env, declaration, call?.args ?? []);
  const parameters: string[] = [];
  const declared: string[] = [];
  if (!bindParameters(world, env, members, declaration, call, replacements, call?.span ?? declaration.name.span))
    return null;
  for (const statement of body) {
    const names = namesOf(statement);
    declared.push(...names);
    if (plan.shared !== undefined && declareShared(world, members, plan.shared, names, statement)) continue;
    const replacement = names.length === 1 ? replacements.get(names[0] ?? "") : undefined;
    if (replacement === undefined) {
      if (statement.kind === "param") parameters.push(...names);
      declareMember(world, members, declaration, statement);
      continue;
    }
    if (replacement.kind === "param") parameters.push(...names);
    declareReplacement(world, env, members, statement, replacement);
  }
  declareExtra(world, env, members, declaration, plan.extra, parameters);
  return { name, sort: declaration.sort, members, parameters, declared, plan: { ...plan, env } };
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
    declareAlias(world, members, name, parameter, parameter.span);
    return true;
  }
  const isKept =
    statement.kind === "draws" ||
    statement.kind === "state" ||
    statement.kind === "axis" ||
    statement.kind === "component";
  const entry = isKept ? base.members.own(name) : undefined;
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

/** The statements among the arguments, by the name that they replace. */
export function replacementsOf(
  world: World,
  env: Env,
  declaration: Pick<Component, "name" | "parameters" | "body">,
  args: readonly Argument[],
  otherwise: { readonly help?: string } = {},
): ReadonlyMap<string, Statement> {
  const found = new Map<string, Statement>();
  const known = new Set([
    ...(declaration.body ?? []).flatMap(namesOf),
    ...(declaration.parameters ?? [])
      .filter((parameter) => parameter.axes !== null || parameter.sort === "fn")
      .map((parameter) => parameter.name.text),
  ]);
  const joint = new Set((declaration.body ?? []).map(namesOf).flatMap((names) => (names.length > 1 ? names : [])));
  for (const argument of args) {
    if (argument.kind !== "replacement") continue;
    const { statement } = argument;
    const [name] = namesOf(statement);
    if (name === undefined) continue;
    if (!known.has(name)) {
      faulty(
        world,
        env,
        "AM2005",
        argument.span,
        `\`${declaration.name.text}\` declares no \`${name}\` that could be replaced`,
        {
          labels: [{ span: declaration.name.span, text: "the template" }],
          ...otherwise,
          ...suggestion(name, known),
        },
      );
    } else if (joint.has(name)) {
      faulty(world, env, "AM3021", argument.span, `\`${name}\` is one of several results of one equation`, {
        labels: [{ span: declaration.name.span, text: "the template" }],
        help: "no argument replaces a part of an equation: compute them one by one in the template",
      });
    } else if (found.has(name)) faulty(world, env, "AM2002", argument.span, `\`${name}\` is replaced twice`);
    else found.set(name, statement);
  }
  return found;
}

export function namesOf(statement: Statement): readonly string[] {
  switch (statement.kind) {
    case "equation":
      return statement.targets.flatMap((target) => target.path.slice(0, 1).map((name) => name.text));
    case "draws":
    case "param":
    case "state":
    case "let":
      return statement.target.path.slice(0, 1).map((name) => name.text);
    case "axis":
    case "fn":
    case "component":
      return [statement.name.text];
    default:
      return [];
  }
}

export function declareReplacement(
  world: World,
  env: Env,
  members: Scope,
  original: Statement,
  replacement: Statement,
): void {
  if (replaces(world, env, members, original, replacement)) return;
  const isTensor = (statement: Statement): statement is TensorStatement =>
    statement.kind === "equation" ||
    statement.kind === "draws" ||
    statement.kind === "param" ||
    statement.kind === "state";
  if (!isTensor(original) || !isTensor(replacement)) {
    faulty(world, env, "AM3021", replacement.span, "this replaces a declaration of another kind", {
      labels: [{ span: original.span, text: "the declaration" }],
    });
    return;
  }
  const target = original.kind === "equation" ? original.targets[0] : original.target;
  const given = replacement.kind === "equation" ? replacement.targets[0] : replacement.target;
  if (target === undefined || given === undefined) return;
  const declared = tensorEntry(world, envOf(members), members, { statement: original, target, pick: 0 });
  const entry = tensorEntry(world, env, members, { statement: replacement, target: given, pick: 0 }, declared);
  declare(world, members, entry);
  world.pending.push(() => entry.tensor.get());
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

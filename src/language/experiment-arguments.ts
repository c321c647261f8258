/**
 * Parameters of experiments and what replaces their declarations: each becomes a statement of the experiment, which a block may
 * replace like any other, and which is declared with the argument taken in the scope where that is written.
 */
import type { Call, Experiment, Expr, Let, Name, Parameter, Statement, Target } from "../../grammar/tree.js";
import { declareReplacement, replacementsOf } from "./replacements.js";
import { namesOf } from "./declared-names.js";
import { declareLet } from "./declare.js";
import { faulty } from "./expressions/build.js";
import { declare, envOf, type Scope } from "./scopes.js";
import { argumentsOf, bindParameter, missingArgument } from "./templates.js";
import type { World } from "./world.js";

export type Given = ReadonlyMap<Statement, (scope: Scope) => void>;

/** The call that makes an experiment, and the scope that it is written in. */
export interface Making {
  readonly call: Call | null;
  readonly scope: Scope;
  readonly span: Name["span"];
}

/** What stands for the parameters; null after a fault. */
export function parametersGiven(
  world: World,
  template: Experiment,
  body: readonly Statement[],
  { call, scope: from, span }: Making,
): { readonly given: Given; readonly replacements: ReadonlyMap<string, Statement> } | null {
  const env = envOf(from);
  const parameters = template.parameters ?? [];
  const values = argumentsOf(world, env, template, call, parameters);
  if (values === null) return null;
  const replacements = replacementsOf(world, env, { ...template, body }, call?.args ?? [], inBlock);
  const given = new Map<Statement, (scope: Scope) => void>();
  for (const parameter of parameters) {
    const { name, sort, axes } = parameter;
    const value = values.get(name.text) ?? null;
    const replacement = replacements.get(name.text) ?? null;
    if (value === null && replacement === null && parameter.default === null) {
      missingArgument(world, env, template, parameter, span);
      return null;
    }
    const statement = asStatement(parameter, value ?? parameter.default);
    given.set(statement, (scope) => {
      if (statement.kind === "let" && sort === "value" && axes === null) {
        declareLet(world, scope, statement, false, value === null ? scope : from);
        return;
      }
      const entry = bindParameter(world, env, scope, template, parameter, value, replacement);
      declare(world, scope, entry ?? { kind: "faulty", name: name.text, span: name.span });
    });
  }
  return { given, replacements };
}

const inBlock = { help: "write it into the block of the experiment, which replaces whole statements" };
const replaceable: ReadonlySet<Statement["kind"]> = new Set(["equation", "draws", "param", "state", "fn"]);

/** The declarations of `body` that arguments replace. */
export function replaced(
  world: World,
  body: readonly Statement[],
  replacements: ReadonlyMap<string, Statement>,
  from: Scope,
): Given {
  const given = new Map<Statement, (scope: Scope) => void>();
  for (const statement of body) {
    const [name = "", ...others] = namesOf(statement);
    const replacement = others.length > 0 ? undefined : replacements.get(name);
    if (replacement === undefined) continue;
    given.set(statement, (scope) => {
      declareReplaced(world, from, scope, statement, replacement);
      if (scope.own(name) === undefined) declare(world, scope, { kind: "faulty", name, span: statement.span });
    });
  }
  return given;
}

function declareReplaced(world: World, from: Scope, scope: Scope, statement: Statement, replacement: Statement): void {
  const value = valueFor(statement, replacement);
  const original = asTensor(statement);
  if (value !== null) declareLet(world, scope, value, false, from);
  else if (replaceable.has(original.kind)) declareReplacement(world, envOf(from), scope, original, replacement);
  else {
    const [name = ""] = namesOf(statement);
    faulty(world, envOf(from), "AM3021", replacement.span, `\`${name}\` is no tensor, fn or number`, {
      labels: [{ span: statement.span, text: "the declaration" }],
      ...inBlock,
    });
  }
}

/** `let v[i] = …` is a tensor. */
function asTensor(statement: Statement): Statement {
  return statement.kind === "let" && statement.target.subscripts !== null
    ? { ...statement, kind: "equation", targets: [statement.target] }
    : statement;
}

/** `n = 3` for `let n = 2`. */
function valueFor(statement: Statement, replacement: Statement): Let | null {
  if (statement.kind !== "let" || statement.target.subscripts !== null) return null;
  const isPlain = replacement.kind === "equation" && replacement.targets[0]?.subscripts === null;
  return isPlain ? { ...statement, value: replacement.value } : null;
}

/** A parameter as what it would be in the experiment itself: so that a statement of a block may stand for it. */
function asStatement(parameter: Parameter, value: Expr | null): Statement {
  const { name, sort, axes, span } = parameter;
  const expr: Expr = value ?? { kind: "missing", span };
  const target: Target = {
    path: [name],
    subscripts: axes?.map((axis) => ({ name: null, value: { kind: "expr", expr: axis }, span: axis.span })) ?? null,
    span: name.span,
  };
  switch (sort) {
    case "value":
      return axes === null
        ? { kind: "let", target, value: expr, doc: null, span }
        : { kind: "equation", targets: [target], value: expr, doc: null, span };
    case "axis":
      return { kind: "axis", name, value: { kind: "is", expr }, doc: null, span };
    case "fn":
      return { kind: "fn", name, parameters: [], results: null, body: expr, alias: true, doc: null, span };
    case "data":
    case "memory":
    case "optimizer": {
      const whole = { axes: [], parameters: null, instance: expr, subject: null, body: null, doc: null };
      return { kind: "component", sort, name, ...whole, span };
    }
  }
}

/** Parameters that are named like what is given to the template that they are handed to: which is meant, nothing would say. */
export function namedTwice(world: World, tree: Experiment, base: Experiment, { call, scope }: Making): boolean {
  const env = envOf(scope);
  const values = argumentsOf(world, env, base, call, base.parameters ?? []) ?? new Map<string, Expr>();
  const statements = (call?.args ?? []).flatMap((argument) =>
    argument.kind === "replacement" ? namesOf(argument.statement) : [],
  );
  let found = false;
  for (const { name, span } of tree.parameters ?? []) {
    const value = values.get(name.text);
    const isPassedOn = value?.kind === "name" && value.text === name.text;
    if (isPassedOn || (value === undefined && !statements.includes(name.text))) continue;
    found = true;
    faulty(world, env, "AM2002", span, `\`${base.name.text}\` is given another \`${name.text}\``, {
      here: "this parameter would stand for it",
      ...(value === undefined ? {} : { labels: [{ span: value.span, text: "given here" }] }),
      help: "give the parameter another name",
    });
  }
  return found;
}

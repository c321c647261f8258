/** Calls of fns: inlined, their tensor arguments and results become definitions of their own. */
import type { Argument, Call, Expr as TreeExpr, Fn as TreeFn, Parameter } from "../../grammar/tree.js";
import type { Span } from "../base/span.js";
import { declareFaulty } from "./components.js";
import { declareStatements, misplaced } from "./declare.js";
import { checkExpr } from "./expressions/check.js";
import { checkGrad } from "./expressions/calls.js";
import { faulty, real, toReal, unknown } from "./expressions/build.js";
import { axisEntry, bareTensor, pathText, resolve } from "./expressions/names.js";
import { bindIndex } from "./indices.js";
import { lift } from "./lifting.js";
import { bindTensorArgument, type Mapped } from "./arguments.js";
import { declare, envOf, Scope, type Entry, type Env, type FnEntry, type Tensor } from "./scopes.js";
import { suggestion } from "./suggest.js";
import type { Expr, Index } from "./typed.js";
import { notYet } from "./unsupported.js";
import type { Lazy, World } from "./world.js";

/** A call that gives a scalar, or a tensor where it may stand whole. */
export function checkFnCall(world: World, env: Env, call: Call, entry: FnEntry): Expr {
  const result = inline(world, env, call, entry, 0);
  if (result === null) return unknown(call.span);
  if (result.kind === "scalar") return { ...result.value, span: call.span };
  return bareTensor(world, env, result.tensor, call.span, `${pathText(call.callee)}(…)`);
}

/** A call whose result is subscripted. */
export function checkTensorCall(world: World, env: Env, call: Call, pick = 0): Tensor | null {
  const { callee } = call;
  if (callee.kind === "name" && callee.text === "grad" && env.scope.lookup("grad")?.kind !== "fn")
    return checkGrad(world, env, call);
  if (callee.kind === "name" && env.scope.lookup(callee.text) === undefined) {
    // A function of the language, or an unknown one: told as where it stands alone.
    const value = checkExpr(world, env, call);
    if (value.kind !== "unknown")
      faulty(world, env, "AM2105", call.span, `\`${callee.text}\` gives a single number: it takes no subscripts`);
    return null;
  }
  const entry = callee.kind === "name" || callee.kind === "member" ? resolve(world, env, callee) : null;
  if (entry === null || entry.kind === "faulty") return null;
  if (entry.kind !== "fn") {
    faulty(world, env, "AM3016", call.span, `\`${pathText(callee)}\` is no fn: it cannot be called`, {
      labels: [{ span: entry.span, text: "declared here" }],
    });
    return null;
  }
  const result = inline(world, env, call, entry, pick);
  if (result === null || result.kind === "tensor") return result?.tensor ?? null;
  faulty(world, env, "AM2105", call.span, `\`${pathText(callee)}\` gives a single number: it takes no subscripts`, {
    labels: [{ span: entry.span, text: "declared here" }],
  });
  return null;
}

type Inlined = { readonly kind: "scalar"; readonly value: Expr } | { readonly kind: "tensor"; readonly tensor: Tensor };

const running: TreeFn[] = [];

/** The result number `pick` of a call. */
export function inline(world: World, env: Env, call: Call, entry: FnEntry, pick: number): Inlined | null {
  const { fn } = entry;
  if (fn.body === null) {
    faulty(world, env, "AM2015", call.span, `\`${entry.name}\` has no right side: an argument has to supply it`, {
      labels: [{ span: entry.span, text: "declared here" }],
    });
    return null;
  }
  const origin = { name: entry.name, span: call.span, caller: env.scope };
  const scope = new Scope(entry.scope, "fn", `${env.scope.prefix}${entry.name}.`, origin);
  const mapped: Mapped = new Map();
  if (!bindArguments(world, env, call, entry, scope, mapped)) return null;
  if (running.includes(fn)) {
    faulty(world, env, "AM2016", call.span, `\`${entry.name}\` calls itself`, { help: "a fn cannot be recursive" });
    return null;
  }
  running.push(fn);
  try {
    return evaluate(world, fn, scope, entry, call, pick, [...mapped.values()]);
  } finally {
    running.pop();
  }
}

function evaluate(
  world: World,
  fn: TreeFn,
  scope: Scope,
  entry: FnEntry,
  call: Call,
  pick: number,
  mapped: readonly Index[],
): Inlined | null {
  const inside = envOf(scope);
  const tree = bodyOf(world, fn, scope, pick);
  const names = fn.results?.[pick] ?? [];
  const own: Index[] = [];
  for (const name of names)
    own.push(bindIndex(world, { ...inside, indices: own }, name, { trees: tree === null ? [] : [tree] }));
  if (tree === null) return null;
  const value = checkExpr(world, { ...inside, indices: own }, tree);
  if (value.kind === "unknown") return null;
  if (own.length === 0 && mapped.length === 0) return { kind: "scalar", value };
  const axes = [
    ...mapped.map((index) => ({ index, name: index.name, span: call.span })),
    ...own.map((index) => ({ index, name: index.name, span: index.span })),
  ];
  const name = `${scope.prefix}${pick === 0 ? "result" : `result ${pick + 1}`}`;
  return {
    kind: "tensor",
    tensor: {
      ...lift(world, { name, span: entry.span, type: value.type, own: axes, value }),
      name: `${entry.name}(…)`,
    },
  };
}

/** The expression of a result; a block's statements are declared first. */
function bodyOf(world: World, fn: TreeFn, scope: Scope, pick: number): TreeExpr | null {
  const { body } = fn;
  if (body === null) return null;
  const returned: readonly TreeExpr[] | null =
    body.kind === "block" ? declareBlock(world, scope, body) : body.kind === "tuple" ? body.items : [body];
  if (returned === null) return null;
  const wanted = Math.max(1, fn.results?.length ?? 1);
  if (returned.length !== wanted) {
    world.report(scope, {
      code: "AM2017",
      span: body.span,
      message: `\`${fn.name.text}\` promises ${wanted} result${wanted === 1 ? "" : "s"} and returns ${returned.length}`,
      labels: [{ span: fn.name.span, text: "promised here" }],
    });
    return null;
  }
  return returned[pick] ?? null;
}

function declareBlock(
  world: World,
  scope: Scope,
  block: Extract<TreeExpr, { readonly kind: "block" }>,
): readonly TreeExpr[] | null {
  const last = block.statements.at(-1);
  if (last?.kind !== "return") {
    world.report(scope, {
      code: "AM2018",
      span: block.span,
      message: "this block does not end with `return`",
      help: "write `return EXPR` as its last statement",
    });
    return null;
  }
  for (const statement of declareStatements(world, scope, block.statements.slice(0, -1))) {
    if (statement.kind === "scan") {
      notYet(world, scope, statement.span, "`scan`");
      declareFaulty(world, scope, statement.body);
    } else misplaced(world, scope, statement, "in the body of a fn");
  }
  return last.values;
}

/** Gives the parameters their arguments, in the scope of the body. */
function bindArguments(world: World, env: Env, call: Call, entry: FnEntry, scope: Scope, mapped: Mapped): boolean {
  const { parameters } = entry.fn;
  const given = matchArguments(world, env, call, entry.name, parameters);
  if (given === null) return false;
  let complete = true;
  for (const parameter of parameters) {
    const argument = given.get(parameter.name.text) ?? parameter.default;
    const isDefault = !given.has(parameter.name.text);
    if (argument === null) {
      faulty(world, env, "AM3010", call.span, `\`${entry.name}\` needs an argument for \`${parameter.name.text}\``, {
        labels: [{ span: parameter.span, text: "this parameter" }],
      });
      complete = false;
      continue;
    }
    const from = isDefault ? envOf(scope) : env;
    const bound = bindArgument(world, from, scope, entry, parameter, argument, mapped);
    if (bound === null) complete = false;
    else declare(world, scope, bound);
  }
  return complete;
}

export function matchArguments(
  world: World,
  env: Env,
  call: Call,
  name: string,
  parameters: readonly Parameter[],
): ReadonlyMap<string, TreeExpr> | null {
  const given = new Map<string, TreeExpr>();
  let place = 0;
  for (const argument of call.args) {
    const parameter =
      argument.kind === "positional"
        ? parameters[place++]
        : parameters.find((other) => other.name.text === nameOf(argument));
    if (parameter === undefined || argument.kind === "replacement" || given.has(parameter.name.text)) {
      refuseArgument(world, env, argument, name, parameters, given);
      return null;
    }
    given.set(parameter.name.text, argument.value);
  }
  return given;
}

function nameOf(argument: Argument): string {
  return argument.kind === "named" ? argument.name.text : "";
}

function refuseArgument(
  world: World,
  env: Env,
  argument: Argument,
  name: string,
  parameters: readonly Parameter[],
  given: ReadonlyMap<string, TreeExpr>,
): void {
  const names = parameters.map((parameter) => parameter.name.text);
  const shape = `it is \`${name}(${names.join(", ")})\``;
  const written = nameOf(argument);
  const message =
    argument.kind === "positional"
      ? `\`${name}\` takes ${names.length} argument${names.length === 1 ? "" : "s"}`
      : given.has(written)
        ? `\`${written}\` is given twice`
        : `\`${name}\` has no argument \`${written}\``;
  faulty(world, env, "AM3010", argument.span, message, {
    help: shape,
    ...(argument.kind === "named" && !given.has(written) ? suggestion(written, names) : {}),
  });
}

function bindArgument(
  world: World,
  env: Env,
  scope: Scope,
  entry: FnEntry,
  parameter: Parameter,
  tree: TreeExpr,
  mapped: Mapped,
): Entry | null {
  const { name } = parameter;
  const base = { name: name.text, span: name.span };
  const fixed = <T>(value: T): Lazy<T> =>
    world.lazy<T>(
      scope,
      name.text,
      name.span,
      () => value,
      () => value,
    );
  switch (parameter.sort) {
    case "axis": {
      const axis = axisEntry(world, env, tree);
      return axis === null ? null : { ...base, kind: "axis", axis: fixed(axis) };
    }
    case "fn":
    case "memory":
    case "data":
    case "optimizer": {
      const found = resolve(world, env, tree);
      if (found === null || found.kind === "faulty") return null;
      const fits =
        parameter.sort === "fn" ? found.kind === "fn" : found.kind === "component" && found.sort === parameter.sort;
      if (fits) return { ...found, name: name.text };
      wrongSort(world, env, tree.span, parameter, entry.name, found);
      return null;
    }
    case "value": {
      if (parameter.axes !== null) return bindTensorArgument(world, env, scope, entry.name, parameter, tree, mapped);
      const value = checkExpr(world, env, tree);
      if (value.kind === "unknown") return null;
      return differentiates(entry.fn, name.text)
        ? differentiable(world, env, scope, parameter, value)
        : { ...base, kind: "value", value: fixed(value) };
    }
  }
}

/** Whether the body of a fn takes a derivative by one of its scalars. */
function differentiates(fn: TreeFn, name: string): boolean {
  const visit = (node: unknown): boolean => {
    if (typeof node !== "object" || node === null) return false;
    if ("kind" in node && node.kind === "call") {
      const { callee, args } = node as Call;
      const by = args[1];
      if (
        callee.kind === "name" &&
        callee.text === "grad" &&
        by !== undefined &&
        by.kind !== "replacement" &&
        by.value.kind === "name" &&
        by.value.text === name
      )
        return true;
    }
    return Object.entries(node).some(([key, part]) => key !== "span" && visit(part));
  };
  return visit(fn.body);
}

/** A scalar by which a derivative is taken has a value of its own. */
function differentiable(world: World, env: Env, scope: Scope, parameter: Parameter, value: Expr): Entry | null {
  const { name } = parameter;
  const number = toReal(world, env, value);
  if (number.kind === "unknown") return null;
  const tensor: Tensor = {
    ...lift(world, { name: scope.prefix + name.text, span: name.span, type: real, own: [], value: number }),
    name: name.text,
  };
  return {
    kind: "tensor",
    name: name.text,
    span: name.span,
    declared: parameter.span,
    axes: world.lazy<Tensor["axes"]>(
      scope,
      name.text,
      name.span,
      () => [],
      () => [],
    ),
    tensor: world.lazy<Tensor | null>(
      scope,
      name.text,
      name.span,
      () => tensor,
      () => null,
    ),
  };
}

export const articles: Readonly<Record<Parameter["sort"], string>> = {
  axis: "an axis",
  data: "a data distribution",
  memory: "a memory",
  optimizer: "an optimizer",
  fn: "a fn",
  value: "a value",
};

export function wrongSort(
  world: World,
  env: Env,
  span: Span,
  parameter: Parameter,
  template: string,
  found: Entry,
): void {
  const what =
    found.kind === "component"
      ? articles[found.sort]
      : found.kind === "tensor"
        ? "a tensor"
        : `a ${found.kind === "value" ? "number" : found.kind}`;
  faulty(
    world,
    env,
    "AM3019",
    span,
    `\`${parameter.name.text}\` of \`${template}\` takes ${articles[parameter.sort]}, and this is ${what}`,
    {
      labels: [
        { span: parameter.span, text: "this parameter" },
        { span: found.span, text: "declared here" },
      ],
    },
  );
}

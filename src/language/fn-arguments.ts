/** Arguments of fns: which parameter gets which, and what each kind of parameter takes. */
import type { Argument, Call, Expr as TreeExpr, Fn as TreeFn, Parameter } from "../../grammar/tree.js";
import type { Span } from "../base/span.js";
import { type Mapped, bindTensorArgument } from "./arguments.js";
import { faulty, real, toReal } from "./expressions/build.js";
import { checkExpr } from "./expressions/check.js";
import { derivatives } from "./expressions/derivatives.js";
import { axisEntry, resolve } from "./expressions/resolve.js";
import { lift } from "./lifting.js";
import { type Entry, type Env, type FnEntry, type Scope, type Tensor, declare, envOf } from "./scopes.js";
import { suggestion } from "./suggest.js";
import type { Expr } from "./typed.js";
import type { Lazy, World } from "./world.js";

/** Gives the parameters their arguments, in the scope of the body. */
export function bindArguments(
  world: World,
  env: Env,
  call: Call,
  entry: FnEntry,
  scope: Scope,
  mapped: Mapped,
): boolean {
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
        Object.hasOwn(derivatives, callee.text) &&
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
        : found.kind === "axis"
          ? articles.axis
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

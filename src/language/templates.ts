/** Parameters of templates and what replaces the declarations in them. */
import type { Call, Component, Expr as TreeExpr, Parameter, Statement, Target } from "../../grammar/tree.js";
import type { Span } from "../base/span.js";
import { tensorEntry } from "./declare.js";
import { faulty, unknown } from "./expressions/build.js";
import { bareTensor, tensorNamed } from "./expressions/names.js";
import { axisEntry, resolve } from "./expressions/resolve.js";
import { checkExpr } from "./expressions/check.js";
import { wrongSort } from "./fn-arguments.js";
import { tensorText } from "./indices.js";
import { lift } from "./lifting.js";
import { declare, envOf, Whole, type Entry, type Env, type Scope, type Tensor, type TensorEntry } from "./scopes.js";
import { suggestion } from "./suggest.js";
import type { Expr } from "./typed.js";
import { unknownAxis, type World } from "./world.js";

/** Whatever has parameters. */
export type Templated = Pick<Component, "name" | "parameters">;

/** Arguments and replacements, with the place where they stand. */
export interface Given {
  readonly env: Env;
  readonly call: Call | null;
  readonly replacements: ReadonlyMap<string, Statement>;
}

/**
 * Declares the parameters in the scope of the members; false after a fault that leaves one without a value. Where arguments are given
 * several times, the last ones count.
 */
export function bindParameters(
  world: World,
  members: Scope,
  declaration: Templated,
  layers: readonly Given[],
  span: Span,
): boolean {
  const parameters = declaration.parameters ?? [];
  const given = layers.map(({ env, call }) => argumentsOf(world, env, declaration, call, parameters));
  if (given.includes(null)) return false;
  let complete = true;
  for (const parameter of parameters) {
    const name = parameter.name.text;
    const last = layers.findLastIndex(({ replacements }, k) => replacements.has(name) || given[k]?.has(name) === true);
    const layer = layers.at(last);
    if (layer === undefined) return false;
    const argument = given.at(last)?.get(name) ?? null;
    const replacement = layer.replacements.get(name) ?? null;
    const entry = bindParameter(world, layer.env, members, declaration, parameter, argument, replacement);
    if (entry !== null) declare(world, members, entry);
    else {
      complete = false;
      if (last < 0) missingArgument(world, layer.env, declaration, parameter, span);
    }
  }
  return complete;
}

export function missingArgument(
  world: World,
  env: Env,
  declaration: Templated,
  { name: { text: name }, axes, span: declared }: Parameter,
  span: Span,
): void {
  faulty(world, env, "AM3010", span, `\`${declaration.name.text}\` needs an argument for \`${name}\``, {
    labels: [{ span: declared, text: "this parameter" }],
    help:
      axes === null
        ? `write \`${name}: …\``
        : `write \`${tensorText(
            name,
            axes.map((axis) => ({ name: axis.text })),
          )} = …\``,
  });
}

/** Positional and named arguments by parameter. */
export function argumentsOf(
  world: World,
  env: Env,
  declaration: Templated,
  call: Call | null,
  parameters: readonly Parameter[],
): ReadonlyMap<string, TreeExpr> | null {
  const given = new Map<string, TreeExpr>();
  const template = declaration.name.text;
  const names = parameters.map((parameter) => parameter.name.text);
  let place = 0;
  let isFine = true;
  for (const argument of call?.args ?? []) {
    if (argument.kind === "replacement") continue;
    const name = argument.kind === "named" ? argument.name.text : names[place++];
    if (name !== undefined && names.includes(name) && !given.has(name)) {
      given.set(name, argument.value);
      continue;
    }
    isFine = false;
    const message =
      argument.kind === "positional"
        ? `\`${template}\` has ${names.length === 0 ? "no parameters" : `${names.length} parameter${names.length === 1 ? "" : "s"}`}, and more arguments are given`
        : given.has(name ?? "")
          ? `\`${name ?? ""}\` is given twice`
          : `\`${template}\` has no parameter \`${name ?? ""}\``;
    faulty(world, env, "AM3010", argument.span, message, {
      labels: [
        {
          span: declaration.name.span,
          text:
            names.length === 0
              ? "declared here"
              : `its parameters are ${names.map((known) => `\`${known}\``).join(", ")}`,
        },
      ],
      ...(argument.kind === "named" ? suggestion(name ?? "", names) : {}),
    });
  }
  return isFine ? given : null;
}

export function bindParameter(
  world: World,
  env: Env,
  members: Scope,
  declaration: Templated,
  parameter: Parameter,
  argument: TreeExpr | null,
  replacement: Statement | null,
): Entry | null {
  const name = parameter.name.text;
  const { span } = parameter.name;
  const tree = argument ?? parameter.default;
  const place = argument === null ? envOf(members, { stepping: env.stepping }) : env;
  switch (parameter.sort) {
    case "axis": {
      if (tree === null) return null;
      const axis = world.lazy(
        members,
        name,
        span,
        () => axisEntry(world, place, tree) ?? unknownAxis,
        () => unknownAxis,
      );
      axis.get();
      return { kind: "axis", name, span, axis };
    }
    case "fn":
      if (replacement !== null) return fnEntry(world, env, name, replacement);
      return tree === null ? null : bindComponent(world, place, declaration, parameter, tree);
    case "data":
    case "memory":
    case "optimizer":
      return tree === null ? null : bindComponent(world, place, declaration, parameter, tree);
    case "value":
      if (parameter.axes !== null) return bindTensor(world, env, members, parameter, argument, replacement);
      if (tree === null) return null;
      return {
        kind: "value",
        name,
        span,
        value: world.lazy<Expr>(
          members,
          name,
          span,
          () => checkExpr(world, place, tree),
          () => unknown(span),
        ),
      };
  }
}

function bindComponent(world: World, env: Env, declaration: Templated, parameter: Parameter, tree: TreeExpr): Entry {
  const name = parameter.name.text;
  const found = resolve(world, env, tree);
  const faultyEntry: Entry = { kind: "faulty", name, span: parameter.name.span };
  if (found === null || found.kind === "faulty") return faultyEntry;
  const fits =
    parameter.sort === "fn" ? found.kind === "fn" : found.kind === "component" && found.sort === parameter.sort;
  if (fits) return { ...found, name };
  wrongSort(world, env, tree.span, parameter, declaration.name.text, found);
  return faultyEntry;
}

/** `mass[group]`: by an equation, by a tensor of the same axes, or by its default. */
function bindTensor(
  world: World,
  env: Env,
  members: Scope,
  parameter: Parameter,
  argument: TreeExpr | null,
  replacement: Statement | null,
): Entry | null {
  const { name, span } = parameter;
  const target: Target = {
    path: [name],
    span,
    subscripts: (parameter.axes ?? []).map((axis) => ({
      name: null,
      value: { kind: "expr", expr: axis },
      span: axis.span,
    })),
  };
  const declared = (value: TreeExpr): TensorEntry =>
    tensorEntry(world, envOf(members), members, {
      statement: { kind: "equation", doc: null, span, targets: [target], value },
      target,
      pick: 0,
    });
  if (replacement !== null) {
    const own = declared({ kind: "missing", span });
    if (
      replacement.kind === "equation" ||
      replacement.kind === "draws" ||
      replacement.kind === "param" ||
      replacement.kind === "state"
    ) {
      const given = replacement.kind === "equation" ? replacement.targets[0] : replacement.target;
      return given === undefined
        ? null
        : tensorEntry(world, env, members, { statement: replacement, target: given, pick: 0 }, own);
    }
    faulty(world, env, "AM3021", replacement.span, `\`${name.text}\` is a tensor`, {
      labels: [{ span, text: "declared here" }],
    });
    return { kind: "faulty", name: name.text, span };
  }
  if (argument !== null)
    return bareArgument(world, env, members, declared({ kind: "missing", span }), argument, target);
  return parameter.default === null ? null : declared(parameter.default);
}

/** A tensor given by its name alone: its axes have to be those of the parameter, in this order. */
function bareArgument(
  world: World,
  env: Env,
  members: Scope,
  declared: TensorEntry,
  tree: TreeExpr,
  target: Target,
): TensorEntry {
  const compute = (): Tensor | null => {
    const axes = declared.axes.get();
    const name = declared.name;
    const whole = new Whole(world);
    const source = tree.kind === "name" || tree.kind === "member" ? tensorNamed(world, env, tree) : null;
    const value =
      source === null
        ? tree.kind === "name" || tree.kind === "member"
          ? unknown(tree.span)
          : checkExpr(world, { ...env, whole }, tree)
        : bareTensor(world, { ...env, whole }, source, tree.span, name);
    if (value.kind === "unknown") return null;
    const { slots } = whole;
    const fits =
      slots.length === axes.length &&
      slots.every((slot, k) => world.sameAxis(slot.index.axis, axes[k]?.axis ?? unknownAxis));
    if (!fits) {
      faulty(
        world,
        env,
        "AM2103",
        tree.span,
        `\`${name}\` is over [${axes.map((axis) => world.axis(axis.axis).name).join(", ")}], and this is over [${slots.map((slot) => world.axis(slot.index.axis).name).join(", ")}]`,
        {
          labels: [{ span: target.span, text: "the parameter" }],
          help: `write \`${tensorText(name, axes)} = …\` with the indices that are meant`,
        },
      );
      return null;
    }
    const own = slots.map((slot, k) => ({
      index: slot.index,
      name: axes[k]?.name ?? "",
      span: axes[k]?.span ?? target.span,
    }));
    const { over } = members;
    const made = lift(world, { name: members.prefix + name, span: declared.span, type: value.type, own, value, over });
    return { ...made, name };
  };
  const axes: TensorEntry["axes"] = declared.axes;
  return {
    ...declared,
    axes,
    tensor: world.lazy<Tensor | null>(members, declared.name, declared.span, compute, () => null),
  };
}

/** A fn in an argument: `fn F(z) = z^2`, or `fn update = M.update`, another name for one. */
export function fnEntry(world: World, env: Env, name: string, statement: Statement): Entry | null {
  if (statement.kind !== "fn") {
    faulty(world, env, "AM3021", statement.span, `\`${name}\` is a fn`, { help: `write \`fn ${name}(…) = …\`` });
    return { kind: "faulty", name, span: statement.span };
  }
  const { body } = statement;
  const isAlias =
    statement.parameters.length === 0 &&
    statement.results === null &&
    (body?.kind === "name" || body?.kind === "member");
  if (isAlias) {
    const found = resolve(world, env, body);
    if (found?.kind === "fn") return { ...found, name };
    if (found !== null && found.kind !== "faulty")
      faulty(world, env, "AM3021", body.span, `this is no fn, and \`${name}\` is one`, {
        labels: [{ span: found.span, text: "declared here" }],
      });
    return { kind: "faulty", name, span: statement.span };
  }
  return { kind: "fn", name, span: statement.name.span, fn: statement, scope: env.scope };
}

/** Replaces a declaration that is no tensor; false where it is one. */
export function replaces(world: World, env: Env, members: Scope, original: Statement, replacement: Statement): boolean {
  if (original.kind !== "fn") return false;
  const entry = fnEntry(world, env, original.name.text, replacement);
  if (entry?.kind === "fn" && entry.fn.parameters.length !== original.parameters.length) {
    faulty(
      world,
      env,
      "AM3010",
      replacement.span,
      `\`${original.name.text}\` takes ${original.parameters.length} argument${original.parameters.length === 1 ? "" : "s"}, and this takes ${entry.fn.parameters.length}`,
      {
        labels: [{ span: original.name.span, text: "declared here" }],
      },
    );
  }
  if (entry !== null) declare(world, members, entry);
  return true;
}

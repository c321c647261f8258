/**
 * Templates and fns that nothing uses are looked at with arguments of which nothing is known: a fault that no argument
 * could mend is told as a warning.
 */
import type { Component, Expr as TreeExpr, Fn, Parameter, Statement, Target } from "../../grammar/tree.js";
import type { Code, Diagnostic } from "../base/diagnostic.js";
import { checkAssign } from "./assignments.js";
import { declareStatement, tensorEntry } from "./declare.js";
import { checkBody } from "./functions.js";
import { axisOfName } from "./indices.js";
import { linksOf } from "./optimizer-chains.js";
import { declare, envOf, Scope, type Entry, type Tensor, type TensorAxis } from "./scopes.js";
import type { AxisId, Expr } from "./typed.js";
import type { World } from "./world.js";

/** What does not depend on arguments. */
const certain: ReadonlySet<Code> = new Set<Code>([
  "AM2001",
  "AM2002",
  "AM2003",
  "AM2004",
  "AM2017",
  "AM2018",
  "AM2021",
  "AM3010",
]);

/** Checks what the file declares and no experiment used. */
export function checkUnused(
  world: World,
  file: Scope,
  statements: readonly Statement[],
  used: ReadonlySet<object>,
): void {
  for (const statement of statements) {
    if (used.has(statement)) continue;
    if (statement.kind === "fn") checkFn(world, file, statement);
    if (statement.kind === "component" && statement.sort === "optimizer" && statement.instance !== null)
      checkName(world, file, statement, statement.instance);
    if (statement.kind === "component" && statement.instance === null && statement.body !== null) {
      // What a transform of all gradients is of, only its use says.
      if (statement.sort === "optimizer" && statement.subject === null) continue;
      checkTemplate(world, file, statement, statement.body);
    }
  }
}

export function certainOnly(list: readonly Diagnostic[]): readonly Diagnostic[] {
  return list.filter(({ code }) => certain.has(code)).map((diagnostic) => ({ ...diagnostic, severity: "warning" }));
}

/** `optimizer quick(lr) = …`: what stands behind it. */
function checkName(world: World, file: Scope, declaration: Component, tree: TreeExpr): void {
  const scope = new Scope(file, "component", `${declaration.name.text}.`);
  for (const parameter of declaration.parameters ?? [])
    declare(world, scope, unknownParameter(world, scope, parameter));
  linksOf(world, { env: envOf(scope, { stepping: true }), tree });
}

function checkTemplate(world: World, file: Scope, declaration: Component, body: readonly Statement[]): void {
  const scope = new Scope(file, "component", `${declaration.name.text}.`);
  for (const parameter of declaration.parameters ?? [])
    declare(world, scope, unknownParameter(world, scope, parameter));
  const isOptimizer = declaration.sort === "optimizer";
  if (declaration.subject !== null) declareSubject(world, scope, declaration.subject);
  for (const statement of body) {
    if (statement.kind !== "assign") declareStatement(world, scope, statement, isOptimizer);
  }
  const env = envOf(scope, { stepping: isOptimizer });
  for (const statement of body)
    if (statement.kind === "assign")
      world.attempt(
        () => checkAssign(world, env, statement),
        () => null,
      );
}

/** `for w[i, ..]`: a parameter with these axes and one more. */
function declareSubject(world: World, scope: Scope, subject: Parameter): void {
  const axes = (subject.axes ?? []).map((name): TensorAxis => ({
    name: name.text,
    axis: unknownSize(world, name.text, name.span),
    span: name.span,
  }));
  for (const { name, axis, span } of axes)
    declare(world, scope, {
      kind: "axis",
      name,
      span,
      axis: world.lazy(
        scope,
        name,
        span,
        () => axis,
        () => axis,
      ),
    });
  const { span } = subject;
  scope.rest = subject.rest ? [{ name: "..", axis: unknownSize(world, "..", span), span }] : [];
  const all = [...axes, ...scope.rest];
  for (const name of [subject.name.text, "grad"]) {
    const indices = all.map((axis) => world.newIndex(axis.name, axis.axis, axis.span));
    const start: Expr = { kind: "number", value: 0, type: { kind: "real" }, span };
    const definition = world.addDefinition(
      name,
      indices,
      { kind: "real" },
      { kind: "param", init: { kind: "value", value: start } },
      span,
    );
    const tensor: Tensor = {
      name,
      source: { kind: "definition", definition },
      prefix: [],
      axes: all,
      type: { kind: "real" },
      span,
    };
    declare(world, scope, tensorAs(world, scope, name, span, tensor));
  }
}

function tensorAs(world: World, scope: Scope, name: string, span: Tensor["span"], tensor: Tensor): Entry {
  const axes = world.lazy<readonly TensorAxis[]>(
    scope,
    name,
    span,
    () => tensor.axes,
    () => [],
  );
  return {
    kind: "tensor",
    name,
    span,
    declared: span,
    axes,
    tensor: world.lazy<Tensor | null>(
      scope,
      name,
      span,
      () => tensor,
      () => null,
    ),
  };
}

function checkFn(world: World, file: Scope, fn: Fn): void {
  const scope = new Scope(file, "fn", `${fn.name.text}.`);
  for (const parameter of fn.parameters) {
    for (const name of parameter.axes ?? []) {
      if (axisOfName(scope, name.text) !== undefined) continue;
      const axis = unknownSize(world, name.text, name.span);
      declare(world, scope, {
        kind: "axis",
        name: name.text,
        span: name.span,
        axis: world.lazy(
          scope,
          name.text,
          name.span,
          () => axis,
          () => axis,
        ),
      });
    }
    declare(world, scope, unknownParameter(world, scope, parameter));
  }
  for (let pick = 0; pick < Math.max(1, fn.results?.length ?? 1); pick++)
    world.attempt(
      () => checkBody(world, fn, scope, pick),
      () => null,
    );
}

function unknownSize(world: World, name: string, span: Parameter["span"]): AxisId {
  return world.addAxis(name, { kind: "plain", size: { kind: "unknown", type: { kind: "int" }, span } }, span);
}

function unknownParameter(world: World, scope: Scope, parameter: Parameter): Entry {
  const { name, axes, sort } = parameter;
  const base = { name: name.text, span: name.span };
  if (sort === "axis") {
    const axis = unknownSize(world, name.text, name.span);
    return {
      ...base,
      kind: "axis",
      axis: world.lazy(
        scope,
        name.text,
        name.span,
        () => axis,
        () => axis,
      ),
    };
  }
  if (sort !== "value") return { ...base, kind: "faulty" };
  if (axes === null) {
    const value: Expr = { kind: "unknown", type: { kind: "real" }, span: name.span };
    return {
      ...base,
      kind: "value",
      value: world.lazy<Expr>(
        scope,
        name.text,
        name.span,
        () => value,
        () => value,
      ),
    };
  }
  const target: Target = {
    path: [name],
    span: parameter.span,
    subscripts: axes.map((axis) => ({ name: null, value: { kind: "expr", expr: axis }, span: axis.span })),
  };
  const value = { kind: "missing", span: parameter.span } as const;
  return tensorEntry(world, envOf(scope), scope, {
    statement: { kind: "equation", doc: null, span: parameter.span, targets: [target], value },
    target,
    pick: 0,
  });
}

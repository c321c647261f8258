/** Data files: their columns become tensors, their extents the sizes of axes. */
import type { Component, Expr as TreeExpr, Name, SubscriptItem } from "../../grammar/tree.js";
import type { Span } from "../base/span.js";
import { agree, columnType } from "./data-agreement.js";
import type { Wanted } from "./data-columns.js";
import { type Column, type DataFile, dataFileOf } from "./data-file.js";
import { axesOfCall, boundCall, checkBound } from "./data-calls.js";
import { chosenNumber, type DataPoints } from "./data-points.js";
import { encodeColumn } from "./datasets.js";
import { bindTarget } from "./indices.js";
import {
  type AxisEntry,
  type Entry,
  type Env,
  type Instance,
  Scope,
  type Tensor,
  type TensorAxis,
  declare,
  envOf,
} from "./scopes.js";
import { defined } from "./tensors.js";
import type { AxisId, AxisKind } from "./typed.js";
import { type World, unknownAxis } from "./world.js";

/** `dataset.npy(…)`, unless something else is called `dataset`. */
export function isDataset(env: Env, instance: TreeExpr): boolean {
  const callee = instance.kind === "call" ? instance.callee : instance;
  return (
    callee.kind === "member" &&
    callee.object.kind === "name" &&
    callee.object.text === "dataset" &&
    env.scope.lookup("dataset") === undefined
  );
}

/**
 * Declares the axes that a file brings along: names in the brackets of its columns which nothing else declares.
 * The file is opened when one of them, or a column, is first used.
 */
export function provideAxes(world: World, scope: Scope, declaration: Component, instance: TreeExpr): void {
  const call = boundCall(instance);
  if (call !== null) {
    for (const { name, kind } of axesOfCall(world, scope, declaration, call)) provideName(world, scope, name, kind);
    return;
  }
  const { columns, points } = dataFileOf(world, scope, declaration, instance);
  for (const { statement, wanted } of columns) {
    (statement.target.subscripts ?? []).forEach((item, place) =>
      provide(world, scope, item, () => extent(points.get(), wanted.get(), place, item.span)),
    );
    const { within } = statement;
    if (within !== null) provideName(world, scope, within, () => categories(world, scope, within, wanted.get()));
  }
  // Sets that are not known bring axes along whose sizes are not known either.
  if (instance.kind === "call")
    for (const argument of instance.args)
      if (argument.kind === "positional" && argument.value.kind === "name")
        provideName(world, scope, argument.value, () => null);
}

function extent(points: DataPoints | null, all: readonly Wanted[] | null, place: number, span: Span): AxisKind | null {
  if (points === null || all?.[0]?.extents[place] === undefined) return null;
  const sizes = all.map(({ extents }) => extents[place] ?? 0);
  return { kind: "plain", size: chosenNumber(points.chosen, sizes, span) };
}

function provide(world: World, scope: Scope, item: SubscriptItem, size: () => AxisKind | null): void {
  if (item.name === null && item.value.kind === "expr" && item.value.expr.kind === "name")
    provideName(world, scope, item.value.expr, size);
}

function provideName(world: World, scope: Scope, name: Name, kindOf: () => readonly string[] | AxisKind | null): void {
  if (name.text.endsWith("'") || scope.provided.has(name.text)) return;
  const compute = (): AxisId => {
    const found = kindOf();
    if (found === null) return unknownAxis;
    const kind = "kind" in found ? found : ({ kind: "labels", labels: found } as const);
    return world.addAxis(scope.prefix + name.text, kind, name.span);
  };
  const entry: AxisEntry = {
    kind: "axis",
    name: name.text,
    span: name.span,
    axis: world.lazy(scope, name.text, name.span, compute, () => unknownAxis),
  };
  scope.provided.set(name.text, entry);
}

function categories(world: World, scope: Scope, within: Name, all: readonly Wanted[] | null): readonly string[] | null {
  const [wanted] = all ?? [];
  if (all === null || wanted === undefined) return null;
  const { categories: names } = wanted;
  if (names !== null) {
    const other = all.find((each) => each.categories?.join("\0") !== names.join("\0"));
    if (other === undefined) return names;
    world.report(scope, {
      code: "AM4018",
      span: within.span,
      message: `the files have different categories: \`${within.text}\` cannot have the labels of one of them`,
      help: `declare it: \`axis ${within.text} = …\``,
    });
    return null;
  }
  world.report(scope, {
    code: "AM2004",
    span: within.span,
    message: `there is no axis \`${within.text}\` here`,
    help: `declare it: \`axis ${within.text} = …\`; how many there are is not written in the file`,
  });
  return null;
}

export function checkDataset(world: World, scope: Scope, declaration: Component, instance: TreeExpr): Instance | null {
  const call = boundCall(instance);
  if (call !== null) return checkBound(world, scope, declaration, call);
  const file = dataFileOf(world, scope, declaration, instance);
  const { files, columns } = file;
  const name = `${scope.prefix}${declaration.name.text}`;
  const members = new Scope(scope, "component", `${name}.`);
  for (const column of columns) declareColumn(world, scope, members, file, column);
  for (const statement of declaration.body ?? []) {
    if (statement.kind !== "column")
      world.report(scope, {
        code: "AM2021",
        span: statement.span,
        message: "a data file's block holds its columns, nothing else",
      });
  }
  // What a set binds that cannot be read yet is not known.
  if (files.get() === null && columns.length === 0) return null;
  return {
    name,
    sort: declaration.sort,
    members,
    parameters: [],
    declared: columns.map(({ statement }) => statement.target.path[0]?.text ?? ""),
  };
}

function declareColumn(world: World, scope: Scope, members: Scope, file: DataFile, column: Column): void {
  const { statement, wanted } = column;
  const [name] = statement.target.path;
  if (name === undefined) return;
  const env = envOf(scope);
  const bound = world.lazy(
    members,
    name.text,
    name.span,
    () => bindTarget(world, env, statement.target, [], null),
    () => ({ indices: [], named: [], rest: null, products: [] }),
  );
  const axes = world.lazy<readonly TensorAxis[]>(
    members,
    name.text,
    name.span,
    () => bound.get().indices.map((index) => ({ name: index.name, axis: index.axis, span: index.span })),
    () => [],
  );
  const compute = (): Tensor | null => {
    const [opened, points, found] = [file.files.get(), file.points.get(), wanted.get()];
    const { indices } = bound.get();
    if (opened === null || points === null || found === null) return null;
    const axesOfAll = indices.map((index) => index.axis);
    if (!agree(world, env, statement, points, found, axesOfAll)) return null;
    const types = found.map((each) => columnType(world, env, statement, each));
    const [type] = types;
    if (type === undefined || type === null || types.includes(null)) return null;
    const from = found.map(({ column: taken }, k) => ({
      dataset: opened[k]?.dataset ?? 0,
      column: encodeColumn(taken),
    }));
    const [first] = from;
    if (first === undefined) return null;
    const full = members.prefix + name.text;
    const header = {
      name: full,
      shown: name.text,
      span: name.span,
      doc: statement.doc,
      bound: bound.get(),
      axes: axes.get(),
      over: [],
    };
    const choice = points.chosen === null ? {} : { choice: { chosen: points.chosen, from } };
    return defined(world, header, type, () => ({ kind: "data", ...first, ...choice }));
  };
  const entry: Entry = {
    kind: "tensor",
    name: name.text,
    span: name.span,
    declared: statement.target.span,
    axes,
    tensor: world.lazy<Tensor | null>(members, name.text, name.span, compute, () => null),
  };
  declare(world, members, entry);
  world.pending.push(() => entry.tensor.get());
}

/** Data files: their columns become tensors, their extents the sizes of axes. */
import type { Component, Expr as TreeExpr, FileColumn, Name, SubscriptItem } from "../../grammar/tree.js";
import { agree, columnType } from "./data-agreement.js";
import { type Wanted, checkColumn } from "./data-columns.js";
import { type Opened, open } from "./data-open.js";
import { axesOfSet, checkSet, setCall } from "./data-sets.js";
import { encodeColumn } from "./datasets.js";
import { int } from "./expressions/build.js";
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
import { tensorOf } from "./tensors.js";
import type { AxisId, AxisKind } from "./typed.js";
import { type Lazy, type World, unknownAxis } from "./world.js";

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

/** Columns with what they take from the file. */
interface Column {
  readonly statement: FileColumn;
  readonly wanted: Lazy<Wanted | null>;
}

/**
 * Declares the axes that a file brings along: names in the brackets of its columns which nothing else declares.
 * The file is opened when one of them, or a column, is first used.
 */
export function provideAxes(world: World, scope: Scope, declaration: Component, instance: TreeExpr): void {
  const set = setCall(instance);
  if (set !== null) {
    for (const { name, kind } of axesOfSet(world, scope, declaration, set.call)) provideName(world, scope, name, kind);
    return;
  }
  const { columns } = dataFileOf(world, scope, declaration, instance);
  for (const { statement, wanted } of columns) {
    (statement.target.subscripts ?? []).forEach((item, place) =>
      provide(world, scope, item, () => wanted.get()?.extents[place] ?? null),
    );
    const { within } = statement;
    if (within !== null) provideName(world, scope, within, () => categories(world, scope, within, wanted.get()));
  }
  // Sets that cannot be read yet bring axes along whose sizes are not known.
  const call = instance.kind === "call" ? instance : null;
  for (const argument of call?.args ?? []) {
    if (argument.kind === "positional" && argument.value.kind === "name")
      provideName(world, scope, argument.value, () => null);
  }
}

function provide(world: World, scope: Scope, item: SubscriptItem, size: () => number | null): void {
  if (item.name === null && item.value.kind === "expr" && item.value.expr.kind === "name")
    provideName(world, scope, item.value.expr, size);
}

function provideName(
  world: World,
  scope: Scope,
  name: Name,
  extent: () => number | readonly string[] | AxisKind | null,
): void {
  if (name.text.endsWith("'") || scope.provided.has(name.text)) return;
  const compute = (): AxisId => {
    const found = extent();
    if (found === null) return unknownAxis;
    const kind =
      typeof found === "number"
        ? ({ kind: "plain", size: { kind: "number", value: found, type: int, span: name.span } } as const)
        : "kind" in found
          ? found
          : ({ kind: "labels", labels: found } as const);
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

function categories(world: World, scope: Scope, within: Name, wanted: Wanted | null): readonly string[] | null {
  if (wanted === null) return null;
  if (wanted.categories !== null) return wanted.categories;
  world.report(scope, {
    code: "AM2004",
    span: within.span,
    message: `there is no axis \`${within.text}\` here`,
    help: `declare it: \`axis ${within.text} = …\`; how many there are is not written in the file`,
  });
  return null;
}

interface DataFile {
  readonly file: Lazy<Opened | null>;
  readonly columns: readonly Column[];
}

const dataFiles = new WeakMap<World, Map<Component, DataFile>>();

function dataFileOf(world: World, scope: Scope, declaration: Component, instance: TreeExpr): DataFile {
  const cache = dataFiles.get(world) ?? new Map<Component, DataFile>();
  dataFiles.set(world, cache);
  const known = cache.get(declaration);
  if (known !== undefined) return known;
  const file = world.lazy<Opened | null>(
    scope,
    declaration.name.text,
    instance.span,
    () => open(world, scope, instance),
    () => null,
  );
  const statements = (declaration.body ?? []).filter((statement) => statement.kind === "column");
  const columns = statements.map((statement): Column => {
    const compute = (): Wanted | null => {
      const opened = file.get();
      return opened === null ? null : checkColumn(world, scope, statement, opened.header);
    };
    const name = statement.target.path[0]?.text ?? "";
    return { statement, wanted: world.lazy<Wanted | null>(scope, name, statement.span, compute, () => null) };
  });
  const made = { file, columns };
  cache.set(declaration, made);
  return made;
}

export function checkDataset(world: World, scope: Scope, declaration: Component, instance: TreeExpr): Instance | null {
  const set = setCall(instance);
  if (set !== null) return checkSet(world, scope, declaration, set.call);
  const { file, columns } = dataFileOf(world, scope, declaration, instance);
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
  if (file.get() === null && columns.length === 0) return null;
  return {
    name,
    sort: declaration.sort,
    members,
    parameters: [],
    declared: columns.map(({ statement }) => statement.target.path[0]?.text ?? ""),
  };
}

function declareColumn(world: World, scope: Scope, members: Scope, file: Lazy<Opened | null>, column: Column): void {
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
    const opened = file.get();
    const found = wanted.get();
    const { indices } = bound.get();
    if (
      opened === null ||
      found === null ||
      !agree(
        world,
        env,
        statement,
        found,
        indices.map((index) => index.axis),
      )
    )
      return null;
    const type = columnType(world, env, statement, found);
    if (type === null) return null;
    const full = members.prefix + name.text;
    const definition = world.addDefinition(
      full,
      indices,
      type,
      { kind: "data", dataset: opened.dataset, column: encodeColumn(found.column) },
      name.span,
      statement.doc,
    );
    const header = {
      name: full,
      shown: name.text,
      span: name.span,
      doc: statement.doc,
      bound: bound.get(),
      axes: axes.get(),
    };
    return tensorOf(header, definition, type);
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

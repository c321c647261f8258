/** Data files: their columns become tensors, their extents the sizes of axes. */
import type { Call, Component, Expr as TreeExpr, FileColumn, Name, SubscriptItem } from "../../grammar/tree.js";
import { UserError } from "../base/diagnostic.js";
import type { Span } from "../base/span.js";
import { agree, columnType } from "./data-agreement.js";
import { type Wanted, checkColumn } from "./data-columns.js";
import { type DatasetHeader, encodeColumn } from "./datasets.js";
import { faulty, int } from "./expressions/build.js";
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
import type { AxisId } from "./typed.js";
import { notYet } from "./unsupported.js";
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

/** A file that was opened. */
interface Opened {
  readonly header: DatasetHeader;
  /** Its number in the experiment. */
  readonly dataset: number;
  readonly path: string;
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

function provideName(world: World, scope: Scope, name: Name, extent: () => number | readonly string[] | null): void {
  if (name.text.endsWith("'") || scope.provided.has(name.text)) return;
  const compute = (): AxisId => {
    const found = extent();
    if (found === null) return unknownAxis;
    const kind =
      typeof found === "number"
        ? ({ kind: "plain", size: { kind: "number", value: found, type: int, span: name.span } } as const)
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

function open(world: World, scope: Scope, instance: TreeExpr): Opened | null {
  const env = envOf(scope);
  const call: Call | null = instance.kind === "call" ? instance : null;
  const format = call?.callee.kind === "member" ? call.callee.name.text : "";
  if (call === null || (format !== "npy" && format !== "csv")) {
    notYet(
      world,
      scope,
      instance.span,
      format === "" ? "this data set" : `\`dataset.${format}\``,
      "`dataset.npy` and `dataset.csv` can be read",
    );
    return null;
  }
  const [argument, ...others] = call.args;
  if (argument?.kind !== "positional" || argument.value.kind !== "string" || others.length > 0) {
    faulty(world, env, "AM3010", instance.span, `\`dataset.${format}\` takes the path of a file`, {
      help: `write \`dataset.${format}("file.${format}")\``,
    });
    return null;
  }
  const path = argument.value.value;
  if (path.includes("{")) {
    notYet(world, scope, argument.value.span, "a path that depends on sweep variables");
    return null;
  }
  return openFile(world, scope, path, format, argument.value.span);
}

function openFile(world: World, scope: Scope, path: string, format: "npy" | "csv", span: Span): Opened | null {
  if (world.reader === null) {
    world.report(scope, {
      code: "AM4017",
      span,
      message: `\`${path}\` cannot be opened here`,
      help: "data files are read when a spec is checked from its folder",
    });
    return null;
  }
  try {
    const header = world.reader.header(path, format);
    const dataset = world.datasets.push({ path, format, sha256: header.sha256, span }) - 1;
    return { header, dataset, path };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { code, message, notes, help } = error.diagnostic;
    world.report(scope, {
      code,
      span: error.diagnostic.span ?? span,
      message,
      ...(notes === undefined ? {} : { notes }),
      ...(help === undefined ? {} : { help }),
    });
    return null;
  }
}

export function checkDataset(world: World, scope: Scope, declaration: Component, instance: TreeExpr): Instance | null {
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

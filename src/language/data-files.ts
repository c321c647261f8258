/** Data files: their columns become tensors, their extents the sizes of axes. */
import type { Call, Component, Expr as TreeExpr, FileColumn, Name, SubscriptItem } from "../../grammar/tree.js";
import { UserError } from "../base/diagnostic.js";
import type { Span } from "../base/span.js";
import { sizesOf } from "./bounds.js";
import { checkColumn, type Wanted } from "./data-columns.js";
import type { DatasetHeader } from "./datasets.js";
import { encodeColumn } from "./datasets.js";
import { bool, faulty, int, real } from "./expressions/build.js";
import { bindTarget } from "./indices.js";
import {
  declare,
  envOf,
  Scope,
  type AxisEntry,
  type Entry,
  type Env,
  type Instance,
  type Tensor,
  type TensorAxis,
} from "./scopes.js";
import { tensorOf } from "./tensors.js";
import type { AxisId, ScalarType } from "./typed.js";
import { notYet } from "./unsupported.js";
import { unknownAxis, type Lazy, type World } from "./world.js";

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
  const columns = columnsOf(world, scope, declaration, instance);
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

const columnCache = new WeakMap<World, Map<Component, readonly Column[]>>();

function columnsOf(world: World, scope: Scope, declaration: Component, instance: TreeExpr): readonly Column[] {
  const cache = columnCache.get(world) ?? new Map<Component, readonly Column[]>();
  columnCache.set(world, cache);
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
  cache.set(declaration, columns);
  files.set(declaration, file);
  return columns;
}

const files = new WeakMap<Component, Lazy<Opened | null>>();

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
  const columns = columnsOf(world, scope, declaration, instance);
  const file = files.get(declaration);
  const name = `${scope.prefix}${declaration.name.text}`;
  const members = new Scope(scope, "component", `${name}.`);
  file?.get();
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
  if (file?.get() === null && columns.length === 0) return null;
  return {
    name,
    sort: declaration.sort,
    members,
    parameters: [],
    declared: columns.map(({ statement }) => statement.target.path[0]?.text ?? ""),
  };
}

function declareColumn(
  world: World,
  scope: Scope,
  members: Scope,
  file: Lazy<Opened | null> | undefined,
  column: Column,
): void {
  const { statement, wanted } = column;
  const [name] = statement.target.path;
  if (name === undefined) return;
  const env = envOf(scope);
  const bound = world.lazy(
    members,
    name.text,
    name.span,
    () => bindTarget(world, env, statement.target, [], null),
    () => ({ indices: [], named: [], rest: null }),
  );
  const axes = world.lazy<readonly TensorAxis[]>(
    members,
    name.text,
    name.span,
    () => bound.get().indices.map((index) => ({ name: index.name, axis: index.axis, span: index.span })),
    () => [],
  );
  const compute = (): Tensor | null => {
    const opened = file?.get() ?? null;
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

/** Declared axes have to have the file's extents. */
function agree(world: World, env: Env, statement: FileColumn, wanted: Wanted, axes: readonly AxisId[]): boolean {
  const { extents } = wanted;
  if (axes.length !== extents.length) {
    faulty(
      world,
      env,
      "AM4018",
      statement.target.span,
      `this column has ${extents.length} axes (${extents.join(" × ")}), and ${axes.length} are written`,
    );
    return false;
  }
  const place = axes.findIndex(
    (axis, k) => axis !== unknownAxis && sizesOf(world, axis)?.every((size) => size === extents[k]) === false,
  );
  const axis = axes[place];
  if (axis === undefined) return true;
  const item = statement.target.subscripts?.[place];
  faulty(
    world,
    env,
    "AM4018",
    item?.span ?? statement.target.span,
    `axis \`${world.axis(axis).name}\` does not have the size of the file`,
    {
      here: `the file has ${extents[place] ?? 0} along this axis`,
      labels: [{ span: world.axis(axis).span, text: `the axis has ${(sizesOf(world, axis) ?? []).join(", ")}` }],
    },
  );
  return false;
}

function columnType(world: World, env: Env, statement: FileColumn, wanted: Wanted): ScalarType | null {
  const { within } = statement;
  const types = { real, int, bool } as const;
  if (within === null) return types[wanted.type];
  const entry = env.scope.lookupAxis(within.text);
  if (entry?.kind !== "axis") {
    faulty(world, env, "AM2004", within.span, `there is no axis \`${within.text}\` here`, {
      here: "an axis is wanted",
    });
    return null;
  }
  const axis = entry.axis.get();
  if (axis === unknownAxis) return null;
  if (wanted.type !== "int") {
    faulty(
      world,
      env,
      "AM4018",
      statement.value.span,
      `positions of \`${within.text}\` are ints, and this column holds ${wanted.type === "bool" ? "bools" : "real numbers"}`,
    );
    return null;
  }
  const count = wanted.categories?.length ?? null;
  const sizes = sizesOf(world, axis);
  if (count !== null && sizes?.some((size) => size < count) === true) {
    faulty(
      world,
      env,
      "AM4018",
      within.span,
      `this column has ${count} categories, and axis \`${within.text}\` is smaller`,
      { labels: [{ span: world.axis(axis).span, text: "the axis" }] },
    );
    return null;
  }
  return { kind: "index", axis };
}

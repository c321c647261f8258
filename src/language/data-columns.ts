/** What a column of a data file is taken from, and its shape. */
import type { Call, Expr as TreeExpr, FileColumn } from "../../grammar/tree.js";
import { checkNamed, tableOf } from "./data-arrays.js";
import type { ColumnHeader, DataColumn, DatasetHeader } from "./datasets.js";
import { faulty } from "./expressions/build.js";
import { envOf, type Env, type Scope } from "./scopes.js";
import { suggestion } from "./suggest.js";
import type { World } from "./world.js";

export interface Wanted {
  readonly column: DataColumn;
  readonly extents: readonly number[];
  readonly type: "real" | "int" | "bool";
  /** The different values of a category, in their order. */
  readonly categories: readonly string[] | null;
}

/** A file whose columns have names. */
export interface Table {
  readonly rows: number;
  readonly columns: readonly ColumnHeader[];
  readonly unread?: readonly { readonly name: string; readonly why: string }[];
}

export function checkColumn(world: World, scope: Scope, statement: FileColumn, header: DatasetHeader): Wanted | null {
  const env = envOf(scope);
  const { value } = statement;
  if (value.kind === "missing") return null;
  if ("columns" in header) return checkTable(world, env, value, header);
  if ("arrays" in header) {
    const table = tableOf(header);
    return table !== null && isColumnCall(value)
      ? checkTable(world, env, value, table)
      : checkNamed(world, env, value, header);
  }
  if (!("shape" in header)) return null;
  if (value.kind === "string" && value.value === "")
    return { column: { kind: "array" }, extents: header.shape, type: header.type, categories: null };
  faulty(world, env, "AM4018", value.span, `an \`.${header.format}\` file holds one array, called \`""\``, {
    help: 'write `= ""`',
  });
  return null;
}

/** `column(…)`, `columns(…)`, or `category(column(…))`. */
function isColumnCall(value: TreeExpr): boolean {
  if (value.kind !== "call" || value.callee.kind !== "name") return false;
  const [argument] = value.args;
  return value.callee.text === "category"
    ? argument?.kind === "positional" && argument.value.kind === "call"
    : value.callee.text === "column" || value.callee.text === "columns";
}

function checkTable(world: World, env: Env, value: TreeExpr, header: Table): Wanted | null {
  const call: Call | null = value.kind === "call" ? value : null;
  const name = call?.callee.kind === "name" ? call.callee.text : "";
  const [argument, ...others] = call?.args ?? [];
  if (
    call === null ||
    argument === undefined ||
    others.length > 0 ||
    !["column", "category", "columns"].includes(name)
  ) {
    faulty(world, env, "AM4018", value.span, "this does not name a column", {
      help: 'write `column("x")`, `category(column("kind"))`, `columns("a" .. "z")` or `columns(except "y")`',
    });
    return null;
  }
  if (name === "columns") return checkColumns(world, env, call, header);
  const inner = argument.kind === "positional" ? argument.value : value;
  if (name === "category") {
    const [named] = inner.kind === "call" ? inner.args : [];
    const text =
      inner.kind === "call" &&
      inner.callee.kind === "name" &&
      inner.callee.text === "column" &&
      named?.kind === "positional"
        ? named.value
        : inner;
    const column = columnNamed(world, env, text, header);
    return column === null
      ? null
      : {
          column: { kind: "category", name: column.name },
          extents: [header.rows],
          type: "int",
          categories: column.categories,
        };
  }
  const column = columnNamed(world, env, inner, header);
  if (column === null) return null;
  if (column.type !== "text")
    return {
      column: { kind: "column", name: column.name },
      extents: [header.rows],
      type: column.type,
      categories: null,
    };
  faulty(world, env, "AM4018", inner.span, `the column \`${column.name}\` holds texts`, {
    help: `write \`category(column("${column.name}"))\` to number them`,
  });
  return null;
}

function columnNamed(world: World, env: Env, tree: TreeExpr, header: Table): ColumnHeader | null {
  const found = tree.kind === "string" ? header.columns.find((column) => column.name === tree.value) : undefined;
  if (found !== undefined) return found;
  const unread = header.unread?.find(({ name }) => tree.kind === "string" && name === tree.value);
  if (unread !== undefined) {
    faulty(world, env, "AM5013", tree.span, `\`${unread.name}\` is no column that can be read: ${unread.why}`);
    return null;
  }
  const message =
    tree.kind === "string" ? `the file has no column \`${tree.value}\`` : "a column's name is wanted here, in quotes";
  const names = header.columns.map((column) => column.name);
  faulty(world, env, "AM4018", tree.span, message, {
    here: `it has ${names
      .slice(0, 12)
      .map((name) => `\`${name}\``)
      .join(", ")}`,
    ...(tree.kind === "string" ? suggestion(tree.value, names) : {}),
  });
  return null;
}

/** `columns("a" .. "z")`, `columns(["a", "c"])`, `columns(except "y")`. */
function checkColumns(world: World, env: Env, call: Call, header: Table): Wanted | null {
  const [argument] = call.args;
  if (argument === undefined || argument.kind === "replacement") return null;
  const listed = listedColumns(world, env, argument.value, header);
  if (listed === null) return null;
  const isExcept = argument.kind === "named" && argument.name.text === "except";
  const chosen = isExcept ? header.columns.filter((column) => !listed.includes(column)) : listed;
  const text = chosen.find((column) => column.type === "text");
  if (text !== undefined) {
    faulty(world, env, "AM4018", call.span, `the column \`${text.name}\` holds texts`, {
      help: "leave it out, or take it alone with `category(…)`",
    });
    return null;
  }
  const type = chosen.every((column) => column.type === "int" || column.type === "bool") ? "int" : "real";
  return {
    column: { kind: "columns", names: chosen.map((column) => column.name) },
    extents: [header.rows, chosen.length],
    type,
    categories: null,
  };
}

function listedColumns(world: World, env: Env, tree: TreeExpr, header: Table): readonly ColumnHeader[] | null {
  if (tree.kind === "range") {
    const [from, to] = [columnNamed(world, env, tree.from, header), columnNamed(world, env, tree.to, header)];
    return from === null || to === null
      ? null
      : header.columns.slice(header.columns.indexOf(from), header.columns.indexOf(to) + 1);
  }
  const items = tree.kind === "list" ? tree.items : [tree];
  const found = items.map((item) => columnNamed(world, env, item, header));
  const known = found.filter((column) => column !== null);
  return known.length < found.length ? null : known;
}

/** Columns that are taken from files with named arrays: `.npz` and `.json`. */
import type { Expr as TreeExpr } from "../../grammar/tree.js";
import type { Table, Wanted } from "./data-columns.js";
import type { ColumnHeader, DatasetHeader, NamedArray } from "./datasets.js";
import { faulty } from "./expressions/build.js";
import type { Env } from "./scopes.js";
import { suggestion } from "./suggest.js";
import type { World } from "./world.js";

type Arrays = Extract<DatasetHeader, { readonly format: "npz" | "json" }>;

/** The columns of a list of objects; null where the file is something else. */
export function tableOf({ arrays, rows }: Arrays): Table | null {
  if (rows === null) return null;
  const columns = arrays.flatMap(({ name, shape, type, categories }): ColumnHeader[] =>
    shape.length === 1 && type !== "bool" ? [{ name, type, categories }] : [],
  );
  return { rows, columns };
}

/** `"name"`, or `category("name")` of a list of texts or ints. */
export function checkNamed(world: World, env: Env, value: TreeExpr, header: Arrays): Wanted | null {
  const inner = categoryOf(value);
  const named = inner ?? value;
  const array = arrayNamed(world, env, named, header);
  if (array === null) return null;
  const { name, shape, type, categories } = array;
  if (inner !== null) {
    if (categories.length > 0 || shape[0] === 0)
      return { column: { kind: "category", name }, extents: shape, type: "int", categories };
    faulty(
      world,
      env,
      "AM4018",
      value.span,
      `\`${name}\` has no categories: it holds ${header.format === "npz" ? "numbers as they are" : contentOf(array)}`,
      {
        help:
          header.format === "npz"
            ? `\`label[item] in class = "${name}"\` reads positions of the axis \`class\``
            : "categories are the different texts or ints of one list",
      },
    );
    return null;
  }
  if (type !== "text") return { column: { kind: "named", name }, extents: shape, type, categories: null };
  faulty(world, env, "AM4018", value.span, `\`${name}\` holds texts`, {
    help: `write \`category("${name}")\` to number them`,
  });
  return null;
}

function contentOf({ shape, type }: NamedArray): string {
  if (shape.length !== 1) return shape.length === 0 ? "one value" : "lists in a list";
  if (type === "real" || type === "bool") return type === "bool" ? "bools" : "real numbers";
  return "too many different values";
}

function categoryOf(value: TreeExpr): TreeExpr | null {
  if (value.kind !== "call" || value.callee.kind !== "name" || value.callee.text !== "category") return null;
  const [argument, ...others] = value.args;
  return argument?.kind === "positional" && others.length === 0 ? argument.value : null;
}

function arrayNamed(world: World, env: Env, tree: TreeExpr, header: Arrays): NamedArray | null {
  if (tree.kind !== "string") {
    faulty(world, env, "AM4018", tree.span, "the name of an array is wanted here, in quotes", {
      help:
        header.format === "npz"
          ? 'write `= "name"`'
          : 'write `= "key"`, or `= "outer.inner"` for a list that lies deeper',
    });
    return null;
  }
  const { value } = tree;
  const found = header.arrays.find(({ name }) => name === value);
  if (found !== undefined) return found;
  const unread = header.unread.find(({ name }) => name === value);
  if (unread !== undefined) {
    faulty(world, env, "AM5013", tree.span, `\`${value}\` is no array that can be read: ${unread.why}`, {
      help:
        header.format === "npz"
          ? "save it as numbers: `array.astype('f8')`"
          : "all rows of an array have the same number of entries, and all entries are numbers, or bools, or texts",
    });
    return null;
  }
  const names = header.arrays.map(({ name }) => name);
  const listed = names.slice(0, 12).map((name) => `\`${name}\``);
  faulty(world, env, "AM4018", tree.span, `the file has no array \`${value}\``, {
    here: names.length === 0 ? "it has no arrays" : `it has ${listed.join(", ")}${names.length > 12 ? ", …" : ""}`,
    ...suggestion(value, names),
  });
  return null;
}

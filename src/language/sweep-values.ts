/** Values of sweeps, as they are written and as a profile or `--set` changes them. */
import type { Expr as TreeExpr, Name, SweepDeclaration } from "../../grammar/tree.js";
import { checkLabels, constantExpr } from "./axes.js";
import { valuesOfSweep } from "./bounds.js";
import { faulty, typeName, unify } from "./expressions/build.js";
import { checkList } from "./expressions/lists.js";
import type { Env } from "./scopes.js";
import { suggestion } from "./suggest.js";
import type { Expr, ScalarType, Sweep } from "./typed.js";
import type { World } from "./world.js";

/** What a profile or `--set` says instead. */
export type SweepChange =
  | { readonly kind: "declaration"; readonly declaration: SweepDeclaration }
  | { readonly kind: "value"; readonly variable: string; readonly value: TreeExpr };

export interface Checked {
  readonly values: Sweep["values"];
  readonly types: readonly ScalarType[];
}

export function checkValues(world: World, env: Env, declaration: SweepDeclaration): Checked | null {
  const { values, variables } = declaration;
  if (values.kind === "labels") {
    const labels = checkLabels(world, env.scope, values.labels);
    return { values: { kind: "labels" }, types: [{ kind: "label", labels }] };
  }
  if (variables.length > 1) return checkTuples(world, env, variables, values.expr);
  const list = checkList(world, env, values.expr);
  return list === null ? null : { values: { kind: "list", list: list.list }, types: [list.type] };
}

/** `sweep (n, form) in [(2, power), (3, power)]`: a column of bare names that mean nothing else is one of labels. */
function checkTuples(world: World, env: Env, variables: readonly Name[], tree: TreeExpr): Checked | null {
  if (tree.kind !== "list") {
    faulty(world, env, "AM3009", tree.span, "several variables that move together take a list of tuples", {
      help: `for example \`[(${variables.map((_, k) => k + 1).join(", ")})]\``,
    });
    return null;
  }
  const rows = tree.items.map((item) =>
    item.kind === "tuple" && item.items.length === variables.length ? item.items : null,
  );
  const bad = tree.items.find((_, k) => rows[k] === null);
  if (bad !== undefined) {
    if (bad.kind !== "missing")
      faulty(world, env, "AM3009", bad.span, `a tuple of ${variables.length} values is wanted here`);
    return null;
  }
  const columns = variables.map((_, k) =>
    checkColumn(
      world,
      env,
      rows.flatMap((row) => row?.[k] ?? []),
    ),
  );
  if (columns.some((column) => column === null)) return null;
  const found = columns.filter((column) => column !== null);
  const typed = rows.map((_, row) => found.flatMap((column) => column.entries[row] ?? []));
  return { values: { kind: "tuples", rows: typed }, types: found.map((column) => column.type) };
}

function checkColumn(
  world: World,
  env: Env,
  trees: readonly TreeExpr[],
): { readonly entries: readonly Expr[]; readonly type: ScalarType } | null {
  const names = trees.flatMap((tree) =>
    tree.kind === "name" && env.scope.lookup(tree.text) === undefined && tree.text !== "pi" && tree.text !== "inf"
      ? [tree.text]
      : [],
  );
  if (names.length === trees.length && trees.length > 0) {
    const labels = [...new Set(names)];
    const type: ScalarType = { kind: "label", labels };
    return {
      type,
      entries: trees.map((tree, k) => ({
        kind: "label",
        position: labels.indexOf(names[k] ?? ""),
        type,
        span: tree.span,
      })),
    };
  }
  const entries = trees.map((tree) => constantExpr(world, env, tree, "a value of a sweep"));
  if (entries.some((entry) => entry.kind === "unknown")) return null;
  const unified = unify(world, env, entries);
  if (unified !== null) return { entries: unified.exprs, type: unified.type };
  const [first] = trees;
  if (first !== undefined)
    faulty(world, env, "AM3009", first.span, "the values of this variable have different types", {
      labels: entries.map((entry) => ({ span: entry.span, text: typeName(world, entry.type) })),
    });
  return null;
}

/** Another grid, or one value, from a profile or the command line. */
export function changed(
  world: World,
  env: Env,
  declaration: SweepDeclaration,
  written: Checked,
  change: SweepChange,
): Checked | null {
  if (change.kind === "declaration") {
    const { declaration: other } = change;
    const names = [declaration, other].map((one) => one.variables.map((name) => name.text).join(", "));
    if (names[0] !== names[1]) {
      faulty(
        world,
        env,
        "AM4014",
        other.span,
        `this replaces the sweep of (${names[0] ?? ""}), whose variables move together`,
        { labels: [{ span: declaration.span, text: "the sweep" }], help: "name the same variables" },
      );
      return null;
    }
    const [type] = written.types;
    if (other.values.kind === "labels" && type?.kind === "label") return chosen(world, env, type, other.values.labels);
    return checkValues(world, env, other);
  }
  const place = declaration.variables.findIndex((name) => name.text === change.variable);
  const type = written.types[place];
  if (type === undefined) return null;
  if (written.values.kind === "tuples") return filtered(world, env, written, place, type, change);
  const { value } = change;
  if (type.kind === "label") {
    const names = listed(value).filter((item) => item.kind === "name");
    if (names.length > 0 && names.length === listed(value).length) return chosen(world, env, type, names);
    faulty(world, env, "AM4014", value.span, `\`${change.variable}\` takes some of its labels`, {
      help: `write \`${change.variable}=${type.labels[0] ?? "label"}\`, or several: \`${change.variable}={${type.labels.slice(0, 2).join(", ")}}\``,
    });
    return null;
  }
  const asList: TreeExpr =
    value.kind === "list" || value.kind === "range" || value.kind === "call"
      ? value
      : { kind: "list", items: [value], span: value.span };
  const list = checkList(world, env, asList);
  return list === null ? null : { values: { kind: "list", list: list.list }, types: [list.type] };
}

const listed = (value: TreeExpr): readonly TreeExpr[] => (value.kind === "list" ? value.items : [value]);

/** Some of the labels, in the order given; the set of labels stays what it is. */
function chosen(
  world: World,
  env: Env,
  type: Extract<ScalarType, { readonly kind: "label" }>,
  names: readonly Name[],
): Checked | null {
  const items = names.map((name): Expr | null => {
    const position = type.labels.indexOf(name.text);
    if (position >= 0) return { kind: "label", position, type, span: name.span };
    faulty(world, env, "AM2013", name.span, `there is no label \`${name.text}\` here`, {
      here: `the labels are ${type.labels.map((label) => `\`${label}\``).join(", ")}`,
      ...suggestion(name.text, type.labels),
    });
    return null;
  });
  const found = items.filter((item) => item !== null);
  const [first] = names;
  if (found.length < items.length || first === undefined) return null;
  return { values: { kind: "list", list: { kind: "items", items: found, span: first.span } }, types: [type] };
}

/** The rows in which one variable has one of the values given. */
function filtered(
  world: World,
  env: Env,
  written: Checked,
  place: number,
  type: ScalarType,
  { variable, value }: Extract<SweepChange, { readonly kind: "value" }>,
): Checked | null {
  const { values } = written;
  if (values.kind !== "tuples") return null;
  const number = (expr: Expr | undefined): number | null =>
    expr === undefined || expr.kind === "unknown" ? null : valuesOfSweep(world, expr);
  const wanted = new Set<number | null>();
  for (const item of listed(value)) {
    const one = type.kind === "label" ? labelOf(type, item) : constantExpr(world, env, item, "a value of a sweep");
    const found = one === null ? null : number(one);
    if (found === null || !values.rows.some((row) => number(row[place]) === found)) {
      faulty(world, env, "AM4014", item.span, `no tuple of this sweep has this value of \`${variable}\``);
      return null;
    }
    wanted.add(found);
  }
  const rows = values.rows.filter((row) => wanted.has(number(row[place])));
  return { values: { kind: "tuples", rows }, types: written.types };
}

function labelOf(type: Extract<ScalarType, { readonly kind: "label" }>, tree: TreeExpr): Expr | null {
  const position = tree.kind === "name" ? type.labels.indexOf(tree.text) : -1;
  return position < 0 ? null : { kind: "label", position, type, span: tree.span };
}

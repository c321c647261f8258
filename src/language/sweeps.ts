/** Sweeps: axes over which whole runs vary. */
import type { Expr as TreeExpr, Name, SweepDeclaration } from "../../grammar/tree.js";
import { checkLabels, constantExpr } from "./axes.js";
import { valuesOfSweep } from "./bounds.js";
import { condition, faulty, real, typeName, unify } from "./expressions/build.js";
import { checkExpr } from "./expressions/check.js";
import { checkList } from "./expressions/lists.js";
import { isConstant, listParts, sweepsOf } from "./mentions.js";
import { declare, envOf, type Env, type Scope } from "./scopes.js";
import { suggestion } from "./suggest.js";
import type { AxisId, Expr, ScalarType, Sweep } from "./typed.js";
import { notYet } from "./unsupported.js";
import type { World } from "./world.js";

/** What a profile or `--set` says instead. */
export type SweepChange =
  | { readonly kind: "declaration"; readonly declaration: SweepDeclaration }
  | { readonly kind: "value"; readonly variable: string; readonly value: TreeExpr };

interface Checked {
  readonly values: Sweep["values"];
  readonly types: readonly ScalarType[];
}

export function declareSweep(
  world: World,
  scope: Scope,
  declaration: SweepDeclaration,
  changes: readonly SweepChange[],
): void {
  const { variables } = declaration;
  const axes = variables.map((name) =>
    world.addAxis(name.text, { kind: "sweep", labels: null, integer: false }, name.span),
  );
  const checked = world.lazy<Checked | null>(
    scope,
    variables[0]?.text ?? "",
    declaration.span,
    () => finish(world, scope, declaration, axes, changes),
    () => null,
  );
  variables.forEach((name, k) => {
    const axis = axes[k];
    if (axis === undefined) return;
    const type = world.lazy<ScalarType>(
      scope,
      name.text,
      name.span,
      () => checked.get()?.types[k] ?? real,
      () => real,
    );
    declare(world, scope, { kind: "sweep", name: name.text, span: name.span, axis, type });
  });
  world.pending.push(() => {
    checked.get();
    checkWhere(world, scope, declaration, axes);
  });
}

function finish(
  world: World,
  scope: Scope,
  declaration: SweepDeclaration,
  axes: readonly AxisId[],
  changes: readonly SweepChange[],
): Checked | null {
  const env = envOf(scope);
  if (declaration.adaptive !== null)
    notYet(world, scope, declaration.adaptive.span, "an adaptive sweep", "list the values that are to be run");
  const written = checkValues(world, env, declaration);
  if (written === null) return null;
  let checked = written;
  for (const change of changes) checked = changed(world, env, declaration, checked, change) ?? checked;
  declaration.variables.forEach((name, k) => {
    const [axis, type] = [axes[k], checked.types[k]];
    if (axis === undefined || type === undefined) return;
    const kind = {
      kind: "sweep",
      labels: type.kind === "label" ? type.labels : null,
      integer: type.kind === "int",
    } as const;
    world.axes.set(axis, { id: axis, name: name.text, kind, span: name.span });
  });
  const sweep: Sweep = { axes, values: checked.values, where: null, span: declaration.span };
  insert(world, sweep);
  checkPoints(world, scope, sweep, declaration);
  return checked;
}

/** Sweeps stand after those that their values depend on. */
function insert(world: World, sweep: Sweep): void {
  world.sweeps.push(sweep);
}

function checkValues(world: World, env: Env, declaration: SweepDeclaration): Checked | null {
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
function changed(
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
  if (type.kind === "label")
    return value.kind === "name"
      ? chosen(world, env, type, [value])
      : (faulty(world, env, "AM4014", value.span, `\`${change.variable}\` takes one of its labels`), null);
  const asList: TreeExpr =
    value.kind === "list" || value.kind === "range" || value.kind === "call"
      ? value
      : { kind: "list", items: [value], span: value.span };
  const list = checkList(world, env, asList);
  return list === null ? null : { values: { kind: "list", list: list.list }, types: [list.type] };
}

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

/** The rows in which one variable has the value given. */
function filtered(
  world: World,
  env: Env,
  written: Checked,
  place: number,
  type: ScalarType,
  change: Extract<SweepChange, { readonly kind: "value" }>,
): Checked | null {
  const { values } = written;
  if (values.kind !== "tuples") return null;
  const wanted =
    type.kind === "label" ? labelOf(type, change.value) : constantExpr(world, env, change.value, "a value of a sweep");
  const number = (expr: Expr | undefined): number | null =>
    expr === undefined || expr.kind === "unknown" ? null : valuesOfSweep(world, expr);
  const target = wanted === null ? null : number(wanted);
  const rows = values.rows.filter((row) => target !== null && number(row[place]) === target);
  if (rows.length > 0) return { values: { kind: "tuples", rows }, types: written.types };
  faulty(world, env, "AM4014", change.value.span, `no tuple of this sweep has this value of \`${change.variable}\``);
  return null;
}

function labelOf(type: Extract<ScalarType, { readonly kind: "label" }>, tree: TreeExpr): Expr | null {
  const position = tree.kind === "name" ? type.labels.indexOf(tree.text) : -1;
  return position < 0 ? null : { kind: "label", position, type, span: tree.span };
}

function checkWhere(world: World, scope: Scope, declaration: SweepDeclaration, axes: readonly AxisId[]): void {
  const { where } = declaration;
  if (where === null) return;
  const env = envOf(scope);
  const test = condition(world, env, checkExpr(world, env, where), "what follows `where`");
  if (test.kind === "unknown") return;
  if (!isConstant(test)) {
    faulty(world, env, "AM4009", where.span, "what a sweep is filtered by has to be known before the run");
    return;
  }
  const place = world.sweeps.findIndex((sweep) => sweep.axes === axes);
  const sweep = world.sweeps[place];
  if (sweep !== undefined) world.sweeps[place] = { ...sweep, where: test };
}

/** An empty sweep, and a value twice, are faults where the values can be told now. */
function checkPoints(world: World, scope: Scope, sweep: Sweep, declaration: SweepDeclaration): void {
  const { values } = sweep;
  if (values.kind === "labels" || (values.kind === "list" && sweepsOf(world, values.list).size > 0)) return;
  const name = declaration.variables.map((variable) => variable.text).join(", ");
  const rows =
    values.kind === "list"
      ? valuesOfSweep(world, values.list).map((value) => [value])
      : values.rows.map((row) => row.map((entry) => valuesOfSweep(world, entry)));
  if (rows.length === 0) {
    world.report(scope, {
      code: "AM4012",
      span: declaration.span,
      message: `the sweep \`${name}\` has no values: nothing would run`,
      help: "give it one value at least",
    });
    return;
  }
  const seen = new Set<string>();
  const double = rows.findIndex((row) => {
    const key = row.join();
    const isKnown = seen.has(key);
    seen.add(key);
    return isKnown;
  });
  if (double < 0) return;
  const places = values.kind === "list" ? listParts(values.list) : (values.rows[double] ?? []);
  const place = values.kind === "list" && values.list.kind === "items" ? places[double] : places[0];
  world.report(scope, {
    code: "AM4013",
    span: place?.span ?? declaration.span,
    message: `the sweep \`${name}\` has a value twice: ${rows[double]?.join(", ") ?? ""}`,
    help: "take one of them out; a repetition is a sweep of its own, `sweep seed in 0..4`",
  });
}

/** Puts the sweeps in the order of their declarations, those first that others depend on. */
export function orderSweeps(world: World): void {
  const left = [...world.sweeps].sort((a, b) => a.span.start - b.span.start);
  const done = new Set<AxisId>();
  const ordered: Sweep[] = [];
  while (left.length > 0) {
    const ready = left.findIndex((sweep) =>
      [...dependsOn(world, sweep)].every((axis) => done.has(axis) || sweep.axes.includes(axis)),
    );
    const [sweep] = left.splice(Math.max(ready, 0), 1);
    if (sweep === undefined) break;
    ordered.push(sweep);
    sweep.axes.forEach((axis) => done.add(axis));
  }
  world.sweeps.splice(0, world.sweeps.length, ...ordered);
}

function dependsOn(world: World, sweep: Sweep): ReadonlySet<AxisId> {
  const { values } = sweep;
  if (values.kind === "list") return sweepsOf(world, values.list);
  return values.kind === "tuples"
    ? new Set(values.rows.flatMap((row) => row.flatMap((entry) => [...sweepsOf(world, entry)])))
    : new Set();
}

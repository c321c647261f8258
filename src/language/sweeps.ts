/** Sweeps: axes over which whole runs vary. */
import type { SweepDeclaration } from "../../grammar/tree.js";
import { valuesOfSweep } from "./bounds.js";
import { condition, faulty, real } from "./expressions/build.js";
import { checkExpr } from "./expressions/check.js";
import { isConstant, listParts, sweepsOf } from "./mentions.js";
import { checkAdaptive, checkStart } from "./adaptive-sweeps.js";
import { type Scope, declare, envOf } from "./scopes.js";
import { type Checked, type SweepChange, changed, checkValues } from "./sweep-values.js";
import type { AxisId, ScalarType, Sweep } from "./typed.js";
import type { World } from "./world.js";

export function declareSweep(
  world: World,
  scope: Scope,
  declaration: SweepDeclaration,
  changes: readonly SweepChange[],
  sequence?: true,
): void {
  const { variables } = declaration;
  const axes = variables.map((name) =>
    world.addAxis(name.text, { kind: "sweep", labels: null, integer: false }, name.span),
  );
  const checked = world.lazy<Checked | null>(
    scope,
    variables[0]?.text ?? "",
    declaration.span,
    () => finish(world, scope, declaration, axes, changes, sequence),
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
    declare(world, scope, { kind: "sweep", name: name.text, span: name.span, axis, type, ...labelsOf(declaration) });
  });
  world.pending.push(() => {
    checked.get();
    checkWhere(world, scope, declaration, axes);
    const sweep = world.sweeps.find((own) => own.axes === axes);
    if (sweep?.adaptive !== undefined) checkStart(world, scope, sweep, sweep.adaptive);
  });
}

function labelsOf({ values }: SweepDeclaration): { readonly labels?: readonly string[] } {
  return values.kind === "labels" ? { labels: [...new Set(values.labels.map(({ text }) => text))] } : {};
}

function finish(
  world: World,
  scope: Scope,
  declaration: SweepDeclaration,
  axes: readonly AxisId[],
  changes: readonly SweepChange[],
  sequence: true | undefined,
): Checked | null {
  const env = envOf(scope);
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
  const adaptive = checkAdaptive(world, env, adaptiveAfter(declaration, changes), checked);
  const sweep: Sweep = {
    axes,
    values: checked.values,
    where: null,
    ...(adaptive === null ? {} : { adaptive }),
    ...(sequence === undefined ? {} : { sequence }),
    ...(declaration.variables.some(({ text }) => world.refined.has(text)) ? { refined: true as const } : {}),
    span: declaration.span,
  };
  insert(world, sweep);
  checkPoints(world, scope, sweep, declaration);
  return checked;
}

/** What a profile says instead is adaptive if it says so; single values of `--set` are what they are. */
function adaptiveAfter(declaration: SweepDeclaration, changes: readonly SweepChange[]): SweepDeclaration {
  const last = changes.at(-1);
  if (last === undefined) return declaration;
  return { ...declaration, adaptive: last.kind === "declaration" ? last.declaration.adaptive : null };
}

/** Sweeps stand after those that their values depend on. */
function insert(world: World, sweep: Sweep): void {
  world.sweeps.push(sweep);
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

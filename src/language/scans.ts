/**
 * `scan t: time { … }`: a loop inside a run, with states that go from one position to the next and tensors that are stacked along
 * the axis. A short one is written out, position by position; others are loops (`scan-loops.ts`).
 */
import type { Assign, Equation, Expr as TreeExpr, Scan, State, Statement, Target } from "../../grammar/tree.js";
import { declareFaulty } from "./components.js";
import { declareTensor } from "./declare.js";
import { both, condition, faulty, int, toReal } from "./expressions/build.js";
import { checkExpr } from "./expressions/check.js";
import { read } from "./expressions/names.js";
import { fixedEntry } from "./fixed-entry.js";
import { bindTarget, inside } from "./indices.js";
import { lift } from "./lifting.js";
import { freshAxes } from "./previous.js";
import { domainOf } from "./scan-domain.js";
import { OuterIndices, subscriptOf } from "./outer-indices.js";
import { withoutDraws } from "./scan-draws.js";
import { LoopRound, type Stacked } from "./scan-loops.js";
import { withoutIndex } from "./scanned-trees.js";
import { sliceConditions, withoutSlices } from "./slice-writes.js";
import { declare, envOf, Scope, type Tensor } from "./scopes.js";
import type { AxisId, Expr } from "./typed.js";
import { notYet } from "./unsupported.js";
import type { World } from "./world.js";

/** Declares the states of a scan, as they are at its end, and its stacked tensors. */
export function declareScan(world: World, scope: Scope, written: Scan, stepping: boolean): void {
  const undrawn = withoutDraws(written);
  const tree = undrawn?.tree ?? written;
  for (const draw of undrawn?.draws ?? []) declareTensor(world, scope, draw, draw.target, 0, stepping);
  const refusal = unsupported(tree);
  if (refusal !== null) {
    notYet(world, scope, tree.span, refusal);
    declareFaulty(world, scope, tree.body);
    return;
  }
  const run = world.lazy<ReadonlyMap<string, Tensor> | null>(
    scope,
    tree.index.text,
    tree.index.span,
    () => new ScanRun(world, scope, tree, stepping).run(),
    () => null,
  );
  // A scan that declares nothing is read by nobody, and checked all the same.
  world.pending.push(() => run.get());
  for (const target of targetsOf(tree)) {
    const [name] = target.path;
    if (name === undefined) continue;
    const tensor = world.lazy<Tensor | null>(
      scope,
      name.text,
      name.span,
      () => run.get()?.get(name.text) ?? null,
      () => null,
    );
    const axes = world.lazy(
      scope,
      name.text,
      name.span,
      () => tensor.get()?.axes ?? [],
      () => [],
    );
    declare(world, scope, { kind: "tensor", name: name.text, span: name.span, declared: target.span, axes, tensor });
    world.pending.push(() => tensor.get());
  }
}

function unsupported(tree: Scan): string | null {
  const known = ["state", "equation", "assign", "scan"];
  if (tree.body.some(({ kind }) => kind === "draws")) return "this draw inside of a `scan`";
  if (tree.body.some(({ kind }) => !known.includes(kind))) return "this statement inside of a `scan`";
  return tree.body.some((statement) => statement.kind === "assign" && statement.asynchronously !== null)
    ? "updating one entry after the other"
    : null;
}

const namesIn = ({ subscripts }: Target): readonly string[] =>
  (subscripts ?? []).flatMap(({ value }) =>
    value.kind === "expr" && value.expr.kind === "name" ? [value.expr.text] : [],
  );

/** States, and equations that are subscripted by the scanned index. */
function targetsOf({ body, index }: Scan): readonly Target[] {
  return body.flatMap((statement): readonly Target[] => {
    if (statement.kind === "state") return [statement.target];
    return statement.kind === "equation"
      ? statement.targets.filter((target) => namesIn(target).includes(index.text))
      : [];
  });
}

const firstNames = (targets: readonly Target[]): readonly string[] =>
  targets.flatMap(({ path }) => path.slice(0, 1).map(({ text }) => text));

/** What a scan has for each of its positions. */
export const stackedBy = (tree: Scan): readonly string[] =>
  firstNames(targetsOf({ ...tree, body: tree.body.filter(({ kind }) => kind === "equation") }));

/** Its states and what is stacked: the names that it has for what stands after it. */
export const declaredBy = (tree: Scan): readonly string[] => firstNames(targetsOf(tree));

const whatItHolds = "a `scan` holds states with their beginnings, equations, and updates of these states";
const ofItsOwn =
  "give it one that begins with what it is to change, `state S = outer`, and take that over after the `scan`: `outer <- S`";

/** What the index means in the body: a position that is known, or that of the loop. */
type Place = number | Expr;

/** Ints, positions and labels are one kind of number, of which reals and bools are none. */
const isWhole = ({ kind }: Tensor["type"]): string => (kind === "real" || kind === "bool" ? kind : "whole");

export class ScanRun {
  /** What names mean at the place that is reached. */
  private readonly now = new Map<string, Tensor>();
  private readonly stacks = new Map<string, { readonly target: Target; readonly parts: Tensor[] }>();
  private readonly stacked: ReadonlySet<string>;
  private readonly reals = new Set<string>();

  constructor(
    private readonly world: World,
    private readonly scope: Scope,
    private readonly tree: Scan,
    private readonly stepping: boolean,
  ) {
    const equations = targetsOf(tree).filter((target) => !this.isState(target));
    this.stacked = new Set(equations.map((target) => target.path[0]?.text ?? ""));
  }

  private isState(target: Target): boolean {
    return this.tree.body.some((statement) => statement.kind === "state" && statement.target === target);
  }

  run(): ReadonlyMap<string, Tensor> | null {
    const domain = domainOf(this.world, this.scope, this.tree);
    if (domain === null) return null;
    const { known } = domain;
    const round = known === null ? new LoopRound(this.world, this.tree, domain) : null;
    const positions = Array.from({ length: known ?? 0 }, (_, k) => (this.tree.reverse ? (known ?? 0) - 1 - k : k));
    // A state has the narrowest type that holds its beginning and all its updates, and all indices of the place: known after some rounds.
    for (let before = -1; before < this.reals.size + (round?.found ?? 0);) {
      before = this.reals.size + (round?.found ?? 0);
      if (!(round === null ? this.writtenOut(positions) : this.iteration(round))) return null;
    }
    if (domain.axis === null || known === 0) this.withoutStacks();
    if (round !== null) return round.results(this.stackTargets());
    return domain.axis === null || known === 0 ? this.now : this.withStacks(domain.axis);
  }

  private writtenOut(positions: readonly number[]): boolean {
    return this.begins() && positions.every((position) => this.statements(position));
  }

  /** The body once, for an iteration of the loop. */
  private iteration(round: LoopRound): boolean {
    if (!this.begins()) return false;
    for (const [name, { type }] of this.now) if (type.kind === "real") this.reals.add(name);
    const before = new Map(this.now);
    const position = round.begin(this.now);
    if (!this.until(round, position) || !this.statements(position)) return false;
    for (const [name, { type, span }] of before) {
      const after = this.now.get(name)?.type ?? type;
      const becomesReal = after.kind === "real" && (type.kind === "int" || type.kind === "index");
      if (!becomesReal && isWhole(type) !== isWhole(after))
        return this.refuse(`\`${name}\` begins as ${type.kind} and becomes ${after.kind}`, span);
    }
    return round.end(this.now, this.stackTargets());
  }

  private until(round: LoopRound, position: Place): boolean {
    const { world, tree, stepping } = this;
    if (tree.until === null) return true;
    const scope = this.place(position);
    const env = envOf(scope, { stepping });
    const found = condition(world, env, checkExpr(world, env, tree.until), "what follows `until`");
    if (found.kind === "unknown") return false;
    const name = `${scope.prefix}until`;
    return round.endsWhen(lift(world, { name, span: tree.until.span, type: found.type, own: [], value: found }));
  }

  private begins(): boolean {
    this.stacks.clear();
    this.now.clear();
    return this.tree.body.every((statement) => statement.kind !== "state" || this.begin(statement));
  }

  private statements(position: Place): boolean {
    return this.tree.body.every((statement) => this.statement(statement, position));
  }

  private stackTargets(): readonly Stacked[] {
    const { text } = this.tree.index;
    return [...this.stacks].flatMap(([name, { target, parts }]) => {
      const [tensor] = parts;
      return tensor === undefined ? [] : [{ name, tensor, at: namesIn(target).indexOf(text), span: target.span }];
    });
  }

  private withoutStacks(): void {
    for (const { target } of this.stacks.values())
      this.refuse("nothing is scanned: there is nothing to stack", target.span);
  }

  /** A scope in which names mean what they mean now. */
  private place(position: Place | null): Scope {
    const { world, tree } = this;
    const { index } = tree;
    const scope = new Scope(this.scope, "fn", `${this.scope.prefix}${index.text}.`);
    for (const [name, tensor] of this.now)
      scope.entries.set(name, fixedEntry(world, scope, name, tree.index.span, tensor));
    if (position === null) return scope;
    const value: Expr =
      typeof position === "number" ? { kind: "number", value: position, type: int, span: index.span } : position;
    const lazy = world.lazy<Expr>(
      scope,
      index.text,
      index.span,
      () => value,
      () => value,
    );
    scope.entries.set(index.text, { kind: "value", name: index.text, span: index.span, value: lazy, scanned: true });
    return scope;
  }

  private begin({ target, init }: State): boolean {
    if (init.kind !== "value") {
      notYet(this.world, this.scope, target.span, "a state of a `scan` that begins with a draw");
      return false;
    }
    return this.define(target, init.value, null, null);
  }

  private statement(statement: Statement, position: Place): boolean {
    if (statement.kind === "equation") return this.equation(statement, position);
    if (statement.kind === "scan") return this.nested(statement, position);
    return statement.kind === "assign" ? this.assign(statement, position) : true;
  }

  private nested(statement: Scan, position: Place): boolean {
    const inner = withoutIndex(statement, this.tree.index.text, this.stacked);
    const found = new ScanRun(this.world, this.place(position), inner, this.stepping).run();
    if (found === null) return false;
    for (const { path } of targetsOf(inner)) {
      const name = path[0]?.text ?? "";
      const tensor = found.get(name);
      if (tensor !== undefined) this.now.set(name, tensor);
    }
    return true;
  }

  private equation({ targets, value }: Equation, position: Place): boolean {
    const [target, ...others] = targets;
    if (target === undefined || others.length > 0) {
      notYet(this.world, this.scope, value.span, "several results at once inside of a `scan`");
      return false;
    }
    const { text } = this.tree.index;
    const own = withoutIndex(target, text, new Set([target.path[0]?.text ?? ""]));
    if (!this.define(own, value, position, null)) return false;
    const name = target.path[0]?.text ?? "";
    const tensor = this.now.get(name);
    if (!this.stacked.has(name) || tensor === undefined) return true;
    const stack = this.stacks.get(name) ?? { target, parts: [] };
    this.stacks.set(name, stack);
    stack.parts.push(tensor);
    return true;
  }

  /** All targets read the old values. */
  private assign({ targets, value, where }: Assign, position: Place): boolean {
    const values = targets.length === 1 ? [value] : value.kind === "tuple" ? value.items : [];
    if (values.length !== targets.length) return this.refuse(`${targets.length} values are wanted here`, value.span);
    const before = new Map(this.now);
    const after: (readonly [string, Tensor])[] = [];
    for (const [k, target] of targets.entries()) {
      const [tree, name] = [values[k], target.path[0]?.text ?? ""];
      if (!this.now.has(name) || tree === undefined || this.stacked.has(name))
        return this.refuse(`\`${name}\` is no state of this \`scan\``, target.span, ofItsOwn);
      if (!this.define(target, tree, position, where)) return false;
      const made = this.now.get(name);
      if (made !== undefined) after.push([name, made]);
      if (made?.type.kind === "real" && before.get(name)?.type.kind !== "real") this.reals.add(name);
      for (const [key, tensor] of before) this.now.set(key, tensor);
    }
    for (const [name, tensor] of after) this.now.set(name, tensor);
    return true;
  }

  private refuse(message: string, span: Target["span"], help: string = whatItHolds): false {
    faulty(this.world, envOf(this.scope), "AM2033", span, message, { help });
    return false;
  }

  /** The value of a tree over the indices of a target, from now on what its name means. */
  private define(target: Target, tree: TreeExpr, position: Place | null, where: TreeExpr | null): boolean {
    const { world } = this;
    const [name, ...others] = target.path;
    if (name === undefined || others.length > 0) return this.refuse("a name of its own is wanted here", target.span);
    const scope = this.place(position);
    const insideOf = (expr: TreeExpr): TreeExpr => withoutIndex(expr, this.tree.index.text, this.stacked);
    const old = this.now.get(name.text);
    const trees = [insideOf(tree), ...(where === null ? [] : [insideOf(where)])];
    const env = envOf(scope, { stepping: this.stepping });
    const isUpdate = old !== undefined && position !== null;
    const written = withoutIndex(target, this.tree.index.text, this.stacked);
    const { target: whole, slices } = isUpdate ? withoutSlices(env, written, old) : { target, slices: [] };
    const bound = bindTarget(world, env, whole, [...trees, ...slices.map((slice) => slice.tree)], old?.axes ?? null);
    const here = inside(env, bound);
    const chosen = isUpdate ? sliceConditions(world, here, old, slices, bound.indices) : [];
    const found = checkExpr(world, here, trees[0] ?? tree);
    const value = this.reals.has(name.text) ? toReal(world, here, found) : found;
    const tests = [...(chosen ?? [])];
    if (trees[1] !== undefined)
      tests.push(condition(world, here, checkExpr(world, here, trees[1]), "what follows `where`"));
    if (value.kind === "unknown" || chosen === null || tests.some(({ kind }) => kind === "unknown")) return false;
    const test = tests.length === 0 ? null : tests.reduce(both);
    const kept =
      test === null || old === undefined
        ? value
        : ({
            kind: "if",
            condition: test,
            then: value,
            otherwise: read(old, bound.indices.map(subscriptOf), tree.span),
            type: value.type,
            span: tree.span,
          } satisfies Expr);
    const own = bound.indices.map((index, k) => ({
      index,
      name: slices.some(({ at }) => at === k) ? (old?.axes[k]?.name ?? index.name) : index.name,
      span: target.span,
    }));
    const full = `${scope.prefix}${name.text}${typeof position === "number" ? ` ${position}` : position === null ? "" : " next"}`;
    this.now.set(name.text, lift(world, { name: full, span: target.span, type: kept.type, own, value: kept }));
    return true;
  }

  /** The states as they are at the end, and the parts one behind the other. */
  private withStacks(axis: AxisId): ReadonlyMap<string, Tensor> | null {
    const { world, tree } = this;
    for (const [name, { target, parts }] of this.stacks) {
      const outer = new OuterIndices(world);
      outer.note(...parts);
      const definitions = parts.map((part) => outer.whole(part, name));
      const [first, definition] = [parts[0], definitions[0] === undefined ? null : world.definition(definitions[0])];
      if (first === undefined || definition === null) return null;
      const at = namesIn(target).indexOf(tree.index.text);
      const along = outer.size + at;
      const axes = [...freshAxes(world, definition.axes)];
      axes.splice(along, 0, world.newIndex(tree.index.text, axis, target.span));
      const body = { kind: "stacked", along, parts: tree.reverse ? definitions.toReversed() : definitions } as const;
      const id = world.addDefinition(`${this.scope.prefix}${name}`, axes, definition.type, body, target.span);
      const own = [...first.axes];
      own.splice(at, 0, { name: tree.index.text, axis, span: target.span });
      this.now.set(name, outer.tensorOf(id, { ...first, name, axes: own, span: target.span }));
    }
    return this.now;
  }
}

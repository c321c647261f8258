/**
 * `scan t: time { … }`: a loop inside a run, with states that go from one position to the next and tensors that are stacked along
 * the axis. It is written out, position by position.
 */
import type { Assign, Equation, Expr as TreeExpr, Scan, State, Statement, Target } from "../../grammar/tree.js";
import { evaluateConstant } from "./constants.js";
import { checkSize } from "./axes.js";
import { declareFaulty } from "./components.js";
import { condition, faulty, int, toReal } from "./expressions/build.js";
import { checkExpr } from "./expressions/check.js";
import { axisEntry } from "./expressions/resolve.js";
import { fixedEntry } from "./fixed-entry.js";
import { bindTarget, inside } from "./indices.js";
import { lift } from "./lifting.js";
import { sweepsOf } from "./mentions.js";
import { freshAxes, readOf } from "./previous.js";
import { withoutIndex } from "./scanned-trees.js";
import { declare, envOf, Scope, type Tensor } from "./scopes.js";
import type { AxisId, Expr } from "./typed.js";
import { notYet } from "./unsupported.js";
import { unknownAxis, type World } from "./world.js";

/** A body is written out for each position: more would make programs that take minutes to compile. */
const MOST_POSITIONS = 200;

/** Declares the states of a scan, as they are at its end, and its stacked tensors. */
export function declareScan(world: World, scope: Scope, tree: Scan, stepping: boolean): void {
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
  if (tree.until !== null) return "`scan … until`";
  const other = tree.body.find(({ kind }) => kind !== "state" && kind !== "equation" && kind !== "assign");
  if (other !== undefined) return `${other.kind === "scan" ? "a `scan`" : "this statement"} inside of a \`scan\``;
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

class ScanRun {
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
    const domain = this.domain();
    if (domain === null) return null;
    const positions = Array.from({ length: domain.size }, (_, k) => (this.tree.reverse ? domain.size - 1 - k : k));
    // A state has the narrowest type that holds its beginning and all its updates: known after a round.
    for (let before = -1; before < this.reals.size;) {
      before = this.reals.size;
      if (!this.round(positions)) return null;
    }
    return domain.axis === null || domain.size === 0 ? this.ends() : this.withStacks(domain.axis);
  }

  private round(positions: readonly number[]): boolean {
    const { body } = this.tree;
    this.stacks.clear();
    return (
      body.every((statement) => statement.kind !== "state" || this.begin(statement)) &&
      positions.every((position) => body.every((statement) => this.statement(statement, position)))
    );
  }

  private ends(): ReadonlyMap<string, Tensor> {
    for (const { target } of this.stacks.values())
      this.refuse("nothing is scanned: there is nothing to stack", target.span);
    return this.now;
  }

  /** The scanned axis, null for a count, and how many positions there are. */
  private domain(): { readonly axis: AxisId | null; readonly size: number } | null {
    const { world, scope, tree } = this;
    const env = envOf(scope);
    const over = tree.over ?? tree.index;
    const named = over.kind === "name" ? scope.lookupAxis(over.text) : undefined;
    const axis = named?.kind === "axis" ? axisEntry(world, env, over) : null;
    if (axis === unknownAxis) return null;
    const kind = axis === null ? null : world.axis(axis).kind;
    if (kind !== null && kind.kind !== "plain") {
      notYet(
        world,
        scope,
        over.span,
        "a `scan` over an axis with coordinates or parts",
        "scan a plain axis of the same size",
      );
      return null;
    }
    const size = kind === null ? checkSize(world, env, over, "the number of positions that are scanned") : kind.size;
    if (size.kind === "unknown") return null;
    if (sweepsOf(world, size).size > 0) {
      notYet(world, scope, over.span, "a `scan` whose length depends on a sweep");
      return null;
    }
    const count = evaluateConstant(size, { experiment: world, sweeps: new Map() });
    if (count <= MOST_POSITIONS) return { axis, size: count };
    notYet(world, scope, over.span, `a \`scan\` over more than ${MOST_POSITIONS} positions`, "let a phase take steps");
    return null;
  }

  /** A scope in which names mean what they mean now. */
  private place(position: number | null): Scope {
    const { world, tree } = this;
    const { index } = tree;
    const scope = new Scope(this.scope, "fn", `${this.scope.prefix}${index.text}.`);
    for (const [name, tensor] of this.now)
      scope.entries.set(name, fixedEntry(world, scope, name, tree.index.span, tensor));
    if (position === null) return scope;
    const value: Expr = { kind: "number", value: position, type: int, span: index.span };
    const lazy = world.lazy<Expr>(
      scope,
      index.text,
      index.span,
      () => value,
      () => value,
    );
    scope.entries.set(index.text, { kind: "value", name: index.text, span: index.span, value: lazy });
    return scope;
  }

  private begin({ target, init }: State): boolean {
    if (init.kind !== "value") {
      notYet(this.world, this.scope, target.span, "a state of a `scan` that begins with a draw");
      return false;
    }
    return this.define(target, init.value, null, null);
  }

  private statement(statement: Statement, position: number): boolean {
    if (statement.kind === "equation") return this.equation(statement, position);
    return statement.kind === "assign" ? this.assign(statement, position) : true;
  }

  private equation({ targets, value }: Equation, position: number): boolean {
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
  private assign({ targets, value, where }: Assign, position: number): boolean {
    const values = targets.length === 1 ? [value] : value.kind === "tuple" ? value.items : [];
    if (values.length !== targets.length) return this.refuse(`${targets.length} values are wanted here`, value.span);
    const before = new Map(this.now);
    const after: (readonly [string, Tensor])[] = [];
    for (const [k, target] of targets.entries()) {
      const [tree, name] = [values[k], target.path[0]?.text ?? ""];
      if (!this.now.has(name) || tree === undefined || this.stacked.has(name))
        return this.refuse(`\`${name}\` is no state of this \`scan\``, target.span);
      if (!this.define(target, tree, position, where)) return false;
      const made = this.now.get(name);
      if (made !== undefined) after.push([name, made]);
      if (made?.type.kind === "real" && before.get(name)?.type.kind !== "real") this.reals.add(name);
      for (const [key, tensor] of before) this.now.set(key, tensor);
    }
    for (const [name, tensor] of after) this.now.set(name, tensor);
    return true;
  }

  private refuse(message: string, span: Target["span"]): false {
    faulty(this.world, envOf(this.scope), "AM2033", span, message, {
      help: "a `scan` holds states with their beginnings, equations, and updates of these states",
    });
    return false;
  }

  /** The value of a tree over the indices of a target, from now on what its name means. */
  private define(target: Target, tree: TreeExpr, position: number | null, where: TreeExpr | null): boolean {
    const { world } = this;
    const [name, ...others] = target.path;
    if (name === undefined || others.length > 0) return this.refuse("a name of its own is wanted here", target.span);
    const scope = this.place(position);
    const read = (expr: TreeExpr): TreeExpr => withoutIndex(expr, this.tree.index.text, this.stacked);
    const old = this.now.get(name.text);
    const trees = [read(tree), ...(where === null ? [] : [read(where)])];
    const env = envOf(scope, { stepping: this.stepping });
    const bound = bindTarget(world, env, target, trees, old?.axes ?? null);
    const here = inside(env, bound);
    const found = checkExpr(world, here, trees[0] ?? tree);
    const value = this.reals.has(name.text) ? toReal(world, here, found) : found;
    const test =
      trees[1] === undefined ? null : condition(world, here, checkExpr(world, here, trees[1]), "what follows `where`");
    if (value.kind === "unknown" || test?.kind === "unknown") return false;
    const kept =
      test === null || old?.source.kind !== "definition"
        ? value
        : ({
            kind: "if",
            condition: test,
            then: value,
            otherwise: readOf(world.definition(old.source.definition), bound.indices, tree.span),
            type: value.type,
            span: tree.span,
          } satisfies Expr);
    const own = bound.indices.map((index) => ({ index, name: index.name, span: target.span }));
    const full = `${scope.prefix}${name.text}${position === null ? "" : ` ${position}`}`;
    this.now.set(name.text, lift(world, { name: full, span: target.span, type: kept.type, own, value: kept }));
    return true;
  }

  /** The states as they are at the end, and the parts one behind the other. */
  private withStacks(axis: AxisId): ReadonlyMap<string, Tensor> | null {
    const { world, tree } = this;
    for (const [name, { target, parts }] of this.stacks) {
      const definitions = parts.flatMap(({ source }) => (source.kind === "definition" ? [source.definition] : []));
      const [first] = parts;
      const definition = definitions[0] === undefined ? undefined : world.definition(definitions[0]);
      if (first === undefined || definition === undefined) return null;
      const at = namesIn(target).indexOf(tree.index.text);
      const axes = [...freshAxes(world, definition.axes)];
      axes.splice(at, 0, world.newIndex(tree.index.text, axis, target.span));
      const body = {
        kind: "stacked",
        along: at,
        parts: tree.reverse ? definitions.toReversed() : definitions,
      } as const;
      const id = world.addDefinition(`${this.scope.prefix}${name}`, axes, definition.type, body, target.span);
      const named = axes.map((index) => ({ name: index.name, axis: index.axis, span: target.span }));
      const source = { kind: "definition", definition: id } as const;
      this.now.set(name, { name, source, prefix: [], axes: named, type: definition.type, span: target.span });
    }
    return this.now;
  }
}

/** The body of a scan, statement by statement: written out position by position, or once for an iteration of a loop. */
import type { Assign, DrawEquation, Equation, Expr as TreeExpr, Scan, State, Statement, Target } from "../../grammar/tree.js";
import { changeOf } from "./assignments.js";
import { condition, faulty, int } from "./expressions/build.js";
import { checkExpr } from "./expressions/check.js";
import { read } from "./expressions/names.js";
import { fixedEntry } from "./fixed-entry.js";
import { bindTarget, inside } from "./indices.js";
import { checkRight } from "./joined.js";
import { lift } from "./lifting.js";
import { subscriptOf } from "./outer-indices.js";
import { domainOf, positionAt } from "./scan-domain.js";
import { LoopRound, type Stacked } from "./scan-loops.js";
import { changesOneByOne } from "./scan-one-by-one.js";
import { stackedParts, type Stack } from "./scan-stacks.js";
import { placeIn, stackedBy, stackedTargets, targetsOf } from "./scan-targets.js";
import { drawnInTurn, type Turn } from "./scan-turn-draws.js";
import { StateTypes } from "./scan-types.js";
import { withoutIndex } from "./scanned-trees.js";
import { envOf, Scope, type Env, type Tensor } from "./scopes.js";
import { checkEquation, headerOf } from "./tensors.js";
import type { AxisId, Expr, Index } from "./typed.js";
import type { World } from "./world.js";

/** Where the scan at hand stands. */
export interface ScanPlace {
  readonly scope: Scope;
  readonly stepping: boolean;
  /** The scope in which the outermost of the scans around is declared: its draws are made by names of that. */
  readonly outside: Scope;
  /** The iterations of the scans around it. */
  readonly turns: readonly Turn[];
}

export class ScanRun {
  /** What names mean at the place that is reached. */
  private readonly now = new Map<string, Tensor>();
  private readonly stacks = new Map<string, Stack>();
  private readonly stacked: ReadonlySet<string>;
  private readonly types: StateTypes;
  private axis: AxisId | null = null;

  constructor(
    private readonly world: World,
    private readonly around: ScanPlace,
    private readonly tree: Scan,
  ) {
    this.stacked = new Set(stackedBy(tree));
    this.types = new StateTypes(world);
  }

  run(): ReadonlyMap<string, Tensor> | null {
    const { world, tree } = this;
    const domain = domainOf(world, this.around.scope, tree);
    if (domain === null) return null;
    this.axis = domain.axis;
    const { known } = domain;
    const round = known === null ? new LoopRound(world, tree, domain) : null;
    const positions = Array.from({ length: known ?? 0 }, (_, k) => (tree.reverse ? (known ?? 0) - 1 - k : k));
    // A state has all indices of the place, and a type that holds its updates: known after some rounds.
    for (let before = -1; before < this.types.found + (round?.found ?? 0);) {
      before = this.types.found + (round?.found ?? 0);
      if (!(round === null ? this.writtenOut(positions) : this.iteration(round))) return null;
    }
    if (domain.axis === null || known === 0) this.withoutStacks();
    if (round !== null) return round.results(this.stackTargets());
    if (domain.axis === null || known === 0) return this.now;
    for (const [name, stack] of this.stacks) {
      const whole = stackedParts(world, this.around.scope.prefix, name, stack, tree, domain.axis);
      if (whole === null) return null;
      this.now.set(name, whole);
    }
    return this.now;
  }

  private writtenOut(positions: readonly number[]): boolean {
    const { span } = this.tree.index;
    return (
      this.begins() &&
      positions.every((value) =>
        this.statements({ known: value, value: positionAt(this.world, this.axis, { kind: "number", value, type: int, span }) }),
      )
    );
  }

  /** The body once, for an iteration of the loop. */
  private iteration(round: LoopRound): boolean {
    if (!this.begins()) return false;
    const before = new Map(this.now);
    const position = { known: null, value: round.begin(this.now) };
    if (!this.until(round, position) || !this.statements(position)) return false;
    for (const [name, { type, span }] of before) {
      const after = this.now.get(name)?.type ?? type;
      const fault = this.types.note(name, type, after);
      if (fault !== null) return this.refuse(fault, span);
    }
    return round.end(this.now, this.stackTargets());
  }

  private until(round: LoopRound, position: Position): boolean {
    const { world, tree, around } = this;
    if (tree.until === null) return true;
    const scope = this.place(position);
    const env = envOf(scope, { stepping: around.stepping });
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

  private statements(position: Position): boolean {
    return this.tree.body.every((statement) => this.statement(statement, position));
  }

  private stackTargets(): readonly Stacked[] {
    const { text } = this.tree.index;
    return [...this.stacks].flatMap(([name, { target, parts }]) => {
      const [tensor] = parts;
      return tensor === undefined ? [] : [{ name, tensor, at: placeIn(target, text), span: target.span }];
    });
  }

  private withoutStacks(): void {
    for (const { target } of this.stacks.values())
      this.refuse("nothing is scanned: there is nothing to stack", target.span);
  }

  /** A scope in which names mean what they mean now; `null` before the first iteration. */
  private place(position: Position | null): Scope {
    const { world, tree, around } = this;
    const { index } = tree;
    const scope = new Scope(around.scope, "fn", `${around.scope.prefix}${index.text}.`);
    for (const [name, tensor] of this.now) scope.entries.set(name, fixedEntry(world, scope, name, index.span, tensor));
    if (position === null) return scope;
    const same = (): Expr => position.value;
    const value = world.lazy<Expr>(scope, index.text, index.span, same, same);
    scope.entries.set(index.text, { kind: "value", name: index.text, span: index.span, value, scanned: this.axis });
    return scope;
  }

  private env(position: Position | null): Env {
    return envOf(this.place(position), { stepping: this.around.stepping });
  }

  /** The iterations around a place in the body, its own among them. */
  private turns(position: Position | null): readonly Turn[] {
    const { turns } = this.around;
    return position === null ? turns : [...turns, { name: this.tree.index.text, position: position.value }];
  }

  /** A name as it is called among definitions, at a place. */
  private fullName(name: string, position: Position | null): string {
    const at = position === null ? "" : position.known === null ? " next" : ` ${position.known}`;
    return `${this.around.scope.prefix}${this.tree.index.text}.${name}${at}`;
  }

  private begin({ target, init, span }: State): boolean {
    const name = this.ownName(target);
    if (name === null) return false;
    if (init.kind === "none") return this.refuse(`\`${name}\` has no beginning`, target.span);
    const env = this.env(null);
    if (init.kind === "draw") {
      const draw = { kind: "draws", target, distribution: init.distribution, by: init.by, doc: null, span } as const;
      return this.draw(draw, env, this.turns(null), `${this.around.outside.prefix}${name}`);
    }
    const bound = bindTarget(this.world, env, target, [init.value], null);
    const here = inside(env, bound);
    const found = checkRight(this.world, here, bound, init.value);
    return this.becomes(name, target, bound.indices, this.types.fit(here, name, found, null), null);
  }

  private statement(statement: Statement, position: Position): boolean {
    switch (statement.kind) {
      case "state":
        return true;
      case "equation":
        return this.equation(statement, position);
      case "scan":
        return this.nested(statement, position);
      case "assign":
        return this.assign(statement, position);
      case "draws":
        return this.drawn(statement, position);
      default:
        return this.refuse("this statement cannot stand in a `scan`", statement.span);
    }
  }

  private nested(statement: Scan, position: Position): boolean {
    const inner = withoutIndex(statement, this.tree.index.text, this.stacked);
    const { stepping, outside } = this.around;
    const place = { scope: this.place(position), stepping, outside, turns: this.turns(position) };
    const found = new ScanRun(this.world, place, inner).run();
    if (found === null) return false;
    for (const { path } of targetsOf(inner)) {
      const name = path[0]?.text ?? "";
      const tensor = found.get(name);
      if (tensor !== undefined) this.now.set(name, tensor);
    }
    for (const target of stackedTargets(statement)) this.keep(target);
    return true;
  }

  private equation({ targets, value, doc }: Equation, position: Position): boolean {
    const { world } = this;
    const tree = withoutIndex(value, this.tree.index.text, this.stacked);
    const env = this.env(position);
    const made = targets.map((target, pick): readonly [string, Tensor] | null => {
      const name = this.ownName(target);
      if (name === null) return null;
      if (this.isState(name)) {
        this.refuse(`\`${name}\` is a state of this \`scan\`: it is changed by \`<-\``, target.span);
        return null;
      }
      const own = withoutIndex(target, this.tree.index.text, new Set([name]));
      const header = headerOf(this.fullName(name, position), own, doc, bindTarget(world, env, own, [tree], null));
      const tensor = checkEquation(world, env, header, tree, targets.length, pick);
      return tensor === null ? null : [name, tensor];
    });
    if (made.includes(null)) return false;
    for (const one of made) if (one !== null) this.now.set(...one);
    for (const target of targets) this.keep(target);
    return true;
  }

  private drawn(statement: DrawEquation, position: Position): boolean {
    const { target } = statement;
    const name = this.ownName(target);
    if (name === null) return false;
    const { outside } = this.around;
    const turns = this.turns(position);
    const path = this.stacked.has(name) ? [] : turns.map((turn) => `${turn.name}.`);
    const distribution = withoutIndex(statement.distribution, this.tree.index.text, this.stacked);
    const full = `${outside.prefix}${path.join("")}${name}`;
    if (!this.draw({ ...statement, distribution }, this.env(position), turns, full)) return false;
    this.keep(target);
    return true;
  }

  private draw(statement: DrawEquation, env: Env, turns: readonly Turn[], full: string): boolean {
    const name = statement.target.path[0]?.text ?? "";
    const made = drawnInTurn(this.world, env, this.around.outside, statement, turns, full);
    if (made !== null) this.now.set(name, made);
    return made !== null;
  }

  /** What is stacked has its value of this position. */
  private keep(target: Target): void {
    const name = target.path[0]?.text ?? "";
    const tensor = this.now.get(name);
    if (!this.stacked.has(name) || tensor === undefined || placeIn(target, this.tree.index.text) < 0) return;
    const stack = this.stacks.get(name) ?? { target, parts: [] };
    this.stacks.set(name, stack);
    stack.parts.push(tensor);
  }

  /** All targets read the old values. */
  private assign(statement: Assign, position: Position): boolean {
    const { targets, value, asynchronously } = statement;
    const values = targets.length === 1 ? [value] : value.kind === "tuple" ? value.items : [];
    if (values.length !== targets.length) return this.refuse(`${targets.length} values are wanted here`, value.span);
    const before = new Map(this.now);
    const after: (readonly [string, Tensor])[] = [];
    for (const [k, target] of targets.entries()) {
      const [tree, name] = [values[k], target.path[0]?.text ?? ""];
      const old = before.get(name);
      if (old === undefined || tree === undefined || !this.isState(name))
        return this.refuse(`\`${name}\` is no state of this \`scan\``, target.span);
      const changed = asynchronously === null ? this.change : this.changeOneByOne;
      if (!changed.call(this, statement, target, tree, old, position)) return false;
      const made = this.now.get(name);
      if (made === undefined) return false;
      after.push([name, made]);
      const fault = this.types.note(name, old.type, made.type);
      if (fault !== null) return this.refuse(fault, target.span);
      for (const [key, tensor] of before) this.now.set(key, tensor);
    }
    for (const [name, tensor] of after) this.now.set(name, tensor);
    return true;
  }

  /** States of scans around are none of this one. */
  private isState(name: string): boolean {
    return this.tree.body.some(({ kind, ...rest }) => kind === "state" && "target" in rest && rest.target.path[0]?.text === name);
  }

  private change({ where }: Assign, target: Target, tree: TreeExpr, old: Tensor, position: Position): boolean {
    const name = target.path[0]?.text ?? "";
    const insideOf = (part: TreeExpr): TreeExpr => withoutIndex(part, this.tree.index.text, this.stacked);
    const found = changeOf(this.world, this.env(position), target, old, insideOf(tree), where === null ? null : insideOf(where), (env, value) =>
      this.types.fit(env, name, value, old),
    );
    if (found === null) return false;
    const { axes, value } = found;
    const otherwise = (): Expr => read(old, axes.map(subscriptOf), tree.span);
    const kept: Expr =
      found.where === null
        ? value
        : { kind: "if", condition: found.where, then: value, otherwise: otherwise(), type: value.type, span: tree.span };
    return this.becomes(name, target, axes, kept, position);
  }

  private changeOneByOne(statement: Assign, target: Target, tree: TreeExpr, old: Tensor, position: Position): boolean {
    const name = target.path[0]?.text ?? "";
    const whole = (now: Tensor): Tensor | null => {
      this.now.set(name, now);
      return this.change(statement, target, tree, now, position) ? (this.now.get(name) ?? null) : null;
    };
    const { outside } = this.around;
    const place = { env: this.env(position), outside, turns: this.turns(position), full: this.fullName(name, position) };
    const made = changesOneByOne(this.world, place, statement, target, old, whole);
    if (made !== null) this.now.set(name, made);
    return made !== null;
  }

  private becomes(
    name: string,
    target: Target,
    indices: readonly Index[],
    value: Expr,
    position: Position | null,
  ): boolean {
    if (value.kind === "unknown") return false;
    const own = indices.map((index) => ({ index, name: index.name, span: target.span }));
    const full = this.fullName(name, position);
    this.now.set(name, lift(this.world, { name: full, span: target.span, type: value.type, own, value }));
    return true;
  }

  /** The name of a target that is no member of something else. */
  private ownName(target: Target): string | null {
    const [name, ...others] = target.path;
    if (name !== undefined && others.length === 0) return name.text;
    this.refuse("a name of its own is wanted here", target.span);
    return null;
  }

  private refuse(message: string, span: Target["span"]): false {
    faulty(this.world, envOf(this.around.scope), "AM2033", span, message, {
      help: "a `scan` holds states with their beginnings, equations, draws, and updates of these states",
    });
    return false;
  }
}

/** What the index means in the body. */
interface Position {
  readonly value: Expr;
  /** Null in a loop. */
  readonly known: number | null;
}

/** The body of a scan, statement by statement: written out position by position, or once for an iteration of a loop. */
import type { DrawEquation, Equation, Scan, Statement, Target } from "../../grammar/tree.js";
import { condition, int } from "./expressions/build.js";
import { checkExpr } from "./expressions/check.js";
import { bindTarget } from "./indices.js";
import { lift } from "./lifting.js";
import { assignInScan } from "./scan-changes.js";
import { beginState, drawInScan } from "./scan-beginnings.js";
import { domainOf, positionAt } from "./scan-domain.js";
import { LoopRound, type Stacked } from "./scan-loops.js";
import { nameOf, ScanNames, type Position, type ScanPlace } from "./scan-names.js";
import { stackedParts, type Stack } from "./scan-stacks.js";
import { placeIn, stackedTargets, targetsOf } from "./scan-targets.js";
import { withoutIndex } from "./scanned-trees.js";
import type { Tensor } from "./scopes.js";
import { checkEquation, headerOf } from "./tensors.js";
import type { World } from "./world.js";

const changed = (name: string): string => `\`${name}\` is a state of this \`scan\`: it is changed by \`<-\``;

export class ScanRun {
  private readonly names: ScanNames;
  private readonly stacks = new Map<string, Stack>();

  constructor(
    private readonly world: World,
    private readonly around: ScanPlace,
    private readonly tree: Scan,
  ) {
    this.names = new ScanNames(world, around, tree);
  }

  run(): ReadonlyMap<string, Tensor> | null {
    const { world, tree } = this;
    if (!this.isNew()) return null;
    const domain = domainOf(world, this.around.scope, tree);
    if (domain === null) return null;
    this.names.axis = domain.axis;
    const { known } = domain;
    const round = known === null ? new LoopRound(world, tree, domain) : null;
    const positions = Array.from({ length: known ?? 0 }, (_, k) => (tree.reverse ? (known ?? 0) - 1 - k : k));
    // A state has all indices of the place, and a type that holds its updates: known after some rounds.
    for (let before = -1; before < this.names.types.found + (round?.found ?? 0);) {
      before = this.names.types.found + (round?.found ?? 0);
      if (!(round === null ? this.writtenOut(positions) : this.iteration(round))) return null;
    }
    if (domain.axis === null) this.withoutStacks();
    if (round !== null) return round.results(this.stackTargets());
    if (domain.axis === null) return this.names.now;
    for (const [name, stack] of this.stacks) {
      const whole = stackedParts(world, this.around.scope.prefix, name, stack, tree, domain.axis);
      if (whole === null) return null;
      this.names.now.set(name, whole);
    }
    return this.names.now;
  }

  /** Whether no scan around it has its index. */
  private isNew(): boolean {
    const { text, span } = this.tree.index;
    const bound = this.around.turns.find(({ name }) => name === text);
    if (bound === undefined) return true;
    this.world.report(this.around.scope, {
      code: "AM2107",
      span,
      message: `\`${text}\` is bound already`,
      here: "bound a second time",
      labels: [{ span: bound.position.span, text: "bound here" }],
      help: `use another name for it: \`scan ${text}': ${text}\``,
    });
    return false;
  }

  private writtenOut(positions: readonly number[]): boolean {
    const { span } = this.tree.index;
    return (
      this.begins() &&
      positions.every((value) =>
        this.statements({
          known: value,
          value: positionAt(this.world, this.names.axis, { kind: "number", value, type: int, span }),
        }),
      )
    );
  }

  /** The body once, for an iteration of the loop. */
  private iteration(round: LoopRound): boolean {
    if (!this.begins()) return false;
    const before = new Map(this.names.now);
    const position = { known: null, value: round.begin(this.names.now) };
    if (!this.until(round, position) || !this.statements(position)) return false;
    for (const [name, { type, span }] of before) {
      const after = this.names.now.get(name)?.type ?? type;
      const fault = this.names.types.note(name, type, after);
      if (fault !== null) return this.names.refuse(fault, span);
    }
    return round.end(this.names.now, this.stackTargets());
  }

  private until(round: LoopRound, position: Position): boolean {
    const { world, tree } = this;
    if (tree.until === null) return true;
    const scope = this.names.scope(position);
    const env = this.names.env(position);
    const found = condition(world, env, checkExpr(world, env, tree.until), "what follows `until`");
    if (found.kind === "unknown") return false;
    const name = `${scope.prefix}until`;
    return round.endsWhen(lift(world, { name, span: tree.until.span, type: found.type, own: [], value: found }));
  }

  private begins(): boolean {
    this.stacks.clear();
    this.names.now.clear();
    return this.tree.body.every((statement) => statement.kind !== "state" || beginState(this.names, statement));
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
      this.names.refuse("nothing is scanned: there is nothing to stack", target.span);
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
        return assignInScan(this.names, statement, position);
      case "draws":
        return this.drawn(statement, position);
      default:
        return this.names.refuse("this statement cannot stand in a `scan`", statement.span);
    }
  }

  private nested(statement: Scan, position: Position): boolean {
    const inner = this.names.here(statement);
    const { stepping, outside } = this.around;
    const place = { scope: this.names.scope(position), stepping, outside, turns: this.names.turns(position) };
    const found = new ScanRun(this.world, place, inner).run();
    if (found === null) return false;
    for (const { path } of targetsOf(inner)) {
      const name = path[0]?.text ?? "";
      const tensor = found.get(name);
      if (tensor !== undefined) this.names.now.set(name, tensor);
    }
    for (const target of stackedTargets(statement)) this.keep(target);
    return true;
  }

  private equation({ targets, value, doc }: Equation, position: Position): boolean {
    const { world } = this;
    const tree = this.names.here(value);
    const env = this.names.env(position);
    const made = targets.map((target, pick): readonly [string, Tensor] | null => {
      const name = this.names.ownName(target);
      if (name === null) return null;
      if (this.names.isState(name)) {
        this.names.refuse(changed(name), target.span);
        return null;
      }
      const own = withoutIndex(target, this.tree.index.text, new Set([name]));
      const header = headerOf(this.names.fullName(name, position), own, doc, bindTarget(world, env, own, [tree], null));
      const tensor = checkEquation(world, env, header, tree, targets.length, pick);
      return tensor === null ? null : [name, tensor];
    });
    if (made.includes(null)) return false;
    for (const one of made) if (one !== null) this.names.now.set(...one);
    for (const target of targets) this.keep(target);
    return true;
  }

  private drawn(statement: DrawEquation, position: Position): boolean {
    const { target } = statement;
    const name = this.names.ownName(target);
    if (name === null) return false;
    if (this.names.isState(name)) return this.names.refuse(changed(name), target.span);
    const { outside } = this.around;
    const turns = this.names.turns(position);
    const path = this.names.stacked.has(name) ? [] : turns.map((turn) => `${turn.name}.`);
    const distribution = this.names.here(statement.distribution);
    const full = `${outside.prefix}${path.join("")}${name}`;
    const env = this.names.env(position);
    if (!drawInScan(this.names, { ...statement, distribution }, env, turns, full)) return false;
    this.keep(target);
    return true;
  }

  /** What is stacked has its value of this position. */
  private keep(target: Target): void {
    const name = nameOf(target);
    const tensor = this.names.now.get(name);
    if (!this.names.stacked.has(name) || tensor === undefined || placeIn(target, this.tree.index.text) < 0) return;
    const stack = this.stacks.get(name) ?? { target, parts: [] };
    this.stacks.set(name, stack);
    stack.parts.push(tensor);
  }
}

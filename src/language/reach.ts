/** A walk through all that something is made of, up to parameters and states: which sweeps, which shapes, which phases. */
import { rootOf } from "./made-axes.js";
import { madeOf } from "./made-of.js";
import { listParts, parts, sweepsOf } from "./mentions.js";
import type { PhaseBody } from "./phases.js";
import type { AxisId, DefinitionId, Draw, Expr, Index, ListExpr, PhaseStatement, ScanId, Steps } from "./typed.js";
import { unknownAxis, type World } from "./world.js";

export interface Found {
  readonly axes: Set<AxisId>;
  readonly structural: Set<AxisId>;
  readonly after: Set<string>;
}

/** What something depends on, up to the parameters and states that an earlier phase may have changed. */
export interface Reach extends Found {
  readonly changeable: readonly { readonly id: DefinitionId; readonly cut: Cut }[];
}

/** Tensors that are replaced. */
export interface Cut {
  readonly ids: ReadonlySet<DefinitionId>;
  readonly key: string;
}
const none: Cut = { ids: new Set(), key: "" };

function cutBy(cut: Cut, more: readonly DefinitionId[]): Cut {
  const ids = new Set([...cut.ids, ...more]);
  return { ids, key: [...ids].sort((a, b) => a - b).join() };
}

export class Walk {
  private readonly found = {
    axes: new Set<AxisId>(),
    structural: new Set<AxisId>(),
    after: new Set<string>(),
    changeable: [] as { readonly id: DefinitionId; readonly cut: Cut }[],
  };
  private readonly seen = new Map<string, Set<unknown>>();

  constructor(private readonly world: World) {}

  /** What a parameter or a state begins with, where no phase has changed it. */
  initial(id: DefinitionId, cut: Cut): Reach {
    const { body } = this.world.definition(id);
    if (body.kind === "param" || body.kind === "state") {
      if (body.init.kind === "draw") this.draw(body.init.draw, cut);
      else this.expr(body.init.value, cut);
    }
    return this.found;
  }

  phase(body: PhaseBody, changes: readonly DefinitionId[]): Reach {
    if (body.count !== null) this.structure(body.count);
    body.draws.forEach((id) => this.definition(id, none));
    this.statements(body.statements, none);
    changes.forEach((id) => this.definition(id, none));
    if (body.stop !== null) this.expr(body.stop, none);
    for (const record of body.records) {
      this.steps(record.steps);
      record.entries.forEach((entry) => this.result(entry.definition));
    }
    body.results.forEach((result) => this.result(result.definition));
    return this.found;
  }

  private statements(statements: readonly PhaseStatement[], cut: Cut): void {
    for (const statement of statements) {
      switch (statement.kind) {
        case "snapshot":
          this.definition(statement.definition, cut);
          break;
        case "assign":
          if (statement.assignment.asynchronously?.order)
            this.definition(statement.assignment.asynchronously.order.definition, cut);
          for (const target of statement.assignment.targets) {
            this.definition(target.definition, cut);
            this.expr(target.value, cut);
            if (target.where !== null) this.expr(target.where, cut);
          }
          break;
        case "minimize":
          this.expr(statement.objective, cut);
          statement.prepared.states.forEach((id) => this.definition(id, cut));
          this.statements(statement.prepared.statements, cut);
          for (const update of statement.updates) {
            update.states.forEach((id) => this.definition(id, cut));
            this.statements(update.statements, cut);
          }
      }
    }
  }

  private steps(steps: Steps): void {
    if (steps.kind === "every") this.structure(steps.count);
    if (steps.kind === "at") sweepsOf(this.world, steps.steps).forEach((axis) => this.found.structural.add(axis));
  }

  /** What is kept of a run has the same coordinates in all runs of a program. */
  private result(id: DefinitionId): void {
    this.definition(id, none);
    for (const { axis } of this.world.definition(id).axes) {
      const { kind } = this.world.axis(rootOf(this.world.axes, axis));
      if (kind.kind === "coordinates")
        sweepsOf(this.world, kind.values).forEach((sweep) => this.found.structural.add(sweep));
    }
  }

  private structure(expr: Expr): void {
    sweepsOf(this.world, expr).forEach((axis) => this.found.structural.add(axis));
  }

  /** Whether it is the first time that this is looked at under these replacements. */
  private isNew(thing: unknown, cut: Cut): boolean {
    const seen = this.seen.get(cut.key) ?? new Set();
    this.seen.set(cut.key, seen);
    if (seen.has(thing)) return false;
    seen.add(thing);
    return true;
  }

  private definition(id: DefinitionId, cut: Cut): void {
    if (cut.ids.has(id) || !this.isNew(id, cut)) return;
    const definition = this.world.definition(id);
    this.indices(definition.axes);
    const { body } = definition;
    switch (body.kind) {
      case "equation":
        this.expr(body.value, cut);
        break;
      case "literal":
        body.entries.forEach((entry) => this.expr(entry, cut));
        break;
      case "draw":
        this.draw(body.draw, cut);
        if (body.each?.every !== undefined && body.each.every !== null) this.structure(body.each.every);
        break;
      case "param":
      case "state":
        this.found.changeable.push({ id, cut });
        break;
      case "stacked":
        body.parts.forEach((part) => this.definition(part, cut));
        break;
      case "scanned":
      case "scan stack": {
        const { exprs, definitions } = madeOf(this.world, definition);
        exprs.forEach((expr) => this.structure(expr));
        definitions.forEach((part) => this.definition(part, cut));
        this.scanned(body.scan);
        break;
      }
      case "left":
        this.found.after.add(body.phase);
        break;
      case "data":
        if (body.choice !== undefined) this.structure(body.choice.chosen);
        break;
      case "turn":
      case "gradient":
    }
  }

  /** What the positions of a scan read as. */
  private scanned(id: ScanId): void {
    const { type } = this.world.definition(this.world.scan(id).position);
    if (type.kind === "index") this.axis(type.axis);
  }

  private draw(draw: Draw, cut: Cut): void {
    const { distribution, by, at } = draw;
    for (const place of at ?? []) if (place !== null) this.expr(place, cut);
    if (by === null) {
      for (const axis of this.world.axes.values())
        if (axis.kind.kind === "sweep" && axis.name === "seed") this.found.axes.add(axis.id);
    } else by.forEach((part) => this.expr(part, cut));
    switch (distribution.kind) {
      case "normal":
        [distribution.mean, distribution.sd].forEach((part) => this.expr(part, cut));
        break;
      case "uniform":
        [distribution.low, distribution.high].forEach((part) => this.expr(part, cut));
        break;
      case "bernoulli":
        this.expr(distribution.p, cut);
        break;
      case "gamma":
        [distribution.shape, distribution.scale].forEach((part) => this.expr(part, cut));
        break;
      case "poisson":
        this.expr(distribution.mean, cut);
        break;
      case "choice":
        this.axis(distribution.axis);
        break;
      case "among":
        [distribution.from, distribution.to].forEach((part) => this.structure(part));
        break;
      case "categorical":
        this.indices([distribution.over]);
        this.expr(distribution.weights, cut);
        break;
      case "rademacher":
      case "on_sphere":
      case "permutation":
    }
  }

  private indices(indices: readonly Index[]): void {
    indices.forEach((index) => this.axis(index.axis));
  }

  /** Sizes are structural; coordinates of an axis whose size does not change are values. */
  private axis(id: AxisId): void {
    const { kind } = this.world.axis(id);
    if (id === unknownAxis) return;
    switch (kind.kind) {
      case "plain":
        this.structure(kind.size);
        break;
      case "range":
        this.structure(kind.from);
        this.structure(kind.to);
        break;
      case "coordinates":
        sweepsOf(this.world, kind.values).forEach((axis) => this.found.axes.add(axis));
        this.listSize(kind.values);
        break;
      case "part": {
        // What is cut out of a tensor is static: all positions are structural, not only how many they are.
        sweepsOf(this.world, kind.positions).forEach((axis) => this.found.structural.add(axis));
        const root = rootOf(this.world.axes, id);
        if (this.world.axis(kind.whole).kind.kind === "part") this.axis(kind.whole);
        else if (this.world.axis(root).kind.kind === "coordinates") this.axis(root);
        break;
      }
      case "join":
        kind.parts.forEach((part) => this.axis(part));
        break;
      case "product":
        kind.factors.forEach((factor) => this.axis(factor));
        break;
      case "labels":
      case "sweep":
    }
  }

  /** The sweeps on which the number of entries of a list depends. */
  private listSize(list: ListExpr): void {
    switch (list.kind) {
      case "items":
        break;
      case "range":
        this.structure(list.from);
        this.structure(list.to);
        break;
      case "linspace":
      case "logspace":
        this.structure(list.count);
        break;
      case "powers":
        this.listSize(list.exponents);
        break;
      case "concat":
        list.lists.forEach((part) => this.listSize(part));
        break;
      case "constant": {
        const { value } = this.world.constant(list.constant);
        if (!("type" in value)) this.listSize(value);
        break;
      }
      case "case":
        this.structure(list.subject);
        list.arms.forEach((arm) => this.listSize(arm));
    }
  }

  private expr(expr: Expr, cut: Cut): void {
    if (!this.isNew(expr, cut)) return;
    const { axes, structural } = this.found;
    switch (expr.kind) {
      case "sweep":
        axes.add(expr.axis);
        return;
      case "constant":
        sweepsOf(this.world, expr).forEach((axis) => axes.add(axis));
        return;
      case "size":
        this.axis(expr.axis);
        return;
      case "index":
        this.axis(expr.index.axis);
        return;
      case "case":
        // Only the chosen arm is compiled: each label is a program of its own.
        if (expr.subject.kind === "sweep") structural.add(expr.subject.axis);
        break;
      case "element":
        sweepsOf(this.world, expr.list).forEach((axis) => axes.add(axis));
        this.listSize(expr.list);
        listParts(expr.list).forEach((part) => this.expr(part, cut));
        break;
      case "reduce":
      case "normalise":
        this.indices(expr.over);
        break;
      case "cross_entropy":
        this.indices([expr.over]);
        break;
      case "matrix":
        this.indices([expr.rows, expr.columns, ...expr.results]);
        break;
      case "assemble":
        this.indices([expr.index, ...expr.pieces.flatMap(({ indices }) => indices)]);
        break;
      case "read":
        this.definition(expr.definition, cut);
        break;
      case "grad":
      case "sharpness":
        this.definition(expr.by, cut);
        break;
      case "with": {
        const inner = cutBy(
          cut,
          expr.replacements.map(({ definition }) => definition),
        );
        for (const { definition, value } of expr.replacements) {
          this.indices(this.world.definition(definition).axes);
          this.expr(value, cut);
        }
        this.expr(expr.body, inner);
        return;
      }
      default:
    }
    parts(expr).forEach((part) => this.expr(part, cut));
  }
}

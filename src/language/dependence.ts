/** What each phase depends on: sweep variables, shapes, and the phases that ran before it. */
import { rootOf } from "./made-axes.js";
import { madeOf } from "./made-of.js";
import { listParts, parts, sweepsOf } from "./mentions.js";
import type { PhaseBody } from "./phases.js";
import { inTurn, type PhaseRun } from "./sequences.js";
import type {
  AxisId,
  Definition,
  DefinitionId,
  Draw,
  Expr,
  Index,
  ListExpr,
  Phase,
  PhaseStatement,
  Steps,
} from "./typed.js";
import { unknownAxis, type World } from "./world.js";

interface Found {
  readonly axes: Set<AxisId>;
  readonly structural: Set<AxisId>;
  readonly after: Set<string>;
}

/** What something depends on, up to the parameters and states that an earlier phase may have changed. */
interface Reach extends Found {
  readonly changeable: readonly { readonly id: DefinitionId; readonly cut: Cut }[];
}

/** Phases with what they change and depend on, in the order in which they run: those of a sequence once for each turn. */
export function dependOn(world: World, bodies: readonly PhaseBody[]): readonly Phase[] {
  const runs = inTurn(world, bodies);
  const reaches = new Reaches(world);
  const varies = new Map<string, Varying>();
  for (;;) {
    const phases = new Order(world, varies, reaches).run(runs);
    // What a phase varies with is the same in all turns, and goes on to those that come later in the text.
    const grown = phases.filter((phase) => widen(varies, phase));
    if (grown.length === 0) return phases;
  }
}

interface Varying {
  readonly axes: Set<AxisId>;
  readonly structural: Set<AxisId>;
}

function widen(varies: Map<string, Varying>, { name, axes, structural, turn }: Phase): boolean {
  if (turn.size === 0) return false;
  const known = varies.get(name) ?? { axes: new Set(), structural: new Set() };
  varies.set(name, known);
  const before = known.axes.size + known.structural.size;
  axes.forEach((axis) => known.axes.add(axis));
  structural.forEach((axis) => known.structural.add(axis));
  return known.axes.size + known.structural.size > before;
}

/** Phases one after the other, with what they leave behind. */
class Order {
  private readonly lastChange = new Map<DefinitionId, Phase>();
  private readonly latest = new Map<string, Phase>();
  private readonly walked = new Map<string, Found>();

  constructor(
    private readonly world: World,
    private readonly varies: ReadonlyMap<string, Varying>,
    private readonly reaches: Reaches,
  ) {}

  run(runs: readonly PhaseRun[]): readonly Phase[] {
    return runs.map((one) => this.phase(one));
  }

  private phase({ body, turn }: PhaseRun): Phase {
    const changes = changesOf(body, turn);
    const isOwn = (id: DefinitionId): boolean => this.world.definition(id).name.startsWith(`${body.name}.`);
    const goOn = optimizerStates(body);
    const earlierOf = (id: DefinitionId): string | undefined => {
      // What an earlier turn of the phase itself declared starts afresh; its optimizers go on.
      const isFresh = body.sequences !== undefined && isOwn(id) && !goOn.has(id);
      return isFresh ? undefined : this.lastChange.get(id)?.name;
    };
    const { axes, structural, after } = this.walk(body, changes, earlierOf);
    const earlier = [...this.latest.values()].filter(({ name }) => after.has(name));
    const known = this.varies.get(body.name);
    const all = {
      axes: new Set([...axes, ...structural, ...turn.keys(), ...(known?.axes ?? [])]),
      structural: new Set([...structural, ...(known?.structural ?? [])]),
    };
    for (const phase of earlier) outside(phase, turn).forEach((axis) => all.axes.add(axis));
    const ordered = (ids: ReadonlySet<AxisId>): readonly AxisId[] => [...ids].sort((a, b) => a - b);
    const { sequences: _, ...rest } = body;
    const phase: Phase = {
      ...rest,
      changes,
      after: earlier.map(({ name }) => name),
      from: earlier.map((source) => source.turn),
      starts: new Map(
        [...this.lastChange].flatMap(([id, { name }]) =>
          after.has(name) && earlierOf(id) !== undefined ? [[id, name] as const] : [],
        ),
      ),
      turn,
      axes: ordered(all.axes),
      structural: ordered(all.structural),
    };
    // In the order of their last turns.
    this.latest.delete(phase.name);
    this.latest.set(phase.name, phase);
    for (const id of changes) this.lastChange.set(id, phase);
    return phase;
  }

  /** Turns that find the same things behind them depend on the same. */
  private walk(
    body: PhaseBody,
    changes: readonly DefinitionId[],
    earlierOf: (id: DefinitionId) => string | undefined,
  ): Found {
    const before = [...this.lastChange.keys()].map((id) => `${id} ${earlierOf(id) ?? ""}`).sort();
    const key = `${body.name} ${before.join(" ")}`;
    const known = this.walked.get(key);
    if (known !== undefined) return known;
    const found = this.reaches.phase(body, changes, earlierOf);
    this.walked.set(key, found);
    return found;
  }
}

/** The axes of an earlier phase; not those of its sequences, of which one turn is read. */
const outside = ({ axes, turn: before }: Phase, turn: Phase["turn"]): readonly AxisId[] =>
  axes.filter((axis) => turn.has(axis) || !before.has(axis));

/** Parameters and states that statements change; an optimizer's own states are listed with it, but go on in a sequence. */
function changesOf(body: PhaseBody, turn: Phase["turn"]): readonly DefinitionId[] {
  const changed = new Set<DefinitionId>();
  for (const statement of body.statements) {
    if (statement.kind === "assign") statement.assignment.targets.forEach((target) => changed.add(target.definition));
    if (statement.kind === "minimize") statement.updates.forEach((update) => changed.add(update.parameter));
  }
  if (turn.size > 0) optimizerStates(body).forEach((id) => changed.add(id));
  return [...changed];
}

const optimizerStates = ({ statements }: PhaseBody): ReadonlySet<DefinitionId> =>
  new Set(
    statements.flatMap((statement) =>
      statement.kind === "minimize"
        ? [...statement.prepared.states, ...statement.updates.flatMap((update) => (update.fresh ? [] : update.states))]
        : [],
    ),
  );

/** Tensors that are replaced. */
interface Cut {
  readonly ids: ReadonlySet<DefinitionId>;
  readonly key: string;
}
const none: Cut = { ids: new Set(), key: "" };

function cutBy(cut: Cut, more: readonly DefinitionId[]): Cut {
  const ids = new Set([...cut.ids, ...more]);
  return { ids, key: [...ids].sort((a, b) => a - b).join() };
}

/** What phases and initial values reach; each is walked through once, in however many turns it is read. */
class Reaches {
  private readonly bodies = new Map<PhaseBody, Reach>();
  private readonly initials = new Map<string, Reach>();

  constructor(private readonly world: World) {}

  /** `earlierOf`: the phase that changed a parameter or state last. */
  phase(body: PhaseBody, changes: readonly DefinitionId[], earlierOf: (id: DefinitionId) => string | undefined): Found {
    const known = this.bodies.get(body) ?? new Walk(this.world).phase(body, changes);
    this.bodies.set(body, known);
    const found: Found = { axes: new Set(), structural: new Set(), after: new Set() };
    const done = new Set<string>();
    const add = (reach: Reach): void => {
      reach.axes.forEach((axis) => found.axes.add(axis));
      reach.structural.forEach((axis) => found.structural.add(axis));
      reach.after.forEach((phase) => found.after.add(phase));
      for (const { id, cut } of reach.changeable) {
        const key = `${id} ${cut.key}`;
        if (done.has(key)) continue;
        done.add(key);
        const earlier = earlierOf(id);
        if (earlier === undefined) add(this.initial(key, id, cut));
        else found.after.add(earlier);
      }
    };
    add(known);
    return found;
  }

  private initial(key: string, id: DefinitionId, cut: Cut): Reach {
    const known = this.initials.get(key) ?? new Walk(this.world).initial(id, cut);
    this.initials.set(key, known);
    return known;
  }
}

class Walk {
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

  private draw(draw: Draw, cut: Cut): void {
    const { distribution, by } = draw;
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

/** Whether a tensor depends on a parameter, a state or the step: then it has no single value in a run. */
export function changesDuringRuns(world: World, id: DefinitionId): boolean {
  const seen = new Set<unknown>();
  const visitDefinition = (definition: Definition): boolean => {
    if (seen.has(definition)) return false;
    seen.add(definition);
    const { body } = definition;
    if (body.kind === "param" || body.kind === "state" || body.kind === "gradient" || body.kind === "left") return true;
    if (body.kind === "equation") return visit(body.value);
    if (body.kind === "literal") return body.entries.some(visit);
    if (body.kind === "stacked" || body.kind === "scanned" || body.kind === "scan stack")
      return madeOf(world, definition).definitions.some((part) => visitDefinition(world.definition(part)));
    if (body.kind !== "draw") return false;
    if (body.each !== undefined) return true;
    const { distribution } = body.draw;
    if (distribution.kind === "normal") return visit(distribution.mean) || visit(distribution.sd);
    if (distribution.kind === "uniform") return visit(distribution.low) || visit(distribution.high);
    if (distribution.kind === "categorical") return visit(distribution.weights);
    if (distribution.kind === "gamma") return visit(distribution.shape) || visit(distribution.scale);
    if (distribution.kind === "poisson") return visit(distribution.mean);
    return distribution.kind === "bernoulli" && visit(distribution.p);
  };
  const visit = (expr: Expr): boolean => {
    if (seen.has(expr)) return false;
    seen.add(expr);
    if (expr.kind === "step") return true;
    if (expr.kind === "read" && visitDefinition(world.definition(expr.definition))) return true;
    if ((expr.kind === "grad" || expr.kind === "sharpness") && visitDefinition(world.definition(expr.by))) return true;
    return parts(expr).some(visit);
  };
  return visitDefinition(world.definition(id));
}

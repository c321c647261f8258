/**
 * Definitions that claims and charts name although no phase records them: which sweeps they vary with, and the measures
 * that store them. One measure for each set of sweeps, so that nothing is computed more often than it varies.
 */
import { readsOf, sweepsOf, parts } from "../mentions.js";
import type { Axis, AxisId, Constant, ConstantId, DefinitionBody, DefinitionId, Experiment, Expr, ListExpr, Phase } from "../typed.js";

export interface Dependence {
  readonly axes: ReadonlySet<AxisId>;
  readonly structural: ReadonlySet<AxisId>;
}

/** The phase that stores such definitions, numbered from 1. No name of a spec begins like this. */
export const implicitPhase = (number: number): string => `__definitions${String(number)}`;

/** The sweeps that a definition depends on, through all that it reads. */
export function dependenceOf(experiment: Experiment, root: DefinitionId): Dependence {
  const axes = new Set<AxisId>();
  const structural = new Set<AxisId>();
  const world: { axes: Map<AxisId, Axis>; constants: Map<ConstantId, Constant> } = {
    axes: new Map(experiment.axes),
    constants: new Map(experiment.constants),
  };
  const shape = (value: Expr | ListExpr): void => {
    for (const axis of sweepsOf(world, value)) {
      axes.add(axis);
      structural.add(axis);
    }
  };
  const visitAxis = (id: AxisId): void => {
    const kind = experiment.axes.get(id)?.kind;
    if (kind?.kind === "plain") shape(kind.size);
    else if (kind?.kind === "coordinates") shape(kind.values);
    else if (kind?.kind === "range") [kind.from, kind.to].forEach(shape);
  };
  const visitExpr = (expr: Expr): void => {
    for (const axis of sweepsOf(world, expr)) axes.add(axis);
    chosenBy(expr, (subject) => { shape(subject); });
  };
  const seen = new Set<DefinitionId>();
  const visit = (id: DefinitionId): void => {
    if (seen.has(id)) return;
    seen.add(id);
    const definition = experiment.definitions.get(id);
    if (definition === undefined) return;
    for (const index of definition.axes) visitAxis(index.axis);
    const { body } = definition;
    if ((body.kind === "draw" && body.draw.by === null)) addSeed(experiment, axes);
    for (const expr of expressionsOf(body)) {
      visitExpr(expr);
      readsOf(expr).forEach(visit);
    }
  };
  visit(root);
  return { axes, structural };
}

function addSeed(experiment: Experiment, axes: Set<AxisId>): void {
  for (const axis of experiment.axes.values()) if (axis.kind.kind === "sweep" && axis.name === "seed") axes.add(axis.id);
}

/** Subjects of all `case`s in an expression: each of their labels is a program of its own. */
function chosenBy(expr: Expr, tell: (subject: Expr) => void): void {
  if (expr.kind === "case") tell(expr.subject);
  for (const part of parts(expr)) chosenBy(part, tell);
}

function expressionsOf(body: DefinitionBody): readonly Expr[] {
  switch (body.kind) {
    case "equation":
      return [body.value];
    case "literal":
      return body.entries;
    case "draw": {
      const { distribution, by } = body.draw;
      const { kind } = distribution;
      const own =
        kind === "normal" ? [distribution.mean, distribution.sd]
        : kind === "uniform" ? [distribution.low, distribution.high]
        : kind === "bernoulli" ? [distribution.p]
        : [];
      return [...own, ...(by ?? [])];
    }
    default:
      return [];
  }
}

/** A definition that has to be stored, and where. */
export interface Needed {
  readonly definition: DefinitionId;
  readonly phase: string;
  /** What it is called there. */
  readonly name: string;
  readonly dependence: Dependence;
}

/** The experiment with a measure for what its claims, charts and prose need beside the records. */
export function withImplicitMeasures(experiment: Experiment, needed: readonly Needed[]): Experiment {
  const names = [...new Set(needed.map(({ phase }) => phase))];
  const order = experiment.sweeps.flatMap((sweep) => sweep.axes);
  const measures = names.map((name): Phase => {
    const own = needed.filter(({ phase }) => phase === name);
    const has = (set: "axes" | "structural"): readonly AxisId[] => order.filter((axis) => own.some(({ dependence }) => dependence[set].has(axis)));
    return {
      name,
      sort: "measure",
      count: null,
      statements: [],
      stop: null,
      records: [],
      results: own.map((entry) => ({ name: entry.name, definition: entry.definition })),
      changes: [],
      after: [],
      axes: has("axes"),
      structural: has("structural"),
      span: experiment.definitions.get(own[0]?.definition ?? -1)?.span ?? experiment.span,
    };
  });
  return measures.length === 0 ? experiment : { ...experiment, phases: [...experiment.phases, ...measures] };
}

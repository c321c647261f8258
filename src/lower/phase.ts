/** A phase to a program for one run, at one set of structural values. */
import { UserError } from "../base/diagnostic.js";
import { Builder } from "../ir/builder.js";
import { gradient } from "../ir/derive.js";
import { cleared, maskPadding } from "../ir/padding.js";
import type { Carried, Output, Program, RecordGroup, ValueId } from "../ir/types.js";
import { evaluateConstant } from "../language/constants.js";
import type {
  Assignment,
  AxisId,
  Definition,
  DefinitionId,
  Experiment,
  Expr,
  Phase,
  PhaseStatement,
} from "../language/typed.js";
import { definitionOf, Environment, dtypeOf, type Context } from "./context.js";
import { dimsOf, inputValue, lowerDefinition, lowerInitial } from "./definitions.js";
import { guarded, lowerExpr, lowerReal, spread, toDType } from "./expressions.js";
import { oneAfterTheOther } from "./asynchronous.js";
import { covers, intRanges } from "./ranges.js";
import { keepDraws } from "./kept-draws.js";
import type { Padding } from "./padding.js";
import { recordedSteps } from "./schedule.js";
import { madeInStep, snapshots, type Made } from "./stepwise.js";

export interface LoweredPhase {
  readonly program: Program;
  /** What each run's scalars are, by number. */
  readonly scalars: readonly Expr[];
  readonly results: readonly LoweredResult[];
  /** T; 0 for a measure. */
  readonly steps: number;
  readonly groups: readonly (readonly number[])[];
}
export interface LoweredResult {
  readonly name: string;
  readonly definition: DefinitionId;
  readonly from:
    | { readonly kind: "record"; readonly group: number; readonly entry: number }
    | { readonly kind: "output"; readonly entry: number }
    | { readonly kind: "carried"; readonly index: number };
  /** Only later phases read it. */
  readonly hidden: boolean;
}

/** The name under which a later phase finds the final value of a parameter or state. */
export function finalName(definition: Definition): string {
  return `final ${definition.name}`;
}

/**
 * Lowers a phase; `UserError` where the point itself is wrong (a size, a step count), `NotPaddable` where it does not go with padding.
 */
export function lowerPhase(
  experiment: Experiment,
  phase: Phase,
  structural: ReadonlyMap<AxisId, number>,
  padding: Padding | null = null,
): LoweredPhase {
  const first = newContext(experiment, phase, { structural, padding, ranges: new Map() });
  const lowered = lowerIn(first, phase);
  const masked = (found: LoweredPhase): LoweredPhase => ({ ...found, program: maskPadding(found.program) });
  // Ints that are sure to stay small need not be watched, and are added up as floats.
  const ranges = intRanges(first, lowered.program.loop?.carried ?? []);
  if (ranges.size === 0) return masked(lowered);
  const second = newContext(experiment, phase, { structural, padding, ranges });
  const again = lowerIn(second, phase);
  // Ranges go by places in a program: those of this one have to be within what it was made with.
  return masked(covers(ranges, intRanges(second, again.program.loop?.carried ?? [])) ? again : lowered);
}

function lowerIn(context: Context, phase: Phase): LoweredPhase {
  const start = startOf(context, phase);
  context.start = start;
  return phase.sort === "measure" ? lowerMeasure(context, phase, start) : lowerTrain(context, phase, start);
}

function newContext(
  experiment: Experiment,
  phase: Phase,
  { structural, padding, ranges }: Pick<Context, "structural" | "padding" | "ranges">,
): Context {
  const builder = new Builder();
  return {
    experiment,
    phase: phase.name,
    builder,
    beginning: Environment.empty.with([]),
    start: Environment.empty,
    structural,
    padding,
    scalars: [],
    scalarOf: new Map(),
    inputOf: new Map(),
    dimOf: new Map(),
    intBounds: new Map(),
    ranges,
    madeDims: new Map(),
    guards: [],
    step: phase.sort === "train" ? builder.step() : null,
  };
}

/** What earlier phases left behind. */
function startOf(context: Context, phase: Phase): Environment {
  const values = [...phase.starts].map(([id, from]) => {
    const definition = definitionOf(context, id);
    const type = { dtype: dtypeOf(context, definition.type), dims: dimsOf(context, definition) };
    const source = { kind: "result" as const, phase: from, value: finalName(definition) };
    return [id, inputValue(context, `result ${id}`, { name: definition.name, type, source })] as const;
  });
  return Environment.empty.with(values);
}

function lowerMeasure(context: Context, phase: Phase, start: Environment): LoweredPhase {
  const outputs: Output[] = [];
  const results = phase.results.map(({ name, definition }, entry): LoweredResult => {
    outputs.push({ name, value: ordered(context, start, definition) });
    return { name, definition, from: { kind: "output", entry }, hidden: false };
  });
  return { program: finish(context, null, outputs), scalars: context.scalars, results, steps: 0, groups: [] };
}

function lowerTrain(context: Context, phase: Phase, start: Environment): LoweredPhase {
  const { builder } = context;
  const carriedIds = carriedDefinitions(phase);
  const beginning = start.with(noGradients(context, phase));
  const inits = carriedIds.map((id) => initialValue(context, beginning, definitionOf(context, id)));
  const currents = carriedIds.map((id) => {
    const definition = definitionOf(context, id);
    return builder.carried({ dtype: dtypeOf(context, definition.type), dims: dimsOf(context, definition) });
  });
  const before = start.with(carriedIds.map((id, k) => [id, currents[k] ?? 0] as const));
  const kept = keepDraws(context, start, phase);
  const withKept = before.with(kept.map(({ definition, current }) => [definition.id, current] as const));
  const current = withKept.with(phase.draws.map((id) => [id, lowerDefinition(context, withKept, id)] as const));

  const stop = phase.stop === null ? null : lowerExpr(context, current, phase.stop);
  const groups: RecordGroup[] = [];
  const results: LoweredResult[] = [];
  const made: Made[] = [];
  phase.records.forEach((block, group) => {
    const entries = block.entries.map(({ name, definition }, entry) => {
      results.push({ name, definition, from: { kind: "record", group, entry }, hidden: block.hidden === true });
      if (block.steps.kind !== "stepwise") return { name, value: ordered(context, current, definition) };
      const one = madeInStep(context, definition);
      made.push(one);
      return { name, value: one.current };
    });
    groups.push({ entries });
  });

  const after = lowerStatements(context, current, phase.statements);
  const inStep = current.with(snapshots(phase.statements, after));
  const carried = carriedIds.map((id, k): Carried => {
    const definition = definitionOf(context, id);
    const type = { dtype: dtypeOf(context, definition.type), dims: dimsOf(context, definition) };
    const next = builder.broadcast(spread(context, after.get(id) ?? currents[k] ?? 0, type.dims), type.dims);
    const real = type.dtype === "f32" || type.dtype === "f64";
    return {
      name: definition.name,
      role: definition.body.kind === "param" ? "parameter" : "state",
      type,
      init: inits[k] ?? 0,
      next,
      watched: real,
    };
  });
  // In a sequence always, so that more turns do not change the program of those before.
  const isRead = phase.turn.size > 0 || context.experiment.phases.some((later) => later.after.includes(phase.name));
  const read = new Set(isRead ? phase.changes : []);
  carriedIds.forEach((id, index) => {
    if (read.has(id))
      results.push({
        name: finalName(definitionOf(context, id)),
        definition: id,
        from: { kind: "carried", index },
        hidden: true,
      });
  });
  const steps = stepCount(context, phase);
  const records = made.map((one) => one.carried(ordered(context, inStep, one.definition)));
  const all = [...carried, ...kept.map((draw) => draw.carried), ...records].map((value): Carried => ({
    ...value,
    init: cleared(builder, value.init),
    next: cleared(builder, value.next),
  }));
  return {
    program: finish(context, { carried: all, stop, groups }, []),
    scalars: context.scalars,
    results,
    steps,
    groups: phase.records.map((block) =>
      recordedSteps(block, steps, { experiment: context.experiment, sweeps: context.structural }),
    ),
  };
}

function finish(context: Context, loop: Program["loop"], outputs: readonly Output[]): Program {
  return context.builder.finish({ name: `${context.experiment.name}.${context.phase}`, loop, outputs });
}

/** Everything that a phase's statements change: parameters, states, and the optimizers' own states. */
function carriedDefinitions(phase: Phase): readonly DefinitionId[] {
  const states = phase.statements.flatMap((statement) =>
    statement.kind === "minimize"
      ? [...statement.prepared.states, ...statement.updates.flatMap((update) => update.states)]
      : [],
  );
  return [...new Set([...phase.changes, ...states])];
}

/** Before the first step gradients are 0: `state m = 0 * grad`. */
function noGradients(context: Context, phase: Phase): readonly (readonly [DefinitionId, ValueId])[] {
  const { builder } = context;
  const gradients = phase.statements.flatMap((statement) =>
    statement.kind === "minimize" ? statement.updates.map((update) => update.gradient) : [],
  );
  return gradients.map((id) => [id, builder.constant(0, dtypeOf(context, { kind: "real" }))] as const);
}

function initialValue(context: Context, start: Environment, definition: Definition): ValueId {
  const dims = dimsOf(context, definition);
  const value = start.get(definition.id) ?? lowerInitial(context, start, definition);
  return context.builder.broadcast(spread(context, value, dims), dims);
}

/** A definition's value over all its own dims, in their order: what crosses the boundary. */
function ordered(context: Context, environment: Environment, id: DefinitionId): ValueId {
  const definition = definitionOf(context, id);
  const dims = dimsOf(context, definition);
  const value = spread(context, lowerDefinition(context, environment, id), dims);
  const extra = context.builder.dimsOf(value).filter((dim) => !dims.includes(dim));
  if (extra.length > 0) throw new Error(`\`${definition.name}\` varies over an axis that is not on its left side`);
  return cleared(context.builder, context.builder.broadcast(value, dims));
}

function stepCount(context: Context, phase: Phase): number {
  if (phase.count === null) return 0;
  const steps = evaluateConstant(phase.count, { experiment: context.experiment, sweeps: context.structural });
  if (Number.isInteger(steps) && steps >= 0 && steps <= 2 ** 31 - 2) return steps;
  throw new UserError({
    code: "AM4030",
    severity: "error",
    message: `\`${phase.name}\` runs for ${steps} steps`,
    span: phase.count.span,
    help: "the number of steps is an integer from 0 to 2 147 483 646",
  });
}

/** Carries out statements in the order written; returns the place after them. */
function lowerStatements(context: Context, before: Environment, statements: readonly PhaseStatement[]): Environment {
  return statements.reduce((environment, statement) => lowerStatement(context, environment, statement), before);
}

function lowerStatement(context: Context, environment: Environment, statement: PhaseStatement): Environment {
  switch (statement.kind) {
    case "snapshot":
      return environment.with([[statement.definition, lowerDefinition(context, environment, statement.definition)]]);
    case "assign": {
      const { targets, asynchronously } = statement.assignment;
      const change = (target: Assignment["targets"][number]): ValueId =>
        asynchronously === undefined
          ? assigned(context, environment, target)
          : oneAfterTheOther(context, environment, target, asynchronously, assigned);
      return environment.with(targets.map((target) => [target.definition, change(target)] as const));
    }
    case "minimize":
      return lowerMinimize(context, environment, statement);
  }
}

function assigned(context: Context, environment: Environment, target: Assignment["targets"][number]): ValueId {
  const { builder } = context;
  const definition = definitionOf(context, target.definition);
  const dtype = dtypeOf(context, definition.type);
  const from = dimsOf(context, { ...definition, axes: target.axes });
  const to = dimsOf(context, definition);
  const lower = (): ValueId =>
    dtype === context.experiment.precision
      ? lowerReal(context, environment, target.value)
      : toDType(context, lowerExpr(context, environment, target.value), dtype);
  if (target.where === null) return builder.relabel(spread(context, lower(), from), from, to);
  const condition = lowerExpr(context, environment, target.where);
  const old = builder.relabel(spread(context, lowerDefinition(context, environment, target.definition), to), to, from);
  const value = builder.select(condition, guarded(context, condition, lower), old);
  return builder.relabel(spread(context, value, from), from, to);
}

/** All gradients are taken first, at the same values; then each parameter is updated. */
function lowerMinimize(
  context: Context,
  environment: Environment,
  statement: Extract<PhaseStatement, { kind: "minimize" }>,
): Environment {
  const { builder } = context;
  const objective = lowerReal(context, environment, statement.objective);
  const parameters = statement.updates.map((update) => lowerDefinition(context, environment, update.parameter));
  const gradients = gradient(builder, objective, parameters);
  const all = statement.updates.map((update, k) => {
    const from = dimsOf(context, definitionOf(context, update.parameter));
    const to = dimsOf(context, definitionOf(context, update.gradient));
    return [update.gradient, builder.relabel(spread(context, gradients[k] ?? 0, from), from, to)] as const;
  });
  const prepared = lowerStatements(context, environment.with(all), statement.prepared.statements);
  return statement.updates.reduce((current, update) => lowerStatements(context, current, update.statements), prepared);
}

/** A phase's points, programs and blocks. */
import type { Input } from "../ir/types.js";
import { rootOf } from "../language/made-axes.js";
import { axisCoordinates, evaluateConstant } from "../language/constants.js";
import type { AxisId, Experiment, Expr, Index, Phase } from "../language/typed.js";
import { checkedInt } from "../lower/ints.js";
import type { Padding } from "../lower/padding.js";
import { lowerPhase, type LoweredPhase } from "../lower/phase.js";
import { runsPerBlock, slotsPerCall } from "./blocks.js";
import type { Assignment, Expansion } from "./expand.js";
import { bits, hash, keyProgram, leftBehindKey, readKeys, type KeyedProgram } from "./keys.js";
import type { BlockPlan, PhasePlan, PointPlan, ProgramPlan, ResultAxisPlan, ResultPlan } from "./types.js";
import { programsFor, type Served, type Shape } from "./shapes.js";
import { varyingValues } from "./varying.js";

/** Final values of everything carried are kept up to this size, over all runs of a program. */
const KEPT_STATE_BYTES = 256 * 2 ** 20;

interface DraftPoint {
  readonly position: readonly number[];
  readonly values: Assignment;
}

/** Plans the phases of an experiment one by one. */
export class PhasePlanner {
  private readonly lowered = new Map<string, LoweredPhase>();
  /** What each phase varies over at one turn: sweeps, and their points. */
  private readonly spreads = new Map<string, { readonly axes: number; readonly points: number }>();

  constructor(
    private readonly experiment: Experiment,
    private readonly expansion: Expansion,
    /** By name; of a phase in a sequence all turns so far. */
    private readonly earlier: ReadonlyMap<string, PhasePlan>,
    private readonly options: { readonly engine: string; readonly padding: boolean },
  ) {}

  /** One turn of a phase; what it reads is planned already. */
  plan(phase: Phase): PhasePlan {
    const drafts = pointsOf(phase, this.expansion);
    const shapes = shapesOf(phase, drafts);
    const served = programsFor(shapes, {
      experiment: this.experiment,
      mayPad: this.options.padding && phase.turn.size === 0,
      lower: (structural, padding) => this.lower(phase, structural, padding),
    });
    this.spreads.set(phase.name, { axes: phase.axes.length - phase.turn.size, points: drafts.length });
    const { experiment, expansion, earlier, spreads } = this;
    const { engine } = this.options;
    return planned(phase, drafts, shapes, served, { experiment, expansion, earlier, engine, spreads });
  }

  /** Turns that begin with the same things have one program, unless their values decide about shapes. */
  private lower(phase: Phase, structural: Shape["structural"], padding: Padding | null): LoweredPhase {
    if (padding !== null) return lowerPhase(this.experiment, phase, structural, padding);
    const key = JSON.stringify([phase.name, [...structural], [...phase.starts], phase.after]);
    const known = this.lowered.get(key) ?? lowerPhase(this.experiment, phase, structural);
    this.lowered.set(key, known);
    return known;
  }
}

interface Surroundings {
  readonly experiment: Experiment;
  readonly expansion: Expansion;
  readonly earlier: ReadonlyMap<string, PhasePlan>;
  readonly engine: string;
  readonly spreads: Spreads;
}

type Spreads = ReadonlyMap<string, { readonly axes: number; readonly points: number }>;

function planned(
  phase: Phase,
  drafts: readonly DraftPoint[],
  shapes: readonly Shape[],
  served: readonly Served[],
  { experiment, expansion, earlier, engine, spreads }: Surroundings,
): PhasePlan {
  const sources = sourcesOf(phase, expansion, drafts, earlier);
  const seedAxis = [...experiment.axes.values()].find((axis) => axis.kind.kind === "sweep" && axis.name === "seed");

  const programs: ProgramPlan[] = [];
  const points: PointPlan[] = [];
  const isOneEach = served.every(({ shapes }, number) => shapes.length === 1 && shapes[0] === number);
  const shapeOf = new Map(shapes.flatMap(({ points }, shape) => points.map((point) => [point, shape] as const)));
  served.forEach((program, number) => {
    const { lowered: lowering, slice } = program;
    const own = program.shapes.flatMap((shape) => shapes[shape]?.points ?? []).sort((a, b) => a - b);
    // Padded programs of files of several sizes once read the file of another point: what they computed then has other keys.
    const reading = program.padding === null ? "" : " by its own point";
    const keyed = keyProgram(lowering, engine, (dataset) => `${experiment.datasets[dataset]?.sha256 ?? ""}${reading}`);
    const draft = draftProgram(experiment, program, keyed, phase, own.length, spreads, engine);
    const blocks: BlockPlan[] = [];
    for (let from = 0; from < own.length; from += draft.runs) {
      const members = own.slice(from, from + draft.runs);
      members.forEach((point, place) => {
        const values = drafts[point]?.values ?? new Map<AxisId, number>();
        const scalars = lowering.scalars.map((scalar) => scalarAt(experiment, scalar, values));
        const seed = seedAxis === undefined || !phase.axes.includes(seedAxis.id) ? 0 : (values.get(seedAxis.id) ?? 0);
        const from = sources[point] ?? [];
        const sourceKeys = phase.after.map((name, k) => earlier.get(name)?.points[from[k] ?? -1]?.key ?? "");
        const key = hash([
          draft.key,
          bits(slice.scalars.map((scalar) => scalars[scalar] ?? 0)),
          slice.usesSeed ? bits([seed]) : "",
          ...sourceKeys,
        ]);
        const resultKey = (name: string, value: string): string => {
          const source = earlier.get(name);
          return source === undefined ? "" : leftBehindKey(source, from[phase.after.indexOf(name)] ?? -1, value);
        };
        points[point] = {
          position: drafts[point]?.position ?? [],
          program: number,
          ...(isOneEach ? {} : { shape: shapeOf.get(point) ?? 0 }),
          block: blocks.length,
          place,
          scalars,
          seed,
          sources: from,
          reads: readKeys(keyed.reads, scalars, seed, resultKey),
          key,
        };
      });
      blocks.push({ key: hash([draft.key, ...members.map((point) => points[point]?.key ?? "")]), points: members });
    }
    programs.push({ ...draft, blocks });
  });
  const names = phase.axes.map((axis) => experiment.axes.get(axis)?.name ?? "");
  return {
    name: phase.name,
    sort: phase.sort,
    after: phase.after,
    axes: names,
    holds: phase.holds,
    results: resultsOf(experiment, phase, shapes, served),
    programs,
    points,
  };
}

function draftProgram(
  experiment: Experiment,
  { lowered: lowering, program, slice, cost, fixed }: Served,
  { meanings }: KeyedProgram,
  phase: Phase,
  points: number,
  spreads: Spreads,
  engine: string,
): Omit<ProgramPlan, "blocks"> {
  const varying = varyingValues(program, inputVaries(phase, fixed, spreads));
  const varies = varying.size > 0;
  const runs = runsPerBlock(cost, varies);
  const slots = Math.max(0, ...lowering.groups.map((steps) => steps.length));
  const perCall = slotsPerCall(cost, runs, slots);
  // What is read from files is what it is by their contents.
  const files = program.inputs.flatMap(({ source }) =>
    source.kind === "data" ? [experiment.datasets[source.dataset]?.sha256 ?? ""] : [],
  );
  const key = hash([
    slice.hash,
    JSON.stringify([lowering.steps, lowering.groups, [...varying], runs, perCall, engine, files]),
  ]);
  return {
    key,
    program,
    varying: [...varying],
    runs,
    slotsPerCall: perCall,
    steps: lowering.steps,
    groups: lowering.groups,
    scalars: lowering.scalars.length,
    meanings,
    keepsState: cost.stateBytes * points <= KEPT_STATE_BYTES,
    cost: { flopsPerStep: cost.flopsPerStep, stateBytes: cost.stateBytes, recordBytes: cost.slotBytes * slots },
  };
}

/** With one point nothing varies; a draw varies with the seed, scalars by their making, results with their phase. */
function inputVaries(phase: Phase, fixed: Served["fixed"], spreads: Spreads): (input: Input) => boolean {
  const structural = [...fixed].filter((axis) => !phase.turn.has(axis)).length;
  const batched = phase.axes.length - phase.turn.size > structural;
  return ({ source }) => {
    if (!batched) return false;
    switch (source.kind) {
      case "scalar":
      case "draw":
      case "key":
        return true;
      case "data":
        return false;
      case "result": {
        const { axes = 0, points = 0 } = spreads.get(source.phase) ?? {};
        return axes > structural || points > 1;
      }
    }
  };
}

function pointsOf(phase: Phase, expansion: Expansion): readonly DraftPoint[] {
  const columns = phase.axes.map((axis) => {
    const sweep = expansion.sweeps[expansion.axes.indexOf(axis)];
    const values = sweep?.coordinates ?? [];
    return { axis, values, places: new Map(values.map((value, k) => [value, k])) };
  });
  const drafts = new Map<string, DraftPoint>();
  for (const point of expansion.points) {
    const position = columns.map(({ axis, places }) => phase.turn.get(axis) ?? places.get(point.get(axis) ?? 0) ?? 0);
    const key = position.join(",");
    if (!drafts.has(key))
      drafts.set(key, {
        position,
        values: new Map(columns.map(({ axis, values }, k) => [axis, values[position[k] ?? 0] ?? 0])),
      });
  }
  return [...drafts.values()];
}

function shapesOf(phase: Phase, drafts: readonly DraftPoint[]): readonly Shape[] {
  const shapes = new Map<string, { readonly structural: Shape["structural"]; readonly points: number[] }>();
  drafts.forEach(({ values }, number) => {
    const structural = new Map(phase.structural.map((axis) => [axis, values.get(axis) ?? 0]));
    const key = [...structural.values()].join(",");
    const shape = shapes.get(key) ?? { structural, points: [] };
    shape.points.push(number);
    shapes.set(key, shape);
  });
  return [...shapes.values()];
}

/** For each point the numbers of the earlier phases' points that it reads. */
function sourcesOf(
  phase: Phase,
  expansion: Expansion,
  drafts: readonly DraftPoint[],
  earlier: ReadonlyMap<string, PhasePlan>,
): readonly (readonly number[])[] {
  const lookups = phase.after.map((name, k) => {
    const turn = new Map([...(phase.from[k] ?? [])].map(([axis, number]) => [nameOf(expansion, axis), number]));
    const plan = earlier.get(name);
    const numbers = new Map((plan?.points ?? []).map((point, k) => [point.position.join(","), k]));
    const columns = (plan?.axes ?? []).map((axis) => ({
      fixed: turn.get(axis),
      column: phase.axes.findIndex((id) => nameOf(expansion, id) === axis),
    }));
    return { numbers, columns };
  });
  return drafts.map(({ position }) =>
    lookups.map(
      ({ numbers, columns }) =>
        numbers.get(columns.map(({ fixed, column }) => fixed ?? position[column] ?? 0).join(",")) ?? -1,
    ),
  );
}

const nameOf = (expansion: Expansion, axis: AxisId): string =>
  expansion.sweeps[expansion.axes.indexOf(axis)]?.name ?? "";

function resultsOf(
  experiment: Experiment,
  phase: Phase,
  shapes: readonly Shape[],
  served: readonly Served[],
): readonly ResultPlan[] {
  const [first] = served;
  if (first === undefined) return [];
  const paddings = new Map(served.flatMap(({ shapes, padding }) => shapes.map((shape) => [shape, padding] as const)));
  return first.lowered.results.map((result): ResultPlan => {
    const definition = experiment.definitions.get(result.definition);
    if (definition === undefined) throw new Error(`definition ${result.definition} is not in the experiment`);
    const { type } = definition;
    const { from } = result;
    const taken = from.kind === "record" ? phase.records[from.group]?.steps.kind : undefined;
    return {
      name: result.name,
      type: type.kind,
      labels:
        type.kind === "label"
          ? type.labels
          : type.kind === "index"
            ? labelsOfIndex(experiment, type.axis, shapes)
            : null,
      axes: definition.axes.map((index) => resultAxis(experiment, index, shapes, paddings)),
      stepped: from.kind === "record" && taken !== "last",
      ...(taken === "stepwise" ? { stepwise: true } : {}),
      from,
      hidden: result.hidden,
    };
  });
}

function resultAxis(
  experiment: Experiment,
  index: Index,
  shapes: readonly Shape[],
  paddings: ReadonlyMap<number, Padding | null>,
): ResultAxisPlan {
  const axis = experiment.axes.get(index.axis);
  if (axis === undefined) throw new Error(`axis ${index.axis} is not in the experiment`);
  const coordinates = shapes.map(({ structural }) => axisCoordinates(axis, { experiment, sweeps: structural }));
  const extents = coordinates.map(({ length }, shape) => paddings.get(shape)?.extents.get(index.axis) ?? length);
  return {
    name: index.name,
    coordinates,
    ...(extents.every((extent, k) => extent === coordinates[k]?.length) ? {} : { extents }),
    labels: labelsOf(experiment, rootOf(experiment.axes, index.axis)),
    integer: coordinates.every((values) => values.every(Number.isInteger)),
  };
}

/** Labels by position; of a part they are some of those of the whole, if they are the same at all points. */
function labelsOfIndex(experiment: Experiment, id: AxisId, shapes: readonly Shape[]): readonly string[] | null {
  const labels = labelsOf(experiment, rootOf(experiment.axes, id));
  const axis = experiment.axes.get(id);
  if (labels === null || axis?.kind.kind !== "part") return labels;
  const [first, ...others] = shapes.map(({ structural }) => axisCoordinates(axis, { experiment, sweeps: structural }));
  const areAlike = others.every((places) => places.join() === first?.join());
  return first === undefined || !areAlike ? null : first.map((place) => labels[place] ?? "");
}

function labelsOf(experiment: Experiment, id: AxisId): readonly string[] | null {
  const kind = experiment.axes.get(id)?.kind;
  return kind?.kind === "labels" || kind?.kind === "sweep" ? kind.labels : null;
}

/** A scalar of a run; an int must be one that a program can hold. */
function scalarAt(experiment: Experiment, scalar: Expr, sweeps: Assignment): number {
  const value = evaluateConstant(scalar, { experiment, sweeps });
  return scalar.type.kind === "int" ? checkedInt(value, scalar.span) : value;
}

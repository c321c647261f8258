/** A phase's points, programs and blocks. */
import { hashSlice, type HashedSlice } from "../ir/hash.js";
import { rootsOf } from "../ir/uses.js";
import { simplifyProgram } from "../ir/simplify.js";
import type { Input } from "../ir/types.js";
import { rootOf } from "../language/made-axes.js";
import { axisCoordinates, evaluateConstant } from "../language/constants.js";
import type { AxisId, Experiment, Expr, Index, Phase } from "../language/typed.js";
import { checkedInt } from "../lower/ints.js";
import { lowerPhase, type LoweredPhase } from "../lower/phase.js";
import { runsPerBlock, slotsPerCall } from "./blocks.js";
import { estimateCost } from "./cost.js";
import type { Assignment, Expansion } from "./expand.js";
import { bits, hash, keyProgram, leftBehindKey, readKeys, type KeyedProgram } from "./keys.js";
import type { BlockPlan, PhasePlan, PointPlan, ProgramPlan, ResultAxisPlan, ResultPlan } from "./types.js";
import { varyingValues } from "./varying.js";

/** Final values of everything carried are kept up to this size, over all runs of a program. */
const KEPT_STATE_BYTES = 256 * 2 ** 20;

/** Points that share a program, by the values of the structural variables. */
interface Group {
  readonly structural: ReadonlyMap<AxisId, number>;
  readonly points: number[];
}
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
    private readonly engine: string,
  ) {}

  /** One turn of a phase; what it reads is planned already. */
  plan(phase: Phase): PhasePlan {
    const drafts = pointsOf(phase, this.expansion);
    const groups = groupPoints(phase, drafts);
    const lowered = groups.map((group) => this.lower(phase, group.structural));
    this.spreads.set(phase.name, { axes: phase.axes.length - phase.turn.size, points: drafts.length });
    const { experiment, expansion, earlier, engine, spreads } = this;
    return planned(phase, drafts, groups, lowered, { experiment, expansion, earlier, engine, spreads });
  }

  /** Turns that begin with the same things have one program, unless their values decide about shapes. */
  private lower(phase: Phase, structural: Group["structural"]): LoweredPhase {
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
  groups: readonly Group[],
  lowered: readonly LoweredPhase[],
  { experiment, expansion, earlier, engine, spreads }: Surroundings,
): PhasePlan {
  const sources = sourcesOf(phase, expansion, drafts, earlier);
  const seedAxis = [...experiment.axes.values()].find((axis) => axis.kind.kind === "sweep" && axis.name === "seed");

  const programs: ProgramPlan[] = [];
  const points: PointPlan[] = [];
  groups.forEach((group, number) => {
    const lowering = lowered[number];
    if (lowering === undefined) return;
    // The key is of the program as it was lowered: how it is simplified is no part of its meaning.
    const slice = hashSlice(lowering.program, rootsOf(lowering.program));
    const keyed = keyProgram(lowering, engine, (dataset) => experiment.datasets[dataset]?.sha256 ?? "");
    const draft = draftProgram(experiment, lowering, slice, keyed, phase, group, spreads, engine);
    const blocks: BlockPlan[] = [];
    for (let from = 0; from < group.points.length; from += draft.runs) {
      const members = group.points.slice(from, from + draft.runs);
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
    results: resultsOf(experiment, phase, groups, lowered),
    programs,
    points,
  };
}

function draftProgram(
  experiment: Experiment,
  lowering: LoweredPhase,
  slice: HashedSlice,
  { meanings }: KeyedProgram,
  phase: Phase,
  group: Group,
  spreads: Spreads,
  engine: string,
): Omit<ProgramPlan, "blocks"> {
  const program = simplifyProgram(lowering.program);
  const varying = varyingValues(program, inputVaries(phase, group, spreads));
  const cost = estimateCost(program, lowering);
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
    keepsState: cost.stateBytes * group.points.length <= KEPT_STATE_BYTES,
    cost: { flopsPerStep: cost.flopsPerStep, stateBytes: cost.stateBytes, recordBytes: cost.slotBytes * slots },
  };
}

/** With one point nothing varies; a draw varies with the seed, scalars by their making, results with their phase. */
function inputVaries(phase: Phase, group: Group, spreads: Spreads): (input: Input) => boolean {
  const structural = [...group.structural.keys()].filter((axis) => !phase.turn.has(axis)).length;
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

function groupPoints(phase: Phase, drafts: readonly DraftPoint[]): readonly Group[] {
  const groups = new Map<string, Group>();
  drafts.forEach(({ values }, number) => {
    const structural = new Map(phase.structural.map((axis) => [axis, values.get(axis) ?? 0]));
    const key = [...structural.values()].join(",");
    const group = groups.get(key) ?? { structural, points: [] };
    group.points.push(number);
    groups.set(key, group);
  });
  return [...groups.values()];
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
  groups: readonly Group[],
  lowered: readonly LoweredPhase[],
): readonly ResultPlan[] {
  const [first] = lowered;
  if (first === undefined) return [];
  return first.results.map((result): ResultPlan => {
    const definition = experiment.definitions.get(result.definition);
    if (definition === undefined) throw new Error(`definition ${result.definition} is not in the experiment`);
    const { type } = definition;
    const { from } = result;
    return {
      name: result.name,
      type: type.kind,
      labels:
        type.kind === "label"
          ? type.labels
          : type.kind === "index"
            ? labelsOfIndex(experiment, type.axis, groups)
            : null,
      axes: definition.axes.map((index) => resultAxis(experiment, index, groups)),
      stepped: from.kind === "record" && phase.records[from.group]?.steps.kind !== "last",
      from,
      hidden: result.hidden,
    };
  });
}

function resultAxis(experiment: Experiment, index: Index, groups: readonly Group[]): ResultAxisPlan {
  const axis = experiment.axes.get(index.axis);
  if (axis === undefined) throw new Error(`axis ${index.axis} is not in the experiment`);
  const coordinates = groups.map((group) => axisCoordinates(axis, { experiment, sweeps: group.structural }));
  return {
    name: index.name,
    coordinates,
    labels: labelsOf(experiment, rootOf(experiment.axes, index.axis)),
    integer: coordinates.every((values) => values.every(Number.isInteger)),
  };
}

/** Labels by position; of a part they are some of those of the whole, if they are the same at all points. */
function labelsOfIndex(experiment: Experiment, id: AxisId, groups: readonly Group[]): readonly string[] | null {
  const labels = labelsOf(experiment, rootOf(experiment.axes, id));
  const axis = experiment.axes.get(id);
  if (labels === null || axis?.kind.kind !== "part") return labels;
  const [first, ...others] = groups.map((group) => axisCoordinates(axis, { experiment, sweeps: group.structural }));
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

/** Runs of whole specs in the oracle, point by point: what engines and batches are compared with. */
import { openOutside } from "../../src/cli/outside.js";
import { at } from "../../src/ir/fault.js";
import { draw } from "../../src/ir/draws/draw.js";
import { streamKey } from "../../src/ir/draws/stream.js";
import { evaluateProgram, type OracleResult } from "../../src/ir/oracle.js";
import type { Input, Program } from "../../src/ir/types.js";
import { planExperiment } from "../../src/plan/index.js";
import type { PhasePlan, Plan, PointPlan } from "../../src/plan/types.js";
import { checkedText, type CheckText } from "../language/support.js";

export interface OraclePoint {
  readonly coordinates: Readonly<Record<string, number>>;
  readonly result: OracleResult;
  /** What its program was given. */
  readonly inputs: readonly Float64Array[];
}

export function planText(text: string, options: CheckText & { readonly padding?: boolean } = {}): Plan {
  const { padding = false, ...check } = options;
  const { experiment } = checkedText(text, check);
  return planExperiment(experiment, { engine: "portable", profile: null, settings: {}, yes: true, padding });
}

/** Every point of every phase, evaluated for itself in doubles; what it reads first. */
export function oracleRuns(plan: Plan, folder?: string): ReadonlyMap<string, readonly OraclePoint[]> {
  const done = new Map<string, OraclePoint[]>(plan.phases.map(({ name }) => [name, []]));
  const evaluate = (phase: PhasePlan, number: number): void => {
    const known = done.get(phase.name) ?? [];
    if (known[number] !== undefined) return;
    const point = at(phase.points, number);
    phase.after.forEach((name, k) => {
      const source = plan.phases.find((other) => other.name === name);
      const from = at(point.sources, k);
      if (source !== undefined && from >= 0) evaluate(source, from);
    });
    known[number] = runPoint(plan, phase, point, done, folder);
  };
  for (const phase of plan.phases) phase.points.forEach((_, number) => evaluate(phase, number));
  return done;
}

function runPoint(
  plan: Plan,
  phase: PhasePlan,
  point: PointPlan,
  done: ReadonlyMap<string, readonly OraclePoint[]>,
  folder?: string,
): OraclePoint {
  const { program, steps, groups } = at(phase.programs, point.program);
  const inputs = program.inputs.map((input) => valueOf(plan, phase, point, program, input, done, folder));
  const coordinates = phase.axes.map((name, k) => {
    const sweep = plan.sweeps.find((other) => other.name === name);
    return [name, at(sweep?.coordinates ?? [], at(point.position, k))] as const;
  });
  const result = evaluateProgram(program, inputs, { steps, groups });
  return { coordinates: Object.fromEntries(coordinates), result, inputs };
}

/** One input of a point, in doubles. */
export function valueOf(
  plan: Plan,
  phase: PhasePlan,
  point: PointPlan,
  program: Program,
  input: Input,
  done: ReadonlyMap<string, readonly OraclePoint[]>,
  folder?: string,
): Float64Array {
  const { source } = input;
  switch (source.kind) {
    case "scalar":
      return Float64Array.of(at(point.scalars, source.index));
    case "draw": {
      const seed = source.by === null ? [point.seed] : source.by.map((index) => at(point.scalars, index));
      const sizes = input.type.dims.map((dim) => at(program.dims, dim).size);
      return draw(source.distribution, source.stream, seed, sizes, point.scalars, source.positions);
    }
    case "key": {
      const seed = source.by === null ? [point.seed] : source.by.map((index) => at(point.scalars, index));
      return Float64Array.of(streamKey(source.stream, seed)[source.word] | 0);
    }
    case "data":
      if (folder === undefined) throw new Error("no data files in the oracle's runs");
      return Float64Array.from(
        openOutside(plan, folder).column(
          source.dataset,
          source.column,
          input.type.dims.map((dim) => at(program.dims, dim).size),
        ),
      );
    case "result": {
      const earlier = plan.phases.find((other) => other.name === source.phase);
      const result = earlier?.results.find((other) => other.name === source.value);
      const from = at(done.get(source.phase) ?? [], at(point.sources, phase.after.indexOf(source.phase))).result;
      if (result?.from.kind === "carried") return at(from.carried, result.from.index);
      if (result?.from.kind === "output") return at(from.outputs, result.from.entry);
      if (result?.from.kind === "record") return at(at(from.last, result.from.group), result.from.entry);
      throw new Error(`${source.phase} leaves no ${source.value} behind`);
    }
  }
}

/** An output of a measure at one point. */
export function outputOf(plan: Plan, phase: string, name: string, point: OraclePoint): Float64Array {
  const found = plan.phases.find((other) => other.name === phase)?.results.find((other) => other.name === name);
  if (found?.from.kind !== "output") throw new Error(`${phase} measures no ${name}`);
  return at(point.result.outputs, found.from.entry);
}

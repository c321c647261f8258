/** How much memory a plan needs, by a model that tests compare with what was measured. */
import type { Plan, ProgramPlan } from "../plan/types.js";
import { inputLengths } from "./inputs.js";

/** A worker before it holds anything, the compilation of its first program included; XLA takes the larger part. */
const WORKER_BYTES = { graph: 600e6, portable: 120e6 } as const;
const PARENT_BYTES = 200e6;

export interface MemoryEstimate {
  /** This process: records and inputs of blocks under way, and the largest column when it is read. */
  readonly parent: number;
  /** Each worker. */
  readonly worker: number;
}

export function estimateMemory(plan: Plan): MemoryEstimate {
  const programs = plan.phases.flatMap((phase) => phase.programs);
  const largest = (bytes: (program: ProgramPlan) => number): number => Math.max(0, ...programs.map(bytes));
  const state = largest(({ runs, cost }) => runs * cost.stateBytes);
  const call = largest((program) => callBytes(program));
  const block = largest(({ runs, cost }) => runs * cost.recordBytes);
  const inputs = largest(inputBytes);
  const drawn = largest((program) => 8 * Math.max(0, ...inputLengths(program).map(({ length }) => length)));
  return {
    worker: WORKER_BYTES[plan.engine] + 3 * state + 4 * call + 2 * inputs,
    parent: PARENT_BYTES + 3 * block + 2 * inputs + drawn + columnBytes(plan),
  };
}

/** What a block is given: draws, data files, results of earlier phases. */
function inputBytes(program: ProgramPlan): number {
  return inputLengths(program).reduce(
    (sum, { length, bytes, varies }) => sum + length * bytes * (varies ? program.runs : 1),
    0,
  );
}

/** Records of one call. */
function callBytes({ runs, cost, groups, slotsPerCall }: ProgramPlan): number {
  const slots = Math.max(1, ...groups.map((steps) => steps.length));
  return runs * cost.recordBytes * Math.min(1, slotsPerCall / slots);
}

/** Doubles and states of all results of a phase, as claims and charts read them. */
function columnBytes(plan: Plan): number {
  const perPhase = plan.phases.map((phase) =>
    phase.programs.reduce(
      (sum, { cost, blocks }) =>
        sum + (cost.recordBytes / 4) * blocks.reduce((points, block) => points + block.points.length, 0),
      0,
    ),
  );
  return 9 * Math.max(0, ...perPhase);
}
